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

  // The root of Miettinen and Nurminen's cubic, by its trigonometric form, then polished.
  static proportions restricted(const table2x2& t, double d) noexcept {
    const double n = t.total(), x = t.events();
    const double low = std::max(0.0, -d), high = std::min(1.0, 1.0 - d);
    const double l3 = n;
    const double l2 = (t.n1 + 2 * t.n0) * d - n - x;
    const double l1 = (t.n0 * d - n - 2 * t.x0) * d + x;
    const double l0 = t.x0 * d * (1 - d);
    const double c = l2 / (3 * l3);
    const double q = c * c * c - l1 * c / (2 * l3) + l0 / (2 * l3);
    const double r = std::max(0.0, c * c - l1 / (3 * l3));
    const double p = (q < 0 ? -1 : 1) * std::sqrt(r);
    const double cosine = p == 0 ? 0.0 : std::clamp(q / (p * p * p), -1.0, 1.0);
    double p0 = 2 * p * std::cos((score_detail::pi + std::acos(cosine)) / 3) - c;
    for (int step = 0; step < 2; ++step) {
      const double value = ((l3 * p0 + l2) * p0 + l1) * p0 + l0;
      const double slope = (3 * l3 * p0 + 2 * l2) * p0 + l1;
      const double next = p0 - value / slope;
      if (!(next > low && next < high)) break;
      p0 = next;
    }
    p0 = std::clamp(p0, low, high);
    return {p0, std::clamp(p0 + d, 0.0, 1.0)};
  }

  static double statistic(const table2x2& t, double d) noexcept {
    const proportions r = restricted(t, d);
    return score_detail::standardised(
        (t.x1 * t.n0 - t.x0 * t.n1) / (t.n0 * t.n1) - d,
        r.p0 * (1 - r.p0) / t.n0 + r.p1 * (1 - r.p1) / t.n1);
  }
};

struct risk_ratio_score {
  static constexpr double null_value = 1.0;
  static double observed(const table2x2& t) noexcept {
    return t.events() == 0 ? not_a_number : t.p1() / t.p0();
  }

  static proportions restricted(const table2x2& t, double r) noexcept {
    const double b = r * (t.n1 + t.x0) + t.x1 + t.n0;
    const double c = t.events();
    const double root = std::sqrt(std::max(0.0, b * b - 4 * r * t.total() * c));
    const double p0 = std::min({2 * c / (b + root), 1.0, 1 / r});
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
    const double a = t.n0 * (o - 1);
    const double c = t.events();
    const double b = t.n1 * o + t.n0 - c * (o - 1);
    const double p0 = std::clamp(2 * c / (b + std::sqrt(std::max(0.0, b * b + 4 * a * c))), 0.0, 1.0);
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
