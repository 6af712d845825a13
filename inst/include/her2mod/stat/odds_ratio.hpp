#pragma once

// Log odds ratio of group 1 against group 0 (base/risk_effects.hpp).

#include <her2mod/stat/binary.hpp>

namespace her2mod {

struct odds_ratio_formula {
  static constexpr statistic_spec spec{"odds_ratio", "odds ratio", endpoint_kind::binary,
                                       analysis_scale::log, -1, 2};
  static constexpr bool difference_of_risks = false;

  static double value(const table2x2& t) noexcept { return log_odds_ratio_value(t); }
  static effect estimate(const table2x2& t) noexcept { return log_odds_ratio_effect(t); }
};

using odds_ratio = binary_statistic<odds_ratio_formula>;

}  // namespace her2mod
