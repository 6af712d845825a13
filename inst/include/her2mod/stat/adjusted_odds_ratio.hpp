#pragma once

// Marginal odds ratio of group 1 against group 0, adjusted for covariates (stat/adjusted_risks.hpp), as its
// logarithm. It is not the conditional odds ratio of a logistic model, which is further from 1.

#include <her2mod/stat/adjusted_risks.hpp>

namespace her2mod {

struct adjusted_odds_ratio_formula {
  static constexpr statistic_spec spec{"adjusted_odds_ratio", "adjusted odds ratio",
                                       endpoint_kind::binary, analysis_scale::log, -1, 1,
                                       statistic_role::effect, 0, -infinity, infinity, "adjust"};

  static double value(const adjusted_risks::pair& risk) noexcept {
    return std::log((risk[1] * (1 - risk[0])) / (risk[0] * (1 - risk[1])));
  }
  static adjusted_risks::pair slope(const adjusted_risks::pair& risk) noexcept {
    return {-1 / (risk[0] * (1 - risk[0])), 1 / (risk[1] * (1 - risk[1]))};
  }
};

using adjusted_odds_ratio = adjusted_risk_statistic<adjusted_odds_ratio_formula>;

}  // namespace her2mod
