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

#include <her2mod/base/double_pair.hpp>
#include <her2mod/surv/risk_counts.hpp>
#include <her2mod/surv/unit_walk.hpp>

namespace her2mod {

class cox_two_groups {
 public:
  // The log hazard ratio: not a number where there is no event to learn from. `events`: of each event
  // time, where weights are fractional; otherwise empty.
  double fit(const risk_counts& counts, span<const double> events, double start) {
    whole_ = events.empty();
    collect(counts, events);
    return solve(start);
  }

  // The same of rows that count so many times; whole events. `units`: of both groups, in halves.
  double fit(const unit_walk& walk, span<const std::uint8_t> times, double start, std::uint64_t& units) {
    whole_ = true;
    walk_back(walk, times, units);
    return solve(start);
  }

  // Of what was fitted last.
  double information(double b) const noexcept { return whole_ ? at<true>(b).information : at<false>(b).information; }

 private:
  double solve(double start) const noexcept {
    const double lowest = events1_ - only1_, highest = events1_ - with1_;
    const double none = 1e-12 * (1 + with1_);
    constexpr double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
    if (lowest <= none && highest >= -none) return nan;
    if (highest >= -none) return inf;
    if (lowest <= none) return -inf;
    return whole_ ? root<true>(start) : root<false>(start);
  }

  void walk_back(const unit_walk& walk, span<const std::uint8_t> times, std::uint64_t& units) {
    at_risk_.resize(walk.rows.size());
    units = walk.add_up(times, at_risk_);
    const auto most = static_cast<std::size_t>(unit_walk::first(units) + unit_walk::second(units)) + 2 * lanes_;
    if (most > a0_.size()) make_room(most);
    add_singles(walk, times);
    for (const unit_walk::mixed& time : walk.ties) {
      const std::uint64_t others = at_risk_[time.begin];
      std::uint64_t dying = 0;
      for (std::size_t i = time.begin; i < time.end; ++i)
        dying += std::uint64_t{times[walk.rows[i].number]} << walk.rows[i].half;
      const double d0 = unit_walk::first(dying), d1 = unit_walk::second(dying);
      add_time(unit_walk::first(others) + d0, unit_walk::second(others) + d1, d0, d1, d0 + d1);
    }
    fill_lanes();
  }

  // Events of one group alone: by Efron's rule one after another leaves the risk set, which without them is
  // `others`. Most rows have none, one or two in a draw.
  void add_singles(const unit_walk& walk, span<const std::uint8_t> times) noexcept {
    double events1 = 0, only1 = 0, with1 = 0;
    double *a0 = a0_.data(), *a1 = a1_.data();
    for (const unit_walk::single& event : walk.singles) {
      const std::uint64_t others = at_risk_[event.place];
      const std::uint8_t count = times[event.number];
      const double y0 = unit_walk::first(others), y1 = unit_walk::second(others), d = count;
      const double step0 = event.of_first, step1 = event.of_second, d1 = d * step1;
      events1 += d1;
      only1 += y0 == 0 ? d1 : 0;
      with1 += y1 == 0 ? d1 : d;
      a0[0] = y0 + step0;
      a0[1] = y0 + 2 * step0;
      a1[0] = y1 + step1;
      a1[1] = y1 + 2 * step1;
      for (std::size_t l = 2; l < count; ++l) {
        a0[l] = y0 + static_cast<double>(l + 1) * step0;
        a1[l] = y1 + static_cast<double>(l + 1) * step1;
      }
      a0 += count;
      a1 += count;
    }
    terms_ = static_cast<std::size_t>(a0 - a0_.data());
    events1_ = events1;
    only1_ = only1;
    with1_ = with1;
  }

  void collect(const risk_counts& counts, span<const double> events) {
    const auto &g0 = counts[0], &g1 = counts[1];
    events1_ = only1_ = with1_ = 0;
    terms_ = 0;
    if (a0_.empty()) make_room(2 * lanes_);
    for (std::size_t j = 0; j < g0.at_risk.size(); ++j) {
      const double y0 = g0.at_risk[j], y1 = g1.at_risk[j], d0 = y0 - g0.after[j], d1 = y1 - g1.after[j];
      const double d = d0 + d1, k = events.empty() ? d : d > 0 ? events[j] : 0.0;
      add_time(y0, y1, d0, d1, k);
    }
    fill_lanes();
  }

