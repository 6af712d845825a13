#pragma once

// Numbers at risk of each group at its own event times alone, which is all that its Kaplan-Meier
// curve needs, for draws that keep the cohort's labels: see event_table.hpp, without strata.

#include <array>
#include <cstdint>
#include <vector>

#include <her2mod/surv/risk_counts.hpp>

namespace her2mod {

// The groups' lists with their own events in place of all.
inline std::array<row_list, 2> own_lists(const event_table& table) {
  std::array<row_list, 2> lists{table.of_group(0), table.of_group(1)};
  for (row_list& list : lists) {
    const auto keep = [&](std::vector<std::uint32_t>& of_events) {
      if (of_events.empty())
        return;
      std::vector<std::uint32_t> kept;
      for (const std::uint32_t j : list.own)
        kept.push_back(of_events[j]);
      of_events = std::move(kept);
    };
    keep(list.first);
    keep(list.last);
    keep(list.not_entered);
  }
  return lists;
}

inline std::vector<double> own_times(const event_table& table, const row_list& list) {
  std::vector<double> time;
  for (const std::uint32_t j : list.own)
    time.push_back(table.time()[j]);
  return time;
}

} // namespace her2mod
