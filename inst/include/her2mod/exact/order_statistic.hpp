#pragma once

// The bootstrap distribution of a sample quantile, without replicates.
//
// Type 7, R's default: h = (n - 1) p, j = floor(h), g = h - j, Q = (1 - g) X_(k) + g X_(k+1) with
// k = j + 1 (Hyndman RJ, Fan Y 1996, doi:10.1080/00031305.1996.10473566). N(x), the number of draws
// <= x, is a binomial, or with strata a sum of independent ones. For g = 0 (Efron B 1979,
// doi:10.1214/aos/1176344552; Maritz JS, Jarrett RG 1978, doi:10.1080/01621459.1978.10480027),
//   P(X*_(k) <= x) = P(N(x) >= k).
// For g > 0 the joint law of the two order statistics is needed (Hutson AD, Ernst MD 2000,
// doi:10.1111/1467-9868.00221). For two of the group's values x < y, F_s(y-) the share below y,
//   G(x, y) = P(X*_(k) <= x, X*_(k+1) >= y) = P(k draws <= x, none between, n - k draws >= y)
//           = prod_s r_s^n_s  P(sum_s Bin(n_s, F_s(x) / r_s) = k),   r_s = F_s(x) + 1 - F_s(y-);
// with one stratum that is C(n, k) F(x)^k (1 - F(y-))^(n-k). A pair's mass is the second difference
// of G, from x to the value before it and from y to the value after it. From one value to the next
// G changes by a factor that is not near 1, so the differences keep their digits. And
//   P(X*_(k) = X*_(k+1) = x) = P(N(x) >= k + 1) - P(N(x-) >= k) + G(x-, x+),
// x- and x+ the values before and after x; or the same with the opposite tails where they are the
// smaller ones.
//
// Left out is less than 1e-18 at each end and 1e-20 for each value of X*_(k).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/quantile_rank.hpp>
#include <her2mod/exact/discrete.hpp>
#include <her2mod/exact/mass.hpp>

namespace her2mod {

// The number of draws in a part of the values, times `factor`: one binomial a stratum, summed but
// for the last, since probabilities of the whole sum need no more.
struct draw_count {
  mass_window rest, last;
  double factor = 1;

  double exactly(long k) const {
    double sum = 0;
    for (long a = rest.first; a <= rest.last(); ++a) sum += rest.at(a) * last.at(k - a);
    return factor * sum;
  }

  double at_least(long k) const {
    double sum = 0, inner = 0;
    long b = last.last() + 1;
    for (long a = rest.first; a <= rest.last(); ++a) {
      while (b > last.first && b > k - a) inner += last.at(--b);
      sum += rest.at(a) * inner;
    }
    return factor * sum;
  }

  double at_most(long k) const {
    double sum = 0, inner = 0;
    long b = last.first;
    for (long a = rest.last(); a >= rest.first; --a) {
      while (b <= last.last() && b <= k - a) inner += last.at(b++);
      sum += rest.at(a) * inner;
    }
    return factor * sum;
  }
};

class quantile_bootstrap {
 public:
  quantile_bootstrap(const group_units& strata, double p) {
    const double n = validated_size(strata);
    if (!(p >= 0 && p <= 1)) throw input_error("A probability must lie between 0 and 1.");
    const quantile_rank rank = type7_rank(n, p);
    k_ = rank.whole + 1;
    part_ = rank.part;
    upper_ = part_ > 0 ? k_ + 1 : k_;
    count_up(strata);
    fill();
  }

  const discrete_distribution& distribution() const noexcept { return distribution_; }

 private:
  // Probabilities of N(x) at one x.
  struct tails {
    double reach_k, reach_upper;  // N >= k, N >= upper
    double short_k, short_upper;  // N < k, N < upper
  };

  // The group's values, and of each stratum how many units lie among the first i of them.
  void count_up(const group_units& strata) {
    for (const stratum_units& s : strata)
      value_.insert(value_.end(), s.value.begin(), s.value.end());
    std::sort(value_.begin(), value_.end());
    value_.erase(std::unique(value_.begin(), value_.end()), value_.end());
    for (const stratum_units& s : strata) {
      std::vector<double> below(1, 0.0);
      std::size_t j = 0;
      for (const double v : value_) {
        const bool here = j < s.value.size() && s.value[j] == v;
        below.push_back(below.back() + (here ? s.count[j++] : 0.0));
      }
      below_.push_back(std::move(below));
    }
  }

