#pragma once

// Risk difference of group 1 against group 0, p1 - p0 (base/risk_effects.hpp).

#include <her2mod/stat/binary.hpp>

namespace her2mod {

struct risk_difference_formula {
  static constexpr statistic_spec spec{"risk_difference", "risk difference", endpoint_kind::binary,
                                       analysis_scale::identity, -1, 2,
                                       statistic_role::effect, 0, -1, 1};
  static constexpr bool difference_of_risks = true;

  static double value(const table2x2& t) noexcept { return risk_difference_value(t); }
  static effect estimate(const table2x2& t) noexcept { return risk_difference_effect(t); }
};

using risk_difference = binary_statistic<risk_difference_formula>;

}  // namespace her2mod
