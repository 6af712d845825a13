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
// in n0 + n1 steps. The p-value jumps as the effect moves; an end is the outermost point of the
// set: the first member on a grid of 64 points from outside, then bisection.

#include <cmath>

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

struct risk_difference_line : risk_difference_score {
  static proportion_line line(double d) noexcept {
    return {d, 1.0, d < 0 ? -d : 0.0, d > 0 ? 1 - d : 1.0};
  }
};

struct risk_ratio_line : risk_ratio_score {
  static proportion_line line(double r) noexcept { return {0.0, r, 0.0, r > 1 ? 1 / r : 1.0}; }
};

// Whether an effect is in the interval with error probability alpha.
template <class Line>
bool score_accepts(const table2x2& t, double effect, tails which, double alpha) {
  const table_region region = score_region<Line>(t, effect, which);
  return nuisance_supremum(region, Line::line(effect)).exceeds(alpha);
}

namespace score_exact_detail {

// The outermost member between `outside` and `inside` (a member), to a width of 1e-10.
template <class Accepts>
double outermost(const Accepts& accepts, double outside, double inside) {
  constexpr int grid = 64;
  double out = outside, in = inside;
  for (int i = 1; i < grid; ++i) {
    const double candidate = outside + (inside - outside) * i / grid;
    if (accepts(candidate)) {
      in = candidate;
      break;
    }
    out = candidate;
  }
  while (std::fabs(in - out) > 1e-10) {
    const double middle = out + (in - out) / 2;
    (accepts(middle) ? in : out) = middle;
  }
  return out + (in - out) / 2;
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
  using namespace score_exact_detail;
  const exact_tails by = exact_score_tails(level, side, central);
  const auto accepts = [&](double d, tails which) {
    return score_accepts<risk_difference_line>(t, d, which, by.alpha);
  };
  const double estimate = risk_difference_score::observed(t);
  constexpr double edge = 1 - 1e-9;
  interval ci{-1, 1};
  if (has_lower_end(side) && !accepts(-edge, by.at_low))
    ci.low = outermost([&](double d) { return accepts(d, by.at_low); }, -edge, estimate);
  if (has_upper_end(side) && !accepts(edge, by.at_high))
    ci.high = outermost([&](double d) { return accepts(d, by.at_high); }, edge, estimate);
  return ci;
}

inline interval risk_ratio_exact_interval(const table2x2& t, double level, alternative side,
                                          bool central) {
  using namespace score_exact_detail;
  const exact_tails by = exact_score_tails(level, side, central);
  const auto accepts = [&](double log_r, tails which) {
    return score_accepts<risk_ratio_line>(t, std::exp(log_r), which, by.alpha);
  };
  interval ci{0, infinity};
  const double estimate = risk_ratio_score::observed(t);
  if (std::isnan(estimate)) return ci;
  const interval guide = ratio_score_interval<risk_ratio_score>(t, level, side, false);
  constexpr double widest = 64;
  // Walk away from a member until two steps lie outside, and search back from there.
  const auto end_towards = [&](double inside, double step, tails which) {
    while (!accepts(inside, which) && std::fabs(inside) < widest) inside -= step;
    double outside = inside + step;
    while ((accepts(outside, which) || accepts(outside + step, which)) && std::fabs(outside) < widest)
      outside += step;
    return std::fabs(outside) < widest
               ? std::exp(outermost([&](double e) { return accepts(e, which); }, outside, inside))
               : std::exp(step > 0 ? infinity : -infinity);
  };
  if (has_lower_end(side) && estimate > 0)
    ci.low = end_towards(std::isinf(estimate) ? std::log(guide.low) : std::log(estimate), -0.5, by.at_low);
  if (has_upper_end(side) && !std::isinf(estimate))
    ci.high = end_towards(estimate == 0 ? std::log(guide.high) : std::log(estimate), 0.5, by.at_high);
  return ci;
}

}  // namespace her2mod
