// The smallest p-value of several quadratic forms of one normal vector: closed forms, integrals by Simpson's rule,
// brute force, and the largest of normal variables.

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/math/chi2_tail.hpp>
#include <her2mod/math/form_maximum.hpp>

namespace {

using her2mod::form_maximum_tail;
using her2mod::tail_probability;
using matrix = std::vector<std::vector<double>>;

// L L', row by row.
std::vector<double> covariance_of(const matrix& loadings) {
  std::vector<double> all;
  for (const auto& a : loadings)
    for (const auto& b : loadings) {
      double sum = 0;
      for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
      all.push_back(sum);
    }
  return all;
}

// Parts `first`, then t times them and sqrt(1 - t^2) times as many others.
matrix correlated_pair(std::size_t r, double t) {
  matrix all(2 * r, std::vector<double>(2 * r));
  for (std::size_t i = 0; i < r; ++i) {
    all[i][i] = 1;
    all[r + i][i] = t;
    all[r + i][r + i] = std::sqrt(1 - t * t);
  }
  return all;
}

template <class F>
double simpson(const F& f, double from, double to, int steps = 20000) {
  double sum = f(from) + f(to);
  for (int i = 1; i < steps; ++i) sum += (i % 2 == 1 ? 4 : 2) * f(from + (to - from) * i / steps);
  return sum * (to - from) / steps / 3;
}

void expect_close(const tail_probability& found, double truth) {
  EXPECT_NEAR(found.p, truth, 1.5 * found.error + 1e-13 * truth);
  EXPECT_LE(found.error, 3e-3 * found.p);
}

// 0.95 and 0.999999 quantiles: R 4.2.2, qchisq()
TEST(Chi2Tail, HasTheQuantilesOfTables) {
  EXPECT_NEAR(her2mod::chi2_upper(1, 3.8414588206941236), 0.05, 1e-15);
  EXPECT_NEAR(her2mod::chi2_upper(2, 5.9914645471079799), 0.05, 1e-15);
  EXPECT_NEAR(her2mod::chi2_upper(3, 7.8147279032511765), 0.05, 1e-15);
  EXPECT_NEAR(her2mod::chi2_upper(8, 15.507313055865454), 0.05, 1e-15);
  EXPECT_NEAR(her2mod::chi2_upper(15, 24.995790139728616), 0.05, 1e-15);
}

TEST(Chi2Tail, GoesOnFromWhatItMustExceed) {
  for (const int n : {1, 2, 3, 6, 9, 20})
    for (const double q : {0.01, 1.0, 8.0, 60.0, 700.0})
      for (const double y : {1e-8, 0.3, 4.0, 50.0}) {
        const double x = her2mod::chi2_beyond(n, q, y);
        EXPECT_GE(x, q);
        EXPECT_NEAR(std::log(her2mod::chi2_upper(n, x)), std::log(her2mod::chi2_upper(n, q) * her2mod::chi2_upper(n, y)),
                    1e-10 * (1 + x));
      }
}

TEST(FormMaximum, OfIndependentFormsIsExactWithinItsError) {
  for (const std::size_t r : {2u, 3u})
    for (const std::size_t m : {2u, 3u}) {
      matrix identity(r * m, std::vector<double>(r * m));
      for (std::size_t i = 0; i < r * m; ++i) identity[i][i] = 1.0 + static_cast<double>(i);
      for (const double a : {0.1, 1e-6, 1e-100}) {
        const auto found = form_maximum_tail(covariance_of(identity), m, a);
        expect_close(found, -std::expm1(static_cast<double>(m) * std::log1p(-a)));
        EXPECT_EQ(found.rank, static_cast<int>(r * m));
      }
    }
}

TEST(FormMaximum, OfFormsThatCoincideIsOne) {
  const matrix same{{1, 2, 0}, {0, 1, 1}, {3, 6, 0}, {0, 1, 1}, {1, 3, 1}, {-1, -1, 1}};
  const auto found = form_maximum_tail(covariance_of(same), 3, 0.037);
  EXPECT_EQ(found.p, 0.037);
  EXPECT_EQ(found.error, 0);
  EXPECT_EQ(found.rank, 2);
}

// Two vectors of two, of correlation t coordinate by coordinate: given the first, the second's square
// over 1 - t^2 is noncentral chi-squared, a Poisson mixture.
TEST(FormMaximum, OfTwoCorrelatedPairsIsTheIntegral) {
  for (const double t : {0.3, 0.8})
    for (const double a : {0.2, 0.01}) {
      const double q = -2 * std::log(a), rest = 1 - t * t;
      const auto below = [&](double lambda) {
        double sum = 0, weight = std::exp(-lambda / 2);
        for (int j = 0; j < 100; ++j) {
          sum += weight * (1 - her2mod::chi2_upper(2 + 2 * j, q / rest));
          weight *= lambda / 2 / (j + 1);
        }
        return sum;
      };
      const double both_below =
          simpson([&](double s) { return std::exp(-s / 2) / 2 * below(t * t * s / rest); }, 0, q, 200);
      expect_close(form_maximum_tail(covariance_of(correlated_pair(2, t)), 2, a), 1 - both_below);
    }
}

// One form within another: the larger exceeds its quantile, or else the smaller.
TEST(FormMaximum, OfDifferentRanksGoesByPValues) {
  const double a = 0.03, c = 2.170090377584560, q = -2 * std::log(a);  // c: R 4.2.2, qnorm(0.985)
  const auto density = [&](double x) {
    return std::exp(-x * x / 2) / std::sqrt(2 * std::acos(-1.0)) * std::erf(std::sqrt((q - x * x) / 2));
  };
  const double x_end = std::sqrt(q) * (1 - 1e-12);
  const double truth = a + 2 * simpson(density, c, x_end, 400000);
  const auto found = form_maximum_tail(covariance_of({{1, 0}, {0, 0}, {1, 0}, {0, 1}}), 2, a);
  expect_close(found, truth);
  EXPECT_EQ(found.rank, 2);
}

TEST(FormMaximum, OfOneDimensionEachIsThatOfNormalVariables) {
  const std::vector<double> four{1,   0.5, 0.3,  0.8, 0.5, 1,   0.6,  0.7,
                                 0.3, 0.6, 1,    0.65, 0.8, 0.7, 0.65, 1};
  for (const double c : {0.5, 3.0}) {
    const double a = std::erfc(c / std::sqrt(2.0));
    const auto lines = her2mod::normal_maximum_tail(four, c, her2mod::alternative::two_sided);
    const auto found = form_maximum_tail(four, 4, a);
    EXPECT_NEAR(found.p, lines.p, 1e-7 * lines.p);
    EXPECT_EQ(found.rank, lines.rank);
    // A second coordinate that says nothing, and one that repeats.
    std::vector<double> wide(64);
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t j = 0; j < 4; ++j) {
        wide[2 * i * 8 + 2 * j] = four[i * 4 + j];
        wide[2 * i * 8 + 2 * j + 1] = wide[(2 * i + 1) * 8 + 2 * j] = 3 * four[i * 4 + j];
        wide[(2 * i + 1) * 8 + 2 * j + 1] = 9 * four[i * 4 + j];
      }
    EXPECT_NEAR(form_maximum_tail(wide, 4, a).p, lines.p, 1e-7 * lines.p);
  }
}

