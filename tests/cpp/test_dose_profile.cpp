// dose/profile.hpp against profiles by nls and optim (tests/reference/dose_curves_nls.R), and by hand.

#include <gtest/gtest.h>

#include <cmath>
#include <her2mod/dose/profile.hpp>
#include <vector>

#include "ryegrass.hpp"

namespace {

using her2mod::curve_fit;
using her2mod::curve_options;
using her2mod::curve_parameter;
using her2mod::dose_means;
using her2mod::fit_curve;
using her2mod::interval;
using her2mod::means_by_dose;
using her2mod::profile_interval;
using numbers = std::vector<double>;

void expect_interval(const interval& found, double low, double high, double within) {
  EXPECT_NEAR(found.low, low, within);
  EXPECT_NEAR(found.high, high, within);
}

TEST(DoseProfile, RyegrassAsByOtherPrograms) {
  const dose_means data = ryegrass.means();
  const curve_fit fit = fit_curve(data);
  const auto of = [&](curve_parameter which) { return profile_interval(data, {}, fit, which, 6.575097069); };
  expect_interval(of(curve_parameter::middle), 0.9899494, 1.2457058, 1e-6);
  expect_interval(of(curve_parameter::slope), 2.1820088, 4.2328923, 1e-5);
  expect_interval(of(curve_parameter::left), 7.4053722, 8.1924591, 1e-6);
  expect_interval(of(curve_parameter::right), 0.01024038, 0.90674598, 1e-6);
}

// At each end the least squares with the parameter held there are those that are allowed.
TEST(DoseProfile, EndsAreWhereTheSquaresAre) {
  const dose_means data = ryegrass.means();
  curve_options options;
  options.shape = her2mod::curve_shape::weibull2;
  const curve_fit fit = fit_curve(data, options);
  const double allowed = 1.3 * fit.squares;
  const interval slope = profile_interval(data, options, fit, curve_parameter::slope, allowed);
  const interval right = profile_interval(data, options, fit, curve_parameter::right, allowed);
  for (const double end : {slope.low, slope.high}) {
    curve_options held = options;
    held.slope = {end, end};
    EXPECT_NEAR(fit_curve(data, held).squares, allowed, 1e-8);
  }
  for (const double end : {right.low, right.high}) {
    curve_options held = options;
    held.right = {end, end};
    EXPECT_NEAR(fit_curve(data, held).squares, allowed, 1e-8);
  }
}

TEST(DoseProfile, UnitsOfDoseMoveTheMiddleOnly) {
  dose_means data = ryegrass.means();
  const curve_fit fit = fit_curve(data);
  const interval before = profile_interval(data, {}, fit, curve_parameter::middle, 6.575097069);
  for (double& x : data.x)
    x += std::log(1e9);
  const interval after = profile_interval(data, {}, fit_curve(data), curve_parameter::middle, 6.575097069);
  expect_interval(after, before.low + std::log(1e9), before.high + std::log(1e9), 1e-8);
}

// All of the fall between 4 and 8: no slope is too steep, and the middle lies between them.
TEST(DoseProfile, OpenWhereTheDosesDoNotSay) {
  const dose_means data = means_by_dose(numbers{1, 2, 4, 8, 16, 32}, numbers{101, 99, 100, 1, -1, 0});
  const curve_fit fit = fit_curve(data);
  const double allowed = 3 * fit.squares;
  const interval slope = profile_interval(data, {}, fit, curve_parameter::slope, allowed);
  EXPECT_TRUE(std::isinf(slope.high));
  EXPECT_GT(slope.low, 5);
  const interval middle = profile_interval(data, {}, fit, curve_parameter::middle, allowed);
  EXPECT_GT(middle.low, std::log(4));
  EXPECT_LT(middle.high, std::log(8));
  // The response only begins to fall: nothing says how far it goes. A floor of 0 that is asked for is a limit, no open end.
  const dose_means begun = means_by_dose(numbers{1, 2, 4, 8, 16, 32}, numbers{100, 101, 99, 97, 92, 83});
  const curve_fit early = fit_curve(begun);
  const interval floor = profile_interval(begun, {}, early, curve_parameter::right, 3 * early.squares);
  EXPECT_EQ(floor.low, -her2mod::infinity);
  EXPECT_LT(floor.high, 83);
  const interval ec50 = profile_interval(begun, {}, early, curve_parameter::middle, 3 * early.squares);
  EXPECT_GT(ec50.high, std::log(32));
  curve_options options;
  options.right = {70, her2mod::infinity};
  const curve_fit limited = fit_curve(begun, options);
  EXPECT_EQ(profile_interval(begun, options, limited, curve_parameter::right, 3 * limited.squares).low, 70);
}

TEST(DoseProfile, NothingToRise) {
  const dose_means data = ryegrass.means();
  curve_options options;
  options.right = {0.25, 0.25};
  const curve_fit fit = fit_curve(data, options);
  expect_interval(profile_interval(data, options, fit, curve_parameter::right, 7), 0.25, 0.25, 0);
  const interval none = profile_interval(data, options, fit, curve_parameter::left, fit.squares);
  expect_interval(none, fit.curve.left, fit.curve.left, 1e-14);
}

} // namespace
