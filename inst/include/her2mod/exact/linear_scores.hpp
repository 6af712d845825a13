#pragma once

// The scores of a two-sample linear statistic. Stratum s holds n_s units, of which m_s are in group
// 1; under the null hypothesis every choice of m_s units is equally likely, strata are independent,
// and S is the sum of the chosen units' scores:
//   E S = sum_s m_s abar_s,
//   Var S = sum_s m_s (n_s - m_s) / (n_s (n_s - 1)) sum_j (a_j - abar_s)^2
// (Strasser, Weber 1999, https://epub.wu.ac.at/102/).
//
// The engines see scores that are easier to handle: S = shift + unit X, where X is the same kind of
// sum over scores from 0 to 1. A stratum's smallest score goes into the shift, and where more than
// half of the units are chosen, S is the stratum's total minus the sum of those not chosen.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/base/stoppable_sort.hpp>

namespace her2mod {

struct linear_stratum {
  std::vector<double> score;
  std::size_t chosen;
};

// The true probability lies in [low, high].
struct probability_bounds {
  double low, high;
};

struct linear_limits {
  double arrangements = 2e6;      // of a full enumeration
  std::size_t points = 1u << 22;  // of a lattice, and frequencies of a majorant
  double work = 4e9;              // about a nanosecond each
  double wanted = 5e-4;           // agreement of low and high, relative to high
};

// A stratum where there is a choice: scores from 0 upward, increasing, at most half of them chosen.
struct linear_units {
  std::vector<double> x;
  std::size_t chosen;

  double count() const noexcept { return static_cast<double>(x.size()); }
  double taken() const noexcept { return static_cast<double>(chosen); }

  // log C(n, m)
  double log_ways() const noexcept {
    double sum = 0;
    for (double i = 1; i <= taken(); ++i) sum += std::log((count() - taken() + i) / i);
    return sum;
  }
  double lowest() const noexcept {
    double sum = 0;
    for (std::size_t j = 0; j < chosen; ++j) sum += x[j];
    return sum;
  }
  double highest() const noexcept {
    double sum = 0;
    for (std::size_t j = x.size() - chosen; j < x.size(); ++j) sum += x[j];
    return sum;
  }
};

// What is fixed about X: its range and its two moments.
struct linear_frame {
  double lowest = 0, highest = 0, mean = 0, variance = 0;
  double units = 0;

  explicit linear_frame(const std::vector<linear_units>& strata) {
    for (const linear_units& s : strata) {
      const double n = s.count(), m = s.taken();
      double average = 0, squares = 0;
      for (const double x : s.x) average += x / n;
      for (const double x : s.x) squares += (x - average) * (x - average);
      lowest += s.lowest();
      highest += s.highest();
      mean += m * average;
      variance += m * (n - m) / (n * (n - 1)) * squares;
      units += n;
    }
  }
};

class linear_scores {
 public:
  explicit linear_scores(const std::vector<linear_stratum>& strata) {
    if (strata.empty()) throw input_error("A linear statistic needs at least one stratum.");
    double widest = 0;
    for (const linear_stratum& s : strata) widest = std::max(widest, checked_range(s));
    // A power of two, so that the division is exact.
    if (widest > 0) unit_ = std::ldexp(1.0, std::ilogb(widest) + 1);
    for (const linear_stratum& s : strata) add(s);
    // Strata with many units first: they say soonest that a product of factors is negligible.
    std::stable_sort(strata_.begin(), strata_.end(), [](const auto& a, const auto& b) {
      return a.x.size() * a.chosen > b.x.size() * b.chosen;
    });
  }

  const std::vector<linear_units>& strata() const noexcept { return strata_; }

  double to_x(double s) const noexcept { return (s - shift_) / unit_; }
  double to_s(double x) const noexcept { return shift_ + unit_ * x; }
  double unit() const noexcept { return unit_; }

  // Sums of the same scores in different orders differ by less than this.
  double rounding() const noexcept { return rounding_; }

  // The product of the strata's binomial coefficients, maybe Inf.
  double arrangements() const noexcept {
    double product = 1;
    for (const linear_units& s : strata_)
      for (double i = 1; i <= s.taken(); ++i) product *= (s.count() - s.taken() + i) / i;
    return std::nearbyint(product);
  }

 private:
  static double checked_range(const linear_stratum& s) {
    if (s.score.empty()) throw input_error("A stratum has no scores.");
    if (s.chosen > s.score.size())
      throw input_error("A stratum has more units in group 1 than it has units.");
    for (const double a : s.score)
      if (!std::isfinite(a)) throw input_error("A score is not a finite number.");
    const auto ends = std::minmax_element(s.score.begin(), s.score.end());
    const double range = *ends.second - *ends.first;
    if (!(range < 1e300)) throw input_error("The scores are too far apart.");
    return range;
  }

  void add(const linear_stratum& s) {
    const std::size_t n = s.score.size();
    const bool flip = s.chosen > n - s.chosen;
    linear_units units{s.score, flip ? n - s.chosen : s.chosen};
    for (double& a : units.x) {
      rounding_ += 8 * std::numeric_limits<double>::epsilon() * std::fabs(a);
      if (flip) {
        shift_ += a;
        a = -a;
      }
    }
    stoppable_sort(units.x.begin(), units.x.end());
    const double least = units.x.front();
    shift_ += units.taken() * least;
    if (units.chosen == 0 || units.x.back() == least) return;
    for (double& a : units.x) a = (a - least) / unit_;
    strata_.push_back(std::move(units));
  }

  std::vector<linear_units> strata_;
  double shift_ = 0, unit_ = 1, rounding_ = 0;
};

}  // namespace her2mod
