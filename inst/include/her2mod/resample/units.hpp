#pragma once

// What a plan draws or relabels, and within what.
//
// A unit is a row, or, in a clustered cohort, a cluster with all its rows. Units are numbered block
// after block, so that a block is a range of them.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/cohort.hpp>

namespace her2mod {

struct unit_block {
  std::size_t first = 0, count = 0;  // units first, ..., first + count - 1
};

struct resampling_units {
  std::vector<unit_block> blocks;
  std::vector<std::uint32_t> of_row;  // the unit of each row
  std::vector<std::int32_t> group;    // of each unit: that of its rows, or -1 where they differ
  std::vector<double> frequency;      // of each unit: patients that a row stands for, 1 for a cluster

  std::size_t size() const noexcept { return group.size(); }
  // Every row is a unit, and their numbers are the rows'.
  bool in_row_order() const noexcept {
    if (of_row.size() != size()) return false;
    for (std::size_t row = 0; row < of_row.size(); ++row)
      if (of_row[row] != row) return false;
    return true;
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

// Units by stratum or, if `by_group`, by group and then stratum; empty blocks are left out.
inline resampling_units number_units(const cohort& data, const unnumbered_units& given, bool by_group) {
  const std::size_t groups = by_group ? static_cast<std::size_t>(data.n_groups()) : 1;
  const std::size_t strata = static_cast<std::size_t>(data.n_strata()), n = given.group.size();
  std::vector<std::size_t> key(n), start(groups * strata + 1, 0);
  for (std::size_t u = 0; u < n; ++u) {
    key[u] = static_cast<std::size_t>(given.stratum[u]) +
             (by_group ? static_cast<std::size_t>(given.group[u]) * strata : 0);
    ++start[key[u] + 1];
  }
  resampling_units units;
  for (std::size_t k = 1; k < start.size(); ++k) {
    if (start[k] > 0) units.blocks.push_back({start[k - 1], start[k]});
    start[k] += start[k - 1];
  }
  std::vector<std::uint32_t> number(n);
  units.group.resize(n);
  units.frequency.resize(n);
  for (std::size_t u = 0; u < n; ++u) {
    number[u] = static_cast<std::uint32_t>(start[key[u]]++);
    units.group[number[u]] = given.group[u];
    units.frequency[number[u]] = given.frequency[u];
  }
  units.of_row.resize(data.rows());
  for (std::size_t row = 0; row < data.rows(); ++row) units.of_row[row] = number[given.of_row[row]];
  return units;
}

// What the bootstrap draws: units of a stratum and group; clusters that hold several groups are
// drawn within the stratum.
inline resampling_units drawn_units(const cohort& data) {
  const unnumbered_units given(data);
  return number_units(data, given, !given.mixed());
}

// What a permutation relabels: units of a stratum, each of one group.
inline resampling_units relabelled_units(const cohort& data) {
  const unnumbered_units given(data);
  if (given.mixed()) throw data_error("A cluster that is relabelled as a whole has two groups.");
  return number_units(data, given, false);
}

}  // namespace her2mod
