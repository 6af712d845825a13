#pragma once

// Log risk ratio of group 1 against group 0 (base/risk_effects.hpp).

#include <her2mod/stat/binary.hpp>

namespace her2mod {

struct risk_ratio_formula {
  static constexpr statistic_spec spec{"risk_ratio", "risk ratio", endpoint_kind::binary,
                                       analysis_scale::log, -1, 2};
  static constexpr bool difference_of_risks = false;

  static double value(const table2x2& t) noexcept { return log_risk_ratio_value(t); }
  static effect estimate(const table2x2& t) noexcept { return log_risk_ratio_effect(t); }
};

using risk_ratio = binary_statistic<risk_ratio_formula>;

}  // namespace her2mod
