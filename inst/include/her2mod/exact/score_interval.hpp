#pragma once

// Asymptotic score intervals: the effects whose score statistic stays within +-z. The statistic
// decreases in the effect, so each end is one root.

#include <cmath>

#include <her2mod/base/inference.hpp>
#include <her2mod/base/table2x2.hpp>
#include <her2mod/exact/score.hpp>
#include <her2mod/math/roots.hpp>
#include <her2mod/math/tails.hpp>

namespace her2mod {

// Miettinen and Nurminen's factor on the statistic, sqrt((N-1)/N); 1 for Mee, Koopman, Cornfield.
inline double score_shrinkage(const table2x2& t, bool bias_corrected) {
  return bias_corrected ? std::sqrt((t.total() - 1) / t.total()) : 1.0;
}

inline interval risk_difference_score_interval(const table2x2& t, double level, alternative side,
                                               bool bias_corrected) {
  const double z = normal_critical(tail_error(level, side)) / score_shrinkage(t, bias_corrected);
  const double estimate = risk_difference_score::observed(t);
  // The end of the parameter space belongs to the interval when even there S is not beyond z.
  constexpr double edge = 1 - 1e-13;
  const auto s = [&](double d) { return risk_difference_score::statistic(t, d); };
  interval ci{-1, 1};
  if (has_lower_end(side) && s(-edge) > z)
    ci.low = find_root([&](double d) { return s(d) - z; }, -edge, estimate);
  if (has_upper_end(side) && s(edge) < -z)
    ci.high = find_root([&](double d) { return s(d) + z; }, estimate, edge);
  return ci;
}

// Ratios: the same on the log scale, with 0 and Inf as the ends of the parameter space.
template <class Score>
interval ratio_score_interval(const table2x2& t, double level, alternative side,
                              bool bias_corrected) {
  const double z = normal_critical(tail_error(level, side)) / score_shrinkage(t, bias_corrected);
  const double estimate = Score::observed(t);
  interval ci{0, infinity};
  if (std::isnan(estimate)) return ci;
  const auto s = [&](double log_effect) { return Score::statistic(t, std::exp(log_effect)); };
  const double inside = estimate == 0 || std::isinf(estimate) ? 0.0 : std::log(estimate);
  constexpr double widest = 256;
  if (has_lower_end(side) && estimate > 0) {
    double low = inside - 1;
    while (s(low) < z && low > -widest) low = inside + 2 * (low - inside);
    double high = inside;
    while (s(high) > z) high += 1;
    if (low > -widest) ci.low = std::exp(find_root([&](double e) { return s(e) - z; }, low, high));
  }
  if (has_upper_end(side) && !std::isinf(estimate)) {
    double high = inside + 1;
    while (s(high) > -z && high < widest) high = inside + 2 * (high - inside);
    double low = inside;
    while (s(low) < -z) low -= 1;
    if (high < widest) ci.high = std::exp(find_root([&](double e) { return s(e) + z; }, low, high));
  }
  return ci;
}

}  // namespace her2mod
