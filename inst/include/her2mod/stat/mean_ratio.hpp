#pragma once

// Logarithm of the ratio of means, log(m1 / m0), of responses of at least 0, with the delta method's
// standard error sqrt(s0^2 / (n0 m0^2) + s1^2 / (n1 m1^2)), s_g^2 with divisor n_g - 1.
// Friedrich JO and others 2008, BMC Med Res Methodol 8:32, doi:10.1186/1471-2288-8-32 (ratio of
// means). -Inf or Inf where one mean is 0, NaN where both are.

#include <her2mod/stat/mean_difference.hpp>

namespace her2mod {

struct mean_ratio_formula {
  static constexpr statistic_spec spec{"mean_ratio", "mean ratio", endpoint_kind::numeric,
                                       analysis_scale::log, -1, 2};
  // Sums about 0, so that a mean of 0 is exactly 0.
  static constexpr sums_about about = sums_about::zero;
  static constexpr squares_of squares = squares_of::nobody;
  static constexpr bool linear() noexcept { return true; }
  static void check(const cohort& data) {
    for (const double y : data.response())
      if (y < 0) throw data_error("A ratio of means needs responses of at least 0.");
  }

  static double squared_error(const weighted_sum& g) noexcept {
    return mean_difference_formula::squared_error(g) / (g.mean() * g.mean());
  }
  static double value(const two_sums& g) noexcept {
    return std::log(g[1].mean() / g[0].mean());
  }
  static effect estimate(const two_sums& g) noexcept {
    return {value(g), std::sqrt(squared_error(g[0]) + squared_error(g[1]))};
  }
};

using mean_ratio = moment_statistic<mean_ratio_formula>;

}  // namespace her2mod
