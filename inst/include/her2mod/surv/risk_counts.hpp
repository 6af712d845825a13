#pragma once

// How many of each group are at risk at every event time, and how many after its events, for a draw:
// see event_table.hpp.

#include <algorithm>
#include <cstdint>
#include <vector>

#include <her2mod/base/draw.hpp>
#include <her2mod/surv/event_table.hpp>

namespace her2mod {

class risk_counts {
 public:
  struct group_counts {
    std::vector<double> at_risk, after;  // of each event time
    double units = 0;
    double follow_up = 0;  // the last time, without strata
  };

  explicit risk_counts(const event_table& table)
      : data_(&table.data()),
        group_(table.groups()),
        sum_(std::max(table.data().rows() + table.strata(), table.slots() * table.groups())),
        mark_(table.data().rows()) {
    for (group_counts& g : group_) {
      g.at_risk.resize(table.events());
      g.after.resize(table.events());
    }
    all_ = group_.front();
    count(table.pooled(), [&](std::uint32_t) { return 1u; }, all_);
  }

  const group_counts& operator[](std::size_t g) const noexcept { return group_[g]; }
  std::size_t groups() const noexcept { return group_.size(); }
  bool has_empty_group() const noexcept {
    for (const group_counts& g : group_)
      if (!(g.units > 0)) return true;
    return false;
  }

  void fill(const event_table& table, const draw& what) noexcept {
    if (!what.members.empty()) return fill_members(table, what);
    if (!what.time.empty()) return fill_imputed(table, what);
    for (std::size_t g = 0; g < group_.size(); ++g) {
      if (!what.relabelled) {
        fill_group(table.of_group(g), what, g);
        continue;
      }
      const auto label = static_cast<std::int32_t>(g);
      count(table.pooled(), [&](std::uint32_t row) { return what.label[row] == label ? what.weight[row] : 0.0; },
            group_[g]);
    }
  }

  // At the event times of a list of the group's rows, of a draw that keeps the cohort's labels.
  void fill_group(const row_list& list, const draw& what, std::size_t g) noexcept {
    if (what.times.empty())
      count(list, [&](std::uint32_t row) { return what.weight[row]; }, group_[g]);
    else
      count(list, [&](std::uint32_t row) { return static_cast<std::uint32_t>(what.times[row]); }, group_[g]);
  }

 private:
  void fill_members(const event_table& table, const draw& what) noexcept {
    for (const std::uint32_t row : what.members) mark_[row] = 1;
    group_counts& own = group_[static_cast<std::size_t>(what.listed)];
    group_counts& other = group_[static_cast<std::size_t>(1 - what.listed)];
    count(table.pooled(), [&](std::uint32_t row) { return static_cast<std::uint32_t>(mark_[row]); }, own);
    other.follow_up = last_time(table.pooled(), [&](std::uint32_t row) { return mark_[row] == 0; });
    for (const std::uint32_t row : what.members) mark_[row] = 0;
    for (std::size_t j = 0; j < own.at_risk.size(); ++j) {
      other.at_risk[j] = all_.at_risk[j] - own.at_risk[j];
      other.after[j] = all_.after[j] - own.after[j];
    }
    other.units = all_.units - own.units;
  }

  void fill_imputed(const event_table& table, const draw& what) noexcept {
    const std::size_t slots = table.slots();
    std::fill_n(sum_.begin(), slots * group_.size(), 0.0);
    for (group_counts& g : group_) g.follow_up = 0;
    for (std::uint32_t row = 0; row < what.time.size(); ++row) {
      const auto s = static_cast<std::size_t>(table.stratum(row)), g = static_cast<std::size_t>(what.label[row]);
      sum_[g * slots + table.slot_of(s, what.time[row], what.event[row] == 1)] += what.weight[row];
      group_[g].follow_up = std::max(group_[g].follow_up, what.time[row]);
    }
    for (std::size_t g = 0; g < group_.size(); ++g) read_slots(table, sum_.data() + g * slots, group_[g]);
  }

  static void read_slots(const event_table& table, const double* sum, group_counts& own) noexcept {
    own.units = 0;
    for (std::size_t s = 0; s < table.strata(); ++s) {
      const double* slot = sum + table.first_slot(s);
      const std::size_t begin = table.stratum_begin()[s];
      double from_here = 0;
      for (std::size_t m = table.stratum_begin()[s + 1] - begin; m > 0; --m) {
        own.after[begin + m - 1] = from_here += slot[2 * m];
        own.at_risk[begin + m - 1] = from_here += slot[2 * m - 1];
      }
      own.units += from_here + slot[0];
    }
  }

  template <class WeightOf>
  void count(const row_list& list, const WeightOf& weight, group_counts& g) noexcept {
    const std::size_t events = list.first.size();
    g.units = add_up(list.row, list.end, weight);
    for (std::size_t j = 0; j < events; ++j) {
      g.at_risk[j] = sum_[list.first[j]];
      g.after[j] = sum_[list.last[j]];
    }
    if (list.end.size() == 1) g.follow_up = last_time(list, weight);
    if (list.by_entry.empty()) return;
    add_up(list.by_entry, list.end, weight);
    for (std::size_t j = 0; j < events; ++j) {
      const double waiting = sum_[list.not_entered[j]];
      g.at_risk[j] = without(g.at_risk[j], waiting);
      g.after[j] = without(g.after[j], waiting);
    }
  }

  template <class WeightOf>
  double last_time(const row_list& list, const WeightOf& weight) const noexcept {
    for (std::size_t i = list.row.size(); i-- > 0;)
      if (weight(list.row[i]) > 0) return data_->response()[list.row[i]];
    return 0;
  }

  // What is left, 0 where that is rounding (of fractional weights).
  static double without(double all, double part) noexcept {
    const double rest = all - part;
    return rest > 1e-13 * all ? rest : 0.0;
  }

  // Sums from each position to the end of its stratum; returns that of all. Whole weights are added as
  // integers, which is quicker.
  template <class WeightOf>
  double add_up(const std::vector<std::uint32_t>& row, const std::vector<std::uint32_t>& end,
                const WeightOf& weight) noexcept {
    double units = 0;
    for (std::size_t s = 0, begin = 0; s < end.size(); begin = end[s++]) {
      double* sum = sum_.data() + s;
      decltype(weight(0u)) from_here{};
      sum[end[s]] = 0;
      for (std::size_t i = end[s]; i-- > begin;) {
        from_here += weight(row[i]);
        sum[i] = static_cast<double>(from_here);
      }
      units += static_cast<double>(from_here);
    }
    return units;
  }

  const cohort* data_;
  std::vector<group_counts> group_;
  group_counts all_;  // with a weight of 1
  std::vector<double> sum_;
  std::vector<std::uint8_t> mark_;
};

}  // namespace her2mod
