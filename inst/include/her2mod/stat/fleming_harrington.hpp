#pragma once

// The score of Fleming and Harrington's test, weights S^rho (1 - S)^gamma.

#include <her2mod/base/inference.hpp>
#include <her2mod/stat/weighted_logrank.hpp>

namespace her2mod {

class fleming_harrington final : public weighted_logrank {
 public:
  static constexpr statistic_spec spec{"fleming_harrington", "Fleming-Harrington score",
                                       endpoint_kind::survival, analysis_scale::identity, -1, 2,
                                       statistic_role::effect, 0, -infinity, infinity, "rho, gamma"};

  fleming_harrington(const cohort& data, logrank_weight which, bool studentised)
      : weighted_logrank(data, spec, which, studentised) {}
};

}  // namespace her2mod
