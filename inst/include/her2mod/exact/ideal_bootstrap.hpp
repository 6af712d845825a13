#pragma once

// The bootstrap distribution of a two-group comparison of a binary endpoint, without replicates.
//
// Resampling n patients of whom x have the event gives Binomial(n, x/n) events; strata of a group
// add (convolution). The three effects are differences of a link g of the two risks,
//   T* = g(X1*/n1) - g(X0*/n0),  g = p, log p, or log(p / (1 - p)),
// so the distribution function at t is one walk along a staircase in n0 + n1 steps. T* is -Inf or
// Inf where one link is infinite and undefined where both are, in the same direction; the
// distribution is conditional on T* being defined, and `undefined()` says how much that leaves out.
//
// Quantiles are the inverse distribution function, from either end:
//   low(q) = min{t: P(T* <= t) >= q},   high(q) = max{t: P(T* >= t) >= q},
// so that swapping the groups, or events for non-events, mirrors them exactly.

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/exact/mass.hpp>

namespace her2mod {

enum class risk_link { identity, log, logit };

inline double apply_link(risk_link link, double x, double n) noexcept {
  switch (link) {
    case risk_link::log: return std::log(x / n);
    case risk_link::logit: return std::log(x / (n - x));
    default: return x / n;
  }
}

// Events and patients of one stratum of one group.
struct binomial_sample {
  double x, n;
};

// The resampled risk of one group: the masses of its events, and the link at each.
struct resampled_risk {
  mass_window events;
  std::vector<double> link;
  double n = 0;

  resampled_risk(const std::vector<binomial_sample>& strata, risk_link g) {
    for (const binomial_sample& s : strata) {
      mass_window one;
      binomial_mass(static_cast<long>(s.n), s.x / s.n, one, 1e-30);
      events = n == 0 ? std::move(one) : convolve(events, one);
      n += s.n;
    }
    for (long k = events.first; k <= events.last(); ++k)
      link.push_back(apply_link(g, static_cast<double>(k), n));
  }

  // Mean and variance of the link where it is finite.
  std::pair<double, double> finite_moments() const {
    double share = 0, mean = 0, square = 0;
    for (std::size_t i = 0; i < link.size(); ++i)
      if (std::isfinite(link[i])) {
        share += events.mass[i];
        mean += events.mass[i] * link[i];
      }
    mean /= share;
    for (std::size_t i = 0; i < link.size(); ++i)
      if (std::isfinite(link[i])) square += events.mass[i] * (link[i] - mean) * (link[i] - mean);
    return {mean, square / share};
  }

  // The probability that the link is infinite with this sign.
  double infinite(int sign) const noexcept {
    double share = 0;
    for (std::size_t i = 0; i < link.size(); ++i)
      if (std::isinf(link[i]) && (link[i] > 0) == (sign > 0)) share += events.mass[i];
    return share;
  }
};

class ideal_bootstrap {
 public:
  ideal_bootstrap(const std::vector<binomial_sample>& group0,
                  const std::vector<binomial_sample>& group1, risk_link link)
      : a_(group0, link), b_(group1, link) {
    const double low0 = a_.infinite(-1), low1 = b_.infinite(-1);
    const double high0 = a_.infinite(1), high1 = b_.infinite(1);
    undefined_ = low0 * low1 + high0 * high1;
    infinite_ = 1 - (1 - low0 - high0) * (1 - low1 - high1) - undefined_;
    if (undefined_ > 1 - 1e-12)
      throw numeric_error("The statistic is undefined in every bootstrap sample.");
  }

  double undefined() const noexcept { return undefined_; }  // probability that T* is 0/0
  double infinite() const noexcept { return std::max(0.0, infinite_); }  // ... is -Inf or Inf

  // Mean and standard deviation where T* is finite.
  double mean() const { return b_.finite_moments().first - a_.finite_moments().first; }
  double standard_error() const {
    return std::sqrt(a_.finite_moments().second + b_.finite_moments().second);
  }

  // P(T* < t) + P(T* = t) / 2
  double mid_distribution(double t) const {
    return (below(a_, b_, t, true) + below(a_, b_, t, false)) / 2;
  }

