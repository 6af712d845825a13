#pragma once

// Logarithm of the ratio of variances, log(s1^2 / s0^2), s_g^2 with divisor n_g - 1. -Inf or
// Inf where one variance is 0, NaN where both are, or where a group has one patient.

#include <her2mod/stat/moments.hpp>

namespace her2mod {

struct variance_ratio_formula {
  // Name, title, endpoint, scale, what swapping the groups does, outputs: no standard error.
  static constexpr statistic_spec spec{"variance_ratio",       "variance ratio",
                                       endpoint_kind::numeric, analysis_scale::log,
                                       -1,                     1};
  // Sums about each group's mean: fewer digits are lost than about 0.
  static constexpr sums_about about = sums_about::means;
  // It needs each group's squares, so it is no function of one group's sum.
  static constexpr squares_of squares = squares_of::each;
  static constexpr bool linear() noexcept { return false; }
  static void check(const cohort&) noexcept {}

  static double variance(const weighted_sum& g) noexcept {
    return g.deviance() / (g.weight - 1);
  }
  static double value(const two_sums& g) noexcept {
    return std::log(variance(g[1]) / variance(g[0]));
  }
  // The value with its standard error: there is none.
  static effect estimate(const two_sums& g) noexcept {
    return {value(g), std::numeric_limits<double>::quiet_NaN()};
  }
};

using variance_ratio = moment_statistic<variance_ratio_formula>;

}  // namespace her2mod
