#pragma once

// Every arrangement of the group labels within strata, by number: a permutation test without chance.
//
// A stratum's arrangements are the orders of its labels, in lexicographic order; of n labels, c_g of
// group g, a share c_g / n of those that are left begins with g, which finds the arrangement of a
// number label by label. Strata are the digits of the number.

#include <cstdint>
#include <vector>

#include <her2mod/base/draw.hpp>
#include <her2mod/resample/units.hpp>

namespace her2mod {

class enumeration_plan {
 public:
  static constexpr bool numbered = false;

  // Throws where there are more than `most` arrangements.
  enumeration_plan(const cohort& data, double most)
      : data_(&data), units_(relabelled_units(data)), groups_(static_cast<std::size_t>(data.n_groups())) {
    if (data.units() != static_cast<double>(data.rows()))
      throw input_error("A permutation needs one row for each unit.");
    if (!(count(data) <= most)) throw numeric_error("There are too many arrangements to list.");
    for (const unit_block& b : units_.blocks) {
      blocks_.push_back({b, std::vector<std::uint64_t>(groups_, 0), 1});
      for (std::size_t u = b.first; u < b.first + b.count; ++u)
        ++blocks_.back().size[static_cast<std::size_t>(units_.group[u])];
      blocks_.back().arrangements = static_cast<std::uint64_t>(arrangements_of(blocks_.back().size));
      size_ *= blocks_.back().arrangements;
    }
  }

  // The number of arrangements; may be infinite.
  static double count(const cohort& data) {
    const resampling_units units = relabelled_units(data);
    double product = 1;
    for (const unit_block& b : units.blocks) {
      std::vector<std::uint64_t> size(static_cast<std::size_t>(data.n_groups()), 0);
      for (std::size_t u = b.first; u < b.first + b.count; ++u)
        ++size[static_cast<std::size_t>(units.group[u])];
      product *= arrangements_of(size);
    }
    return product;
  }

  std::uint64_t size() const noexcept { return size_; }
  std::uint64_t grain() const noexcept { return 1; }

  class state {
   public:
    explicit state(const enumeration_plan& plan, short_forms = {})
        : unit_label_(plan.units_.size()), row_label_(plan.data_->rows()), left_(plan.groups_) {}

   private:
    friend class enumeration_plan;
    std::vector<std::int32_t> unit_label_, row_label_;
    std::vector<std::uint64_t> left_;
  };

  draw make(std::uint64_t number, state& s) const {
    for (const labelled_block& b : blocks_) {
      arrange(b, number % b.arrangements, s);
      number /= b.arrangements;
    }
    for (std::size_t row = 0; row < s.row_label_.size(); ++row)
      s.row_label_[row] = s.unit_label_[units_.unit_of(row)];
    return {data_->frequency(), s.row_label_};
  }

 private:
  struct labelled_block {
    unit_block units;
    std::vector<std::uint64_t> size;  // units of each group
    std::uint64_t arrangements;
  };

  // n! / prod n_g!, as a product of binomials, each exact while it is below 2^53.
  static double arrangements_of(const std::vector<std::uint64_t>& size) {
    double product = 1, placed = 0;
    for (const std::uint64_t n : size)
      for (std::uint64_t k = 1; k <= n; ++k) product = product * ++placed / static_cast<double>(k);
    return product;
  }

  void arrange(const labelled_block& b, std::uint64_t number, state& s) const noexcept {
    s.left_ = b.size;
    std::uint64_t of_rest = b.arrangements, n = b.units.count;
    for (std::size_t u = b.units.first; n > 0; ++u, --n) {
      std::size_t g = 0;
      std::uint64_t with_g = of_rest * s.left_[0] / n;
      while (number >= with_g) {
        number -= with_g;
        ++g;
        with_g = of_rest * s.left_[g] / n;
      }
      s.unit_label_[u] = static_cast<std::int32_t>(g);
      --s.left_[g];
      of_rest = with_g;
    }
  }

  const cohort* data_;
  resampling_units units_;
  std::size_t groups_;
  std::vector<labelled_block> blocks_;
  std::uint64_t size_ = 1;
};

}  // namespace her2mod
