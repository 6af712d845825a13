#pragma once

// Coefficients of a product of linear factors, by the trapezoidal rule. With N the number of
// successes of independent trials, of probabilities p_j = 1 - q_j,
//   [w^m] prod_j (q_j + p_j w z_j)
//     = (1 / K) sum_l e^(-i omega_l m) prod_j (q_j + p_j e^(i omega_l) z_j)
// with omega_l = 2 pi l / K and |z_j| = 1: exact where K exceeds every |N - m|, and else off by the
// probability that |N - m| >= K, which is made negligible.

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/inference.hpp>

namespace her2mod {

constexpr double two_pi = 6.28318530717958647693;

class count_grid {
 public:
  using complexes = std::vector<std::complex<double>>;

  // The coefficient, the mean absolute product, and the number of products that were formed.
  struct coefficient {
    std::complex<double> value = 0;
    double size = 0, products = 0;
  };

  count_grid() = default;
  count_grid(const std::vector<double>& p, double variance, std::size_t m) : m_(m) {
    const std::size_t exact = std::max(m, p.size() - m) + 1;
    const double enough = alias_free(p, variance, static_cast<double>(m)) + 1;
    const double size = std::min(static_cast<double>(exact), enough);
    for (double l = 0; l < size; ++l) turn_.push_back(std::polar(1.0, two_pi * l / size));
  }

  // pz_j = p_j z_j; only where Re(e^(i omega_l) c) >= least.
  coefficient operator()(const std::vector<double>& q, const complexes& pz, std::complex<double> c,
                         double least) const {
    coefficient sum;
    std::array<std::size_t, lanes> at{};
    std::size_t waiting = 0;
    for (std::size_t l = 0; l < turn_.size(); ++l) {
      if (along(turn_[l], c) < least) continue;
      at[waiting++] = l;
      if (waiting < lanes) continue;
      add_products(q, pz, at, waiting, sum);
      waiting = 0;
    }
    if (waiting > 0) add_products(q, pz, at, waiting, sum);
    sum.value /= static_cast<double>(turn_.size());
    sum.size /= static_cast<double>(turn_.size());
    return sum;
  }

  // How many products that would be.
  double visits(std::complex<double> c, double least) const noexcept {
    double sum = 0;
    for (const std::complex<double>& turn : turn_)
      if (along(turn, c) >= least) ++sum;
    return sum;
  }

 private:
  static constexpr std::size_t lanes = 4;  // products side by side, which keeps the processor busy

  // Re(a b)
  static double along(std::complex<double> a, std::complex<double> b) noexcept {
    return a.real() * b.real() - a.imag() * b.imag();
  }

  // A distance that |N - m| exceeds with a negligible probability, by Markov's inequality.
  static double alias_free(const std::vector<double>& p, double variance, double m) {
    constexpr double log_negligible = 55;
    double above = infinity, below = infinity;
    for (const double scale : {3.0, 6.0, 9.0, 13.0, 20.0}) {
      heartbeat(60 * p.size());
      const double t = std::min(20.0, scale / std::sqrt(variance));
      double up = 0, down = 0;
      for (const double p_j : p) {
        up += std::log1p(p_j * std::expm1(t));
        down += std::log1p(p_j * std::expm1(-t));
      }
      above = std::min(above, (up - t * m + log_negligible) / t);
      below = std::min(below, (down + t * m + log_negligible) / t);
    }
    return std::ceil(std::max(above, below));
  }

  // std::complex would check each product for infinities.
  void add_products(const std::vector<double>& q, const complexes& pz,
                    const std::array<std::size_t, lanes>& at, std::size_t used,
                    coefficient& sum) const {
    heartbeat(10 + 3 * pz.size());
    std::array<double, lanes> c{}, s{}, re{}, im{};
    for (std::size_t b = 0; b < lanes; ++b) {
      c[b] = turn_[at[b]].real();
      s[b] = turn_[at[b]].imag();
      re[b] = 1;
    }
    for (std::size_t j = 0; j < pz.size(); ++j) {
      const double x = pz[j].real(), y = pz[j].imag();
      for (std::size_t b = 0; b < lanes; ++b) {
        const double u = q[j] + (c[b] * x - s[b] * y), v = c[b] * y + s[b] * x;
        const double product = re[b] * u - im[b] * v;
        im[b] = re[b] * v + im[b] * u;
        re[b] = product;
      }
    }
    sum.products += lanes;
    for (std::size_t b = 0; b < used; ++b) {
      const std::complex<double> value(re[b], im[b]);
      sum.value += value * std::conj(turn_[at[b] * m_ % turn_.size()]);
      sum.size += std::abs(value);
    }
  }

  std::size_t m_ = 0;
  std::vector<std::complex<double>> turn_;  // e^(i omega_l)
};

}  // namespace her2mod
