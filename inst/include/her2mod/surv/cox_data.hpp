#pragma once

// What a Cox model is fitted to, sorted once.
//
// Patient i of stratum s is at risk in (entry_i, time_i] (without entries: up to time_i), and has
// an event at time_i or not. Only what comes at event times counts, so an event block is one event
// time of one stratum: its deaths come first, then the censored of that time and of the times up to
// the next block. In the order of (stratum, time, deaths first), all rows from a block's first to
// the end of its stratum have time_i >= t; those of them with entry_i >= t are not yet at risk.
//
// The likelihood does not change when a covariate is shifted within a stratum; covariates are
// centred there and divided by their standard deviation, so that sums keep their digits and a
// tolerance means the same for every covariate. A view is the rows that one evaluation sees: all,
// or those of a draw.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/radix_order.hpp>
#include <her2mod/base/span.hpp>
#include <her2mod/base/stoppable_sort.hpp>

namespace her2mod {

enum class cox_ties { efron, breslow };

// Times that are meant to be tied are equal. Without entries, strata or frequencies these are
// empty.
struct cox_columns {
  span<const double> time, entry;
  span<const std::int32_t> event;   // 0 or 1
  span<const std::int32_t> stratum; // codes from 0
  span<const double> frequency;     // patients, or other positive weights, of a row
  std::vector<span<const double>> covariates;
};

struct cox_block {
  std::uint32_t begin, deaths_end; // the deaths
  std::uint32_t stop;              // where the stratum ends
  std::uint32_t stratum_begin;     // its first block
  double terms;                    // how many terms the tied deaths make in Efron's sum
  double unit;                     // and the weight of each
};

struct cox_view {
  std::size_t n = 0, p = 0;
  const double* x = nullptr; // row by row
  const double* weight = nullptr;
  span<const cox_block> blocks;      // strata one after the other, early times first
  const double* death_sum = nullptr; // of weight x covariates over the deaths
  double deaths = 0;                 // their weight
  // With entries: for each row the number of blocks with a time of at most its entry, or at least
  // the first of its stratum; and in by_entry, within each stratum's place, its rows, late entries
  // first.
  const std::uint32_t* entry_block = nullptr;
  const std::uint32_t* by_entry = nullptr;
  cox_ties ties = cox_ties::efron;
};

class cox_data {
public:
  // `whole`: a weight w stands for w patients; otherwise for one whose terms count w times (see
  // cox_terms.hpp), and frequencies are 1.
  cox_data(const cox_columns& given, cox_ties ties, bool whole = true)
      : p_(given.covariates.size()), ties_(ties), whole_(whole) {
    sort_rows(given);
    drop_unused(given);
    take_covariates(given);
    for (const std::uint32_t row : order_)
      weight_.push_back(given.frequency.empty() ? 1.0 : given.frequency[row]);
    if (!given.entry.empty())
      take_entries(given);
    set_terms(blocks_, weight_.data(), nullptr, whole, ties);
    sum_deaths(blocks_, weight_.data(), x_.data(), p_, death_sum_, deaths_);
  }

  std::size_t rows() const noexcept { return order_.size(); }
  std::size_t covariates() const noexcept { return p_; }
  bool whole() const noexcept { return whole_; }
  cox_ties ties() const noexcept { return ties_; }
  bool has_entries() const noexcept { return !entry_block_.empty(); }
  // Sorted place -> row of the columns. Rows that are never at risk at an event have no place.
  const std::vector<std::uint32_t>& order() const noexcept { return order_; }
  const std::vector<double>& scale() const noexcept { return scale_; }
  const std::vector<double>& weight() const noexcept { return weight_; }
  const std::vector<cox_block>& blocks() const noexcept { return blocks_; }

  cox_view all() const noexcept {
    cox_view v;
    v.n = rows();
    v.p = p_;
    v.x = x_.data();
    v.weight = weight_.data();
    v.blocks = blocks_;
    v.death_sum = death_sum_.data();
    v.deaths = deaths_;
    v.entry_block = has_entries() ? entry_block_.data() : nullptr;
    v.by_entry = has_entries() ? by_entry_.data() : nullptr;
    v.ties = ties_;
    return v;
  }

  // K and unit of every block. `frequency`: of each row, where its weight was drawn around it.
  static void set_terms(std::vector<cox_block>& blocks, const double* weight,
                        const double* frequency, bool whole, cox_ties ties) noexcept {
    for (cox_block& b : blocks) {
      double sum = 0, units = 0;
      for (std::uint32_t i = b.begin; i < b.deaths_end; ++i) {
        sum += weight[i];
        units += frequency ? frequency[i] : 1.0;
      }
      b.terms = ties == cox_ties::breslow ? 1.0 : whole ? sum : units;
      b.unit = sum / b.terms;
    }
  }

