#pragma once

// Profile likelihood intervals of a curve's parameters (Bates and Watts 1988, doi:10.1002/9780470316757, section 6.1):
//
//   { c : S(c) <= S (1 + t^2 / df) },  S(c) the least squares with the parameter held at c,  t the quantile of t on df.
//
// around the estimate. Each S(c) is sought from as many starts as the fit itself. Where S(c) stays below on the way to a bound
// that nobody asked for the interval is open on that side: the doses do not say how far it goes.

#include <algorithm>
#include <cmath>

#include <her2mod/base/inference.hpp>
#include <her2mod/dose/fit.hpp>
#include <her2mod/dose/means.hpp>
#include <her2mod/math/roots.hpp>

namespace her2mod {

// `middle` is the relative EC50 of a log-logistic curve only.
enum class curve_parameter : int {
  middle = detail::middle_at,
  slope = detail::slope_at,
  left = detail::left_at,
  right = detail::right_at,
};

namespace detail {

// The log slope for the slope, and ends in the problem's units: where the squares reach `allowed` on one side of `estimate`,
// or `bound`, when they do not.
struct profile_end {
  double at;
  bool reached;
};

inline profile_end find_profile_end(const curve_problem& whole, int parameter, double estimate, double bound, double first_step,
                                    double allowed) {
  const auto excess = [&](double c) {
    curve_problem held = whole;
    held.low[parameter] = held.high[parameter] = c;
    return held.lowest().value - allowed;
  };
  const double side = bound > estimate ? 1 : -1;
  double inside = estimate, step = first_step;
  while (inside != bound) {
    const double outside = side * std::min(side * (inside + side * step), side * bound);
    if (excess(outside) > 0)
      return {find_root(excess, std::min(inside, outside), std::max(inside, outside)), true};
    inside = outside;
    step *= 2;
  }
  return {bound, false};
}

} // namespace detail

// On the scale of the log dose for the middle, of the slope itself, and of the response. `allowed` is what the squares, those
// within doses among them, may rise to. A fixed parameter is its own interval, and so is every one where nothing may rise.
inline interval profile_interval(const dose_means& data, const curve_options& options, const curve_fit& fit,
                                 curve_parameter which, double allowed) {
  using namespace detail;
  const int j = static_cast<int>(which);
  const curve_problem problem(data, options);
  const bool is_end = j == left_at || j == right_at, is_slope = j == slope_at;
  const double estimate[]{fit.curve.middle, fit.curve.log_slope, fit.curve.left, fit.curve.right};
  const auto shown = [&](double c) { return is_slope ? std::exp(c) : is_end ? problem.in_responses(c) : c; };
  const double at = is_end ? problem.in_units(estimate[j]) : estimate[j];
  if (problem.is_fixed(j) || !(allowed > fit.squares))
    return {shown(at), shown(at)};

  const limits asked = is_slope ? options.slope : j == left_at ? options.left : j == right_at ? options.right : limits{};
  const double own = (allowed - data.within) / problem.unit() / problem.unit();
  const auto end_of = [&](double bound, double wanted, double open) {
    const profile_end end = find_profile_end(problem, j, at, bound, problem.scale()[j] / 20, own);
    return end.reached ? shown(end.at) : std::isfinite(wanted) ? wanted : open;
  };
  return {end_of(problem.low[j], asked.low, is_slope ? 0 : -infinity), end_of(problem.high[j], asked.high, infinity)};
}

} // namespace her2mod
