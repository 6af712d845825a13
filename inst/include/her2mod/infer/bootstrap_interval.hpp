#pragma once

// Bootstrap intervals from sorted replicates T*_(1) <= ... <= T*_(R) of an estimate T.
//
//   perc   quantiles of T* at tail and 1 - tail
//   basic  2 T - those quantiles, ends swapped
//   norm   2 T - mean(T*) -+ z sd(T*)
//   stud   T - SE q, q the quantiles of (T* - T) / SE*, ends swapped
//   bca    quantiles at Phi(z0 + (z0 + z) / (1 - a (z0 + z))), z = +-z(tail),
//          z0 = Phi^-1(P(T* < T) + P(T* = T) / 2), a the acceleration
// Davison AC, Hinkley DV (1997) Bootstrap Methods and their Application, ch. 5,
// doi:10.1017/CBO9780511802843; Efron B (1987) JASA 82:171, doi:10.1080/01621459.1987.10478410.
//
// The quantile at q is the order statistic (R + 1) q, between order statistics interpolated on the
// normal scale, and the extreme one beyond them.

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <her2mod/base/inference.hpp>
#include <her2mod/base/span.hpp>
#include <her2mod/math/tails.hpp>

namespace her2mod {

// Quantiles of the same replicates, asked for one after the other: the normal scores of two neighbours
// are kept, as a search asks between the same two again and again.
class replicate_quantiles {
 public:
  explicit replicate_quantiles(span<const double> sorted) noexcept : sorted_(sorted) {}

  double operator()(double q) {
    const auto r = static_cast<double>(sorted_.size());
    // (R + 1) q meant as a whole number must count as one: 1000 * 0.025 is 25.000000000000004 away.
    double rank = (r + 1) * q;
    if (std::fabs(rank - std::round(rank)) < 1e-9 * (r + 1)) rank = std::round(rank);
    if (rank <= 1) return sorted_[0];
    if (rank >= r) return sorted_[sorted_.size() - 1];
    const double below = std::floor(rank);
    const double left = sorted_[static_cast<std::size_t>(below) - 1];
    if (below == rank) return left;
    const double right = sorted_[static_cast<std::size_t>(below)];
    if (left == right || std::isinf(left) || std::isinf(right))
      return rank - below < 0.5 ? left : right;
    if (below != below_) {
      below_ = below;
      z_left_ = normal_quantile(below / (r + 1));
      z_right_ = normal_quantile((below + 1) / (r + 1));
    }
    return left + (normal_quantile(q) - z_left_) / (z_right_ - z_left_) * (right - left);
  }

 private:
  span<const double> sorted_;
  double below_ = 0, z_left_ = 0, z_right_ = 0;  // rank 0: none yet
};

inline double replicate_quantile(span<const double> sorted, double q) {
  return replicate_quantiles(sorted)(q);
}

// Share of replicates below the estimate, ties counting half. Tied are values that rounding could
// tell apart: in whatever unit, by the largest of them.
inline double mid_distribution(span<const double> sorted, double estimate) {
  const auto finite = [](double t) { return std::isinf(t) ? 0.0 : std::fabs(t); };
  const double largest = std::max(finite(sorted[0]), finite(sorted[sorted.size() - 1]));
  const double width = std::isinf(estimate) ? 0.0 : 1e-12 * std::max(std::fabs(estimate), largest);
  const auto below = std::lower_bound(sorted.begin(), sorted.end(), estimate - width);
  const auto not_above = std::upper_bound(below, sorted.end(), estimate + width);
  return (static_cast<double>(below - sorted.begin()) + static_cast<double>(not_above - sorted.begin())) /
         (2 * static_cast<double>(sorted.size()));
}

// The probabilities below the lower and above the upper end of a BCa interval. NaN where the
// adjustment does not exist (z0 infinite, or the denominator not positive).
struct bca_tails {
  double below, above;
};

inline bca_tails adjusted_tails(double mid_share, double acceleration, double tail) {
  const double z0 = normal_quantile(mid_share), z = normal_critical(tail);
  const auto adjusted = [&](double w) {
    const double shifted = z0 + w, denominator = 1 - acceleration * shifted;
    return std::isfinite(z0) && denominator > 0 ? z0 + shifted / denominator : not_a_number;
  };
  const double low = adjusted(-z), high = adjusted(z);
  return {std::isnan(low) ? low : normal_cdf(low), std::isnan(high) ? high : normal_upper(high)};
}

// a = sum(l^3 / n^3) / (6 (sum(l^2 / n^2))^(3/2)) over the units of all blocks, where
// l = (n - 1) (block mean of the leave-one-out values - the unit's leave-one-out value) and n is
// the block's size. 0 when no unit has influence: a difference that is no more than the rounding of
// the mean is none. Not finite when a leave-one-out value is not.
struct jackknife_row {
  double value;      // estimate without one unit of the row
  double frequency;  // units in the row
  int block;
};

inline double acceleration(const std::vector<jackknife_row>& rows, std::size_t n_blocks) {
  std::vector<double> units(n_blocks, 0.0), sum(n_blocks, 0.0);
  for (const jackknife_row& row : rows) {
    units[static_cast<std::size_t>(row.block)] += row.frequency;
    sum[static_cast<std::size_t>(row.block)] += row.frequency * row.value;
  }
  double cubes = 0, squares = 0;
  for (const jackknife_row& row : rows) {
    const double n = units[static_cast<std::size_t>(row.block)];
    if (n <= 1) continue;  // a unit alone in its block is always drawn: it has no influence
    const double mean = sum[static_cast<std::size_t>(row.block)] / n, distance = mean - row.value;
    const double rounding = (n + 8) * std::numeric_limits<double>::epsilon() * std::fabs(mean);
    const double l = std::fabs(distance) <= rounding ? 0.0 : (n - 1) * distance / n;
    squares += row.frequency * l * l;
    cubes += row.frequency * l * l * l;
  }
  return squares == 0 ? 0.0 : cubes / (6 * std::pow(squares, 1.5));
}

}  // namespace her2mod
