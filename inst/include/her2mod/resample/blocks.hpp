#pragma once

// The sets of rows that a plan resamples or relabels within.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/cohort.hpp>

namespace her2mod {

struct row_block {
  std::vector<std::size_t> rows;
  double units = 0;  // sum of the rows' frequencies
};

// Rows by `key` (0 to n_keys - 1), in their order; empty keys give no block.
inline std::vector<row_block> split_rows(const cohort& data, const std::vector<std::size_t>& key,
                                         std::size_t n_keys) {
  std::vector<row_block> all(n_keys);
  for (std::size_t i = 0; i < key.size(); ++i) {
    all[key[i]].rows.push_back(i);
    all[key[i]].units += data.frequency()[i];
  }
  std::vector<row_block> present;
  for (auto& block : all)
    if (!block.rows.empty()) present.push_back(std::move(block));
  return present;
}

// One block a stratum.
inline std::vector<row_block> blocks_by_stratum(const cohort& data) {
  const auto& stratum = data.stratum();
  return split_rows(data, std::vector<std::size_t>(stratum.begin(), stratum.end()),
                    static_cast<std::size_t>(data.n_strata()));
}

// One block a stratum and group.
inline std::vector<row_block> blocks_by_stratum_and_group(const cohort& data) {
  const auto groups = static_cast<std::size_t>(data.n_groups());
  std::vector<std::size_t> key(data.rows());
  for (std::size_t i = 0; i < key.size(); ++i)
    key[i] = static_cast<std::size_t>(data.stratum()[i]) * groups +
             static_cast<std::size_t>(data.group()[i]);
  return split_rows(data, key, groups * static_cast<std::size_t>(data.n_strata()));
}

}  // namespace her2mod
