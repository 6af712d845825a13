#pragma once

// Who is at risk and who has which event, at each time at which one of the rows ends. States: 0 is
// censored, k = 1, 2, ... the event of cause k. A row stands for `weight` patients, who are at risk from
// after their entry to their time.

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
  span<const double> weight = {}, entry = {};  // empty: one patient a row; nobody enters late

  double patients(std::size_t row) const noexcept { return weight.empty() ? 1.0 : weight[row]; }
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
  if ((!rows.weight.empty() && rows.weight.size() != n) || (!rows.entry.empty() && rows.entry.size() != n))
    throw input_error("Weights and entry times must be one a row.");
  for (std::size_t i = 0; i < n; ++i)
    if (!(rows.patients(i) > 0) || (!rows.entry.empty() && !(rows.entry[i] < rows.time[i])))
      throw input_error("Each row must stand for patients who are at risk at their time.");
}

// The first of the times at which a row is at risk.
inline std::size_t first_at_risk(const competing_rows& rows, const std::vector<double>& time, std::size_t row) {
  if (rows.entry.empty()) return 0;
  return static_cast<std::size_t>(std::upper_bound(time.begin(), time.end(), rows.entry[row]) - time.begin());
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
    const double patients = rows.patients(row);
    // Changes of the number at risk: they come at one time, and are gone at the one after their own.
    counts.at_risk[at(rows.group[row])][first_at_risk(rows, counts.time, row)] += patients;
    if (j + 1 < counts.time.size()) counts.at_risk[at(rows.group[row])][j + 1] -= patients;
    if (rows.state[row] > 0) counts.events[at(rows.group[row])][at(rows.state[row]) - 1][j] += patients;
  }
  for (auto& group : counts.at_risk)
    for (std::size_t i = 1; i < group.size(); ++i) group[i] += group[i - 1];
  return counts;
}

}  // namespace her2mod
