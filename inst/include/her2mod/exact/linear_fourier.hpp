#pragma once

// Tail probabilities of X by its characteristic function, refined until their bounds agree.
//
// The untilted spectrum serves all tails that are not small, and is kept. Its error is absolute, so
// a small tail gets a spectrum of its own, tilted to it, whose error is relative; unless there are
// so few arrangements in the tail that they are counted.

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/heartbeat.hpp>
#include <her2mod/exact/linear_extremes.hpp>
#include <her2mod/exact/linear_list.hpp>
#include <her2mod/exact/linear_scores.hpp>
#include <her2mod/exact/linear_spectrum.hpp>
#include <her2mod/exact/linear_tail.hpp>
#include <her2mod/exact/linear_tilt.hpp>

namespace her2mod {

class linear_fourier {
 public:
  // On a lattice scores are whole numbers, and probabilities exact but for rounding; the lattice
  // must fit the limits. Other scores give bounds as close as the limits allow.
  linear_fourier(std::vector<linear_units> strata, bool lattice, const linear_limits& limits)
      : strata_(std::move(strata)),
        frame_(strata_),
        limits_(limits),
        plain_(strata_, frame_, 0.0, lattice) {
    plain_.extend(lattice ? plain_.last() : first_reach, limits.work);
    if (lattice && plain_.reach() < plain_.last())
      throw numeric_error("The characteristic function takes more work than the limit allows.");
  }

  probability_bounds at_least(double t) {
    if (t <= frame_.lowest) return {1.0, 1.0};
    if (t > frame_.highest) return {0.0, 0.0};
    return tail(plain_.lattice() ? std::ceil(t) : t, true);
  }
  probability_bounds at_most(double t) {
    if (t >= frame_.highest) return {1.0, 1.0};
    if (t < frame_.lowest) return {0.0, 0.0};
    return tail(plain_.lattice() ? std::floor(t) : t, false);
  }

  double work() const noexcept { return plain_.work(); }

  // The distribution for a plot: lattice points, or cells by their middles; what is below 1e-15 is
  // left out.
  linear_list outline() const {
    const double period = plain_.period(), first = plain_.first();
    const std::size_t size =
        plain_.lattice() ? static_cast<std::size_t>(period) : std::size_t{plot_cells};
    heartbeat(10 * size);
    const std::vector<double> mass = real_series(cell_spectrum(size), size);
    heartbeat(10 * size);
    const double cell = period / static_cast<double>(size);
    const double middle = plain_.lattice() ? 0.0 : cell / 2;
    std::vector<double> value, share;
    for (std::size_t i = 0; i < size; ++i)
      if (mass[i] > 1e-15) {
        value.push_back(first + middle + cell * static_cast<double>(i));
        share.push_back(mass[i]);
      }
    return linear_list(std::move(value), std::move(share), 0.0);
  }

 private:
  static constexpr std::size_t first_reach = 1u << 13;
  static constexpr std::size_t plot_cells = 1u << 12;
  static constexpr double small_tail = 1e-4;

  probability_bounds tail(double t, bool upper) {
    const probability_bounds plain = refined(plain_, t, upper);
    const bool beyond_mean = upper ? t > frame_.mean : t < frame_.mean;
    if (plain.high >= small_tail || !beyond_mean) return plain;
    const std::optional<probability_bounds> counted = linear_extremes(strata_, upper)(t);
    if (counted) return *counted;
    const bool lattice = plain_.lattice();
    linear_spectrum tilted(strata_, frame_, tilt_towards(strata_, frame_, t), lattice);
    if (lattice) {
      tilted.extend(tilted.last(), limits_.work);
      if (tilted.reach() < tilted.last()) return plain;
    }
    const probability_bounds own = refined(tilted, t, upper);
    return {std::max(plain.low, own.low), std::min(plain.high, own.high)};
  }

  // Twice the frequencies until the bounds agree, or a limit is met.
  probability_bounds refined(linear_spectrum& spectrum, double t, bool upper) const {
    for (std::size_t reach = first_reach;; reach *= 2) {
      if (!spectrum.lattice()) spectrum.extend(reach, limits_.work);
      const probability_bounds p = linear_tail(spectrum, upper)(t);
      const bool agree = p.high - p.low <= limits_.wanted * p.high;
      const bool left_to_tilting = spectrum.tilt() == 0 && p.high < small_tail;
      if (agree || left_to_tilting || spectrum.lattice() || spectrum.reach() < reach ||
          reach >= limits_.points)
        return p;
    }
  }

  // The transform of the probabilities of `size` cells that cover the period.
  std::vector<std::complex<double>> cell_spectrum(std::size_t size) const {
    const double offset = plain_.lattice() ? 0.0 : 0.5;
    const double cells = static_cast<double>(size), period = plain_.period();
    const turns start(plain_.first(), period), middle(offset, cells);
    std::vector<std::complex<double>> half(size / 2 + 1, 0.0);
    half[0] = 1;
    for (const linear_frequency& f : plain_.kept()) {
      const auto k = static_cast<std::size_t>(f.k);
      if (k > size / 2) break;
      const double angle = two_pi * offset * f.k / cells;
      const double averaged = angle > 0 ? std::sin(angle) / angle : 1.0;
      half[k] = std::conj(f.phi * start.unit(-f.k) * middle.unit(-f.k)) * averaged;
    }
    return half;
  }

  std::vector<linear_units> strata_;
  linear_frame frame_;
  linear_limits limits_;
  linear_spectrum plain_;
};

}  // namespace her2mod
