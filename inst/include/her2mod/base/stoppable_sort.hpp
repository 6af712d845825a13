#pragma once

// std::sort with heartbeats. What a hook stops leaves the range in no order, and maybe with a value
// twice and another lost.

#include <algorithm>
#include <cstddef>
#include <functional>

#include <her2mod/base/heartbeat.hpp>

namespace her2mod {

template <class Iterator, class Less = std::less<>>
void stoppable_sort(Iterator first, Iterator last, const Less& less = Less()) {
  std::size_t comparisons = 0;
  std::sort(first, last, [&](const auto& a, const auto& b) {
    heartbeat_at(comparisons++, 5);
    return less(a, b);
  });
}

}  // namespace her2mod
