#pragma once

// The log-rank score, and those of its family with weights of their own names.

#include <her2mod/base/inference.hpp>
#include <her2mod/stat/weighted_logrank.hpp>

namespace her2mod {

class logrank final : public weighted_logrank {
 public:
  static constexpr statistic_spec spec{"logrank", "log-rank score (observed minus expected events)",
                                       endpoint_kind::survival, analysis_scale::identity, -1, 2,
                                       statistic_role::effect, 0, -infinity, infinity, "weight"};

  explicit logrank(const cohort& data, logrank_weight which = {}, bool studentised = false)
      : weighted_logrank(data, spec, which, studentised) {}
};

}  // namespace her2mod
