#pragma once

// The largest probability of a region along a line of proportions p1 = intercept + slope * p0,
// with proof; or of the sum of two regions' probabilities, each along a line of its own.
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
#include <vector>

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
  // A region must outlive this object. The supremum is at most (1 + tolerance) times the value
  // found. p0 runs over the line's (or the first line's) range.
  nuisance_supremum(const table_region& region, const proportion_line& line,
                    double tolerance = 1e-10)
      : low_(line.low), high_(line.high), tolerance_(tolerance) {
    add_term(region, line);
  }
  nuisance_supremum(table_region&&, const proportion_line&, double = 0) = delete;

  nuisance_supremum(const table_region& first, const proportion_line& first_line,
                    const table_region& second, const proportion_line& second_line)
      : nuisance_supremum(first, first_line) {
    add_term(second, second_line);
  }

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

  // One region's probability along its line.
  class term {
   public:
    term(const table_region& region, const proportion_line& line)
        : n0_(static_cast<double>(region.n0)),
          n1_(static_cast<double>(region.n1)),
          line_(line),
          probability_(region) {}

    double at(double p0, double negligible) { return probability_(p0, line_.p1(p0), negligible); }

    // h(m + step); `negligible(log_factor)` is what may be left out before e^log_factor.
    template <class Negligible>
    double tilted(double m0, double step, const Negligible& negligible) {
      const double m1 = line_.p1(m0);
      const double c0 = step / (m0 * (1 - m0));
      const double c1 = line_.slope == 0 ? 0.0 : line_.slope * step / (m1 * (1 - m1));
      const double growth = n0_ * log_growth(m0, c0) + n1_ * log_growth(m1, c1);
      const double cut = negligible(growth);
      // What the cut leaves out of the two masses is added back, or it could hide a peak.
      const double left_out = (n0_ + n1_ + 2) * cut;
      return (probability_(tilt(m0, c0), tilt(m1, c1), cut) + left_out) * std::exp(growth);
    }

   private:
    static double tilt(double m, double c) noexcept {
      if (c == 0) return m;
      return c < 0 ? m * std::exp(c) / (1 + m * std::expm1(c)) : m / (m + (1 - m) * std::exp(-c));
    }

    // log(1 - m + m e^c) - c m, without overflow for a large c.
    static double log_growth(double m, double c) noexcept {
      if (c == 0) return 0.0;
      return c < 30 ? std::log1p(m * std::expm1(c)) - c * m
                    : std::log(m) + c * (1 - m) + std::log1p((1 - m) / m * std::exp(-c));
    }

    double n0_, n1_;
    proportion_line line_;
    region_probability probability_;
  };

  void add_term(const table_region& region, const proportion_line& line) {
    if (region.runs.empty()) return;
    everything_ = everything_ || region.is_everything();
    terms_.emplace_back(region, line);
  }

  double value(double p0, double negligible) {
    double sum = 0;
    for (term& t : terms_) sum += t.at(p0, negligible);
    return std::min(1.0, sum);
  }

  // Measured from the nearer end, so that a p0 close to an end keeps its digits.
  double p0_at(double psi) const noexcept {
    const double width = high_ - low_;
    const double low = std::sin(psi / 2), high = std::cos(psi / 2);
    return psi < pi / 2 ? low_ + width * low * low : high_ - width * high * high;
  }

  void search(double threshold) {
    if (terms_.empty()) return;
    if (everything_) {
      best_ = 1;
      return;
    }
    for (const double psi : {0.0, pi}) note(psi, value(p0_at(psi), negligible_mass));
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
    const double psi = psi_low + (psi_high - psi_low) / 2, m = p0_at(psi);
    if (!(m > 0 && m < 1)) return 0.0;
    evaluations_ += 3;
    note(psi, value(m, negligible_beside_best(0.0)));
    const auto negligible = [this](double log_factor) { return negligible_beside_best(log_factor); };
    double at_low = 0, at_high = 0;
    for (term& t : terms_) {
      at_low += t.tilted(m, p0_at(psi_low) - m, negligible);
      at_high += t.tilted(m, p0_at(psi_high) - m, negligible);
    }
    return std::min(1.0, std::max(at_low, at_high));
  }

  // The share of a mass that may be left out of a sum which is then multiplied by e^log_factor:
  // far below the tolerance, relative to the best value so far.
  double negligible_beside_best(double log_factor) const noexcept {
    return std::max(negligible_mass, best_ * 1e-17 * std::exp(-std::max(0.0, log_factor)));
  }

  // Golden-section steps around the best point: the last digits of the value.
  void polish() {
    if (best_ <= 0 || best_ >= 1) return;
    const double reach = 1e-4 * std::min({best_psi_, pi - best_psi_, 1.0});
    double low = best_psi_ - reach, high = best_psi_ + reach;
    constexpr double golden = 0.61803398874989485;
    const auto at = [&](double psi) {
      const double found = value(p0_at(psi), negligible_mass);
      note(psi, found);
      return found;
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

  std::vector<term> terms_;
  double low_, high_;
  double tolerance_;
  bool everything_ = false;
  double best_ = 0, best_psi_ = pi / 2;
  std::size_t evaluations_ = 0;
};

}  // namespace her2mod
