#pragma once

// Tail probabilities of X from the characteristic function phi of the tilted X at the frequencies
// theta_k = 2 pi k / P (exact/linear_spectrum.hpp):
//   P(X >= t) = E[e^(tilt X)] e^(-tilt t) E_tilted f(X),   f(x) = e^(-tilt (x - t)) for x >= t.
//
// On a lattice E f(X) is the sum of P_tilted(X = x) = (1 / P) sum_k phi(theta_k) e^(-i theta_k x),
// times f, over the L lattice points from t to the end of the period:
//   E f = (1 / P) sum_k phi(theta_k) e^(-i theta_k t) (1 - e^(-d L)) / (1 - e^(-d)),
//   d = tilt + i theta_k.
//
// Otherwise f, with period P and L the distance from t to the end, is the chance that an interval
// [t, t + U) holds x, with U exponential, cut at L. An interval's indicator is U / P plus a
// difference of two sawtooth functions, and a sawtooth lies within (2 K + 2)^-1 F of its
// approximation by K frequencies, F being Fejer's kernel (Beurling, Selberg; Vaaler 1985,
// doi:10.1090/S0273-0979-1985-15349-2). The mean over U has a closed form:
//   E f = (1 / P) sum_{|k| <= K} J_k phi(theta_k) e^(-i theta_k t) (1 - e^(-d L)) / d  +- excess,
//   J_k = pi u (1 - |u|) cot(pi u) + |u|,  u = k / (K + 1),
//   excess = (2 K + 2)^-1 sum_{|k| <= K} (1 - |u|) phi(theta_k) e^(-i theta_k t)
//                                        (2 - i theta_k (1 - e^(-d L)) / d).
// Nothing is assumed about X: where it has an atom at t, the bounds lie on either side of it.
//
// A lower tail is the upper tail of -X, whose characteristic function is the conjugate.

#include <algorithm>
#include <cmath>
#include <complex>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/exact/linear_spectrum.hpp>

namespace her2mod {

class linear_tail {
 public:
  // The spectrum's tilt is towards the tail, or 0.
  linear_tail(const linear_spectrum& spectrum, bool upper)
      : spectrum_(spectrum), upper_(upper), tilt_(std::fabs(spectrum.tilt())) {
    const double width = spectrum.lattice() ? spectrum.period() - 1 : spectrum.period();
    first_ = upper ? spectrum.first() : -(spectrum.first() + width);
  }

  // P(X >= t) or P(X <= t); on a lattice t is a lattice point.
  probability_bounds operator()(double t) const {
    const double from = upper_ ? t : -t, length = first_ + spectrum_.period() - from;
    if (length > spectrum_.period()) return {tilt_ > 0 ? 0.0 : 1 - spectrum_.outside(), 1.0};
    const double scale = std::exp(spectrum_.log_mean() - tilt_ * from);
    if (length <= 0) return {0.0, scale * spectrum_.outside()};
    const part f = weighted_tail(from, length);
    const double error = f.excess + spectrum_.error() + spectrum_.outside() + 16 * unit_roundoff;
    const double relative = tilt_ > 0 ? 1e-11 + 1e-12 * std::fabs(tilt_ * from) : 0.0;
    return {std::max(0.0, scale * (f.value - error) * (1 - relative)),
            std::min(1.0, scale * (f.value + error) * (1 + relative))};
  }

 private:
  struct part {
    double value, excess;
  };

  // 1 - e^(-(a + 2 pi i b)) without cancellation
  static std::complex<double> one_minus_decay(double a, double b) {
    const double decay = std::exp(-a), half = std::sin(two_pi / 2 * b);
    return {-std::expm1(-a) + decay * 2 * half * half, decay * std::sin(two_pi * b)};
  }

  static double vaaler_weight(double u) {
    const double angle = two_pi / 2 * u;
    return angle * (1 - u) / std::tan(angle) + u;
  }

  // E f(X), and how far it may be off because there are only K frequencies.
  part weighted_tail(double from, double length) const {
    const double period = spectrum_.period(), reach = static_cast<double>(spectrum_.reach());
    const bool lattice = spectrum_.lattice();
    const turns start(from, period), end(length, period), step(1.0, period);
    double value = at_zero(length), excess = 2;
    for (const linear_frequency& f : spectrum_.kept()) {
      heartbeat(150);
      const double u = f.k / (reach + 1), theta = two_pi * f.k / period;
      const std::complex<double> phi = (upper_ ? f.phi : std::conj(f.phi)) * start.unit(-f.k);
      const std::complex<double> d =
          lattice ? one_minus_decay(tilt_, step(f.k)) : std::complex<double>(tilt_, theta);
      const std::complex<double> sum = one_minus_decay(tilt_ * length, end(f.k)) / d;
      if (lattice) {
        // The frequency half-way round is its own conjugate.
        value += (2 * f.k == period ? 1 : 2) * (phi * sum).real();
      } else {
        value += 2 * vaaler_weight(u) * (phi * sum).real();
        excess += 2 * (1 - u) * (phi * (2.0 - std::complex<double>(0, theta) * sum)).real();
      }
    }
    return {value / period, lattice ? 0.0 : std::max(0.0, excess) / (2 * reach + 2)};
  }

  // (1 - e^(-d L)) / (1 - e^(-d)), or divided by d, at k = 0
  double at_zero(double length) const {
    if (tilt_ == 0) return length;
    const double sum = -std::expm1(-tilt_ * length);
    return spectrum_.lattice() ? sum / -std::expm1(-tilt_) : sum / tilt_;
  }

  const linear_spectrum& spectrum_;
  bool upper_;
  double tilt_, first_;
};

}  // namespace her2mod
