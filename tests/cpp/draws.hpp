#pragma once

// Draws of a cohort at random, which own what they show.

#include <her2mod/base/cohort.hpp>
#include <her2mod/base/draw.hpp>
#include <random>
#include <vector>

#include "cohorts.hpp"

// A draw that owns what it shows.
struct owned_draw {
  std::vector<double> weight;
  std::vector<std::int32_t> label;
  bool relabelled = true;
  std::vector<std::uint32_t> members = {};
  std::int32_t listed = 0;
  std::vector<std::uint8_t> times = {};
  bool whole = true;

  her2mod::draw view() const { return {weight, label, relabelled, members, listed, times, whole}; }
};

// Within each group, amounts in 64ths (or whole units) go from one row to another: sums are exact.
inline std::vector<double> moved_weights(const her2mod::cohort& data, std::mt19937_64& random,
                                         bool whole) {
  std::vector<double> weight = data.frequency();
  for (int step = 0; step < 200; ++step) {
    const auto from = static_cast<std::size_t>(below(random, static_cast<int>(data.rows()))),
               to = static_cast<std::size_t>(below(random, static_cast<int>(data.rows())));
    const double amount = whole ? 1 : below(random, 40) / 64.0;
    const bool allowed = whole ? weight[from] >= amount : weight[from] > amount;
    if (data.group()[from] != data.group()[to] || !allowed)
      continue;
    weight[from] -= amount;
    weight[to] += amount;
  }
  return weight;
}

inline void add_relabelled(const her2mod::cohort& data, std::mt19937_64& random,
                           std::vector<owned_draw>& draws) {
  std::vector<std::int32_t> label = data.group();
  shuffle_rows(random, label);
  draws.push_back({data.frequency(), label});
  for (const std::int32_t listed : {0, 1}) {
    std::vector<std::uint32_t> members;
    for (std::size_t i = 0; i < label.size(); ++i)
      if (label[i] == listed)
        members.push_back(static_cast<std::uint32_t>(i));
    shuffle_rows(random, members);
    draws.push_back({data.frequency(), label, true, members, listed});
  }
}

// As observed, resampled with and without fractions, and, where each row is a unit, relabelled.
inline std::vector<owned_draw> draws_of(const her2mod::cohort& data, std::mt19937_64& random) {
  std::vector<owned_draw> draws;
  for (const bool relabelled : {false, true}) {
    draws.push_back({data.frequency(), data.group(), relabelled});
    for (const bool whole : {false, true})
      draws.push_back(
          {moved_weights(data, random, whole), data.group(), relabelled, {}, 0, {}, whole});
  }
  if (data.units() == static_cast<double>(data.rows()) && data.n_groups() == 2)
    add_relabelled(data, random, draws);
  return draws;
}
