#pragma once

// Closed-form intervals and tests of two proportions.
//
// Risk difference p1 - p0:
//   wald            +- z sqrt(p0 q0 / n0 + p1 q1 / n1)
//   agresti-caffo   wald after adding one event and one non-event to each group
//                   (Agresti, Caffo 2000, doi:10.1080/00031305.2000.10474560)
//   newcombe        each side by the Wilson limits (l, u) of the two groups:
//                   d - sqrt((p1 - l1)^2 + (u0 - p0)^2), d + sqrt((u1 - p1)^2 + (p0 - l0)^2)
//                   (Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I)
//   newcombe-cc     the same from continuity-corrected Wilson limits
// Ratios, on the log scale:
//   katz (risk ratio)   +- z sqrt(1/x0 - 1/n0 + 1/x1 - 1/n1)
//   woolf (odds ratio)  +- z sqrt(sum of the four reciprocal counts)
//   a ratio of 0 or Inf has no such standard error: the interval is (0, Inf).
// Tests, each a signed z whose sign is that of p1 - p0:
//   pearson (pooled variance), n-1 (pearson times sqrt((N-1)/N), Campbell 2007,
//   doi:10.1002/sim.2832), yates (distance less N/2), lr (root of the likelihood ratio),
//   unpooled-z, wald (log odds ratio over Woolf's standard error).

#include <algorithm>
#include <cmath>

#include <her2mod/base/inference.hpp>
#include <her2mod/base/risk_effects.hpp>
#include <her2mod/base/table2x2.hpp>
#include <her2mod/infer/proportion.hpp>
#include <her2mod/math/roots.hpp>
#include <her2mod/math/tails.hpp>

namespace her2mod {

inline interval wald_limits(const effect& e, double z) noexcept {
  return {e.value - z * e.standard_error, e.value + z * e.standard_error};
}

inline effect agresti_caffo_difference(const table2x2& t) noexcept {
  return risk_difference_effect({t.x0 + 1, t.n0 + 2, t.x1 + 1, t.n1 + 2});
}

inline interval ratio_limits(const effect& log_effect, double z) noexcept {
  if (!std::isfinite(log_effect.value) || !std::isfinite(log_effect.standard_error))
    return {0.0, infinity};
  const interval ci = wald_limits(log_effect, z);
  return {std::exp(ci.low), std::exp(ci.high)};
}

inline interval newcombe_limits(const table2x2& t, double z, bool corrected) {
  const auto limits = corrected ? wilson_cc_limits : wilson_limits;
  const interval w0 = limits(t.x0, t.n0, z), w1 = limits(t.x1, t.n1, z);
  const double p0 = t.p0(), p1 = t.p1(), d = p1 - p0;
  return {d - std::hypot(p1 - w1.low, w0.high - p0), d + std::hypot(w1.high - p1, p0 - w0.low)};
}

// The z at which a Newcombe limit on the side of 0 reaches 0, with the sign of the difference:
// the statistic of the test that this interval inverts. 0 when no z reaches it from that side.
inline double newcombe_statistic(const table2x2& t, bool corrected) {
  const double d = t.p1() - t.p0();
  if (d == 0) return 0.0;
  const auto distance = [&](double z) {
    const interval ci = newcombe_limits(t, z, corrected);
    return d > 0 ? ci.low : -ci.high;
  };
  constexpr double largest = 1e5;
  if (distance(0.0) <= 0) return 0.0;
  if (distance(largest) > 0) return d > 0 ? infinity : -infinity;
  const double z = find_root(distance, 0.0, largest);
  return d > 0 ? z : -z;
}

namespace two_proportions_detail {

// distance / sqrt(variance) where a variance of 0 with no distance is no evidence at all.
inline double ratio_or_zero(double distance, double variance) noexcept {
  if (distance == 0) return 0.0;
  if (variance == 0) return distance > 0 ? infinity : -infinity;
  return distance / std::sqrt(variance);
}

// x log(x / expected), 0 at x = 0.
inline double deviance_term(double x, double expected) noexcept {
  return x == 0 ? 0.0 : x * std::log(x / expected);
}

}  // namespace two_proportions_detail

// n0 n1 N (p1 - p0) less a correction toward 0, over its null standard deviation.
inline double pooled_statistic(const table2x2& t, double correction) noexcept {
  const double cross = t.x1 * t.n0 - t.x0 * t.n1, m = t.events(), n = t.total();
  const double distance = std::max(0.0, std::fabs(cross) - correction);
  return two_proportions_detail::ratio_or_zero(cross < 0 ? -distance : distance,
                                               m * (n - m) / n * t.n0 * t.n1);
}

inline double pearson_statistic(const table2x2& t) noexcept { return pooled_statistic(t, 0.0); }
inline double yates_statistic(const table2x2& t) noexcept {
  return pooled_statistic(t, t.total() / 2);
}
inline double n_minus_1_statistic(const table2x2& t) noexcept {
  return pearson_statistic(t) * std::sqrt((t.total() - 1) / t.total());
}

inline double likelihood_ratio_statistic(const table2x2& t) noexcept {
  using two_proportions_detail::deviance_term;
  const double p = t.events() / t.total(), y0 = t.n0 - t.x0, y1 = t.n1 - t.x1;
  const double g = 2 * (deviance_term(t.x0, t.n0 * p) + deviance_term(t.x1, t.n1 * p) +
                        deviance_term(y0, t.n0 * (1 - p)) + deviance_term(y1, t.n1 * (1 - p)));
  const double root = std::sqrt(std::max(0.0, g));
  const double cross = t.x1 * t.n0 - t.x0 * t.n1;
  return cross == 0 ? 0.0 : (cross < 0 ? -root : root);
}

inline double unpooled_statistic(const table2x2& t) noexcept {
  const effect e = risk_difference_effect(t);
  return two_proportions_detail::ratio_or_zero(e.value, e.standard_error * e.standard_error);
}

// Log ratio over its standard error: 0 where the proportions are equal (also 0 and 0, where the
// ratio itself is undefined), NaN where a zero count leaves the log ratio without a standard error.
inline double log_ratio_statistic(const table2x2& t, const effect& e) noexcept {
  if (t.x1 * t.n0 == t.x0 * t.n1) return 0.0;
  return std::isfinite(e.value) ? e.value / e.standard_error : not_a_number;
}

}  // namespace her2mod
