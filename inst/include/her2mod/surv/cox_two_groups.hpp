#pragma once

// Cox's model with a group alone: the log hazard ratio b of group 1 over group 0 maximises the partial
// likelihood; by Efron's rule for ties (Efron B 1977, JASA 72:557, doi:10.1080/01621459.1977.10480613)
// it is the root of
//
//   U(b) = d1 - sum_j sum_{l = 0}^{K_j - 1} (d_j / K_j) p_jl,   p_jl = a1 e^b / (a0 + a1 e^b),
//   a_g = y_gj - (l / K_j) d_gj,
//
// with y, d at risk and events at event time j, and K_j events; with whole weights K_j = d_j, as if
// each patient were listed so many times; fractional weights leave the number of events as observed,
// and share out their weight (as survival's coxph() does). The information is sum (d / K) p (1 - p).
//
// U falls from d1 - #(a0 = 0) to d1 - #(a1 > 0), so whether b is finite, -Inf or +Inf is known exactly.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <her2mod/surv/risk_counts.hpp>

namespace her2mod {

class cox_two_groups {
 public:
  // The log hazard ratio: not a number where there is no event to learn from. `events`: of each event
  // time, where weights are fractional; otherwise empty.
  double fit(const risk_counts& counts, span<const double> events, double start) noexcept {
    collect(counts, events);
    const double lowest = events1_ - only1_, highest = events1_ - with1_;
    const double none = 1e-12 * (1 + with1_);
    constexpr double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    if (lowest <= none && highest >= -none) return nan;
    if (highest >= -none) return inf;
    if (lowest <= none) return -inf;
    return newton(start);
  }

  // Of what was fitted last.
  double information(double b) const noexcept { return at(b).information; }

 private:
  void collect(const risk_counts& counts, span<const double> events) noexcept {
    a0_.clear();
    a1_.clear();
    share_.clear();
    events1_ = only1_ = with1_ = 0;
    const auto &g0 = counts[0], &g1 = counts[1];
    for (std::size_t j = 0; j < g0.at_risk.size(); ++j) {
      const double d0 = g0.at_risk[j] - g0.after[j], d1 = g1.at_risk[j] - g1.after[j], d = d0 + d1;
      if (!(d > 0)) continue;
      events1_ += d1;
      const double k = events.empty() ? d : events[j];
      for (double l = 0; l < k; ++l) add(g0.at_risk[j] - l / k * d0, g1.at_risk[j] - l / k * d1, d / k);
    }
  }

  void add(double a0, double a1, double share) {
    if (a1 > 0) with1_ += share;
    if (!(a0 > 0)) only1_ += share;
    if (!(a1 > 0) || !(a0 > 0)) return;  // p is 0 or 1 whatever b is
    a0_.push_back(a0);
    a1_.push_back(a1);
    share_.push_back(share);
  }

  struct slope {
    double score, information;
  };

  slope at(double b) const noexcept {
    const double ratio = std::exp(-b);
    constexpr std::size_t lanes = 4;
    double sum[lanes] = {}, spread[lanes] = {};
    const std::size_t n = a0_.size(), whole = n / lanes * lanes;
    for (std::size_t i = 0; i < whole; i += lanes)
      for (std::size_t k = 0; k < lanes; ++k) {
        const double p = a1_[i + k] / (a1_[i + k] + ratio * a0_[i + k]), c = share_[i + k] * p;
        sum[k] += c;
        spread[k] += c * (1 - p);
      }
    for (std::size_t i = whole; i < n; ++i) {
      const double p = a1_[i] / (a1_[i] + ratio * a0_[i]), c = share_[i] * p;
      sum[0] += c;
      spread[0] += c * (1 - p);
    }
    return {events1_ - only1_ - ((sum[0] + sum[1]) + (sum[2] + sum[3])),
            (spread[0] + spread[1]) + (spread[2] + spread[3])};
  }

  // U falls, so its sign brackets the root; a step of Newton's beyond the bracket is halved.
  double newton(double b) const noexcept {
    constexpr double inf = std::numeric_limits<double>::infinity();
    double low = -inf, high = inf;
    if (!std::isfinite(b)) b = 0;
    slope now = at(b);
    for (int i = 0; i < 100; ++i) {
      (now.score > 0 ? low : high) = b;
      double step = std::clamp(now.score / now.information, -2.0, 2.0);
      if (!std::isfinite(step)) step = now.score > 0 ? 2 : -2;
      if (b + step < low || b + step > high) step = ((now.score > 0 ? high : low) - b) / 2;
      b += step;
      if (std::fabs(step) < 1e-7 * (1 + std::fabs(b))) break;
      now = at(b);
    }
    return b;
  }

  std::vector<double> a0_, a1_, share_;
  double events1_ = 0;  // of group 1
  double only1_ = 0;    // terms with nobody of group 0 at risk
  double with1_ = 0;    // terms with somebody of group 1
};

}  // namespace her2mod
