#pragma once

// Who is at risk and who has which event, at each time at which one of the rows ends. States: 0 is
// censored, k = 1, 2, ... the event of cause k.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/span.hpp>

namespace her2mod {

struct competing_rows {
  span<const double> time;  // ties are equal numbers
  span<const std::int32_t> state, group, stratum;
  std::size_t n_causes = 1, n_groups = 1, n_strata = 1;
};

struct competing_counts {
  std::vector<double> time;                              // increasing
  std::vector<std::vector<double>> at_risk;              // of each group, at each time
  std::vector<std::vector<std::vector<double>>> events;  // of each group and cause, at each time

  double events_of_any(std::size_t group, std::size_t j) const {
    double sum = 0;
    for (const auto& cause : events[group]) sum += cause[j];
    return sum;
  }
};

inline void check_competing(const competing_rows& rows) {
  const std::size_t n = rows.time.size();
  const auto good = [&](span<const std::int32_t> codes, std::size_t last) {
    return codes.size() == n && std::all_of(codes.begin(), codes.end(), [&](std::int32_t code) {
             return code >= 0 && static_cast<std::size_t>(code) <= last;
           });
  };
  if (rows.n_causes < 1 || rows.n_groups < 1 || rows.n_strata < 1 ||
      !good(rows.state, rows.n_causes) || !good(rows.group, rows.n_groups - 1) ||
      !good(rows.stratum, rows.n_strata - 1))
    throw input_error("States, groups and strata must be codes within their range, one a row.");
}

// Of the rows that `chosen` lists.
inline competing_counts count_competing(const competing_rows& rows,
                                        std::vector<std::size_t> chosen) {
  const auto at = [](std::int32_t code) { return static_cast<std::size_t>(code); };
  std::sort(chosen.begin(), chosen.end(),
            [&](std::size_t a, std::size_t b) { return rows.time[a] < rows.time[b]; });
  competing_counts counts;
  for (const std::size_t row : chosen)
    if (counts.time.empty() || rows.time[row] > counts.time.back())
      counts.time.push_back(rows.time[row]);
  const std::vector<double> none(counts.time.size(), 0.0);
  counts.at_risk.assign(rows.n_groups, none);
  counts.events.assign(rows.n_groups, std::vector<std::vector<double>>(rows.n_causes, none));
  std::size_t j = 0;
  for (const std::size_t row : chosen) {
    while (rows.time[row] > counts.time[j]) ++j;
    ++counts.at_risk[at(rows.group[row])][j];
    if (rows.state[row] > 0) ++counts.events[at(rows.group[row])][at(rows.state[row]) - 1][j];
  }
  // From those who end at a time to those who are at risk then.
  for (auto& group : counts.at_risk)
    for (std::size_t i = group.size(); i-- > 1;) group[i - 1] += group[i];
  return counts;
}

}  // namespace her2mod