// As MaxCombo's: weights 1, 1 - s, s, s (1 - s), the first the sum of the next two.
matrix combo_loadings(std::size_t coordinates, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  constexpr std::size_t times = 12;
  matrix all(4 * coordinates, std::vector<double>(coordinates * times));
  for (std::size_t j = 0; j < times; ++j) {
    const double s = 1 - static_cast<double>(j) / times;
    const double weight[] = {1, 1 - s, s, s * (1 - s)};
    matrix shape(coordinates, std::vector<double>(coordinates));
    for (auto& row : shape)
      for (double& x : row) x = normal(random);
    for (std::size_t w = 0; w < 4; ++w)
      for (std::size_t g = 0; g < coordinates; ++g)
        for (std::size_t i = 0; i < coordinates; ++i)
          all[w * coordinates + g][j * coordinates + i] = weight[w] * shape[g][i];
  }
  return all;
}

// Q of two coordinates, by the inverse of their covariance.
double form_of_two(double x, double y, double xx, double xy, double yy) {
  return (x * x * yy - 2 * x * y * xy + y * y * xx) / (xx * yy - xy * xy);
}

TEST(FormMaximum, AgreesWithBruteForce) {
  std::mt19937_64 random(20261130);
  std::normal_distribution<double> normal;
  const matrix loadings = combo_loadings(2, random);
  const std::vector<double> all = covariance_of(loadings);
  const auto at = [&](std::size_t i, std::size_t j) { return all[i * 8 + j]; };
  constexpr int n = 100000;
  const double a = 0.04, q = -2 * std::log(a);
  int beyond = 0;
  for (int repeat = 0; repeat < n; ++repeat) {
    std::vector<double> x(loadings[0].size()), z;
    for (double& one : x) one = normal(random);
    for (const auto& row : loadings) {
      double sum = 0;
      for (std::size_t i = 0; i < x.size(); ++i) sum += row[i] * x[i];
      z.push_back(sum);
    }
    double most = 0;
    for (std::size_t w = 0; w < 8; w += 2)
      most = std::max(most, form_of_two(z[w], z[w + 1], at(w, w), at(w, w + 1), at(w + 1, w + 1)));
    beyond += most >= q;
  }
  const auto found = form_maximum_tail(all, 4, a);
  EXPECT_NEAR(found.p, double(beyond) / n, 4 * std::sqrt(found.p * (1 - found.p) / n) + found.error);
  EXPECT_EQ(found.rank, 6);
}

