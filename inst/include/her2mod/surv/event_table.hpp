#pragma once

// Where the events of a cohort lie, so that a replicate only adds up weights.
//
// Let a list of rows (all of them, or one group's) be in the order of time, with events before
// censorings where times are tied, and R[i] be the weight of rows i, i + 1, ... to the end. At an event
// time with events in positions [first, last)
//
//   at risk  y = R[first],   events  d = R[first] - R[last],   at risk after them  y - d = R[last]:
//
// a Kaplan-Meier factor is R[last] / R[first], exactly 1 without events and exactly 0 where the last
// one at risk has an event, whatever the weights are. With left truncation those who have not entered
// yet, E[j] of them, are taken off all three.
//
// Where a draw brings times of its own, they need no order either: of a stratum with K event times,
// slot 2m - 1 holds the events at the m-th, slot 2m the censorings from there to before the next
// (slot 0: before the first), and R is summed over slots; at risk at the m-th are slots 2m - 1 on.
//
// With strata, lists run stratum after stratum, with one more place in R at the end of each.

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include <her2mod/base/cohort.hpp>
#include <her2mod/base/count_while.hpp>
#include <her2mod/base/radix_order.hpp>

namespace her2mod {

struct row_list {
  std::vector<std::uint32_t> row;
  std::vector<std::uint32_t> end;          // of each stratum's positions
  std::vector<std::uint32_t> first, last;  // of each event time: places in the sums
  std::vector<std::uint32_t> by_entry;     // the same rows, by entry time; empty without truncation
  std::vector<std::uint32_t> not_entered;  // of each event time: a place in the sums of `by_entry`
  std::vector<std::uint32_t> own;          // the event times of its own rows, as numbers of those of all
};

// Whether risk sets lie within strata.
enum class risk_sets { pooled, within_strata };

class event_table {
 public:
  event_table(const cohort& data, risk_sets sets) : data_(&data) {
    if (!data.survival()) throw input_error("This statistic needs survival times and events.");
    by_stratum_ = sets == risk_sets::within_strata && data.n_strata() > 1;
    strata_ = by_stratum_ ? static_cast<std::size_t>(data.n_strata()) : 1;
    std::vector<std::uint32_t> order(data.rows());
    std::iota(order.begin(), order.end(), 0u);
    const auto before = [&](std::uint32_t a, std::uint32_t b) { return precedes(a, b); };
    if (!std::is_sorted(order.begin(), order.end(), before)) {
      // The least important key first.
      std::stable_partition(order.begin(), order.end(), [&](std::uint32_t row) { return data.event()[row] == 1; });
      order_by(order, [&](std::uint32_t row) { return data.response()[row]; });
      if (by_stratum_) order_by(order, [&](std::uint32_t row) { return static_cast<double>(data.stratum()[row]); });
    }
    find_events(order);
    std::vector<std::vector<std::uint32_t>> own(static_cast<std::size_t>(data.n_groups()));
    std::vector<std::size_t> size(own.size());
    for (const std::uint32_t row : order) ++size[static_cast<std::size_t>(data.group()[row])];
    for (std::size_t g = 0; g < own.size(); ++g) own[g].reserve(size[g]);
    for (const std::uint32_t row : order) own[static_cast<std::size_t>(data.group()[row])].push_back(row);
    for (auto& rows : own) groups_.push_back(list_of(std::move(rows)));
    pooled_ = list_of(std::move(order));
  }

  const cohort& data() const noexcept { return *data_; }
  std::size_t groups() const noexcept { return groups_.size(); }
  std::size_t strata() const noexcept { return strata_; }
  std::size_t events() const noexcept { return time_.size(); }
  const std::vector<double>& time() const noexcept { return time_; }  // of each stratum's events
  // Where a stratum's event times begin, and where the last one's end.
  const std::vector<std::uint32_t>& stratum_begin() const noexcept { return stratum_begin_; }
  const row_list& pooled() const noexcept { return pooled_; }
  const row_list& of_group(std::size_t g) const noexcept { return groups_[g]; }
  bool truncated() const noexcept { return data_->truncated(); }
  int stratum(std::uint32_t row) const noexcept { return by_stratum_ ? data_->stratum()[row] : 0; }

