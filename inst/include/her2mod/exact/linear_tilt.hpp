#pragma once

// Strata of scores, tilted exponentially: unit j is in group 1 with probability
//   p_j = r w_j / (1 + r w_j),  w_j = e^(tilt x_j),
// independently of all others, and r makes the expected number in group 1 the m that it must be.
// Given that number, the chance of a set of units is proportional to e^(tilt X), and
//   E e^(tilt X) = P(count = m) prod_j (1 + r w_j) / (r^m C(n, m)),                            (1)
// which is at most the same without P(count = m), for any r (conditional Poisson sampling: Chen,
// Dempster, Liu 1994, doi:10.1093/biomet/81.3.457). By Markov's inequality (1) bounds the tails of
// X, tilted or not.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/exact/linear_scores.hpp>

namespace her2mod {

// log(1 + e^u) and e^u / (1 + e^u), for any u
inline double log_one_plus_exp(double u) noexcept {
  return std::max(u, 0.0) + std::log1p(std::exp(-std::fabs(u)));
}
inline double logistic(double u) noexcept {
  return u >= 0 ? 1 / (1 + std::exp(-u)) : std::exp(u) / (1 + std::exp(u));
}

// The log r with sum_j p_j = m, by Newton's method inside a bracket. It need not be exact.
inline double balancing_log_odds(const linear_units& units, double tilt) {
  const double even = std::log(units.taken() / (units.count() - units.taken()));
  const double end = tilt * units.x.back();  // the other end is 0
  double low = even - std::max(end, 0.0), high = even - std::min(end, 0.0);
  double odds = (low + high) / 2;
  for (int i = 0; i < 60 && high - low > 1e-12 * (1 + std::fabs(even)); ++i) {
    heartbeat(15 * units.x.size());
    double excess = -units.taken(), slope = 0;
    for (const double x : units.x) {
      const double p = logistic(odds + tilt * x);
      excess += p;
      slope += p * (1 - p);
    }
    if (std::fabs(excess) < 1e-9) break;
    (excess > 0 ? high : low) = odds;
    odds -= excess / slope;
    if (!(odds > low && odds < high)) odds = (low + high) / 2;
  }
  return odds;
}

// log of (1) without P(count = m)
inline double log_growth(const linear_units& units, double tilt, double log_odds) {
  double sum = -units.taken() * log_odds - units.log_ways();
  for (const double x : units.x) sum += log_one_plus_exp(log_odds + tilt * x);
  return sum;
}
inline double log_growth(const std::vector<linear_units>& strata, double tilt) {
  double sum = 0;
  for (const linear_units& s : strata) sum += log_growth(s, tilt, balancing_log_odds(s, tilt));
  return sum;
}

// Mean and variance of the tilted X, nearly: the covariance with the count is taken off.
struct tilted_moments {
  double mean = 0, variance = 0;

  tilted_moments(const std::vector<linear_units>& strata, double tilt) {
    for (const linear_units& s : strata) {
      const double odds = balancing_log_odds(s, tilt);
      double total = 0, first = 0, second = 0;
      for (const double x : s.x) {
        const double p = logistic(odds + tilt * x), v = p * logistic(-odds - tilt * x);
        mean += p * x;
        total += v;
        first += v * x;
        second += v * x * x;
      }
      if (total > 0) variance += std::max(0.0, second - first * first / total);
    }
  }
};

// A tilt that brings the mean of X to within two standard deviations of t, or most of the way. The
// saddlepoint, with the mean at t, would make t no more accurate, and X less spread; and where X
// became almost certain, its characteristic function would not decay, so the variance may not fall
// below a share.
inline double tilt_towards(const std::vector<linear_units>& strata, const linear_frame& frame,
                           double t) {
  const double sign = t < frame.mean ? -1 : 1;
  const auto falls_short = [&](double size) {
    const tilted_moments m(strata, sign * size);
    return sign * (t - m.mean) > 2 * std::sqrt(m.variance) && m.variance > frame.variance / 64;
  };
  double low = 0, high = 1 / std::sqrt(frame.variance);
  for (int i = 0; i < 60 && falls_short(high); ++i) {
    low = high;
    high *= 2;
  }
  for (int i = 0; i < 20; ++i) {
    const double middle = (low + high) / 2;
    (falls_short(middle) ? low : high) = middle;
  }
  return sign * low;
}

// X, tilted, is outside [low, high] with probability `outside` at most.
struct linear_window {
  double low, high, outside;
};

// `log_mean` is log E e^(tilt X), exactly.
inline linear_window tilted_window(const std::vector<linear_units>& strata,
                                   const linear_frame& frame, double tilt, double log_mean) {
  constexpr double negligible = 43;  // e^-43 = 2e-19
  const double sd = std::sqrt(tilted_moments(strata, tilt).variance);
  linear_window window{frame.lowest, frame.highest, 0.0};
  for (const double scale : {3.0, 6.0, 9.0, 13.0, 20.0}) {
    const double more = scale / sd;
    const auto reach = [&](double change) {
      return (log_growth(strata, tilt + change) - log_mean + negligible) / more;
    };
    window.high = std::min(window.high, reach(more));
    window.low = std::max(window.low, -reach(-more));
  }
  if (window.high < frame.highest) window.outside += std::exp(-negligible);
  if (window.low > frame.lowest) window.outside += std::exp(-negligible);
  return window;
}

}  // namespace her2mod
