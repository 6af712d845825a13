#pragma once

// Cohorts with a binary endpoint, as rows of patients or as counts.

#include <vector>

#include <her2mod/base/cohort.hpp>

struct counted_row {
  int group, stratum;
  double response, frequency;
};

inline her2mod::cohort cohort_of(const std::vector<counted_row>& rows, int n_groups, int n_strata) {
  std::vector<std::int32_t> group, stratum;
  std::vector<double> frequency, response;
  for (const counted_row& r : rows) {
    group.push_back(r.group);
    stratum.push_back(r.stratum);
    frequency.push_back(r.frequency);
    response.push_back(r.response);
  }
  return her2mod::cohort(group, n_groups, stratum, n_strata, frequency, response);
}

// Each row as many times as its frequency says, in the same order.
inline std::vector<counted_row> expanded(const std::vector<counted_row>& rows) {
  std::vector<counted_row> units;
  for (const counted_row& r : rows)
    for (double i = 0; i < r.frequency; ++i) units.push_back({r.group, r.stratum, r.response, 1});
  return units;
}

// Two groups in one stratum: events first. Rows without a patient are left out.
inline std::vector<counted_row> two_groups(long x0, long n0, long x1, long n1) {
  std::vector<counted_row> rows;
  const auto add = [&](int group, double response, long count) {
    if (count > 0) rows.push_back({group, 0, response, static_cast<double>(count)});
  };
  add(0, 1, x0);
  add(0, 0, n0 - x0);
  add(1, 1, x1);
  add(1, 0, n1 - x1);
  return rows;
}