  // Slots of all strata, one stratum after another, and where a stratum's begin.
  std::size_t slots() const noexcept { return 2 * events() + strata_; }
  std::size_t first_slot(std::size_t s) const noexcept { return 2 * std::size_t{stratum_begin_[s]} + s; }
  std::size_t slot_of(std::size_t s, double time, bool event) const noexcept {
    const std::size_t begin = stratum_begin_[s], count = stratum_begin_[s + 1] - begin;
    const std::size_t until = count_while(time_.data() + begin, count, [=](double t) { return t <= time; });
    return first_slot(s) + 2 * until - (event ? 1 : 0);
  }

 private:

  bool precedes(std::uint32_t a, std::uint32_t b) const noexcept {
    if (by_stratum_ && stratum(a) != stratum(b)) return stratum(a) < stratum(b);
    const double ta = data_->response()[a], tb = data_->response()[b];
    if (ta != tb) return ta < tb;
    if (data_->event()[a] != data_->event()[b]) return data_->event()[a] > data_->event()[b];
    return a < b;
  }

  void find_events(const std::vector<std::uint32_t>& order) {
    stratum_begin_.assign(strata_ + 1, 0);
    int last = -1;
    for (const std::uint32_t row : order) {
      if (data_->event()[row] == 0) continue;
      const double t = data_->response()[row];
      if (stratum(row) == last && time_.back() == t) continue;
      last = stratum(row);
      time_.push_back(t);
      ++stratum_begin_[static_cast<std::size_t>(last) + 1];
    }
    for (std::size_t s = 0; s < strata_; ++s) stratum_begin_[s + 1] += stratum_begin_[s];
  }

  row_list list_of(std::vector<std::uint32_t> rows) const {
    row_list list;
    list.row = std::move(rows);
    list.end = ends_of(list.row);
    list.first.reserve(events());
    list.last.reserve(events());
    if (truncated()) {
      list.by_entry = list.row;
      std::sort(list.by_entry.begin(), list.by_entry.end(), [&](std::uint32_t a, std::uint32_t b) {
        if (stratum(a) != stratum(b)) return stratum(a) < stratum(b);
        return data_->entry()[a] < data_->entry()[b];
      });
    }
    for (std::size_t s = 0; s < strata_; ++s) place_events(s, list);
    return list;
  }

  std::vector<std::uint32_t> ends_of(const std::vector<std::uint32_t>& rows) const {
    std::vector<std::uint32_t> end(strata_, 0);
    for (const std::uint32_t row : rows) ++end[static_cast<std::size_t>(stratum(row))];
    for (std::size_t s = 1; s < strata_; ++s) end[s] += end[s - 1];
    return end;
  }

  void place_events(std::size_t s, row_list& list) const {
    const auto shift = static_cast<std::uint32_t>(s);
    std::uint32_t i = s == 0 ? 0 : list.end[s - 1], entered = i;
    for (std::size_t j = stratum_begin_[s]; j < stratum_begin_[s + 1]; ++j) {
      const double t = time_[j];
      while (i < list.end[s] && data_->response()[list.row[i]] < t) ++i;
      std::uint32_t after = i;
      while (after < list.end[s] && data_->response()[list.row[after]] == t && data_->event()[list.row[after]] == 1) ++after;
      list.first.push_back(i + shift);
      list.last.push_back(after + shift);
      if (after > i) list.own.push_back(static_cast<std::uint32_t>(j));
      if (!truncated()) continue;
      while (entered < list.end[s] && data_->entry()[list.by_entry[entered]] < t) ++entered;
      list.not_entered.push_back(entered + shift);
    }
  }

  const cohort* data_;
  bool by_stratum_ = false;
  std::size_t strata_ = 1;
  std::vector<double> time_;
  std::vector<std::uint32_t> stratum_begin_;
  row_list pooled_;
  std::vector<row_list> groups_;
};

}  // namespace her2mod