  // p is 0 in what fills the last lanes.
  void fill_lanes() noexcept {
    for (std::size_t i = terms_; i < terms_ + lanes_; ++i) a0_[i] = 1, a1_[i] = share_[i] = 0;
  }

  void add_time(double y0, double y1, double d0, double d1, double k) {
    const double d = d0 + d1;
    events1_ += d1;
    with1_ += y1 > 0 ? d : 0.0;
    only1_ += y0 > 0 ? 0.0 : d;
    add(y0, y1, d0, d1, k);
  }

  // The k terms of an event time: most have none, one or two. Where only one group is at risk, p is 0
  // or 1 whatever b is, and the term may be there or not.
  void add(double y0, double y1, double d0, double d1, double k) {
    const auto kept = static_cast<std::size_t>(static_cast<std::int64_t>(k));
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
    double score, information, curvature, third;  // U, -U', -U'', -U'''
  };

  // `Whole`: each share is 1. Two pairs of terms at once, with one division: 1 / x and 1 / y are y / (x y) and x / (x y).
  template <bool Whole> slope at(double b) const noexcept {
    const double ratio = std::exp(-b);
    sums first, second;
    for (std::size_t i = 0; i < terms_; i += lanes_) {
      const double_pair a = load_pair(&a1_[i]), c = load_pair(&a1_[i + 2]);
      const double_pair x = a + ratio * load_pair(&a0_[i]), y = c + ratio * load_pair(&a0_[i + 2]), inverse = 1 / (x * y);
      first.add<Whole>(a * (y * inverse), &share_[i]);
      second.add<Whole>(c * (x * inverse), &share_[i + 2]);
    }
    const auto all = [](const double_pair& of_first, const double_pair& of_second) {
      return (of_first[0] + of_first[1]) + (of_second[0] + of_second[1]);
    };
    const double information = all(first.spread, second.spread);
    return {events1_ - all(first.p, second.p), information, information - 2 * all(first.skew, second.skew),
            information - 6 * all(first.square, second.square)};
  }

  struct sums {
    double_pair p{}, spread{}, skew{}, square{};
    template <bool Whole> void add(double_pair q, const double* share) noexcept {
      const double_pair c = Whole ? q : load_pair(share) * q, v = c * (1 - q);
      p += c;
      spread += v;
      skew += v * q;
      square += v * (q - q * q);
    }
  };

  // Steps of the inverse's series up to the cube of Newton's, so that the error is of the order of the step's fourth power:
  // after one below 1e-4 about 1e-16, and the root is the same from wherever it starts. U falls, so its sign brackets the
  // root; a step beyond the bracket is halved.
  template <bool Whole> double root(double b) const noexcept {
    constexpr double inf = std::numeric_limits<double>::infinity();
    double low = -inf, high = inf;
    if (!std::isfinite(b)) b = 0;
    for (int i = 0; i < 100; ++i) {
      const slope now = at<Whole>(b);
      (now.score > 0 ? low : high) = b;
      const double newton = now.score / now.information;
      const double a2 = now.curvature / (2 * now.information), a3 = now.third / (6 * now.information);
      double step = newton * (1 - newton * (a2 - newton * (2 * a2 * a2 - a3)));
      if (!(std::fabs(newton) < 0.5)) step = std::clamp(newton, -2.0, 2.0);
      if (!std::isfinite(step)) step = now.score > 0 ? 2 : -2;
      const bool beyond = b + step < low || b + step > high;
      if (beyond) step = ((now.score > 0 ? high : low) - b) / 2;
      b += step;
      if (!beyond && std::fabs(step) < 1e-4) break;
    }
    return b;
  }

  static constexpr std::size_t lanes_ = 4;

  std::vector<double> a0_, a1_, share_;
  std::vector<std::uint64_t> at_risk_;
  std::size_t terms_ = 0;
  bool whole_ = true;
  double events1_ = 0;  // of group 1
  double only1_ = 0;    // terms with nobody of group 0 at risk
  double with1_ = 0;    // terms with somebody of group 1
};

}  // namespace her2mod
