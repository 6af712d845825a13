#pragma once

// Difference of medians (stat/quantile_difference.hpp with prob = 1/2).

#include <her2mod/stat/quantile_difference.hpp>

namespace her2mod {

class median_difference final : public quantile_statistic {
 public:
  static constexpr statistic_spec spec{"median_difference", "median difference",
                                       endpoint_kind::numeric, analysis_scale::identity, -1, 2};
  explicit median_difference(const cohort& data) : quantile_statistic(data, 0.5, spec) {}
};

}  // namespace her2mod