  // Draws among the first `low` values, where none falls on the values from `low` up to `high`.
  draw_count draws(std::size_t low, std::size_t high) const {
    draw_count count;
    for (std::size_t s = 0; s < below_.size(); ++s) {
      const double n = below_[s].back(), gap = below_[s][high] - below_[s][low];
      count.rest = s == 0 ? certain_count() : convolve(count.rest, count.last);
      count.last = mass_window();
      if (gap == n) return nothing();
      binomial_mass(static_cast<long>(n), below_[s][low] / (n - gap), count.last, 1e-30);
      heartbeat(50 + 5 * count.last.mass.size());
      count.factor *= std::exp(n * std::log1p(-gap / n));
    }
    return count;
  }

  static mass_window certain_count() {
    mass_window zero;
    point_mass(0, zero);
    return zero;
  }

  static draw_count nothing() { return {certain_count(), certain_count(), 0.0}; }

  tails tails_at(std::size_t low) const {
    const draw_count count = draws(low, low);
    return {count.at_least(k_), count.at_least(upper_), count.at_most(k_ - 1),
            count.at_most(upper_ - 1)};
  }

  // G with the first `low` values below and those from `high` on above, for high = low, low + 1 and
  // so on until it is negligible. Empty where one order statistic is all.
  std::vector<double> pair_row(std::size_t low) const {
    std::vector<double> row;
    if (upper_ == k_) return row;
    for (std::size_t high = low; high < value_.size(); ++high) {
      row.push_back(draws(low, high).exactly(k_));
      if (row.back() < 1e-20) break;
    }
    return row;
  }

  void fill() {
    std::vector<std::pair<double, double>> cells;
    std::size_t i = first_reached();
    tails before = tails_at(i);
    std::vector<double> row_before = pair_row(i);
    for (; i < value_.size() && before.short_k >= negligible; ++i) {
      const tails after = tails_at(i + 1);
      std::vector<double> row = pair_row(i + 1);
      cells.emplace_back(value_[i], both_here(before, after, at(row_before, 1)));
      for (std::size_t j = 0; j < row.size(); ++j)
        cells.emplace_back((1 - part_) * value_[i] + part_ * value_[i + 1 + j],
                           pair_here(row_before, row, j));
      before = after;
      row_before = std::move(row);
    }
    const double largest = std::max(std::fabs(value_.front()), std::fabs(value_.back()));
    distribution_ = collect(std::move(cells), rounding_width(largest));
  }

  // A difference of terms of this size, or 0 where it is their rounding: values that cannot occur
  // must not appear.
  static double unless_rounding(double difference, double size) noexcept {
    return difference > 1e-13 * size ? difference : 0.0;
  }

  // P(X*_(k) = X*_(k+1) = x), given G(x-, x+); from the smaller tails.
  static double both_here(const tails& before, const tails& after, double pair) noexcept {
    if (after.reach_k < 0.5)
      return unless_rounding((after.reach_upper - before.reach_k) + pair, after.reach_k);
    return unless_rounding((before.short_k - after.short_upper) + pair, before.short_upper);
  }

  // P(X*_(k) = value i, X*_(k+1) = value i + 1 + j), from the rows of G up to value i - 1 and i.
  static double pair_here(const std::vector<double>& row_before, const std::vector<double>& row,
                          std::size_t j) noexcept {
    const double here = row[j] - at(row_before, j + 1);
    const double beyond = at(row, j + 1) - at(row_before, j + 2);
    return unless_rounding(here - beyond, row[j]);
  }

  static double at(const std::vector<double>& row, std::size_t j) noexcept {
    return j < row.size() ? row[j] : 0.0;
  }

  // The first value that X*_(k) reaches with more than negligible probability.
  std::size_t first_reached() const {
    std::size_t low = 0, high = value_.size() - 1;
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (draws(middle + 1, middle + 1).at_least(k_) >= negligible)
        high = middle;
      else
        low = middle + 1;
    }
    return low;
  }

  static constexpr double negligible = 1e-18;

  std::vector<double> value_;
  std::vector<std::vector<double>> below_;
  long k_ = 1, upper_ = 1;
  double part_ = 0;
  discrete_distribution distribution_;
};

}  // namespace her2mod
