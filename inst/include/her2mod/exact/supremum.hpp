#pragma once

// The largest probability of a region along a line of proportions p1 = intercept + slope * p0,
// with proof.
//
// Along the line the log likelihood of any table is concave in p0 (a sum of logarithms of linear
// functions), so with s the score at m,
//   f(table; p) <= f(table; m) exp(s(table) (p - m)),
//   P(p) <= h(p) = E_m[1_A exp(s (p - m))].
// h is convex, so on an interval its maximum is at an end; and an exponentially tilted binomial is
// again a binomial: with c_i = (dp_i/dp0) (p - m) / (m_i (1 - m_i)),
//   h(p) = P(tilted m_0, tilted m_1) exp(sum_i n_i (log(1 - m_i + m_i e^(c_i)) - c_i m_i)),
//   odds(tilted m_i) = e^(c_i) odds(m_i).
// So two more probabilities bound P on an interval around m, with an excess of second order in its
// width and relative to P itself. Intervals are split, the most promising first, until no bound
// exceeds the best value found by more than the tolerance (branch and bound). Nothing is assumed
// about the region's shape or the number of local maxima, and none can hide between grid points.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <queue>

#include <her2mod/base/error.hpp>
#include <her2mod/exact/region_probability.hpp>

namespace her2mod {

struct proportion_line {
  double intercept = 0, slope = 1;
  double low = 0, high = 1;  // of p0

  double p1(double p0) const noexcept { return std::clamp(intercept + slope * p0, 0.0, 1.0); }
};

class nuisance_supremum {
 public:
  // The supremum is at most (1 + tolerance) times the value found.
  nuisance_supremum(const table_region& region, const proportion_line& line,
                    double tolerance = 1e-10)
      : region_(&region), line_(line), tolerance_(tolerance), probability_(region) {}

  double find() {
    search(no_threshold);
    polish();
    return best_;
  }

  // Whether the supremum exceeds alpha: stops at the first proof either way.
  bool exceeds(double alpha) {
    search(alpha);
    return best_ > alpha;
  }

  std::size_t evaluations() const noexcept { return evaluations_; }

 private:
  struct piece {
    double psi_low, psi_high;  // p0 = low + (high - low) sin^2(psi / 2)
    double bound;
    bool operator<(const piece& other) const noexcept { return bound < other.bound; }
  };

  static constexpr double pi = 3.14159265358979323846;
  static constexpr double no_threshold = 2.0;
  static constexpr int initial_pieces = 16;
  static constexpr std::size_t most_evaluations = 3000000;

  // Measured from the nearer end, so that a p0 close to an end keeps its digits.
  double p0_at(double psi) const noexcept {
    const double width = line_.high - line_.low;
    const double low = std::sin(psi / 2), high = std::cos(psi / 2);
    return psi < pi / 2 ? line_.low + width * low * low : line_.high - width * high * high;
  }

  void search(double threshold) {
    if (region_->runs.empty()) return;
    if (region_->is_everything()) {
      best_ = 1;
      return;
    }
    for (const double psi : {0.0, pi}) note(psi, probability_(p0_at(psi), line_.p1(p0_at(psi))));
    std::priority_queue<piece> open;
    const auto add = [&](double low, double high) {
      const piece p{low, high, bound(low, high)};
      if (!settled(p.bound, threshold)) open.push(p);
    };
    for (int i = 0; i < initial_pieces && best_ <= threshold; ++i)
      add(pi * i / initial_pieces, pi * (i + 1) / initial_pieces);
    while (!open.empty() && best_ <= threshold) {
      const piece top = open.top();
      open.pop();
      const double middle = top.psi_low + (top.psi_high - top.psi_low) / 2;
      if (settled(top.bound, threshold) || !(middle > top.psi_low && middle < top.psi_high)) return;
      if (evaluations_ > most_evaluations)
        throw numeric_error("The maximum over the nuisance parameter did not settle.");
      add(top.psi_low, middle);
      add(middle, top.psi_high);
    }
  }

  // Nothing in a piece with this bound can change the answer.
  bool settled(double bound, double threshold) const noexcept {
    return bound <= best_ * (1 + tolerance_) || (threshold < no_threshold && bound <= threshold);
  }

  void note(double psi, double value) noexcept {
    if (value > best_) {
      best_ = value;
      best_psi_ = psi;
    }
  }

  double bound(double psi_low, double psi_high) {
    const double psi = psi_low + (psi_high - psi_low) / 2;
    const double m = p0_at(psi), m1 = line_.p1(m);
    if (!(m > 0 && m < 1 && m1 > 0 && m1 < 1)) return 0.0;
    evaluations_ += 3;
    note(psi, probability_(m, m1, negligible_beside_best(0.0)));
    return std::min(1.0, std::max(tilted(m, m1, p0_at(psi_low) - m),
                                  tilted(m, m1, p0_at(psi_high) - m)));
  }

  // The share of a mass that may be left out of a sum which is then multiplied by e^log_factor:
  // far below the tolerance, relative to the best value so far.
  double negligible_beside_best(double log_factor) const noexcept {
    return std::max(negligible_mass, best_ * 1e-17 * std::exp(-std::max(0.0, log_factor)));
  }

  // h(m + step)
  double tilted(double m0, double m1, double step) {
    const double c0 = step / (m0 * (1 - m0)), c1 = line_.slope * step / (m1 * (1 - m1));
    const double growth = static_cast<double>(region_->n0) * log_growth(m0, c0) +
                          static_cast<double>(region_->n1) * log_growth(m1, c1);
    return probability_(tilt(m0, c0), tilt(m1, c1), negligible_beside_best(growth)) *
           std::exp(growth);
  }

  static double tilt(double m, double c) noexcept {
    return c < 0 ? m * std::exp(c) / (1 + m * std::expm1(c)) : m / (m + (1 - m) * std::exp(-c));
  }

  // log(1 - m + m e^c) - c m, without overflow for a large c.
  static double log_growth(double m, double c) noexcept {
    return c < 30 ? std::log1p(m * std::expm1(c)) - c * m
                  : std::log(m) + c * (1 - m) + std::log1p((1 - m) / m * std::exp(-c));
  }

  // Golden-section steps around the best point: the last digits of the value.
  void polish() {
    if (best_ <= 0 || best_ >= 1) return;
    const double reach = 1e-4 * std::min({best_psi_, pi - best_psi_, 1.0});
    double low = best_psi_ - reach, high = best_psi_ + reach;
    constexpr double golden = 0.61803398874989485;
    const auto at = [&](double psi) {
      const double p0 = p0_at(psi), value = probability_(p0, line_.p1(p0));
      note(psi, value);
      return value;
    };
    at(best_psi_);
    for (int i = 0; i < 30; ++i) {
      const double left = high - golden * (high - low), right = low + golden * (high - low);
      if (at(left) < at(right))
        low = left;
      else
        high = right;
    }
  }

  const table_region* region_;
  proportion_line line_;
  double tolerance_;
  region_probability probability_;
  double best_ = 0, best_psi_ = pi / 2;
  std::size_t evaluations_ = 0;
};

}  // namespace her2mod
