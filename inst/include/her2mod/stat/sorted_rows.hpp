#pragma once

// Rows in the order of their responses, and which of them are tied: sorted once, when a statistic is
// prepared; a replicate only walks along.

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include <her2mod/base/cohort.hpp>

namespace her2mod {

struct sorted_rows {
  std::vector<std::uint32_t> order;      // rows, smallest response first
  std::vector<std::uint32_t> block_end;  // positions in `order` where a run of equal responses ends
  std::vector<double> value;             // of each block

  explicit sorted_rows(const cohort& data) : order(data.rows()) {
    const column<double>& y = data.response();
    std::iota(order.begin(), order.end(), 0u);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return y[a] < y[b]; });
    for (std::size_t i = 0; i < order.size(); ++i)
      if (i + 1 == order.size() || y[order[i + 1]] != y[order[i]]) {
        block_end.push_back(static_cast<std::uint32_t>(i + 1));
        value.push_back(y[order[i]]);
      }
  }

  std::size_t blocks() const noexcept { return value.size(); }
  std::size_t begin_of(std::size_t block) const noexcept {
    return block == 0 ? 0 : block_end[block - 1];
  }
};

}  // namespace her2mod
