#pragma once

// Risk difference of group 1 against group 0, adjusted for covariates (stat/adjusted_risks.hpp).

#include <her2mod/stat/adjusted_risks.hpp>

namespace her2mod {

struct adjusted_risk_difference_formula {
  static constexpr statistic_spec spec{"adjusted_risk_difference", "adjusted risk difference",
                                       endpoint_kind::binary, analysis_scale::identity, -1, 1,
                                       statistic_role::effect, 0, -1, 1, "adjust"};

  static double value(const adjusted_risks::pair& risk) noexcept { return risk[1] - risk[0]; }
  static adjusted_risks::pair slope(const adjusted_risks::pair&) noexcept { return {-1, 1}; }
};

using adjusted_risk_difference = adjusted_risk_statistic<adjusted_risk_difference_formula>;

}  // namespace her2mod
