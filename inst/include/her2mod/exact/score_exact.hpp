#pragma once

// Unconditional exact intervals by inverting the score statistic S (score.hpp): an effect belongs
// to the interval when the largest probability, over the reference proportion, of the tables at
// least as extreme as the observed one exceeds alpha.
//
//   two-sided  tables with |S| >= |S(observed)|, alpha = 1 - level
//              (Agresti, Min 2001, doi:10.1111/j.0006-341X.2001.00963.x)
//   central    two one-sided tests, alpha = (1 - level) / 2 each
//              (Chan, Zhang 1999, doi:10.1111/j.0006-341X.1999.01202.x)
// For a one-sided interval the two are the same.
//
// S increases in x1 and decreases in x0, so the boundary of a region is a staircase that is walked
// in n0 + n1 steps.
//
// The p-value jumps as the effect moves, and the accepted effects may have gaps. An end is the
// outermost accepted effect, found with proof: for all effects in [d, e] together, every table that
// can be extreme somewhere in it is in the region of
//   S(d) >= the smallest |S(observed)|  or  S(e) <= minus that,
// since S decreases in the effect; and the first part's probability grows with p1, which is largest
// at e, the second's shrinks, so it is largest at d. When the supremum of that sum is at most alpha,
// no effect in [d, e] is accepted; otherwise the interval is halved, the outer half first.

#include <algorithm>
#include <array>
#include <cmath>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/base/table2x2.hpp>
#include <her2mod/exact/score.hpp>
#include <her2mod/exact/score_interval.hpp>
#include <her2mod/exact/supremum.hpp>

