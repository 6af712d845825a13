#pragma once

// Risk ratio of group 1 against group 0, adjusted for covariates (stat/adjusted_risks.hpp), as its logarithm.

#include <her2mod/stat/adjusted_risks.hpp>

namespace her2mod {

struct adjusted_risk_ratio_formula {
  static constexpr statistic_spec spec{"adjusted_risk_ratio", "adjusted risk ratio",
                                       endpoint_kind::binary, analysis_scale::log, -1, 1,
                                       statistic_role::effect, 0, -infinity, infinity, "adjust"};

  static double value(const adjusted_risks::pair& risk) noexcept { return std::log(risk[1] / risk[0]); }
  static adjusted_risks::pair slope(const adjusted_risks::pair& risk) noexcept { return {-1 / risk[0], 1 / risk[1]}; }
};

using adjusted_risk_ratio = adjusted_risk_statistic<adjusted_risk_ratio_formula>;

}  // namespace her2mod
