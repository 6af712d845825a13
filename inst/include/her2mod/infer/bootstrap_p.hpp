#pragma once

// The p-value that inverts each bootstrap interval of infer/bootstrap_interval.hpp,
//   p = sup{alpha: low(alpha) <= null <= high(alpha)},
// so that p < alpha exactly when the interval of level 1 - alpha excludes the null value (of BCa
// intervals all but those that last_holding_tail() tells of).
// Davison AC, Hinkley DV (1997) Bootstrap Methods and their Application, ch. 5,
// doi:10.1017/CBO9780511802843; Efron B (1987) JASA 82:171, doi:10.1080/01621459.1987.10478410.
//
// With Q(q) the interpolated quantile of the replicates, the largest tails at which the lower and
// the upper end do not pass the null value are
//   perc   sup{t: Q(t) <= null}                and  sup{t: Q(1 - t) >= null}
//   basic  sup{t: 2 T - Q(1 - t) <= null}      and  sup{t: 2 T - Q(t) >= null}
//   stud   sup{t: T - SE Q(1 - t) <= null}     and  sup{t: T - SE Q(t) >= null}
//   norm   P(Z > z) and P(Z < z), z = (2 T - mean(T*) - null) / sd(T*)
//   bca    perc's l and u, moved: Phi(s / (1 + a s) - z0), s = Phi^-1(l) - z0, and the mirror
//          image, Phi(s / (1 - a s) + z0), s = Phi^-1(u) + z0
// and p is 2 min of the two, at most 1; "greater" takes the lower end's tail, "less" the upper's.
//
// Replicates are compared with the null value as the ends are: as the numbers they are, without a
// tolerance. R replicates know no tail below 1 / (R + 1), beyond which each end is the outermost
// replicate, so their p is at least that (2 / (R + 1) two-sided), and p < alpha tells what the
// interval does for every alpha above that floor. A quantile takes ranks within 1e-9 (R + 1) of a
// whole one as whole, and p does the same: p = 2 k / (R + 1) is that number.
//
// An exact distribution needs no floor: low(q) = min{t: P(T* <= t) >= q} passes the null value
// where q > P(T* <= null), and high(q) = max{t: P(T* >= t) >= q} where q > P(T* >= null). So these
// two shares are perc's tails; those at 2 T - null, and of (T* - T) / SE* at (T - null) / SE,
// mirrored, are basic's and stud's.

#include <algorithm>
#include <cmath>

#include <her2mod/base/inference.hpp>
#include <her2mod/base/span.hpp>
#include <her2mod/infer/bootstrap_interval.hpp>
#include <her2mod/math/tails.hpp>

