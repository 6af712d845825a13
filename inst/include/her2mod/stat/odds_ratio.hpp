#pragma once

// Log odds ratio of group 1 against group 0, log(x1 (n0 - x0) / (x0 (n1 - x1))), with Woolf's
// standard error, the root of the sum of the four reciprocal counts
// (Woolf B 1955, Ann Hum Genet 19:251, doi:10.1111/j.1469-1809.1955.tb01348.x).

#include <her2mod/stat/binary.hpp>

namespace her2mod {

struct odds_ratio_formula {
  static constexpr statistic_spec spec{"odds_ratio", "odds ratio", endpoint_kind::binary,
                                       analysis_scale::log, 2};

  static estimate_with_error estimate(const binary_table& t) noexcept {
    const double y0 = t.n0 - t.x0, y1 = t.n1 - t.x1;
    return {std::log((t.x1 * y0) / (t.x0 * y1)), std::sqrt(1 / t.x0 + 1 / y0 + 1 / t.x1 + 1 / y1)};
  }
};

using odds_ratio = binary_statistic<odds_ratio_formula>;

}  // namespace her2mod
