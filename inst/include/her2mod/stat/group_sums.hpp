#pragma once

// The weighted sums of two groups that every statistic of means or risks is a function of:
//
//   weight_g = sum w,  sum_g = sum w (y - c),  squares_g = sum w (y - c)^2  over group g,
//
// with a centre c near the data, so that a common shift costs no digits. Four running sums each,
// which lets a processor add them side by side and halves the rounding error.

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <her2mod/stat/statistic.hpp>

namespace her2mod {

struct weighted_sum {
  double weight = 0, sum = 0, squares = 0;

  void add(double w, double y) noexcept {
    weight += w;
    sum += w * y;
    squares += w * y * y;
  }
  weighted_sum operator-(const weighted_sum& other) const noexcept {
    return {weight - other.weight, sum - other.sum, squares - other.squares};
  }
  weighted_sum operator+(const weighted_sum& other) const noexcept {
    return {weight + other.weight, sum + other.sum, squares + other.squares};
  }
  // The other group's part. Of responses of one sign, what rounding leaves of no sum is none.
  weighted_sum less(const weighted_sum& part) const noexcept {
    weighted_sum rest = *this - part;
    if (std::fabs(rest.sum) <= rounding_of(weight) * std::fabs(sum)) rest.sum = 0;
    return rest;
  }
  double mean() const noexcept { return sum / weight; }
  // Sum of squares about the mean.
  double deviance() const noexcept {
    return beyond_rounding(squares - sum * mean(), squares, weight);
  }
};

using two_sums = std::array<weighted_sum, 2>;

class group_sums {
 public:
  group_sums(const cohort& data, double centre)
      : value_(data.response()), group_(data.group()), frequency_(data.frequency()) {
    require_two_groups(data);
    for (double& y : value_) y -= centre;
    while (split_ < group_.size() && group_[split_] == 0) ++split_;
    contiguous_ = true;
    for (std::size_t i = split_; i < group_.size(); ++i) contiguous_ = contiguous_ && group_[i] == 1;
    observed_ = relabelled(frequency_.data(), group_.data());
  }

  std::size_t rows() const noexcept { return value_.size(); }
  const two_sums& observed() const noexcept { return observed_; }

  two_sums of(const draw& what) const noexcept {
    if (!what.members.empty()) return listed(what);
    if (!what.relabelled && contiguous_)
      return {range(what.weight.data(), 0, split_), range(what.weight.data(), split_, rows())};
    return relabelled(what.weight.data(), what.label.data());
  }

  // The observed sums without one unit of a row. A spread that is no more than the rounding of what
  // was there before is none.
  two_sums without(std::size_t row) const noexcept {
    two_sums rest = observed_;
    weighted_sum one;
    one.add(1, value_[row]);
    weighted_sum& own = rest[static_cast<std::size_t>(group_[row])];
    const weighted_sum left = own - one;
    const bool spread =
        beyond_rounding(left.squares - left.sum * left.mean(), own.squares, own.weight) > 0;
    own = left;
    if (!spread) own.squares = own.sum * own.mean();
    return rest;
  }

 private:
  two_sums listed(const draw& what) const noexcept {
    constexpr std::size_t lanes = 4;
    weighted_sum part[lanes];
    const std::size_t n = what.members.size(), whole = n - n % lanes;
    for (std::size_t i = 0; i < whole; i += lanes)
      for (std::size_t k = 0; k < lanes; ++k) part[k].add(1, value_[what.members[i + k]]);
    for (std::size_t i = whole; i < n; ++i) part[0].add(1, value_[what.members[i]]);
    const weighted_sum chosen = (part[0] + part[1]) + (part[2] + part[3]);
    const weighted_sum others = (observed_[0] + observed_[1]).less(chosen);
    return what.listed == 1 ? two_sums{others, chosen} : two_sums{chosen, others};
  }

  weighted_sum range(const double* weight, std::size_t begin, std::size_t end) const noexcept {
    constexpr std::size_t lanes = 4;
    weighted_sum part[lanes];
    const std::size_t whole = begin + (end - begin) / lanes * lanes;
    for (std::size_t i = begin; i < whole; i += lanes)
      for (std::size_t k = 0; k < lanes; ++k) part[k].add(weight[i + k], value_[i + k]);
    for (std::size_t i = whole; i < end; ++i) part[0].add(weight[i], value_[i]);
    return (part[0] + part[1]) + (part[2] + part[3]);
  }

  two_sums relabelled(const double* weight, const std::int32_t* label) const noexcept {
    weighted_sum reference, other;
    for (std::size_t i = 0; i < rows(); ++i) {
      const double in_other = static_cast<double>(label[i]);
      reference.add(weight[i] * (1 - in_other), value_[i]);
      other.add(weight[i] * in_other, value_[i]);
    }
    return {reference, other};
  }

  std::vector<double> value_;
  std::vector<std::int32_t> group_;
  std::vector<double> frequency_;
  std::size_t split_ = 0;  // with contiguous groups: the first row of group 1
  bool contiguous_ = false;
  two_sums observed_;
};

}  // namespace her2mod