  double at_most(double t) const { return below(a_, b_, t, true); }    // P(T* <= t)
  double at_least(double t) const { return below(b_, a_, -t, true); }  // P(T* >= t)

  const resampled_risk& group0() const noexcept { return a_; }
  const resampled_risk& group1() const noexcept { return b_; }

  double low(double q) const { return quantile(a_, b_, q); }
  double high(double q) const { return -quantile(b_, a_, q); }

 private:
  // Values this close are one value: lattice points differ by far more, rounding by far less.
  static double tie_width(double t) noexcept { return 1e-14 + 1e-13 * std::fabs(t); }

  // P(T* <= t), or P(T* < t), with T* = link of b minus link of a.
  double below(const resampled_risk& a, const resampled_risk& b, double t, bool included) const {
    if (std::isinf(t) && (t > 0) == included) return included ? 1.0 : 0.0;
    double sum = 0, inner = 0;
    std::size_t j = 0;
    for_each_row(a, b, t, included, [&](std::size_t i, std::size_t end) {
      for (; j < end; ++j) inner += b.events.mass[j];
      sum += a.events.mass[i] * inner;
    });
    return std::min(1.0, (sum - undefined_below(a, b)) / (1 - undefined_));
  }

  // Calls row(i, end): for a's value i, b's values before `end` give T* <= t (or < t). `end` never
  // decreases. Where both links are -Inf the difference is undefined, yet b's value is counted, so
  // that `end` stays a prefix; undefined_below() takes that mass off.
  template <class Row>
  static void for_each_row(const resampled_risk& a, const resampled_risk& b, double t,
                           bool included, const Row& row) {
    heartbeat(4 * (a.link.size() + b.link.size()));
    const double limit = std::isinf(t) ? t : (included ? t + tie_width(t) : t - tie_width(t));
    std::size_t end = 0;
    for (std::size_t i = 0; i < a.link.size(); ++i) {
      while (end < b.link.size() && counts_below(a.link[i], b.link[end], limit, included)) ++end;
      row(i, end);
    }
  }

  static bool counts_below(double link_a, double link_b, double limit, bool included) noexcept {
    if (std::isinf(link_a) && link_a == link_b) return link_a < 0;
    const double value = link_b - link_a;
    return included ? value <= limit : value < limit;
  }

  static double undefined_below(const resampled_risk& a, const resampled_risk& b) noexcept {
    return a.infinite(-1) * b.infinite(-1);
  }

  // min{t: P(T* <= t) >= q}
  double quantile(const resampled_risk& a, const resampled_risk& b, double q) const {
    const double wanted = q * (1 - 1e-12);
    if (below(a, b, -infinity, true) >= wanted) return -infinity;
    if (below(a, b, infinity, false) < wanted) return infinity;
    double low = finite_end(b, false) - finite_end(a, true);
    double high = finite_end(b, true) - finite_end(a, false);
    if (below(a, b, low, true) >= wanted) return low;
    // P(T* <= low) < wanted <= P(T* <= high); then the first attained value above low.
    while (high - low > tie_width(high) * 8) {
      const double middle = low + (high - low) / 2;
      if (!(middle > low && middle < high)) break;
      (below(a, b, middle, true) >= wanted ? high : low) = middle;
    }
    double next = high + 1;
    for_each_row(a, b, low, true, [&](std::size_t i, std::size_t end) {
      if (end < b.link.size() && std::isfinite(b.link[end] - a.link[i]))
        next = std::min(next, b.link[end] - a.link[i]);
    });
    return next;
  }

  static double finite_end(const resampled_risk& r, bool top) {
    if (top) {
      for (std::size_t i = r.link.size(); i-- > 0;)
        if (std::isfinite(r.link[i])) return r.link[i];
    } else {
      for (const double v : r.link)
        if (std::isfinite(v)) return v;
    }
    throw numeric_error("The statistic is infinite in every bootstrap sample.");
  }

  resampled_risk a_, b_;
  double undefined_ = 0, infinite_ = 0;
};

}  // namespace her2mod
