#pragma once

// The rows of a draw, still in order: those with a weight, side by side, and the event blocks that
// are left of the prepared ones. One workspace a thread; a replicate allocates nothing.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/span.hpp>
#include <her2mod/base/unrolled.hpp>
#include <her2mod/surv/cox_data.hpp>

namespace her2mod {

// Group labels in place of one covariate. They are those of two groups, 0 and 1.
struct cox_labels {
  span<const std::int32_t> label;
  std::size_t covariate = 0;
};

class cox_draw {
public:
  explicit cox_draw(const cox_data& data) : data_(data), all_(data.all()) {
    const std::size_t n = data.rows() + 1; // one beyond the last is written, too
    x_.resize(n * all_.p + 1);
    weight_.resize(n);
    frequency_.resize(n);
    blocks_.reserve(data.blocks().size());
    death_sum_.resize(all_.p);
    place_.resize(n);
    if (!data.has_entries())
      return;
    entry_block_.resize(n);
    by_entry_.resize(n);
    blocks_before_.resize(data.blocks().size() + 1);
  }

  // `weight`: numbers, of each row of the columns (not of the sorted rows), which may be bytes; the
  // prepared frequencies do not count. Valid until the next take().
  template <class Number>
  cox_view take(span<const Number> weight, bool whole, const cox_labels& labels = {}) noexcept {
    return with_fixed<2, 6>(all_.p, [&](auto p) { return take_as<decltype(p)::value>(weight, whole, labels); });
  }

  // Where the rows of the last view lie among the prepared ones.
  const std::vector<std::uint32_t>& places() const noexcept { return place_; }

private:
  template <std::size_t Fixed, class Number>
  cox_view take_as(span<const Number> weight, bool whole, const cox_labels& labels) noexcept {
    n_ = 0;
    blocks_.clear();
    std::size_t stratum = 0;
    for (std::size_t b = 0; b < all_.blocks.size(); ++b) {
      const cox_block& block = all_.blocks[b];
      if (block.stratum_begin == b)
        stratum = begin_stratum(stratum);
      if (!blocks_before_.empty())
        blocks_before_[b] = static_cast<std::uint32_t>(blocks_.size());
      const auto begin = static_cast<std::uint32_t>(n_);
      take_rows<Fixed>(weight, labels, block.begin, block.deaths_end);
      const auto deaths_end = static_cast<std::uint32_t>(n_);
      const auto first = static_cast<std::uint32_t>(stratum);
      if (deaths_end > begin)
        blocks_.push_back({begin, deaths_end, 0, first, 0, 0});
      const bool last = b + 1 == all_.blocks.size() || all_.blocks[b + 1].stratum_begin == b + 1;
      // Before the stratum's first death nobody is at risk when it counts.
      if (blocks_.size() > stratum)
        take_rows<Fixed>(weight, labels, block.deaths_end, last ? block.stop : all_.blocks[b + 1].begin);
    }
    begin_stratum(stratum);
    cox_data::set_terms(blocks_, weight_.data(), frequency_.data(), whole, data_.ties());
    if (data_.has_entries())
      take_entries();
    return view();
  }

  // Says to the blocks of the stratum that ends where that is.
  std::size_t begin_stratum(std::size_t last) noexcept {
    for (std::size_t b = last; b < blocks_.size(); ++b)
      blocks_[b].stop = static_cast<std::uint32_t>(n_);
    return blocks_.size();
  }

  // All rows are written, each over the one before if that has no weight: chance decides which have, and no branch
  // foresees it.
  template <std::size_t Fixed, class Number>
  void take_rows(span<const Number> weight, const cox_labels& labels, std::size_t from, std::size_t to) noexcept {
    const std::size_t p = Fixed ? Fixed : all_.p;
    for (std::size_t i = from; i < to; ++i) {
      const std::uint32_t row = data_.order()[i];
      const auto w = static_cast<double>(weight[row]);
      const double* const x = all_.x + i * p;
      double* const taken = x_.data() + n_ * p;
      each_of<Fixed>(p, [&](std::size_t j) { taken[j] = x[j]; });
      if (!labels.label.empty())
        taken[labels.covariate] = (labels.label[row] - 0.5) / data_.scale()[labels.covariate];
      weight_[n_] = w;
      frequency_[n_] = all_.weight[i];
      place_[n_] = static_cast<std::uint32_t>(i);
      n_ += w > 0;
    }
  }

  void take_entries() noexcept {
    blocks_before_[all_.blocks.size()] = static_cast<std::uint32_t>(blocks_.size());
    // place_ is increasing, so a row's new place is found by halving.
    std::size_t m = 0;
    for (std::size_t i = 0; i < n_; ++i)
      entry_block_[i] = blocks_before_[all_.entry_block[place_[i]]];
    const auto end = place_.begin() + static_cast<std::ptrdiff_t>(n_);
    for (std::size_t k = 0; k < all_.n; ++k) {
      const auto found = std::lower_bound(place_.begin(), end, all_.by_entry[k]);
      if (found != end && *found == all_.by_entry[k])
        by_entry_[m++] = static_cast<std::uint32_t>(found - place_.begin());
    }
  }

  cox_view view() noexcept {
    cox_view v = all_;
    v.n = n_;
    v.x = x_.data();
    v.weight = weight_.data();
    v.blocks = blocks_;
    cox_data::sum_deaths(blocks_, weight_.data(), x_.data(), all_.p, death_sum_, v.deaths);
    v.death_sum = death_sum_.data();
    v.entry_block = data_.has_entries() ? entry_block_.data() : nullptr;
    v.by_entry = data_.has_entries() ? by_entry_.data() : nullptr;
    return v;
  }

  const cox_data& data_;
  const cox_view all_;
  std::size_t n_ = 0;
  std::vector<double> x_, weight_, frequency_, death_sum_;
  std::vector<cox_block> blocks_;
  std::vector<std::uint32_t> entry_block_, by_entry_, place_, blocks_before_;
};

} // namespace her2mod