TEST(FormMaximum, LiesBetweenOneFormAndTheSum) {
  std::mt19937_64 random(3);
  for (const std::size_t coordinates : {2u, 3u}) {
    const auto all = covariance_of(combo_loadings(coordinates, random));
    double before = 0;
    for (const double a : {0.0, 1e-305, 1e-280, 1e-4, 0.9, 1.0}) {
      const auto found = form_maximum_tail(all, 4, a);
      EXPECT_GE(found.p, a);
      EXPECT_LE(found.p, 4 * a);
      EXPECT_GE(found.p, before);
      before = found.p;
    }
    EXPECT_EQ(before, 1);
  }
}

// Other units, and another group left out, say the same.
TEST(FormMaximum, DoesNotDependOnCoordinates) {
  std::mt19937_64 random(4);
  matrix loadings = combo_loadings(2, random);
  const double p = form_maximum_tail(covariance_of(loadings), 4, 0.02).p;
  for (std::size_t w = 0; w < 4; ++w)
    for (std::size_t i = 0; i < loadings[0].size(); ++i) {
      const double sum = loadings[2 * w][i] + loadings[2 * w + 1][i];
      loadings[2 * w][i] = -std::pow(1000.0, double(w)) * sum;
      loadings[2 * w + 1][i] *= std::pow(1000.0, double(w));
    }
  EXPECT_NEAR(form_maximum_tail(covariance_of(loadings), 4, 0.02).p, p, 2e-3 * p);
}

TEST(FormMaximum, LeavesOutWhatHasNoVariance) {
  const matrix loadings{{1, 0}, {0, 1}, {0, 0}, {0, 0}};
  const auto found = form_maximum_tail(covariance_of(loadings), 2, 0.2);
  EXPECT_EQ(found.p, 0.2);
  EXPECT_TRUE(std::isnan(form_maximum_tail(std::vector<double>(16), 2, 0.2).p));
  EXPECT_TRUE(std::isnan(form_maximum_tail({1}, 1, std::nan("")).p));
}

TEST(FormMaximum, RefusesWhatIsNoCovarianceOfParts) {
  EXPECT_THROW(form_maximum_tail({1, 0, 0, 1}, 0, 0.1), her2mod::input_error);
  EXPECT_THROW(form_maximum_tail({1, 0, 0, 1}, 3, 0.1), her2mod::input_error);
  EXPECT_THROW(form_maximum_tail({1, 0, 0}, 1, 0.1), her2mod::input_error);
  EXPECT_THROW(form_maximum_tail({1, std::nan(""), 0, 1}, 2, 0.1), her2mod::input_error);
}

}  // namespace
