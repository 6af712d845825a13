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

// Whether the squares are asked for; otherwise they may be anything.
enum class squares_of { nobody, each };

using two_sums = std::array<weighted_sum, 2>;

class group_sums {
 public:
  group_sums(const cohort& data, double centre) : value_(data.response()), group_(data.group()) {
    require_two_groups(data);
    for (double& y : value_) y -= centre;
    while (split_ < group_.size() && group_[split_] == 0) ++split_;
    contiguous_ = true;
    for (std::size_t i = split_; i < group_.size(); ++i) contiguous_ = contiguous_ && group_[i] == 1;
    observed_ = relabelled(data.frequency().data(), group_.data());
  }

  std::size_t rows() const noexcept { return value_.size(); }
  const two_sums& observed() const noexcept { return observed_; }

  two_sums of(const draw& what, squares_of whose) const noexcept {
    if (!what.members.empty()) return listed(what, whose);
    if (what.relabelled || !contiguous_) return relabelled(what.weight.data(), what.label.data());
    const double* w = what.weight.data();
    return whose == squares_of::each
               ? two_sums{range<true>(w, 0, split_), range<true>(w, split_, rows())}
               : two_sums{range<false>(w, 0, split_), range<false>(w, split_, rows())};
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
  two_sums listed(const draw& what, squares_of whose) const noexcept {
    const weighted_sum chosen =
        whose == squares_of::each ? gather<true>(what.members) : gather<false>(what.members);
    const weighted_sum others = (observed_[0] + observed_[1]).less(chosen);
    return what.listed == 1 ? two_sums{others, chosen} : two_sums{chosen, others};
  }

  // Four sums side by side, each in a register of its own.
  struct four {
    double a = 0, b = 0, c = 0, d = 0;
    double total() const noexcept { return (a + b) + (c + d); }
  };

  template <bool Squares>
  weighted_sum gather(span<const std::uint32_t> members) const noexcept {
    four sum, squares;
    const double* value = value_.data();
    const std::uint32_t *row = members.begin(), *end = members.end();
    for (; end - row >= 4; row += 4) {
      const double ya = value[row[0]], yb = value[row[1]], yc = value[row[2]], yd = value[row[3]];
      sum.a += ya, sum.b += yb, sum.c += yc, sum.d += yd;
      if (Squares) squares.a += ya * ya, squares.b += yb * yb, squares.c += yc * yc, squares.d += yd * yd;
    }
    for (; row != end; ++row) {
      sum.a += value[*row];
      if (Squares) squares.a += value[*row] * value[*row];
    }
    return {static_cast<double>(members.size()), sum.total(), squares.total()};
  }

  template <bool Squares>
  weighted_sum range(const double* weight, std::size_t begin, std::size_t end) const noexcept {
    four size, sum, squares;
    const double* value = value_.data();
    std::size_t i = begin;
    for (; i + 4 <= end; i += 4) {
      const double wa = weight[i], wb = weight[i + 1], wc = weight[i + 2], wd = weight[i + 3];
      const double ya = value[i], yb = value[i + 1], yc = value[i + 2], yd = value[i + 3];
      size.a += wa, size.b += wb, size.c += wc, size.d += wd;
      sum.a += wa * ya, sum.b += wb * yb, sum.c += wc * yc, sum.d += wd * yd;
      if (Squares)
        squares.a += wa * ya * ya, squares.b += wb * yb * yb, squares.c += wc * yc * yc,
            squares.d += wd * yd * yd;
    }
    for (; i < end; ++i) {
      size.a += weight[i];
      sum.a += weight[i] * value[i];
      if (Squares) squares.a += weight[i] * value[i] * value[i];
    }
    return {size.total(), sum.total(), squares.total()};
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
  std::size_t split_ = 0;  // with contiguous groups: the first row of group 1
  bool contiguous_ = false;
  two_sums observed_;
};

}  // namespace her2mod
