#pragma once

// Kaplan-Meier estimates from the numbers at risk y_j and after the events z_j = y_j - d_j at event
// times t_1 < t_2 < ... (Kaplan EL, Meier P 1958, JASA 53:457, doi:10.1080/01621459.1958.10501452):
//
//   S(t) = prod_{t_j <= t} z_j / y_j,   Greenwood's sum  G(t) = sum_{t_j <= t} d_j / (y_j z_j),
//   var S(t) = S(t)^2 G(t);
//   restricted mean  mu(tau) = integral_0^tau S,  var = sum_{t_j < tau} A_j^2 d_j / (y_j z_j),
//   A_j = integral_{t_j}^tau S
//
// (Klein JP, Moeschberger ML 2003, Survival Analysis, section 4.5, doi:10.1007/b97377). Where nobody is
// at risk any more a curve stays at its last value. Where S has come to 0, terms with z_j = 0 are left
// out: they belong to a variance of 0.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <her2mod/base/span.hpp>

namespace her2mod {

// Numbers of one group at event times; `survival` is room for S after each of the first `count`.
struct km_steps {
  span<const double> at_risk, after;
  std::size_t count;  // of the event times that are looked at
};

// The factor of an event time.
inline double km_factor(const km_steps& steps, std::size_t j) noexcept {
  const double y = steps.at_risk[j];
  return y > 0 ? steps.after[j] / y : 1.0;
}

inline void survival_after(const km_steps& steps, span<double> survival) noexcept {
  double s = 1;
  for (std::size_t j = 0; j < steps.count; ++j) survival[j] = s *= km_factor(steps, j);
}

// One term of Greenwood's sum.
inline double greenwood_term(double at_risk, double after) noexcept {
  return after > 0 ? (at_risk - after) / (at_risk * after) : 0.0;
}

inline double greenwood_sum(const km_steps& steps) noexcept {
  double sum = 0;
  for (std::size_t j = 0; j < steps.count; ++j) sum += greenwood_term(steps.at_risk[j], steps.after[j]);
  return sum;
}

// The widths of the steps up to `tau`: before the first event time, and from each to the next.
struct restricted_steps {
  double before;
  std::vector<double> width;  // of each event time before tau

  restricted_steps(span<const double> time, double tau) : before(time.empty() ? tau : std::min(time[0], tau)) {
    for (std::size_t j = 0; j < time.size() && time[j] < tau; ++j)
      width.push_back((j + 1 < time.size() ? std::min(time[j + 1], tau) : tau) - time[j]);
  }
};

// Leaves the curve in `survival`.
inline double restricted_mean(const restricted_steps& steps, const km_steps& numbers, span<double> survival) noexcept {
  double area = 0, s = 1;
  for (std::size_t j = 0; j < steps.width.size(); ++j) {
    survival[j] = s *= km_factor(numbers, j);
    area += s * steps.width[j];
  }
  return steps.before + area;
}

// constant + sum_j coefficient_j S(t_j) of the first event times.
struct curve_sum {
  double constant;
  span<const double> coefficient;
};

inline double sum_of_curve(const km_steps& steps, span<const double> coefficient) noexcept {
  double s = 1, sum = 0;
  for (std::size_t j = 0; j < coefficient.size(); ++j) {
    s *= km_factor(steps, j);
    sum += coefficient[j] * s;
  }
  return sum;
}

inline double restricted_mean_variance(const restricted_steps& steps, const km_steps& numbers,
                                       span<const double> survival) noexcept {
  double area = 0, variance = 0;
  for (std::size_t j = steps.width.size(); j-- > 0;) {
    area += survival[j] * steps.width[j];
    variance += area * area * greenwood_term(numbers.at_risk[j], numbers.after[j]);
  }
  return variance;
}

// Where a curve falls to `level` (the median: 0.5), by the rule of survival's quantile(): the first
// event time with S below it; if S comes to stand at it (within sqrt of the machine's precision), the
// middle between that time and the next fall, or the end of follow-up if there is none; infinite if
// the curve stays above it.
inline double time_below(double level, const km_steps& steps, span<const double> time,
                         span<const double> survival, double follow_up) noexcept {
  const double tolerance = std::sqrt(std::numeric_limits<double>::epsilon());
  std::size_t j = 0;
  while (j < steps.count && survival[j] > level + tolerance) ++j;
  if (j == steps.count) return std::numeric_limits<double>::infinity();
  if (survival[j] < level - tolerance) return time[j];
  std::size_t next = j + 1;
  while (next < steps.count && survival[next] > level - tolerance) ++next;
  return (time[j] + (next < steps.count ? time[next] : follow_up)) / 2;
}

}  // namespace her2mod
