// dose/: published fits, certified values, and a naive search in long double.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <her2mod/dose/profile.hpp>
#include <random>
#include <vector>

#include "ryegrass.hpp"

namespace {

using her2mod::curve_fit;
using her2mod::curve_options;
using her2mod::curve_shape;
using her2mod::dose_curve;
using her2mod::dose_means;
using her2mod::fit_curve;
using her2mod::means_by_dose;
using real = long double;

// Ritz et al. 2015, doi:10.1371/journal.pone.0146021, LL.4; the same from drc 3.0-1.
TEST(Dose, RyegrassAsPublished) {
  const curve_fit fit = fit_curve(ryegrass.means());
  EXPECT_TRUE(fit.settled);
  EXPECT_NEAR(fit.curve.slope(), 2.98222, 1.1e-5);
  EXPECT_NEAR(std::exp(fit.curve.middle), 3.05795, 1.1e-5);
  EXPECT_NEAR(fit.curve.left, 7.79296, 1.1e-5);
  EXPECT_NEAR(fit.curve.right, 0.48141, 1.1e-5);
  EXPECT_NEAR(std::sqrt(fit.residual_variance()), 0.5196256, 1e-6);
  const auto error = [&](std::size_t j, double by) { return by * std::sqrt(fit.residual_variance() * fit.covariance[5 * j]); };
  EXPECT_NEAR(error(0, std::exp(fit.curve.middle)), 0.18573, 1.1e-5);
  EXPECT_NEAR(error(1, fit.curve.slope()), 0.46506, 1.1e-5);
  EXPECT_NEAR(error(2, 1), 0.18857, 1.1e-5);
  EXPECT_NEAR(error(3, 1), 0.21219, 1.1e-5);
  // nls of R 4.2.2 (tests/reference/dose_curves_nls.R). drc 3.0-1 stops before the minimum: its ED90 is 6.38864005.
  EXPECT_NEAR(fit.squares, 5.400214628, 1e-9);
  EXPECT_NEAR(std::exp(fit.curve.relative(0.1)), 1.46370922, 1e-8);
  EXPECT_NEAR(std::exp(fit.curve.relative(0.9)), 6.38862533, 1e-8);
}

// NIST StRD Rat42, certified: y = b1 / (1 + exp(b2 - b3 x)), the curve of exp(x) that starts at 0.
TEST(Dose, CertifiedGrowthCurve) {
  wells w{{}, {8.93, 10.8, 18.59, 22.33, 39.35, 56.11, 61.73, 64.62, 67.08}};
  for (const double x : {9, 14, 21, 28, 42, 57, 63, 70, 79})
    w.dose.push_back(std::exp(x));
  curve_options options;
  options.left = {0, 0};
  const curve_fit fit = fit_curve(w.means(), options);
  EXPECT_NEAR(fit.curve.right / 72.462237576, 1, 1e-8);
  EXPECT_NEAR(fit.curve.slope() * fit.curve.middle / 2.6180768402, 1, 1e-8);
  EXPECT_NEAR(fit.curve.slope() / 0.067359200066, 1, 1e-8);
  EXPECT_NEAR(fit.squares / 8.0565229338, 1, 1e-8);
}

// Points read off Ogitani et al. 2016, doi:10.1158/1078-0432.CCR-15-2822: T-DXd, ng/mL and % viability, in SK-BR-3, KPL-4 and
// NCI-N87, with the response at dose 0 free, and fixed at 100%. References: nls of R 4.2.2 (tests/reference/dose_curves_nls.R).
TEST(Dose, TrastuzumabDeruxtecan) {
  struct line {
    wells points;
    double ec50, ic50, slope, floor, ec50_from_100, slope_from_100, floor_from_100;
  };
  const std::vector<line> lines{
      {{{.6, 3.27, 15.9, 78.57, 409.81, 2032.1, 10083.58}, {75.09, 67.63, 26.68, 18.27, 17.88, 16.55, 16.63}},
       7.615614447, 6.780079897, 2.216308715, 17.23591196, 3.286097163, 0.8148150241, 14.88922616},
      {{{.67, 3.68, 16.07, 79.12, 389.8, 2032.31, 9573.16}, {98.03, 100.75, 73.57, 15.55, 8.46, 7.91, 5.96}},
       25.09965973, 27.13991241, 2.089417231, 7.439959254, 25.13473546, 2.09357569, 7.445539956},
      {{{.7, 3.31, 14.65, 78.93, 390.12, 2034.23, 9592.37}, {91.26, 89.95, 63.98, 27.78, 19.96, 19.11, 17.33}},
       20.27015856, 24.99351315, 1.495074303, 18.59384031, 17.27474065, 1.151803769, 17.53917064}};
  for (const line& l : lines) {
    const curve_fit fit = fit_curve(l.points.means());
    EXPECT_NEAR(std::exp(fit.curve.relative(0.5)) / l.ec50, 1, 1e-7);
    EXPECT_NEAR(std::exp(fit.curve.absolute(50)) / l.ic50, 1, 1e-7);
    EXPECT_NEAR(fit.curve.slope() / l.slope, 1, 1e-7);
    EXPECT_NEAR(fit.curve.right / l.floor, 1, 1e-7);
    curve_options options;
    options.left = {100, 100};
    const curve_fit from_100 = fit_curve(l.points.means(), options);
    EXPECT_NEAR(std::exp(from_100.curve.middle) / l.ec50_from_100, 1, 1e-7);
    EXPECT_NEAR(from_100.curve.slope() / l.slope_from_100, 1, 1e-7);
    EXPECT_NEAR(from_100.curve.right / l.floor_from_100, 1, 1e-7);
    EXPECT_GE(from_100.squares, fit.squares);
  }
}

// nls of R 4.2.2, from drc 4.0.0's W1.4() and W2.4(), whose last digits are off (tests/reference/dose_curves_nls.R).
TEST(Dose, RyegrassByWeibullCurves) {
  curve_options options;
  options.shape = curve_shape::weibull1;
  const curve_fit first = fit_curve(ryegrass.means(), options);
  EXPECT_NEAR(first.squares, 6.024150853, 1e-9);
  EXPECT_NEAR(std::exp(first.curve.middle) / 3.600128319, 1, 1e-7);
  EXPECT_NEAR(first.curve.slope() / 2.393346097, 1, 1e-7);
  options.shape = curve_shape::weibull2;
  const curve_fit second = fit_curve(ryegrass.means(), options);
  EXPECT_NEAR(second.squares, 5.292565383, 1e-9);
  EXPECT_NEAR(std::exp(second.curve.middle) / 2.487632624, 1, 1e-7);
  EXPECT_NEAR(second.curve.slope() / 1.967801814, 1, 1e-7);
}

// y = 1 + 9 / (1 + (dose / 2)^1.5), without error.
TEST(Dose, PointsOnACurve) {
  wells w{{.1, .3, 1, 3, 10, 30}, {}};
  for (const double d : w.dose)
    w.response.push_back(1 + 9 / (1 + std::pow(d / 2, 1.5)));
  const curve_fit fit = fit_curve(w.means());
  EXPECT_NEAR(fit.curve.slope(), 1.5, 1e-7);
  EXPECT_NEAR(std::exp(fit.curve.middle), 2, 1e-7);
  EXPECT_NEAR(fit.curve.left, 10, 1e-6);
  EXPECT_NEAR(fit.curve.right, 1, 1e-6);
  EXPECT_LT(fit.squares, 1e-14);
}

TEST(Dose, UnitsDoNotMatter) {
  const curve_fit fit = fit_curve(ryegrass.means());
  for (const double factor : {1e9, 1e-9}) {
    const curve_fit again = fit_curve(ryegrass.times(factor, 1).means());
    EXPECT_NEAR(again.curve.middle, fit.curve.middle + std::log(factor), 1e-9);
    EXPECT_NEAR(again.curve.log_slope, fit.curve.log_slope, 1e-9);
    EXPECT_NEAR(again.squares, fit.squares, 1e-12);
  }
  // Nor those of the response, nor its direction.
  wells other = ryegrass.times(1, -1e-6);
  for (double& y : other.response)
    y += 100;
  const curve_fit again = fit_curve(other.means());
  EXPECT_NEAR(again.curve.middle, fit.curve.middle, 1e-7);
  EXPECT_NEAR(again.curve.left, 100 - 1e-6 * fit.curve.left, 1e-11);
}

TEST(Dose, ResponsesOfAnySize) {
  const curve_fit fit = fit_curve(ryegrass.means());
  for (const double size : {1e98, 1e-98}) {
    const curve_fit again = fit_curve(ryegrass.times(1, size).means());
    EXPECT_TRUE(again.settled);
    EXPECT_NEAR(again.curve.middle, fit.curve.middle, 1e-9);
    EXPECT_NEAR(again.curve.left / size, fit.curve.left, 1e-9);
    // The standard error of the log EC50 has no unit.
    EXPECT_NEAR(again.residual_variance() * again.covariance[0], fit.residual_variance() * fit.covariance[0], 1e-9);
  }
}

// Means with the numbers of their wells as weights are the wells.
TEST(Dose, AveragesAndReplicates) {
  const dose_means means = ryegrass.means();
  wells averages;
  std::vector<double> weight;
  for (std::size_t i = 0; i < means.size(); ++i) {
    averages.dose.push_back(std::exp(means.x[i]));
    averages.response.push_back(means.mean[i]);
    weight.push_back(means.weight[i]);
  }
  const curve_fit fit = fit_curve(ryegrass.means()),
                  again = fit_curve(means_by_dose(averages.dose, averages.response, weight));
  EXPECT_NEAR(again.curve.middle, fit.curve.middle, 1e-9);
  EXPECT_NEAR(again.curve.slope(), fit.curve.slope(), 1e-9);
  EXPECT_NEAR(again.squares + means.within, fit.squares, 1e-9);
  // By hand: two wells at 1 and 3 have mean 2 and squares 1 + 1 around it.
  const dose_means two = means_by_dose(std::vector<double>{5, 5}, std::vector<double>{1, 3});
  EXPECT_EQ(two.mean[0], 2);
  EXPECT_EQ(two.within, 2);
}

real naive_shape(curve_shape shape, real z) {
  switch (shape) {
    case curve_shape::weibull1: return std::exp(-std::exp(z));
    case curve_shape::weibull2: return 1 - std::exp(-std::exp(-z));
    default: return 1 / (1 + std::exp(z));
  }
}

// The least squares of a line in g, the ends being free: found by Cramer's rule.
struct naive_line {
  real squares, left, right;
};

naive_line naive_squares(const wells& w, curve_shape shape, real middle, real slope) {
  real n = 0, sg = 0, sgg = 0, sy = 0, sgy = 0;
  std::vector<real> g;
  for (std::size_t i = 0; i < w.dose.size(); ++i) {
    g.push_back(naive_shape(shape, slope * (std::log(real(w.dose[i])) - middle)));
    n += 1, sg += g[i], sgg += g[i] * g[i], sy += w.response[i], sgy += g[i] * w.response[i];
  }
  const real d = n * sgg - sg * sg, b = (n * sgy - sg * sy) / d, a = (sy - b * sg) / n;
  real sum = 0;
  for (std::size_t i = 0; i < g.size(); ++i)
    sum += (w.response[i] - a - b * g[i]) * (w.response[i] - a - b * g[i]);
  return {sum, a + b, a};
}

// No point of a dense grid within the bounds is below the fit, and at the fit the squares are the naive ones.
TEST(Dose, NoGridPointIsBelow) {
  std::mt19937 words(1);
  const auto uniform = [&] { return std::ldexp(static_cast<double>(words()), -32); };
  int away = 0, settled = 0;
  for (int set = 0; set < 60; ++set) {
    const curve_shape shape = static_cast<curve_shape>(set % 3);
    const double ec50 = 0.05 + 20 * uniform(), hill = 0.5 + 3 * uniform();
    const dose_curve truth{shape, std::log(ec50), std::log(hill), 90 + 20 * uniform(), 40 * uniform()};
    wells w;
    const double noise = set % 4 == 0 ? 30 : 6;
    for (const double d : {.01, .05, .2, 1., 5., 20., 100.})
      for (int k = 0; k < 3; ++k) {
        w.dose.push_back(d);
        w.response.push_back(truth.at(std::log(d)) + noise * (uniform() + uniform() + uniform() - 1.5));
      }
    curve_options options;
    options.shape = shape;
    const dose_means means = w.means();
    const auto [low, high] = std::minmax_element(means.mean.begin(), means.mean.end());
    const double range = *high - *low;
    const curve_fit fit = fit_curve(means, options);
    // Else at most one dose lies on the slope.
    const auto on_slope = [&](double x) { return std::fabs(x - fit.curve.middle) * fit.curve.slope() < 20; };
    EXPECT_TRUE(fit.settled || std::count_if(means.x.begin(), means.x.end(), on_slope) <= 1) << set;
    settled += fit.settled;
    const bool inside = !fit.at_bound[0] && !fit.at_bound[1] && !fit.at_bound[2] && !fit.at_bound[3];
    if (inside) {
      ++away;
      const real naive = naive_squares(w, shape, fit.curve.middle, fit.curve.slope()).squares;
      EXPECT_NEAR(fit.squares, static_cast<double>(naive), 1e-9 * fit.squares);
    }
    for (real middle = std::log(0.01L); middle < std::log(100.L); middle += 0.1L)
      for (real slope = 0.1L; slope < 30; slope *= 1.15L) {
        const naive_line line = naive_squares(w, shape, middle, slope);
        const real s = line.squares;
        const auto [below, above] = std::minmax(line.left, line.right);
        const bool within_bounds = below > *low - range && above < *high + range;
        if (within_bounds && s < fit.squares * (1 - 1e-9L))
          ADD_FAILURE() << "set " << set << ": " << static_cast<double>(s) << " at " << static_cast<double>(middle) << ", "
                        << static_cast<double>(slope) << " is below " << fit.squares;
      }
  }
  EXPECT_GT(away, 45);
  EXPECT_GT(settled, 55);
}

// Derivatives by hand: those of g, against differences.
TEST(Dose, SlopesOfShapes) {
  for (const curve_shape shape : {curve_shape::log_logistic, curve_shape::weibull1, curve_shape::weibull2})
    for (double z = -6; z <= 3; z += 0.37) {
      const real h = 1e-6L, difference = (naive_shape(shape, z + h) - naive_shape(shape, z - h)) / (2 * h);
      const her2mod::shape_value v = her2mod::evaluate_shape(shape, z);
      EXPECT_NEAR(v.g, static_cast<double>(naive_shape(shape, z)), 1e-15);
      EXPECT_NEAR(v.slope, static_cast<double>(difference), 1e-11);
      const real far = 1e-4L, above = naive_shape(shape, z + far), below = naive_shape(shape, z - far);
      const real bend = (above - 2 * naive_shape(shape, z) + below) / (far * far);
      EXPECT_NEAR(v.bend, static_cast<double>(bend), 1e-7);
      if (v.g > 1e-3 && v.g < 0.999) {
        EXPECT_NEAR(her2mod::shape_quantile(shape, v.g), z, 1e-11);
      }
    }
  for (const curve_shape shape : {curve_shape::log_logistic, curve_shape::weibull1, curve_shape::weibull2})
    for (const double z : {-her2mod::infinity, -1e6, 1e6, her2mod::infinity}) {
      EXPECT_EQ(her2mod::evaluate_shape(shape, z).g, z < 0 ? 1 : 0);
      EXPECT_EQ(her2mod::evaluate_shape(shape, z).slope, 0);
    }
}

TEST(Dose, BoundsAndFixedEnds) {
  curve_options options;
  options.right = {0, 0};
  options.slope = {1, 1};
  const curve_fit fit = fit_curve(ryegrass.means(), options);
  EXPECT_EQ(fit.parameters, 2u);
  EXPECT_EQ(fit.curve.right, 0);
  EXPECT_EQ(fit.curve.slope(), 1);
  EXPECT_FALSE(fit.at_bound[1] || fit.at_bound[3]);
  // A slope beyond the limits that are taken where none are given.
  for (const double far : {1e-3, 1e4}) {
    curve_options odd;
    odd.slope = {far, far};
    const curve_fit fixed = fit_curve(ryegrass.means(), odd);
    EXPECT_NEAR(fixed.curve.slope(), far, 1e-12 * far);
    EXPECT_FALSE(fixed.at_bound[1]);
    odd.slope = far < 1 ? her2mod::limits{0, far} : her2mod::limits{far, her2mod::infinity};
    const curve_fit held = fit_curve(ryegrass.means(), odd);
    EXPECT_NEAR(held.curve.slope(), far, 1e-9 * far);
    EXPECT_TRUE(held.at_bound[1]);
  }
  // A limit that the data would go beyond holds, and is told.
  curve_options limited;
  limited.right = {1, 5};
  const curve_fit held = fit_curve(ryegrass.means(), limited);
  EXPECT_EQ(held.curve.right, 1);
  EXPECT_TRUE(held.at_bound[3]);
  EXPECT_EQ(held.covariance[15], 0);
  EXPECT_GT(held.squares, fit_curve(ryegrass.means()).squares);
  // All of the fall between two doses: any steep slope does, and the middle lies between them.
  const wells step{{1, 2, 4, 8, 16, 32}, {100, 100, 100, 0, 0, 0}};
  const curve_fit steep = fit_curve(step.means());
  EXPECT_GT(steep.curve.slope(), 20);
  EXPECT_GT(steep.curve.middle, std::log(4));
  EXPECT_LT(steep.curve.middle, std::log(8));
  EXPECT_LT(steep.squares, 1e-6);
  // A step down between two doses fits best (110, the mean of two, then 76.25, that of four): nothing tells middle from slope,
  // and no standard error pretends to.
  const curve_fit jump = fit_curve(wells{{0, 1, 3, 10, 30, 100}, {100, 120, 60, 70, 65, 110}}.means());
  EXPECT_TRUE(std::isnan(jump.covariance[0]) && std::isnan(jump.covariance[5]));
}

// A well that says nothing of what is estimated: at dose 0, with the response there fixed. Its weight changes nothing. (With
// more than the fit takes: test_least_squares.cpp.)
TEST(Dose, WeightWhereNothingIsEstimated) {
  const std::vector<double> dose{0, .1, .3, 1, 3, 10, 30}, response{99, 97, 90, 72, 35, 14, 7};
  curve_options options;
  options.left = {100, 100};
  const curve_fit fit = fit_curve(means_by_dose(dose, response), options);
  const curve_fit heavy = fit_curve(means_by_dose(dose, response, std::vector<double>{1e5, 1, 1, 1, 1, 1, 1}), options);
  for (std::size_t j = 0; j < 16; ++j) {
    EXPECT_TRUE(std::isfinite(fit.covariance[j]));
    EXPECT_NEAR(heavy.covariance[j], fit.covariance[j], 1e-9);
  }
}

// Towards all of the weight on one dose the fit goes to the best curve through it, and settles all the way.
TEST(Dose, UnevenWeights) {
  const std::vector<double> dose{0, .1, .3, 1, 3, 10, 30}, response{99, 97, 90, 72, 35, 14, 7};
  double before = 0;
  for (const double k : {1e2, 1e4, 1e5, 9e5}) {
    const curve_fit fit = fit_curve(means_by_dose(dose, response, std::vector<double>{1, 1, 1, k, 1, 1, 1}));
    EXPECT_TRUE(fit.settled) << k;
    EXPECT_GE(fit.squares, before - 1e-9) << k;
    if (k > 1e3) {
      EXPECT_NEAR(fit.squares, before, k < 1e5 ? 0.1 : 1e-3) << k;
    }
    before = fit.squares;
  }
  EXPECT_THROW(fit_curve(means_by_dose(dose, response, std::vector<double>{1, 1, 1, 1e7, 1, 1, 1})), her2mod::input_error);
}

TEST(Dose, CurveThatDoesNotReachALevel) {
  const dose_curve curve{curve_shape::log_logistic, 1, 0, 100, 60};
  EXPECT_TRUE(std::isnan(curve.absolute(50)));
  EXPECT_TRUE(std::isnan(curve.absolute(101)));
  EXPECT_NEAR(curve.absolute(80), 1, 1e-15);
}

TEST(Dose, BadInput) {
  using numbers = std::vector<double>;
  EXPECT_THROW(means_by_dose(numbers{1, -1}, numbers{1, 2}), her2mod::input_error);
  EXPECT_THROW(means_by_dose(numbers{1, INFINITY}, numbers{1, 2}), her2mod::input_error);
  EXPECT_THROW(means_by_dose(numbers{1, NAN}, numbers{1, 2}), her2mod::input_error);
  EXPECT_THROW(means_by_dose(numbers{1, 2}, numbers{1, NAN}), her2mod::input_error);
  EXPECT_THROW(means_by_dose(numbers{1, 2}, numbers{1}), her2mod::input_error);
  EXPECT_THROW(means_by_dose(numbers{1}, numbers{1}, numbers{-1}), her2mod::input_error);
  const auto fit = [](const numbers& dose, const numbers& response, const curve_options& o = {}) {
    return fit_curve(means_by_dose(dose, response), o);
  };
  EXPECT_THROW(fit({}, {}), her2mod::data_error);
  EXPECT_THROW(fit({1, 1, 1}, {5, 6, 7}), her2mod::data_error);          // one dose
  EXPECT_THROW(fit({0, 1, 2}, {5, 6, 7}), her2mod::data_error);          // three for four parameters
  EXPECT_THROW(fit({1, 2, 3, 4}, {5, 5, 5, 5}), her2mod::data_error);    // flat
  curve_options crossed;
  crossed.left = {2, 1};
  EXPECT_THROW(fit({1, 2, 3, 4}, {5, 4, 3, 1}, crossed), her2mod::input_error);
  crossed = {};
  crossed.slope = {-1, -1};
  EXPECT_THROW(fit({1, 2, 3, 4}, {5, 4, 3, 1}, crossed), her2mod::input_error);
  for (const double far : {her2mod::infinity, -her2mod::infinity, 1e160}) {
    crossed = {};
    crossed.left = {far, far};
    EXPECT_THROW(fit({1, 2, 3, 4}, {5, 4, 3, 1}, crossed), her2mod::input_error);
  }
  crossed.left = {1e99, 1e99};
  EXPECT_THROW(fit({1, 2, 3, 4}, {5e-99, 4e-99, 3e-99, 1e-99}, crossed), her2mod::input_error);
  EXPECT_THROW(means_by_dose(numbers{1, 2}, numbers{1, 1e101}), her2mod::input_error);
  EXPECT_THROW(means_by_dose(numbers{1, 2}, numbers{1, 2}, numbers{1, 1e-310}), her2mod::input_error);
  // Neighbours whose logs are the same number.
  curve_options two;
  two.left = {100, 100};
  two.right = {0, 0};
  EXPECT_THROW(fit({1e300, std::nextafter(1e300, 1e301)}, {80, 20}, two), her2mod::data_error);
  // Negative responses are responses.
  EXPECT_TRUE(fit({.1, 1, 3, 10, 30}, {-1, -1.5, -5, -8.5, -9.1}).settled);
}

} // namespace
