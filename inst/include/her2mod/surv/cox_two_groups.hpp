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
#include <cstdint>
#include <limits>
#include <vector>

#include <her2mod/surv/risk_counts.hpp>

namespace her2mod {

class cox_two_groups {
 public:
  // The log hazard ratio: not a number where there is no event to learn from. `events`: of each event
  // time, where weights are fractional; otherwise empty.
  double fit(const risk_counts& counts, span<const double> events, double start) {
    collect(counts, events);
    const double lowest = events1_ - only1_, highest = events1_ - with1_;
    const double none = 1e-12 * (1 + with1_);
    constexpr double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    if (lowest <= none && highest >= -none) return nan;
    if (highest >= -none) return inf;
    if (lowest <= none) return -inf;
    return root(start);
  }

  // Of what was fitted last.
  double information(double b) const noexcept { return at(b).information; }

 private:
  void collect(const risk_counts& counts, span<const double> events) {
    const auto &g0 = counts[0], &g1 = counts[1];
    double of1 = 0, only1 = 0, with1 = 0;
    terms_ = 0;
    if (a0_.empty()) make_room(2 * lanes_);
    for (std::size_t j = 0; j < g0.at_risk.size(); ++j) {
      const double y0 = g0.at_risk[j], y1 = g1.at_risk[j], d0 = y0 - g0.after[j], d1 = y1 - g1.after[j];
      const double d = d0 + d1, k = events.empty() ? d : d > 0 ? events[j] : 0.0;
      of1 += d1;
      with1 += y1 > 0 ? d : 0.0;
      only1 += y0 > 0 ? 0.0 : d;
      add(y0, y1, d0, d1, k);
    }
    events1_ = of1;
    only1_ = only1;
    with1_ = with1;
    // p is 0 in what fills the last lanes.
    for (std::size_t i = terms_; i < terms_ + lanes_; ++i) a0_[i] = 1, a1_[i] = share_[i] = 0;
  }

  // The k terms of an event time: most have none, one or two. Where only one group is at risk, p is 0
  // or 1 whatever b is.
  void add(double y0, double y1, double d0, double d1, double k) {
    const std::size_t kept = y0 > 0 && y1 > 0 ? static_cast<std::size_t>(static_cast<std::int64_t>(k)) : 0;
    const std::size_t needed = terms_ + kept + 2 * lanes_;
    if (needed > a0_.size()) make_room(2 * needed);
    const double each = k > 1 ? k : 1, step0 = d0 / each, step1 = d1 / each;
    double *a0 = &a0_[terms_], *a1 = &a1_[terms_], *share = &share_[terms_];
    share[0] = share[1] = step0 + step1;
    a0[0] = y0;
    a1[0] = y1;
    a0[1] = y0 - step0;
    a1[1] = y1 - step1;
    for (std::size_t l = 2; l < kept; ++l) {
      a0[l] = y0 - static_cast<double>(l) * step0;
      a1[l] = y1 - static_cast<double>(l) * step1;
      share[l] = step0 + step1;
    }
    terms_ += kept;
  }

  void make_room(std::size_t size) {
    a0_.resize(size);
    a1_.resize(size);
    share_.resize(size);
  }

  struct slope {
    double score, information, curvature;  // U, -U', -U''
  };

  slope at(double b) const noexcept {
    const double ratio = std::exp(-b);
    double sum[lanes_] = {}, spread[lanes_] = {}, skew[lanes_] = {};
    for (std::size_t i = 0; i < terms_; i += lanes_)
      for (std::size_t k = 0; k < lanes_; ++k) {
        const double p = a1_[i + k] / (a1_[i + k] + ratio * a0_[i + k]), c = share_[i + k] * p, v = c * (1 - p);
        sum[k] += c;
        spread[k] += v;
        skew[k] += v * (1 - 2 * p);
      }
    const auto all = [](const double* lane) { return (lane[0] + lane[1]) + (lane[2] + lane[3]); };
    return {events1_ - only1_ - all(sum), all(spread), all(skew)};
  }

  // Halley's steps, whose error is at most of the order of their cube. U falls, so its sign brackets the
  // root; a step beyond the bracket is halved.
  double root(double b) const noexcept {
    constexpr double inf = std::numeric_limits<double>::infinity();
    double low = -inf, high = inf;
    if (!std::isfinite(b)) b = 0;
    for (int i = 0; i < 100; ++i) {
      const slope now = at(b);
      (now.score > 0 ? low : high) = b;
      const double newton = now.score / now.information;
      double step = newton - newton * newton * now.curvature / (2 * now.information);
      if (!(std::fabs(newton) < 0.5)) step = std::clamp(newton, -2.0, 2.0);
      if (!std::isfinite(step)) step = now.score > 0 ? 2 : -2;
      const bool beyond = b + step < low || b + step > high;
      if (beyond) step = ((now.score > 0 ? high : low) - b) / 2;
      b += step;
      if (!beyond && std::fabs(step) < 1e-5) break;
    }
    return b;
  }

  static constexpr std::size_t lanes_ = 4;

  std::vector<double> a0_, a1_, share_;
  std::size_t terms_ = 0;
  double events1_ = 0;  // of group 1
  double only1_ = 0;    // terms with nobody of group 0 at risk
  double with1_ = 0;    // terms with somebody of group 1
};

}  // namespace her2mod
