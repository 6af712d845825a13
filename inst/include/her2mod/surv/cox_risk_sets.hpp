#pragma once

// The risk sets of a view, latest first: each is the last one with rows added and, with entries,
// rows taken away.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <her2mod/surv/cox_data.hpp>

namespace her2mod {

// Calls reset() before each stratum, add(row) and remove(row) as rows come and go, and at(b) at
// block b. remove() is only called with Entries.
template <bool Entries, class Reset, class Add, class Remove, class At>
void sweep_risk_sets(const cox_view& v, const Reset& reset, const Add& add, const Remove& remove,
                     const At& at) noexcept {
  std::uint32_t next = 0, leaving = 0, end = 0;
  for (std::size_t b = v.blocks.size(); b-- > 0;) {
    const cox_block& block = v.blocks[b];
    if (b + 1 == v.blocks.size() || v.blocks[b + 1].stratum_begin != block.stratum_begin) {
      reset();
      next = end = block.stop;
      leaving = v.blocks[block.stratum_begin].begin;
    }
    while (next > block.begin)
      add(--next);
    if constexpr (Entries)
      while (leaving < end && v.entry_block[v.by_entry[leaving]] > b)
        remove(v.by_entry[leaving++]);
    at(b);
  }
}

// A sum whose rounding error is kept beside it (Neumaier 1974, doi:10.1002/zamm.19740540106): what
// is left of it after large terms have gone, or between two of its values, is right.
struct split_sum {
  double high = 0, low = 0;

  void add(double term) noexcept {
    const double sum = high + term, part = sum - high;
    low += (high - (sum - part)) + (term - part);
    high = sum;
  }
  double value() const noexcept { return high + low; }
  double since(const split_sum& earlier) const noexcept {
    return (high - earlier.high) + (low - earlier.low);
  }
};

// Sums that rows join and leave.
class running_sums {
public:
  explicit running_sums(std::size_t size) : sums_(size), value_(size) {}
  void clear() noexcept {
    std::fill(sums_.begin(), sums_.end(), split_sum());
    rows_ = 0;
  }
  void add(std::size_t i, double term) noexcept { sums_[i].add(term); }
  // Once a row, so that an empty risk set is empty.
  void count(bool joins) noexcept {
    rows_ += joins ? 1 : -1;
    if (rows_ == 0)
      clear();
  }
  const double* values() noexcept {
    for (std::size_t i = 0; i < sums_.size(); ++i)
      value_[i] = sums_[i].value();
    return value_.data();
  }

private:
  std::vector<split_sum> sums_;
  std::vector<double> value_;
  long rows_ = 0;
};

} // namespace her2mod
