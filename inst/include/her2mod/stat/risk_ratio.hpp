#pragma once

// Log risk ratio of group 1 against group 0, log(p1 / p0), with the delta-method standard error
//   sqrt(1/x0 - 1/n0 + 1/x1 - 1/n1)
// (Katz D and others 1978, Biometrics 34:469, doi:10.2307/2530610).

#include <her2mod/stat/binary.hpp>

namespace her2mod {

struct risk_ratio_formula {
  static constexpr statistic_spec spec{"risk_ratio", "risk ratio", endpoint_kind::binary,
                                       analysis_scale::log, 2};

  static estimate_with_error estimate(const binary_table& t) noexcept {
    return {std::log((t.x1 / t.n1) / (t.x0 / t.n0)),
            std::sqrt(1 / t.x0 - 1 / t.n0 + 1 / t.x1 - 1 / t.n1)};
  }
};

using risk_ratio = binary_statistic<risk_ratio_formula>;

}  // namespace her2mod
