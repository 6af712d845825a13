#pragma once

// Cohorts as rows of patients or as counts, written out or at random.

#include <algorithm>
#include <her2mod/base/cohort.hpp>
#include <random>
#include <vector>

struct counted_row {
  int group, stratum;
  double response, frequency;
  int cluster = -1;  // of every row, or of none
  int event = -1;    // of survival times: the response is the time
  double entry = -1; // where observation begins later than at 0: of every row, or of none
};

inline her2mod::cohort cohort_of(const std::vector<counted_row>& rows, int n_groups, int n_strata) {
  std::vector<std::int32_t> group, stratum, cluster, event;
  std::vector<double> frequency, response, entry;
  int n_clusters = 0;
  for (const counted_row& r : rows) {
    group.push_back(r.group);
    stratum.push_back(r.stratum);
    frequency.push_back(r.frequency);
    response.push_back(r.response);
    if (r.cluster >= 0)
      cluster.push_back(r.cluster);
    if (r.event >= 0)
      event.push_back(r.event);
    if (r.entry >= 0)
      entry.push_back(r.entry);
    n_clusters = std::max(n_clusters, r.cluster + 1);
  }
  using codes = her2mod::column<std::int32_t>;
  using numbers = her2mod::column<double>;
  return her2mod::cohort(her2mod::cohort_columns{
      codes(group), n_groups, codes(stratum), n_strata, numbers(frequency), numbers(response),
      codes(cluster), n_clusters, codes(event), numbers(entry), {}});
}

// The rows of a cohort without clusters.
inline std::vector<counted_row> rows_of(const her2mod::cohort& data) {
  std::vector<counted_row> rows;
  for (std::size_t i = 0; i < data.rows(); ++i)
    rows.push_back({data.group()[i], data.stratum()[i], data.response()[i], data.frequency()[i], -1,
                    data.survival() ? data.event()[i] : -1,
                    data.truncated() ? data.entry()[i] : -1});
  return rows;
}

// Each row as many times as its frequency says, in the same order.
inline std::vector<counted_row> expanded(const std::vector<counted_row>& rows) {
  std::vector<counted_row> units;
  for (const counted_row& r : rows)
    for (double i = 0; i < r.frequency; ++i) {
      units.push_back(r);
      units.back().frequency = 1;
    }
  return units;
}

// Two groups in one stratum: events first. Rows without a patient are left out.
inline std::vector<counted_row> two_groups(long x0, long n0, long x1, long n1) {
  std::vector<counted_row> rows;
  const auto add = [&](int group, double response, long count) {
    if (count > 0)
      rows.push_back({group, 0, response, static_cast<double>(count)});
  };
  add(0, 1, x0);
  add(0, 0, n0 - x0);
  add(1, 1, x1);
  add(1, 0, n1 - x1);
  return rows;
}

inline int below(std::mt19937_64& random, int bound) {
  return static_cast<int>(random() % static_cast<std::uint64_t>(bound));
}

template <class T> void shuffle_rows(std::mt19937_64& random, std::vector<T>& values) {
  for (std::size_t left = values.size(); left > 1; --left)
    std::swap(values[left - 1], values[random() % left]);
}

struct row_mix {
  std::size_t rows;
  int groups = 2, strata = 1, largest_frequency = 1;
};

// Groups in turn, strata and frequencies at random.
template <class Response>
std::vector<counted_row> random_rows(std::mt19937_64& random, const row_mix& mix,
                                     const Response& response) {
  std::vector<counted_row> rows;
  for (std::size_t i = 0; i < mix.rows; ++i)
    rows.push_back({static_cast<int>(i) % mix.groups, below(random, mix.strata), response(random),
                    static_cast<double>(1 + below(random, mix.largest_frequency))});
  return rows;
}

inline std::vector<counted_row> by_group(std::vector<counted_row> rows) {
  std::stable_sort(rows.begin(), rows.end(),
                   [](const counted_row& a, const counted_row& b) { return a.group < b.group; });
  return rows;
}
