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
    for (const unit_block& b : units_.blocks) blocks_.emplace_back(b, units_.group, data.n_groups());
    rows_are_units_ = units_.in_row_order();
    std::size_t ones = 0;
    for (std::size_t u = 0; u < units_.size(); ++u) ones += units_.group[u] == 1 ? 1 : 0;
    listed_ = 2 * ones <= units_.size() ? 1 : 0;
  }

  std::uint64_t grain() const noexcept { return 1; }
  static constexpr bool numbered = false;

  class state {
   public:
    explicit state(const permutation_plan& plan, short_forms wanted = {})
        : streams_(plan.streams_),
          as_members_(wanted.members && plan.rows_are_units_ && plan.data_->n_groups() == 2) {
      std::size_t words = 0;
      for (const relabelled_block& b : plan.blocks_) words = std::max(words, b.words());
      marks_.resize(words);
      members_.resize(plan.units_.size() + subset_sampler::spare);
      if (!as_members_) unit_label_.resize(plan.units_.size());
      if (!plan.rows_are_units_) row_label_.resize(plan.data_->rows());
    }

   private:
    friend class permutation_plan;
    streams streams_;
    bool as_members_;
    std::vector<std::int32_t> unit_label_, row_label_;
    std::vector<std::uint32_t> members_;
    std::vector<std::uint64_t> marks_;
  };

  draw make(std::uint64_t replicate, state& s) const {
    xoshiro256pp generator = s.streams_.open(replicate);
    if (s.as_members_) {
      std::size_t size = 0;
      for (const relabelled_block& b : blocks_)
        size = b.list(generator, listed_, s.members_.data(), size, s.marks_.data());
      return {{}, {}, true, span<const std::uint32_t>(s.members_.data(), size), listed_};
    }
    for (const relabelled_block& b : blocks_)
      data_->n_groups() == 2 ? b.deal_two(generator, s.unit_label_, s.members_.data(), s.marks_.data())
                             : b.deal(generator, s.unit_label_);
    if (rows_are_units_) return {data_->frequency(), s.unit_label_};
    for (std::size_t row = 0; row < s.row_label_.size(); ++row)
      s.row_label_[row] = s.unit_label_[units_.unit_of(row)];
    return {data_->frequency(), s.row_label_};
  }

 private:
  class relabelled_block {
   public:
    relabelled_block(const unit_block& block, const column<std::int32_t>& group, int n_groups)
        : first_(block.first),
          count_(block.count),
          ones_(units_of(group, 1)),
          minor_(2 * ones_ <= count_ ? 1 : 0),
          subset_(count_, minor_ == 1 ? ones_ : count_ - ones_) {
      for (std::size_t u = first_; n_groups > 2 && u < first_ + count_; ++u) label_.push_back(group[u]);
    }

    std::size_t words() const noexcept { return subset_.words(); }

    // Appends the units that group `listed` gets to the members.
    std::size_t list(xoshiro256pp& generator, std::int32_t listed, std::uint32_t* members,
                     std::size_t size, std::uint64_t* marks) const {
      std::uint32_t* own = members + size;
      subset_(generator, own, marks);
      std::size_t length = subset_.size();
      if (minor_ != listed) length = subset_.others(own, marks);
      for (std::size_t i = 0; first_ > 0 && i < length; ++i) own[i] += static_cast<std::uint32_t>(first_);
      return size + length;
    }

    void deal_two(xoshiro256pp& generator, std::vector<std::int32_t>& label, std::uint32_t* members,
                  std::uint64_t* marks) const {
      std::int32_t* own = label.data() + first_;
      std::fill(own, own + count_, 1 - minor_);
      subset_(generator, members, marks);
      for (std::size_t i = 0; i < subset_.size(); ++i) own[members[i]] = minor_;
    }

    // From the observed labels, so that a replicate does not depend on the one before.
    void deal(xoshiro256pp& generator, std::vector<std::int32_t>& label) const noexcept {
      std::copy(label_.begin(), label_.end(), label.begin() + static_cast<std::ptrdiff_t>(first_));
      shuffle(generator, span<std::int32_t>(label.data() + first_, count_));
    }

   private:
    std::size_t units_of(const column<std::int32_t>& group, std::int32_t which) const noexcept {
      std::size_t size = 0;
      for (std::size_t u = first_; u < first_ + count_; ++u) size += group[u] == which ? 1 : 0;
      return size;
    }

    std::size_t first_, count_;
    std::size_t ones_;
    std::int32_t minor_;  // the smaller group
    subset_sampler subset_;
    std::vector<std::int32_t> label_;  // of three groups or more
  };

  const cohort* data_;
  streams streams_;
  resampling_units units_;
  std::vector<relabelled_block> blocks_;
  bool rows_are_units_ = false;
  std::int32_t listed_ = 1;
};

}  // namespace her2mod
