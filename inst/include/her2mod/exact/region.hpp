#pragma once

// A set of 2x2 tables with fixed group sizes, kept as runs: for a number of events in the
// reference group, ranges of numbers of events in the other.

#include <cstddef>
#include <vector>

#include <her2mod/base/heartbeat.hpp>

namespace her2mod {

struct table_region {
  struct run {
    long first, last;  // events in group 1, both included
  };

  long n0 = 0, n1 = 0;
  std::vector<run> runs;            // by events in group 0
  std::vector<std::size_t> begins;  // first run of each x0, and the end of all

  table_region(long size0, long size1) : n0(size0), n1(size1) {}

  std::size_t begin_of(long x0) const noexcept { return begins[static_cast<std::size_t>(x0)]; }
  std::size_t end_of(long x0) const noexcept { return begins[static_cast<std::size_t>(x0) + 1]; }

  bool is_everything() const noexcept {
    if (runs.size() != static_cast<std::size_t>(n0) + 1) return false;
    for (const run& r : runs)
      if (r.first != 0 || r.last != n1) return false;
    return true;
  }

  // Every table for which inside(x0, x1) holds; asks about each of them.
  template <class Inside>
  static table_region scan(long n0, long n1, const Inside& inside) {
    table_region region(n0, n1);
    for (long x0 = 0; x0 <= n0; ++x0) {
      heartbeat(10 + 3 * static_cast<std::size_t>(n1));
      region.begins.push_back(region.runs.size());
      long first = -1;
      for (long x1 = 0; x1 <= n1; ++x1) {
        if (inside(x0, x1)) {
          if (first < 0) first = x1;
        } else if (first >= 0) {
          region.runs.push_back({first, x1 - 1});
          first = -1;
        }
      }
      if (first >= 0) region.runs.push_back({first, n1});
    }
    region.begins.push_back(region.runs.size());
    return region;
  }
};

}  // namespace her2mod
