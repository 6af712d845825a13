#pragma once

// The three effects of a binary endpoint with their plug-in standard errors, other group (1) against
// reference (0); the ratios as logarithms. Counts may be weights.
//
//   risk difference   p1 - p0,          sqrt(p0 q0 / n0 + p1 q1 / n1)
//   log risk ratio    log(p1 / p0),     sqrt(1/x0 - 1/n0 + 1/x1 - 1/n1)
//                     (Katz D and others 1978, Biometrics 34:469, doi:10.2307/2530610)
//   log odds ratio    log(x1 y0 / (x0 y1)), y = n - x, the root of the sum of the four reciprocals
//                     (Woolf B 1955, doi:10.1111/j.1469-1809.1955.tb01348.x)
// A ratio with a zero in it is -Inf, Inf or, for 0/0, NaN.

#include <cmath>

#include <her2mod/base/table2x2.hpp>

namespace her2mod {

struct effect {
  double value, standard_error;
};

inline double risk_difference_value(const table2x2& t) noexcept { return t.p1() - t.p0(); }
inline effect risk_difference_effect(const table2x2& t) noexcept {
  const double p0 = t.p0(), p1 = t.p1();
  return {p1 - p0, std::sqrt(p0 * (1 - p0) / t.n0 + p1 * (1 - p1) / t.n1)};
}

inline double log_risk_ratio_value(const table2x2& t) noexcept { return std::log(t.p1() / t.p0()); }
inline effect log_risk_ratio_effect(const table2x2& t) noexcept {
  return {log_risk_ratio_value(t), std::sqrt(1 / t.x0 - 1 / t.n0 + 1 / t.x1 - 1 / t.n1)};
}

inline double log_odds_ratio_value(const table2x2& t) noexcept {
  return std::log((t.x1 * (t.n0 - t.x0)) / (t.x0 * (t.n1 - t.x1)));
}
inline effect log_odds_ratio_effect(const table2x2& t) noexcept {
  const double y0 = t.n0 - t.x0, y1 = t.n1 - t.x1;
  return {log_odds_ratio_value(t), std::sqrt(1 / t.x0 + 1 / y0 + 1 / t.x1 + 1 / y1)};
}

}  // namespace her2mod