namespace her2mod {

enum class tails { both, lower, upper };

template <class Score>
table_region score_region(const table2x2& t, double effect, tails which) {
  const long n0 = static_cast<long>(t.n0), n1 = static_cast<long>(t.n1);
  const double seen = Score::statistic(t, effect);
  const double slack = tie_tolerance * std::fabs(seen) + 1e-12;
  const double far = std::fabs(seen) - slack;
  const auto s = [&](long x0, long x1) {
    heartbeat(100);
    return Score::statistic({static_cast<double>(x0), t.n0, static_cast<double>(x1), t.n1}, effect);
  };
  const auto low_side = [&](double v) {
    return which == tails::upper ? false : v <= (which == tails::both ? -far : seen + slack);
  };
  const auto high_side = [&](double v) {
    return which == tails::lower ? false : v >= (which == tails::both ? far : seen - slack);
  };
  table_region region(n0, n1);
  long low_end = 0;     // tables x1 < low_end are on the low side
  long high_begin = 0;  // tables x1 >= high_begin are on the high side
  for (long x0 = 0; x0 <= n0; ++x0) {
    region.begins.push_back(region.runs.size());
    while (low_end <= n1 && low_side(s(x0, low_end))) ++low_end;
    while (high_begin <= n1 && !high_side(s(x0, high_begin))) ++high_begin;
    if (high_begin <= low_end) {
      region.runs.push_back({0, n1});
      continue;
    }
    if (low_end > 0) region.runs.push_back({0, low_end - 1});
    if (high_begin <= n1) region.runs.push_back({high_begin, n1});
  }
  region.begins.push_back(region.runs.size());
  return region;
}

// A line of proportions for each effect, and the p0 at which the lines of two effects d < e leave
// the unit square: beyond them p1 is cut at 0 or 1.
struct risk_difference_line : risk_difference_score {
  static constexpr double widest = 0.5;  // of an interval of effects treated together
  static double effect(double scaled) noexcept { return scaled; }
  static proportion_line line(double d) noexcept {
    return {d, 1.0, d < 0 ? -d : 0.0, d > 0 ? 1 - d : 1.0};
  }
  static std::array<double, 4> corners(double d, double e) noexcept {
    return {std::max(0.0, -e), std::max(0.0, -d), std::min(1.0, 1 - e), std::min(1.0, 1 - d)};
  }
};

// Effects are scaled as logarithms.
struct risk_ratio_line : risk_ratio_score {
  static constexpr double widest = 0.5;
  static double effect(double scaled) noexcept { return std::exp(scaled); }
  static proportion_line line(double r) noexcept { return {0.0, r, 0.0, r > 1 ? 1 / r : 1.0}; }
  static std::array<double, 4> corners(double r, double s) noexcept {
    return {0.0, 0.0, std::min(1.0, 1 / s), std::min(1.0, 1 / r)};
  }
};

namespace score_exact_detail {

// Tables whose S at `effect` is at least (upper) or at most (lower) `cutoff`.
template <class Score>
table_region score_tail(const table2x2& t, double effect, double cutoff, bool upper) {
  const long n0 = static_cast<long>(t.n0), n1 = static_cast<long>(t.n1);
  const auto beyond = [&](long x0, long x1) {
    heartbeat(100);
    const double s =
        Score::statistic({static_cast<double>(x0), t.n0, static_cast<double>(x1), t.n1}, effect);
    return upper ? s >= cutoff : s <= cutoff;
  };
  table_region region(n0, n1);
  long step = 0;  // the first x1 on the far side (upper), or behind the near side (lower)
  for (long x0 = 0; x0 <= n0; ++x0) {
    region.begins.push_back(region.runs.size());
    while (step <= n1 && beyond(x0, step) != upper) ++step;
    if (upper && step <= n1) region.runs.push_back({step, n1});
    if (!upper && step > 0) region.runs.push_back({0, step - 1});
  }
  region.begins.push_back(region.runs.size());
  return region;
}

// Whether some effect between d < e may be accepted; false is proof that none is.
template <class Line>
bool may_accept(const table2x2& t, double d, double e, tails which, double alpha) {
  const double at_d = Line::statistic(t, d), at_e = Line::statistic(t, e);
  const double slack = tie_tolerance * std::max(std::fabs(at_d), std::fabs(at_e)) + 1e-12;
  const double nearest = at_d > 0 && at_e < 0 ? 0.0 : std::min(std::fabs(at_d), std::fabs(at_e));
  const double high_cut = which == tails::both ? nearest - slack : at_e - slack;
  const double low_cut = which == tails::both ? slack - nearest : at_d + slack;
  table_region none(static_cast<long>(t.n0), static_cast<long>(t.n1));
  none.begins.assign(static_cast<std::size_t>(none.n0) + 2, 0);
  const table_region high = which == tails::lower ? none : score_tail<Line>(t, d, high_cut, true);
  const table_region low = which == tails::upper ? none : score_tail<Line>(t, e, low_cut, false);

  // The first part at effect e, the second at d, each cut where its line leaves the unit square.
  const std::array<double, 4> corner = Line::corners(d, e);
  for (int i = 0; i < 3; ++i) {
    if (!(corner[static_cast<std::size_t>(i) + 1] > corner[static_cast<std::size_t>(i)]) && i != 1) continue;
    proportion_line at_high = Line::line(e), at_low = Line::line(d);
    if (i == 2) at_high = {1.0, 0.0, 0, 0};
    if (i == 0) at_low = {0.0, 0.0, 0, 0};
    at_high.low = at_low.low = corner[static_cast<std::size_t>(i)];
    at_high.high = at_low.high = corner[static_cast<std::size_t>(i) + 1];
    if (nuisance_supremum(high, at_high, low, at_low).exceeds(alpha)) return true;
  }
  return false;
}

// The outermost accepted effect between `outside` and `inside`, to a width of 1e-10 in the scaled
// effect; `inside` where there is none further out.
template <class Line>
double outermost(const table2x2& t, double outside, double inside, tails which, double alpha) {
  const double width = std::fabs(inside - outside);
  if (!std::isfinite(width)) throw numeric_error("A limit could not be bracketed.");
  if (width <= Line::widest) {
    const double a = Line::effect(std::min(outside, inside)), b = Line::effect(std::max(outside, inside));
    if (!may_accept<Line>(t, a, b, which, alpha)) return inside;
    if (width < 1e-10) return outside;
  }
  const double middle = outside + (inside - outside) / 2;
  const double found = outermost<Line>(t, outside, middle, which, alpha);
  return found != middle ? found : outermost<Line>(t, middle, inside, which, alpha);
}

}  // namespace score_exact_detail

struct exact_tails {
  tails at_low, at_high;  // which tables argue against an effect that is too low, too high
  double alpha;
};

// `central`: two one-sided tests instead of one two-sided test.
inline exact_tails exact_score_tails(double level, alternative side, bool central) noexcept {
  if (side == alternative::two_sided && !central) return {tails::both, tails::both, 1 - level};
  return {tails::upper, tails::lower, tail_error(level, side)};
}

inline interval risk_difference_exact_interval(const table2x2& t, double level, alternative side,
                                               bool central) {
  using score_exact_detail::outermost;
  const exact_tails by = exact_score_tails(level, side, central);
  const double estimate = risk_difference_score::observed(t);
  constexpr double edge = 1 - 1e-9;
  const auto end = [&](double from, tails which) {
    const double found = outermost<risk_difference_line>(t, from, estimate, which, by.alpha);
    // Accepted next to the end of the parameter space: the end itself belongs to the interval.
    return std::fabs(found) > 1 - 1e-8 ? std::copysign(1.0, from) : found;
  };
  return {has_lower_end(side) ? end(-edge, by.at_low) : -1.0,
          has_upper_end(side) ? end(edge, by.at_high) : 1.0};
}

inline interval risk_ratio_exact_interval(const table2x2& t, double level, alternative side,
                                          bool central) {
  using score_exact_detail::may_accept;
  using score_exact_detail::outermost;
  const exact_tails by = exact_score_tails(level, side, central);
  interval ci{0, infinity};
  const double estimate = risk_ratio_score::observed(t);
  if (std::isnan(estimate)) return ci;
  const interval guide = ratio_score_interval<risk_ratio_score>(t, level, side, false);
  constexpr double farthest = 32;  // on the log scale; a limit beyond it is 0 or Inf
  const auto end_towards = [&](double inside, double sign, tails which) {
    const double found = outermost<risk_ratio_line>(t, sign * farthest, inside, which, by.alpha);
    return std::fabs(found) < farthest - 1 ? std::exp(found) : std::exp(sign * infinity);
  };
  if (has_lower_end(side) && estimate > 0)
    ci.low = end_towards(std::log(std::isinf(estimate) ? guide.low * 1e3 : estimate), -1, by.at_low);
  if (has_upper_end(side) && !std::isinf(estimate))
    ci.high = end_towards(std::log(estimate == 0 ? guide.high / 1e3 : estimate), 1, by.at_high);
  return ci;
}

}  // namespace her2mod
