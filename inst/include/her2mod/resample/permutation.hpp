#pragma once

// Permutation within strata: the group labels of a stratum's units are dealt out anew, each
// arrangement equally likely. Units are single patients, or whole clusters. (Labels within clusters,
// or within pairs, are labels within strata that the clusters or pairs are.)
//
// Of two groups only the smaller one's members are drawn; more groups are shuffled.

#include <algorithm>
#include <vector>

#include <her2mod/base/draw.hpp>
#include <her2mod/resample/units.hpp>
#include <her2mod/rng/shuffle.hpp>
#include <her2mod/rng/streams.hpp>
#include <her2mod/rng/subset.hpp>

namespace her2mod {

class permutation_plan {
 public:
  permutation_plan(const cohort& data, std::uint64_t seed)
      : data_(&data), streams_(seed, purpose::permutation), units_(relabelled_units(data)) {
    if (data.units() != static_cast<double>(data.rows()))
      throw input_error("A permutation needs one row for each unit.");
    for (const unit_block& b : units_.blocks) blocks_.emplace_back(b, units_.group);
    rows_are_units_ = !data.clustered() && units_.in_row_order();
    std::size_t ones = 0;
    for (const std::int32_t g : units_.group) ones += g == 1 ? 1 : 0;
    listed_ = 2 * ones <= units_.size() ? 1 : 0;
  }

  std::uint64_t grain() const noexcept { return 1; }
  static constexpr bool numbered = false;

  class state {
   public:
    explicit state(const permutation_plan& plan)
        : streams_(plan.streams_), unit_label_(plan.units_.size()), members_(plan.units_.size()) {
      if (!plan.rows_are_units_) row_label_.resize(plan.data_->rows());
    }

   private:
    friend class permutation_plan;
    streams streams_;
    std::vector<std::int32_t> unit_label_, row_label_;
    std::vector<std::uint32_t> members_;
  };

  draw make(std::uint64_t replicate, state& s) const {
    xoshiro256pp generator = s.streams_.open(replicate);
    std::size_t listed = 0;
    for (const relabelled_block& b : blocks_)
      listed = data_->n_groups() == 2
                   ? b.deal_two(generator, s.unit_label_, listed_, s.members_, listed)
                   : b.deal(generator, s.unit_label_);
    if (!rows_are_units_) {
      for (std::size_t row = 0; row < s.row_label_.size(); ++row)
        s.row_label_[row] = s.unit_label_[units_.of_row[row]];
      return {data_->frequency(), s.row_label_};
    }
    return {data_->frequency(), s.unit_label_, true,
            span<const std::uint32_t>(s.members_.data(), listed), listed_};
  }

 private:
  class relabelled_block {
   public:
    relabelled_block(const unit_block& block, const std::vector<std::int32_t>& group)
        : first_(block.first),
          count_(block.count),
          label_(group.begin() + static_cast<std::ptrdiff_t>(first_),
                 group.begin() + static_cast<std::ptrdiff_t>(first_ + count_)),
          ones_(static_cast<std::size_t>(std::count(label_.begin(), label_.end(), 1))) {}

    // Marks the block's smaller group, and appends the units of `listed` to the members.
    std::size_t deal_two(xoshiro256pp& generator, std::vector<std::int32_t>& label,
                         std::int32_t listed, std::vector<std::uint32_t>& members,
                         std::size_t size) const noexcept {
      const std::int32_t minor = 2 * ones_ <= count_ ? 1 : 0;
      std::int32_t* own = label.data() + first_;
      std::fill(own, own + count_, 1 - minor);
      std::uint32_t* next = members.data() + size;
      const auto mark = [&](std::uint64_t unit) {
        // The place after the last member is overwritten until its unit is new.
        const bool fresh = own[unit] != minor;
        own[unit] = minor;
        *next = static_cast<std::uint32_t>(first_ + unit);
        next += fresh && minor == listed ? 1 : 0;
        return fresh;
      };
      choose_subset(generator, count_, minor == 1 ? ones_ : count_ - ones_, mark);
      if (minor != listed)
        for (std::size_t u = 0; u < count_; ++u)
          if (own[u] == listed) *next++ = static_cast<std::uint32_t>(first_ + u);
      return static_cast<std::size_t>(next - members.data());
    }

    // From the observed labels, so that a replicate does not depend on the one before.
    std::size_t deal(xoshiro256pp& generator, std::vector<std::int32_t>& label) const noexcept {
      std::copy(label_.begin(), label_.end(), label.begin() + static_cast<std::ptrdiff_t>(first_));
      shuffle(generator, span<std::int32_t>(label.data() + first_, count_));
      return 0;
    }

   private:
    std::size_t first_, count_;
    std::vector<std::int32_t> label_;
    std::size_t ones_;
  };

  const cohort* data_;
  streams streams_;
  resampling_units units_;
  std::vector<relabelled_block> blocks_;
  bool rows_are_units_ = false;
  std::int32_t listed_ = 1;
};

}  // namespace her2mod
