#pragma once

// What a plan hands to a statistic: how often each row counts, and which group it is in. The
// bootstrap and the jackknife vary the weights, permutation varies the labels.
//
// The two hints let a statistic do less, never another thing: one that ignores them is right.

#include <cstdint>

#include <her2mod/base/span.hpp>

namespace her2mod {

struct draw {
  span<const double> weight;
  span<const std::int32_t> label;
  // False: the labels are the cohort's own.
  bool relabelled = true;
  // Not empty: the rows of group `listed`, of two groups, in any order; and every weight is 1.
  span<const std::uint32_t> members = {};
  std::int32_t listed = 0;
};

}  // namespace her2mod
