#pragma once

// The weighted sums of two groups that every statistic of means or risks is a function of:
//
//   weight_g = sum w,  sum_g = sum w (y - c_g),  squares_g = sum w (y - c_g)^2  over group g.
//
// With the cohort's own labels, c_g is the group's own observed mean, so that neither a common shift
// nor groups that lie far apart cost digits; with other labels it is the mean of all units. (Or both
// are 0, where a mean of 0 must be exactly 0.) Sums are halved until they have 256 rows, so that
// rounding grows with the logarithm of the rows (Higham NJ 1993, SIAM J Sci Comput 14:783,
// doi:10.1137/0914050); those are the pieces of weighted_sum.hpp.

#include <array>
#include <cstddef>
#include <mutex>
#include <vector>

#include <her2mod/base/column.hpp>
#include <her2mod/stat/statistic.hpp>
#include <her2mod/stat/weighted_sum.hpp>

namespace her2mod {

// Whether the squares are asked for; otherwise they may be anything.
enum class squares_of { nobody, each };

using two_sums = std::array<weighted_sum, 2>;

// Where the centres are one, they cost no digits.
inline double difference_of_means(const two_sums& g) noexcept {
  return (g[1].offset() - g[0].offset()) + (g[1].centre - g[0].centre);
}

enum class sums_about { zero, means };

class group_sums {
 public:
  group_sums(const cohort& data, sums_about what) : value_(data.response()), group_(data.group()) {
    require_two_groups(data);
    while (split_ < group_.size() && group_[split_] == 0) ++split_;
    contiguous_ = true;
    for (std::size_t i = split_; i < group_.size(); ++i) contiguous_ = contiguous_ && group_[i] == 1;
    const column<double>& weight = data.frequency();
    if (what == sums_about::means) {
      const two_sums raw = own<false>(weight);
      common_ = (raw[0].sum + raw[1].sum) / (raw[0].weight + raw[1].weight);
      for (std::size_t g = 0; g < 2; ++g) centre_[g] = raw[g].mean();
    }
    observed_ = own<true>(weight);
    const two_sums about_common = relabelled(weight, group_);
    total_ = about_common[0] + about_common[1];
  }

  static short_forms reads() noexcept { return {true, true}; }

  std::size_t rows() const noexcept { return value_.size(); }
  const two_sums& observed() const noexcept { return observed_; }
  // Of both groups, about one centre.
  const weighted_sum& total() const noexcept { return total_; }

  two_sums of(const draw& what, squares_of whose) const noexcept {
    if (!what.members.empty()) return listed(what, whose);
    if (!what.times.empty()) return own(what.times.data(), whose);
    const double* w = what.weight.data();
    return what.relabelled ? relabelled(w, what.label.data()) : own(w, whose);
  }

  // The observed sums without one unit of a row. A spread that is no more than the rounding of what
  // was there before is none.
  two_sums without(std::size_t row) const noexcept {
    two_sums rest = observed_;
    weighted_sum one;
    one.add(1, centred(row));
    weighted_sum& whole = rest[of(row)];
    const weighted_sum left = whole - one;
    const bool spread =
        beyond_rounding(left.squares - left.sum * left.offset(), whole.squares, whole.weight) > 0;
    whole = left;
    if (!spread) whole.squares = whole.sum * whole.offset();
    return rest;
  }

 private:
  std::size_t of(std::size_t row) const noexcept { return static_cast<std::size_t>(group_[row]); }
  // A row's response about its own group's centre, and about the common one.
  double centred(std::size_t row) const noexcept { return value_[row] - centre_[of(row)]; }
  double shifted(std::size_t row) const noexcept { return centred(row) + (centre_[of(row)] - common_); }
  // Of all rows: made when members are first listed.
  const double* all_shifted() const noexcept {
    std::call_once(asked_, [this] {
      for (std::size_t i = 0; i < rows(); ++i) shifted_.push_back(shifted(i));
    });
    return shifted_.data();
  }

