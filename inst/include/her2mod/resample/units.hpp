#pragma once

// What a plan draws or relabels, and within what.
//
// A unit is a row, or, in a clustered cohort, a cluster with all its rows. Units are numbered block
// after block, so that a block is a range of them.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <her2mod/base/cohort.hpp>
#include <her2mod/base/column.hpp>

namespace her2mod {

struct unit_block {
  std::size_t first = 0, count = 0;  // units first, ..., first + count - 1
};

struct resampling_units {
  std::vector<unit_block> blocks;
  column<std::int32_t> group;  // of each unit: that of its rows, or -1 where they differ
  column<double> frequency;    // of each unit: patients that a row stands for, 1 for a cluster
  std::vector<std::uint32_t> of_row;  // the unit of each row; empty where that is the row's number

  std::size_t size() const noexcept { return group.size(); }
  bool in_row_order() const noexcept { return of_row.empty(); }
  std::uint32_t unit_of(std::size_t row) const noexcept {
    return of_row.empty() ? static_cast<std::uint32_t>(row) : of_row[row];
  }
};

// A block's place among the others: by stratum or, if `by_group`, by group and then stratum.
struct block_key {
  std::size_t strata;
  bool by_group;

  block_key(const cohort& data, bool apart)
      : strata(static_cast<std::size_t>(data.n_strata())), by_group(apart) {}
  std::size_t operator()(std::int32_t group, std::int32_t stratum) const noexcept {
    return static_cast<std::size_t>(stratum) + (by_group ? static_cast<std::size_t>(group) * strata : 0);
  }
};

// The units as they are: rows or clusters in their own order, with group, stratum and frequency.
struct unnumbered_units {
  std::vector<std::uint32_t> of_row;
  std::vector<std::int32_t> group, stratum;
  std::vector<double> frequency;

  explicit unnumbered_units(const cohort& data) : of_row(data.rows()) {
    const std::size_t n =
        data.clustered() ? static_cast<std::size_t>(data.n_clusters()) : data.rows();
    constexpr std::int32_t none = -2, mixed = -1;
    group.assign(n, none);
    stratum.resize(n);
    frequency.assign(n, 1.0);
    for (std::size_t row = 0; row < data.rows(); ++row) {
      const auto unit = data.clustered() ? static_cast<std::uint32_t>(data.cluster()[row])
                                         : static_cast<std::uint32_t>(row);
      of_row[row] = unit;
      group[unit] = group[unit] == none || group[unit] == data.group()[row] ? data.group()[row] : mixed;
      stratum[unit] = data.stratum()[row];
      if (!data.clustered()) frequency[unit] = data.frequency()[row];
    }
  }

  bool mixed() const noexcept {
    for (const std::int32_t g : group)
      if (g < 0) return true;
    return false;
  }
};

// Rows that lie block after block are units as they are: nothing is copied.
inline bool rows_in_order(const cohort& data, const block_key& key) noexcept {
  for (std::size_t row = 1; row < data.rows(); ++row)
    if (key(data.group()[row], data.stratum()[row]) < key(data.group()[row - 1], data.stratum()[row - 1]))
      return false;
  return true;
}

inline resampling_units units_in_order(const cohort& data, const block_key& key) {
  resampling_units units{{}, data.group(), data.frequency(), {}};
  for (std::size_t row = 0, last = 0; row < data.rows(); ++row) {
    const std::size_t own = key(data.group()[row], data.stratum()[row]);
    if (row == 0 || own != last) units.blocks.push_back({row, 0});
    ++units.blocks.back().count;
    last = own;
  }
  return units;
}

// Empty blocks are left out.
inline resampling_units number_units(const cohort& data, const unnumbered_units& given, const block_key& key) {
  const std::size_t n = given.group.size();
  const std::size_t groups = key.by_group ? static_cast<std::size_t>(data.n_groups()) : 1;
  std::vector<std::size_t> start(groups * key.strata + 1, 0);
  for (std::size_t u = 0; u < n; ++u) ++start[key(given.group[u], given.stratum[u]) + 1];
  resampling_units units;
  for (std::size_t k = 1; k < start.size(); ++k) {
    if (start[k] > 0) units.blocks.push_back({start[k - 1], start[k]});
    start[k] += start[k - 1];
  }
  std::vector<std::uint32_t> number(n);
  std::vector<std::int32_t> group(n);
  std::vector<double> frequency(n);
  for (std::size_t u = 0; u < n; ++u) {
    number[u] = static_cast<std::uint32_t>(start[key(given.group[u], given.stratum[u])]++);
    group[number[u]] = given.group[u];
    frequency[number[u]] = given.frequency[u];
  }
  units.group = column<std::int32_t>(std::move(group));
  units.frequency = column<double>(std::move(frequency));
  units.of_row.resize(data.rows());
  for (std::size_t row = 0; row < data.rows(); ++row) units.of_row[row] = number[given.of_row[row]];
  return units;
}

// What the bootstrap draws: units of a stratum and group; clusters that hold several groups are
// drawn within the stratum.
inline resampling_units drawn_units(const cohort& data) {
  const block_key apart(data, true);
  if (!data.clustered() && rows_in_order(data, apart)) return units_in_order(data, apart);
  const unnumbered_units given(data);
  return number_units(data, given, block_key(data, !given.mixed()));
}

// What a permutation relabels: units of a stratum, each of one group.
inline resampling_units relabelled_units(const cohort& data) {
  const block_key together(data, false);
  if (!data.clustered() && rows_in_order(data, together)) return units_in_order(data, together);
  const unnumbered_units given(data);
  if (given.mixed()) throw data_error("A cluster that is relabelled as a whole has two groups.");
  return number_units(data, given, together);
}

}  // namespace her2mod
