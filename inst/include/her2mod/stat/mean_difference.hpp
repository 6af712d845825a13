#pragma once

// Difference of means, m1 - m0, with the unpooled (Welch 1938, doi:10.1093/biomet/29.3-4.350)
// standard error sqrt(s0^2 / n0 + s1^2 / n1), s_g^2 with divisor n_g - 1.

#include <her2mod/stat/moments.hpp>

namespace her2mod {

struct mean_difference_formula {
  static constexpr statistic_spec spec{"mean_difference", "mean difference", endpoint_kind::numeric,
                                       analysis_scale::identity, -1, 2};
  static constexpr sums_about about = sums_about::means;
  static constexpr squares_of squares = squares_of::nobody;
  static constexpr bool linear() noexcept { return true; }
  static void check(const cohort&) noexcept {}

  static double squared_error(const weighted_sum& g) noexcept {
    return g.deviance() / (g.weight - 1) / g.weight;
  }
  static double value(const two_sums& g) noexcept { return difference_of_means(g); }
  static effect estimate(const two_sums& g) noexcept {
    return {value(g), std::sqrt(squared_error(g[0]) + squared_error(g[1]))};
  }
};

using mean_difference = moment_statistic<mean_difference_formula>;

}  // namespace her2mod