  static void sum_deaths(const std::vector<cox_block>& blocks, const double* weight,
                         const double* x, std::size_t p, std::vector<double>& death_sum,
                         double& deaths) noexcept {
    death_sum.assign(p, 0.0);
    deaths = 0;
    for (const cox_block& b : blocks)
      for (std::uint32_t i = b.begin; i < b.deaths_end; ++i) {
        deaths += weight[i];
        for (std::size_t j = 0; j < p; ++j)
          death_sum[j] += weight[i] * x[i * p + j];
      }
  }

private:
  // By stratum, then time, then deaths first, then row.
  void sort_rows(const cox_columns& given) {
    const std::size_t n = given.time.size();
    order_.reserve(n);
    for (const std::int32_t event : {1, 0})
      for (std::size_t i = 0; i < n; ++i)
        if ((given.event[i] != 0) == (event != 0))
          order_.push_back(static_cast<std::uint32_t>(i));
    order_by(order_, [&](std::uint32_t row) { return given.time[row]; });
    if (!given.stratum.empty())
      order_by(order_, [&](std::uint32_t row) { return static_cast<double>(given.stratum[row]); });
  }

  std::int32_t stratum_of(const cox_columns& given, std::size_t place) const noexcept {
    return given.stratum.empty() ? 0 : given.stratum[order_[place]];
  }

  // Rows before a stratum's first event are in no risk set. Then the blocks.
  void drop_unused(const cox_columns& given) {
    std::size_t kept = 0;
    for (std::size_t from = 0; from < order_.size();) {
      std::size_t to = from;
      while (to < order_.size() && stratum_of(given, to) == stratum_of(given, from))
        ++to;
      std::size_t first = from;
      while (first < to && given.event[order_[first]] == 0)
        ++first;
      const auto stop = static_cast<std::uint32_t>(kept + (to - first));
      const auto stratum_begin = static_cast<std::uint32_t>(blocks_.size());
      for (std::size_t i = first; i < to; ++i, ++kept) {
        const std::uint32_t row = order_[kept] = order_[i];
        if (given.event[row] == 0)
          continue;
        const auto place = static_cast<std::uint32_t>(kept);
        if (blocks_.size() > stratum_begin &&
            given.time[order_[blocks_.back().begin]] == given.time[row])
          blocks_.back().deaths_end = place + 1;
        else
          blocks_.push_back({place, place + 1, stop, stratum_begin, 0, 0});
      }
      from = to;
    }
    order_.resize(kept);
  }

  void take_covariates(const cox_columns& given) {
    const std::size_t n = order_.size();
    x_.resize(n * p_ + 1); // one beyond the last is read, too: math/outer_products.hpp
    scale_.assign(p_, 1.0);
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < p_; ++j)
        x_[i * p_ + j] = given.covariates[j][order_[i]];
    heartbeat(10 * n * p_);
    for (std::size_t j = 0; j < p_; ++j) {
      for (std::size_t b = 0; b < blocks_.size();) {
        centre(j, blocks_[b].begin, blocks_[b].stop);
        const std::uint32_t stop = blocks_[b].stop;
        while (b < blocks_.size() && blocks_[b].stop == stop)
          ++b;
      }
      double squares = 0;
      for (std::size_t i = 0; i < n; ++i)
        squares += x_[i * p_ + j] * x_[i * p_ + j];
      if (squares > 0)
        scale_[j] = std::sqrt(squares / static_cast<double>(n));
      for (std::size_t i = 0; i < n; ++i)
        x_[i * p_ + j] /= scale_[j];
    }
    heartbeat(10 * n * p_);
  }

  // A constant becomes 0, not what rounding leaves of it.
  void centre(std::size_t j, std::size_t from, std::size_t to) noexcept {
    const double first = x_[from * p_ + j];
    double sum = 0;
    for (std::size_t i = from; i < to; ++i)
      sum += x_[i * p_ + j] - first;
    const double mean = sum / static_cast<double>(to - from);
    for (std::size_t i = from; i < to; ++i)
      x_[i * p_ + j] = (x_[i * p_ + j] - first) - mean;
  }

  void take_entries(const cox_columns& given) {
    const std::size_t n = order_.size();
    entry_block_.resize(n);
    by_entry_.resize(n);
    for (std::size_t b = 0; b < blocks_.size();) {
      std::size_t end = b;
      while (end < blocks_.size() && blocks_[end].stop == blocks_[b].stop)
        ++end;
      const auto time_of = [&](const cox_block& block) { return given.time[order_[block.begin]]; };
      for (std::uint32_t i = blocks_[b].begin; i < blocks_[b].stop; ++i) {
        const double entry = given.entry[order_[i]];
        const auto after =
            std::upper_bound(blocks_.begin() + static_cast<std::ptrdiff_t>(b),
                             blocks_.begin() + static_cast<std::ptrdiff_t>(end), entry,
                             [&](double t, const cox_block& block) { return t < time_of(block); });
        entry_block_[i] = static_cast<std::uint32_t>(after - blocks_.begin());
        by_entry_[i] = i;
      }
      stoppable_sort(by_entry_.begin() + blocks_[b].begin, by_entry_.begin() + blocks_[b].stop,
                     [&](std::uint32_t i, std::uint32_t k) {
                       return entry_block_[i] != entry_block_[k] ? entry_block_[i] > entry_block_[k]
                                                                 : i < k;
                     });
      b = end;
    }
  }

  std::size_t p_;
  cox_ties ties_;
  bool whole_;
  std::vector<std::uint32_t> order_;
  std::vector<double> x_, scale_, weight_, death_sum_;
  std::vector<cox_block> blocks_;
  std::vector<std::uint32_t> entry_block_, by_entry_;
  double deaths_ = 0;
};

} // namespace her2mod