  two_sums listed(const draw& what, squares_of whose) const noexcept {
    const weighted_sum chosen =
        whose == squares_of::each ? gather<true>(what.members) : gather<false>(what.members);
    const weighted_sum others = total_.less(chosen);
    return what.listed == 1 ? two_sums{others, chosen} : two_sums{chosen, others};
  }

  // The sum of sum_piece(begin, end) over the pieces of a range.
  template <class Sum, class Piece>
  static Sum in_pieces(std::size_t begin, std::size_t end, const Piece& sum_piece) noexcept {
    if (end - begin <= most_in_a_piece) return sum_piece(begin, end);
    const std::size_t middle = begin + (end - begin) / 16 * 8;  // whole eights
    return both(in_pieces<Sum>(begin, middle, sum_piece), in_pieces<Sum>(middle, end, sum_piece));
  }
  static weighted_sum both(const weighted_sum& a, const weighted_sum& b) noexcept { return a + b; }
  static two_sums both(const two_sums& a, const two_sums& b) noexcept {
    return {a[0] + b[0], a[1] + b[1]};
  }

  template <bool Squares>
  weighted_sum gather(span<const std::uint32_t> members) const noexcept {
    const double* y = all_shifted();
    weighted_sum sum = in_pieces<weighted_sum>(0, members.size(), [&](std::size_t i, std::size_t end) {
      return gather_piece<Squares>(y, members.begin() + i, members.begin() + end);
    });
    sum.weight = static_cast<double>(members.size());
    sum.centre = common_;
    return sum;
  }

  template <bool Squares, class Weights>
  weighted_sum range(const Weights& weight, std::size_t begin, std::size_t end, double centre) const noexcept {
    const centred_values value{value_.data(), centre};
    return in_pieces<weighted_sum>(begin, end, [&](std::size_t i, std::size_t stop) {
      return weigh_piece<Squares>(value, weight, i, stop);
    });
  }

  // With the cohort's own labels.
  template <class Weights>
  two_sums own(const Weights& weight, squares_of whose) const noexcept {
    return whose == squares_of::each ? own<true>(weight) : own<false>(weight);
  }

  template <bool Squares, class Weights>
  two_sums own(const Weights& weight) const noexcept {
    two_sums sums = contiguous_ ? two_sums{range<Squares>(weight, 0, split_, centre_[0]),
                                           range<Squares>(weight, split_, rows(), centre_[1])}
                                : interleaved(weight);
    for (std::size_t g = 0; g < 2; ++g) sums[g].centre = centre_[g];
    return sums;
  }

  template <class Weights>
  two_sums interleaved(const Weights& weight) const noexcept {
    return in_pieces<two_sums>(0, rows(), [&](std::size_t i, std::size_t end) {
      two_sums part;
      for (; i < end; ++i) part[of(i)].add(static_cast<double>(weight[i]), centred(i));
      return part;
    });
  }

  template <class Weights, class Labels>
  two_sums relabelled(const Weights& weight, const Labels& label) const noexcept {
    two_sums sums = in_pieces<two_sums>(0, rows(), [&](std::size_t i, std::size_t end) {
      weighted_sum reference, other;
      for (; i < end; ++i) {
        const double in_other = static_cast<double>(label[i]), y = shifted(i);
        reference.add(weight[i] * (1 - in_other), y);
        other.add(weight[i] * in_other, y);
      }
      return two_sums{reference, other};
    });
    sums[0].centre = sums[1].centre = common_;
    return sums;
  }

  column<double> value_;
  column<std::int32_t> group_;
  std::array<double, 2> centre_{};  // of the groups
  double common_ = 0;               // of all units
  std::size_t split_ = 0;           // with contiguous groups: the first row of group 1
  bool contiguous_ = false;
  two_sums observed_;
  weighted_sum total_;
  mutable std::once_flag asked_;
  mutable std::vector<double> shifted_;  // about the common centre
};

}  // namespace her2mod
