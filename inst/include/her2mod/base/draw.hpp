#pragma once

// What a plan hands to a statistic: how often each row counts, and which group it is in. The
// bootstrap and the jackknife vary the weights, permutation varies the labels.

#include <cstdint>

#include <her2mod/base/span.hpp>

namespace her2mod {

struct draw {
  span<const double> weight;
  span<const std::int32_t> label;
};

}  // namespace her2mod
