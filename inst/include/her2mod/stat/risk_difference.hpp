#pragma once

// Risk difference of group 1 against group 0, p1 - p0, with the plug-in standard error
//   sqrt(p0 (1 - p0) / n0 + p1 (1 - p1) / n1).

#include <her2mod/stat/binary.hpp>

namespace her2mod {

struct risk_difference_formula {
  static constexpr statistic_spec spec{"risk_difference", "risk difference", endpoint_kind::binary,
                                       analysis_scale::identity, 2};

  static estimate_with_error estimate(const binary_table& t) noexcept {
    const double p0 = t.x0 / t.n0, p1 = t.x1 / t.n1;
    return {p1 - p0, std::sqrt(p0 * (1 - p0) / t.n0 + p1 * (1 - p1) / t.n1)};
  }
};

using risk_difference = binary_statistic<risk_difference_formula>;

}  // namespace her2mod
