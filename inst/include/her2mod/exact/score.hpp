#pragma once

// Score statistics of two proportions: the distance of the data from an effect, in standard errors
// evaluated at the proportions most likely under that effect.
//
//   risk difference d:  S = (p1 - p0 - d) / sqrt(v0/n0 + v1/n1)
//   risk ratio r:       S = (p1 - r p0) / sqrt(v1/n1 + r^2 v0/n0)
//   odds ratio o:       S = (x1 - n1 P1) sqrt(1/(n1 v1) + 1/(n0 v0))
// with v = P (1 - P) at the restricted maximum-likelihood proportions P0, P1.
// Miettinen O, Nurminen M (1985) Stat Med 4:213, doi:10.1002/sim.4780040211 multiply the variance
// by N/(N-1); Mee RW (1984) Biometrics 40:1175, Koopman PAR (1984) Biometrics 40:513,
// doi:10.2307/2531405, and Cornfield do not.
//
// A table that is certain under the effect (variance and distance both 0) has S = 0.

#include <algorithm>
#include <cmath>

#include <her2mod/base/inference.hpp>
#include <her2mod/base/table2x2.hpp>

namespace her2mod {

struct proportions {
  double p0, p1;
};

namespace score_detail {

constexpr double pi = 3.14159265358979323846;

inline double standardised(double distance, double variance) noexcept {
  if (variance > 0) return distance / std::sqrt(variance);
  // A rounding residue of a distance that is 0 must not become infinite.
  if (std::fabs(distance) < 1e-12) return 0.0;
  return distance > 0 ? infinity : -infinity;
}

}  // namespace score_detail

struct risk_difference_score {
  static constexpr double null_value = 0.0;
  static double observed(const table2x2& t) noexcept { return t.p1() - t.p0(); }

  // The root of Miettinen and Nurminen's cubic by its trigonometric form, which loses digits where
  // two roots meet; so it is checked and polished by the sign of the likelihood's slope, and found
  // by bisection where it fails.
  static proportions restricted(const table2x2& t, double d) noexcept {
    double low = std::max(0.0, -d), high = std::min(1.0, 1.0 - d);
    const double guess = std::clamp(cubic_root(t, d), low, high);
    constexpr double reach = 1e-9;
    const double left = std::max(low, guess - reach), right = std::min(high, guess + reach);
    const double at_left = slope(t, d, left), at_right = slope(t, d, right);
    double p0;
    if (at_left >= 0 && at_right <= 0) {
      p0 = at_left == at_right ? guess : left + (right - left) * at_left / (at_left - at_right);
    } else {
      for (int step = 0; step < 60; ++step) {
        const double middle = low + (high - low) / 2;
        (slope(t, d, middle) > 0 ? low : high) = middle;
      }
      p0 = low + (high - low) / 2;
    }
    return {p0, std::clamp(p0 + d, 0.0, 1.0)};
  }

  static double statistic(const table2x2& t, double d) noexcept {
    // Count whatever is rarer, so that proportions next to 1 keep their distance from it.
    if (2 * t.events() > t.total())
      return -statistic({t.n0 - t.x0, t.n0, t.n1 - t.x1, t.n1}, -d);
    const proportions r = restricted(t, d);
    return score_detail::standardised(
        (t.x1 * t.n0 - t.x0 * t.n1) / (t.n0 * t.n1) - d,
        r.p0 * (1 - r.p0) / t.n0 + r.p1 * (1 - r.p1) / t.n1);
  }

 private:
  // Slope of the log likelihood in p0, times p0 q0 p1 q1: positive left of the maximum.
  static double slope(const table2x2& t, double d, double p0) noexcept {
    const double q0 = 1 - p0, p1 = std::max(0.0, p0 + d), q1 = std::max(0.0, q0 - d);
    return q0 * q1 * (t.x0 * p1 + t.x1 * p0) - p0 * p1 * ((t.n0 - t.x0) * q1 + (t.n1 - t.x1) * q0);
  }

  static double cubic_root(const table2x2& t, double d) noexcept {
    const double n = t.total(), x = t.events();
    const double l3 = n;
    const double l2 = (t.n1 + 2 * t.n0) * d - n - x;
    const double l1 = (t.n0 * d - n - 2 * t.x0) * d + x;
    const double l0 = t.x0 * d * (1 - d);
    const double c = l2 / (3 * l3);
    const double q = c * c * c - l1 * c / (2 * l3) + l0 / (2 * l3);
    const double r = std::max(0.0, c * c - l1 / (3 * l3));
    const double p = (q < 0 ? -1 : 1) * std::sqrt(r);
    const double cosine = p == 0 ? 0.0 : std::clamp(q / (p * p * p), -1.0, 1.0);
    return 2 * p * std::cos((score_detail::pi + std::acos(cosine)) / 3) - c;
  }
};

struct risk_ratio_score {
  static constexpr double null_value = 1.0;
  static double observed(const table2x2& t) noexcept {
    return t.events() == 0 ? not_a_number : t.p1() / t.p0();
  }

  static proportions restricted(const table2x2& t, double r) noexcept {
    // The smaller root of r N p^2 - (u + v) p + events, its discriminant free of cancellation.
    const double u = r * (t.n1 + t.x0), v = t.x1 + t.n0;
    const double root = std::sqrt((u - v) * (u - v) + 4 * r * (t.n0 - t.x0) * (t.n1 - t.x1));
    const double p0 = std::min({2 * t.events() / (u + v + root), 1.0, 1 / r});
    return {p0, std::min(1.0, r * p0)};
  }

  static double statistic(const table2x2& t, double r) noexcept {
    const proportions p = restricted(t, r);
    return score_detail::standardised(
        t.p1() - r * t.p0(), p.p1 * (1 - p.p1) / t.n1 + r * r * p.p0 * (1 - p.p0) / t.n0);
  }
};

struct odds_ratio_score {
  static constexpr double null_value = 1.0;
  static double observed(const table2x2& t) noexcept {
    const double up = t.x1 * (t.n0 - t.x0), down = t.x0 * (t.n1 - t.x1);
    return up == 0 && down == 0 ? not_a_number : up / down;
  }

  static proportions restricted(const table2x2& t, double o) noexcept {
    // The root in [0, 1] of n0 (o - 1) p^2 + b p - c, without cancellation.
    const double c = t.events(), n = t.total();
    const double b = o * (t.n1 - c) + t.n0 + c;
    const double root = std::sqrt(o * o * (t.n1 - c) * (t.n1 - c) +
                                  2 * o * (t.n0 * t.n1 + c * (n - c)) + (t.n0 - c) * (t.n0 - c));
    const double p0 =
        std::clamp(b > 0 ? 2 * c / (b + root) : (root - b) / (2 * t.n0 * (o - 1)), 0.0, 1.0);
    return {p0, std::clamp(p0 * o / (1 + p0 * (o - 1)), 0.0, 1.0)};
  }

  static double statistic(const table2x2& t, double o) noexcept {
    const proportions p = restricted(t, o);
    const double w0 = t.n0 * p.p0 * (1 - p.p0), w1 = t.n1 * p.p1 * (1 - p.p1);
    const double distance = t.x1 - t.n1 * p.p1;
    if (w0 > 0 && w1 > 0) return distance * std::sqrt(1 / w1 + 1 / w0);
    return std::fabs(distance) < 1e-9 ? 0.0 : (distance > 0 ? infinity : -infinity);
  }
};

}  // namespace her2mod
