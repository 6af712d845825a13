#pragma once

// The characteristic function of the tilted X at the frequencies theta_k = 2 pi k / period,
// k = 1, 2, ...: those that matter. A bound (exact/linear_factors.hpp) says without an evaluation
// that most do not: X is nearly normal, so a few hundred are left however many there are. Where X
// is not on a lattice, one bound serves 16 frequencies if it can, because it changes slowly.
//
// A tail probability gives frequency k a coefficient of 3 / k at most (exact/linear_tail.hpp), so
// what is left out is summed as 3 / k times its bound.

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <limits>
#include <vector>

#include <her2mod/exact/linear_factors.hpp>
#include <her2mod/exact/linear_scores.hpp>
#include <her2mod/exact/linear_tilt.hpp>

namespace her2mod {

struct linear_frequency {
  double k;
  std::complex<double> phi;
};

class linear_spectrum {
 public:
  // On a lattice scores are whole numbers, and so is the period.
  linear_spectrum(const std::vector<linear_units>& strata, const linear_frame& frame, double tilt,
                  bool lattice)
      : tilt_(tilt), lattice_(lattice), factors_(strata, tilt) {
    set_window(tilted_window(strata, frame, tilt, factors_.log_mean()));
    factors_.set_period(period_);
  }

  bool lattice() const noexcept { return lattice_; }
  double tilt() const noexcept { return tilt_; }
  double log_mean() const noexcept { return factors_.log_mean(); }  // log E e^(tilt X)
  double first() const noexcept { return first_; }                  // the period begins here
  double period() const noexcept { return period_; }
  double outside() const noexcept { return outside_; }  // probability outside the period
  const std::vector<linear_frequency>& kept() const noexcept { return kept_; }
  double error() const noexcept { return error_; }       // of any tail probability
  std::size_t reach() const noexcept { return reach_; }  // the last k
  double work() const noexcept { return work_; }

  // A lattice has no more frequencies than this.
  std::size_t last() const noexcept {
    return lattice_ ? static_cast<std::size_t>(period_ / 2)
                    : std::numeric_limits<std::size_t>::max();
  }

  // Up to frequency `reach`, unless the work exceeds `most_work` before.
  void extend(std::size_t reach, double most_work) {
    reach = std::min(reach, last());
    while (reach_ < reach && work_ < most_work) {
      const std::size_t size = lattice_ ? last() : std::min(block, reach - reach_);
      const std::vector<double> log_bound = lattice_ ? lattice_bounds() : real_bounds(size);
      for (std::size_t i = 0; i < size && work_ < most_work; ++i) {
        add(reach_ + 1, log_bound[i]);
        ++reach_;  // after add(), which a heartbeat may stop
      }
    }
  }

  // The work that extend(reach) would be, from frequencies spread over its range.
  double expected_work(std::size_t reach) const {
    reach = std::min(reach, last());
    double sum = lattice_ ? factors_.transform_work()
                          : factors_.turning_work() * static_cast<double>(reach) / 8;
    constexpr std::size_t samples = 24;
    for (std::size_t low = 1; low <= reach; low *= 2) {
      const std::size_t size = std::min(low, reach - low + 1);
      const std::size_t step = (size + samples - 1) / samples;
      for (std::size_t k = low; k < low + size; k += step)
        sum += factors_.product_work(static_cast<double>(k), log_negligible) *
               static_cast<double>(step);
    }
    return sum;
  }

 private:
  static constexpr std::size_t block = 1u << 11;
  static constexpr std::size_t stride = 16;
  static constexpr double log_negligible = -39.2;  // log 1e-17

  void set_window(const linear_window& w) {
    outside_ = w.outside;
    if (lattice_) {
      first_ = std::floor(w.low);
      period_ = static_cast<double>(
          transform_length(static_cast<std::size_t>(std::ceil(w.high) - first_) + 1));
    } else {
      const double margin = (w.high - w.low) / 64;  // the two ends must not meet
      first_ = w.low - margin;
      period_ = w.high - w.low + 2 * margin;
    }
  }

  void add(std::size_t k, double log_bound) {
    if (log_bound < log_negligible) {
      error_ += 3 / static_cast<double>(k) * std::exp(log_bound);
      return;
    }
    const linear_factor all = factors_.product(static_cast<double>(k));
    work_ += all.products;
    // Left out, or kept with the rounding of the sum that it will be part of.
    const double size = std::abs(all.phi);
    const bool keep = size > 1e-17;
    error_ += 3 / static_cast<double>(k) * (all.error + (keep ? 40 * unit_roundoff * size : size));
    if (keep) kept_.push_back({static_cast<double>(k), all.phi});
  }

  std::vector<double> lattice_bounds() {
    work_ += factors_.transform_work();
    return factors_.lattice_bounds(last());
  }

  // log bounds of |phi| at the next `size` frequencies; one bound for a stride where that will do.
  std::vector<double> real_bounds(std::size_t size) {
    const double first = static_cast<double>(reach_ + 1);
    const double half = static_cast<double>(stride - 1) / 2;
    std::vector<double> coarse((size + stride - 1) / stride, 0.0), sum(size, 0.0);
    add_turned_bounds(first + half, static_cast<double>(stride), half, coarse.data(),
                      coarse.size());
    for (std::size_t i = 0; i < coarse.size(); ++i) {
      const std::size_t begin = i * stride, count = std::min(stride, size - begin);
      if (coarse[i] < log_negligible)
        std::fill_n(sum.begin() + static_cast<std::ptrdiff_t>(begin), count, coarse[i]);
      else
        add_turned_bounds(first + static_cast<double>(begin), 1, 0, sum.data() + begin, count);
    }
    return sum;
  }

  void add_turned_bounds(double first, double step, double reach, double* sum, std::size_t size) {
    work_ += factors_.turning_work() * static_cast<double>(size);
    factors_.add_turned_bounds(first, step, reach, sum, size);
  }

  double tilt_;
  bool lattice_;
  linear_factors factors_;
  double first_ = 0, period_ = 0, outside_ = 0;
  std::vector<linear_frequency> kept_;
  double error_ = 0, work_ = 0;
  std::size_t reach_ = 0;
};

}  // namespace her2mod
