#pragma once

// Bootstrap distributions by listing all resamples of a small group, and differences by listing all
// pairs of values.

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <her2mod/exact/discrete.hpp>

#include "naive_bootstrap.hpp"

namespace naive {

using her2mod::discrete_distribution;
using unit_list = std::vector<std::vector<double>>;  // the units of each stratum, one by one

inline her2mod::group_units tallied(const unit_list& strata) {
  her2mod::group_units out;
  for (const std::vector<double>& units : strata)
    out.push_back(her2mod::tally(units, std::vector<double>(units.size(), 1.0)));
  return out;
}

inline unit_list one_list(std::vector<double> units) { return {std::move(units)}; }

// use(draws) for every way to draw as many units of each stratum as it has.
template <class Use>
void for_each_resample(const unit_list& strata, const Use& use, std::vector<double>& draws,
                       std::size_t stratum = 0, std::size_t drawn = 0) {
  if (stratum == strata.size()) return use(draws);
  if (drawn == strata[stratum].size())
    return for_each_resample(strata, use, draws, stratum + 1, 0);
  for (const double unit : strata[stratum]) {
    draws.push_back(unit);
    for_each_resample(strata, use, draws, stratum, drawn + 1);
    draws.pop_back();
  }
}

// By value, with values that differ by rounding only in one cell.
inline distribution merged(distribution d) {
  d.finish();
  distribution out;
  for (const auto& [value, mass] : d.cells)
    if (!out.cells.empty() && value - out.cells.back().first < 1e-13L * (1 + std::fabs(value)))
      out.cells.back().second += mass;
    else
      out.cells.emplace_back(value, mass);
  return out;
}

template <class Functional>
distribution resampled(const unit_list& strata, const Functional& functional) {
  real ways = 1;
  for (const auto& units : strata)
    ways *= power(static_cast<real>(units.size()), static_cast<long>(units.size()));
  distribution d;
  std::vector<double> draws;
  for_each_resample(
      strata, [&](const std::vector<double>& x) { d.add(functional(x), 1 / ways); }, draws);
  return merged(std::move(d));
}

inline real mean_of(const std::vector<double>& x) {
  real sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<real>(x.size());
}

// Type 7: linear between (i - 1) / (n - 1).
inline real quantile_of(std::vector<double> x, real p) {
  std::sort(x.begin(), x.end());
  const real h = static_cast<real>(x.size() - 1) * p;
  const auto j = static_cast<std::size_t>(std::floor(h));
  const real g = h - std::floor(h);
  return (1 - g) * x[j] + g * x[std::min(j + 1, x.size() - 1)];
}

template <class Transform>
distribution difference(const distribution& d0, const distribution& d1, const Transform& f) {
  distribution d;
  for (const auto& [v0, m0] : d0.cells)
    for (const auto& [v1, m1] : d1.cells) d.add(f(v1) - f(v0), m0 * m1);
  return merged(std::move(d));
}

inline real unchanged(real x) { return x; }
inline real logarithm(real x) { return std::log(x); }

inline distribution listed(const discrete_distribution& d) {
  distribution out;
  for (std::size_t i = 0; i < d.value.size(); ++i) out.add(d.value[i], d.mass[i]);
  return out;
}

// The same values with the same masses; masses up to `negligible` may be missing.
inline testing::AssertionResult same_cells(const discrete_distribution& found,
                                           const distribution& truth, double close,
                                           double negligible = 0) {
  std::size_t i = 0;
  for (const auto& [value, mass] : truth.cells) {
    const bool here = i < found.value.size() && same(found.value[i], value, 1e-12);
    if (!here && mass > negligible)
      return testing::AssertionFailure() << "no value " << value << " of mass " << mass;
    if (here && std::fabs(static_cast<real>(found.mass[i]) - mass) > close * mass + negligible)
      return testing::AssertionFailure()
             << value << " has mass " << found.mass[i] << ", not " << mass;
    if (here) ++i;
  }
  if (i == found.value.size()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "value " << found.value[i] << " should not be there";
}

}  // namespace naive