namespace her2mod {

// The largest tails at which the ends of an interval do not pass the null value.
struct tail_shares {
  double lower, upper;
};

constexpr tail_shares mirrored(tail_shares t) noexcept { return {t.upper, t.lower}; }

// The smallest tail that this many replicates can show.
inline double smallest_tail(std::size_t replicates) noexcept {
  return 1 / (static_cast<double>(replicates) + 1);
}

// The largest tail at which no end that the alternative uses passes the null value.
inline double holding_tail(tail_shares t, alternative side) noexcept {
  switch (side) {
    case alternative::less: return t.upper;
    case alternative::greater: return t.lower;
    default: return std::min(t.lower, t.upper);
  }
}

// The p-value of a tail that counts as at least `floor`.
inline double tail_p_value(double tail, alternative side, double floor) {
  if (std::isnan(tail)) return not_a_number;
  const double shown = std::max(tail, floor);
  return side == alternative::two_sided ? std::min(1.0, 2 * shown) : shown;
}

inline double tails_p_value(tail_shares t, alternative side, double floor = 0) {
  return tail_p_value(holding_tail(t, side), side, floor);
}

// The largest tail at which passes(tail) is false, for an end that passes at every larger one: 0
// if it passes as the outermost replicate, 1 if not even as the last. Halving, over whole ranks
// and then between two, asks of the end itself: its rounding is part of the answer.
template <class Passes>
double largest_tail(std::size_t replicates, const Passes& passes) {
  if (replicates == 0) return not_a_number;
  const double ranks = static_cast<double>(replicates) + 1;
  if (passes(1 / ranks)) return 0;
  double below = 1, above = ranks - 1;
  if (!passes(above / ranks)) return 1;
  while (above - below > 1) {
    const double middle = std::floor((below + above) / 2);
    (passes(middle / ranks) ? above : below) = middle;
  }
  const double whole = below / ranks;
  double low = whole, high = above / ranks;
  for (double middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2)
    (passes(middle) ? high : low) = middle;
  // The quantile reaches 1e-9 beyond a whole rank (and rounding): that is still the whole rank.
  return low - whole < 1.001e-9 ? whole : low;
}

// An interval with the ends Q(t) and Q(1 - t).
inline tail_shares percentile_tails(span<const double> sorted, double null) {
  replicate_quantiles quantile(sorted);
  return {largest_tail(sorted.size(), [&](double t) { return quantile(t) > null; }),
          largest_tail(sorted.size(), [&](double t) { return quantile(1 - t) < null; })};
}

// An interval with the ends end(Q(1 - t)) and end(Q(t)), end() decreasing.
template <class End>
tail_shares reflected_tails(span<const double> sorted, double null, const End& end) {
  replicate_quantiles quantile(sorted);
  return {largest_tail(sorted.size(), [&](double t) { return end(quantile(1 - t)) > null; }),
          largest_tail(sorted.size(), [&](double t) { return end(quantile(t)) < null; })};
}

inline double percentile_p_value(span<const double> sorted, double null, alternative side) {
  return tails_p_value(percentile_tails(sorted, null), side, smallest_tail(sorted.size()));
}

inline double basic_p_value(span<const double> sorted, double estimate, double null,
                            alternative side) {
  const auto end = [&](double quantile) { return 2 * estimate - quantile; };
  return tails_p_value(reflected_tails(sorted, null, end), side, smallest_tail(sorted.size()));
}

// `sorted` are the studentized replicates (T* - T) / SE*.
inline double studentized_p_value(span<const double> sorted, double estimate, double error,
                                  double null, alternative side) {
  const auto end = [&](double quantile) { return estimate - error * quantile; };
  return tails_p_value(reflected_tails(sorted, null, end), side, smallest_tail(sorted.size()));
}

inline double norm_p_value(double estimate, double mean, double sd, double null, alternative side) {
  const double distance = 2 * estimate - mean - null;
  if (distance == 0 && sd == 0) return 1;  // an interval of one point, the null value
  return normal_p_value(distance / sd, side);
}

// The tail at which BCa's lower end is the quantile at `share`: where z0 + u / (1 - a u) is
// Phi^-1(share), u = z0 + Phi^-1(tail). u / (1 - a u) stays above -1/a (below it, if a < 0), so an
// end may pass at every tail or at none. The upper end's tail is that of -T*: of -z0 and -a.
inline double unadjusted_tail(double share, double z0, double acceleration) {
  if (share <= 0) return 0;
  if (share >= 1) return 1;
  const double s = normal_quantile(share) - z0, factor = 1 + acceleration * s;
  if (factor <= 0) return acceleration > 0 ? 0.0 : 1.0;
  return normal_cdf(s / factor - z0);
}

// The largest tail below `end` at which an interval holds the null value, if that is `percentile`
// for percentile intervals and `adjusted` for BCa's, which are those only at tails between `first`
// and 1 - first, and percentile intervals elsewhere. Where the BCa interval of a tail above `first`
// holds a value that the percentile interval of some tail below it does not, the intervals are not
// nested, and no p-value follows them all: this one is never below an alpha whose interval holds
// the null value.
inline double last_holding_tail(double percentile, double adjusted, double first, double end) {
  if (first >= 0.5 || (end > 1 - first && percentile >= 1 - first)) return percentile;
  return adjusted > first ? std::min(adjusted, 1 - first) : std::min(percentile, first);
}

// From perc's tails. The acceleration is finite; a share `mid_share` of 0 or 1 gives perc's p.
inline double bca_p_value(tail_shares percentile, double mid_share, double acceleration,
                          alternative side, double floor = 0) {
  const double z0 = normal_quantile(mid_share);
  if (std::isinf(z0) || std::isnan(percentile.lower)) return tails_p_value(percentile, side, floor);
  // Both of adjusted_tails() exist where 1 - a z0 > |a z|.
  const double first = normal_upper((1 - acceleration * z0) / std::fabs(acceleration));
  const tail_shares adjusted{unadjusted_tail(percentile.lower, z0, acceleration),
                             unadjusted_tail(percentile.upper, -z0, -acceleration)};
  const double end = side == alternative::two_sided ? 0.5 : 1;
  return tail_p_value(last_holding_tail(holding_tail(percentile, side),
                                        holding_tail(adjusted, side), first, end),
                      side, floor);
}

inline double bca_p_value(span<const double> sorted, double null, double mid_share,
                          double acceleration, alternative side) {
  return bca_p_value(percentile_tails(sorted, null), mid_share, acceleration, side,
                     smallest_tail(sorted.size()));
}

}  // namespace her2mod
