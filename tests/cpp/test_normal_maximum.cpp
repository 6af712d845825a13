// P(max |Z_k| > c) and its one-sided kin: closed forms, brute force, mvtnorm 1.1-3
// (tests/reference/normal_maximum_mvtnorm.R), and MaxCombo's singular matrices.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/math/normal_maximum.hpp>
#include <her2mod/math/tails.hpp>

namespace {

using her2mod::alternative;
using her2mod::normal_maximum_tail;
using her2mod::tail_probability;
using matrix = std::vector<double>;

const matrix three{1, 0.5, 0.3, 0.5, 1, 0.6, 0.3, 0.6, 1};
const matrix four{1, 0.5, 0.3, 0.8, 0.5, 1, 0.6, 0.7, 0.3, 0.6, 1, 0.65, 0.8, 0.7, 0.65, 1};

double upper(double z) { return std::erfc(z / std::sqrt(2.0)) / 2; }

matrix equicorrelated(int n, double rho) {
  matrix all(static_cast<std::size_t>(n * n), rho);
  for (int i = 0; i < n; ++i) all[static_cast<std::size_t>(i * n + i)] = 1;
  return all;
}

// Of sums of independent components, so of any rank.
matrix of_loadings(std::vector<std::vector<double>> rows) {
  matrix all;
  for (auto& row : rows) {
    double length = 0;
    for (const double x : row) length += x * x;
    for (double& x : row) x /= std::sqrt(length);
  }
  for (const auto& a : rows)
    for (const auto& b : rows) {
      double product = 0;
      for (std::size_t i = 0; i < a.size(); ++i) product += a[i] * b[i];
      all.push_back(&a == &b ? 1.0 : product);
    }
  return all;
}

void expect_relative(const tail_probability& found, double truth, double close) {
  EXPECT_NEAR(found.p / truth, 1.0, close) << "p " << found.p << ", truth " << truth;
  EXPECT_LE(std::fabs(found.p - truth), 1.01 * found.error + 4e-15 + 1e-13 * truth);
}

TEST(NormalMaximum, IsExactOfIndependentComponents) {
  for (const int n : {2, 3, 4})
    for (const double c : {0.1, 1.0, 2.5, 5.0, 7.1, 12.0}) {
      const tail_probability both =
          normal_maximum_tail(equicorrelated(n, 0), c, alternative::two_sided);
      expect_relative(both, -std::expm1(n * std::log1p(-2 * upper(c))), n == 4 ? 1e-7 : 1e-12);
      const tail_probability one =
          normal_maximum_tail(equicorrelated(n, 0), c, alternative::greater);
      expect_relative(one, -std::expm1(n * std::log1p(-upper(c))), n == 4 ? 1e-7 : 1e-12);
      EXPECT_EQ(both.rank, n);
    }
}

TEST(NormalMaximum, HasTheOrthantProbabilities) {
  // n components with correlation 1/2 are below 0 together with probability 1 / (n + 1).
  for (const int n : {2, 3, 4, 5, 7}) {
    const tail_probability p = normal_maximum_tail(equicorrelated(n, 0.5), 0, alternative::greater);
    expect_relative(p, 1 - 1.0 / (n + 1), n < 4 ? 1e-13 : n == 4 ? 1e-8 : 2e-3);
  }
  const double pi = std::acos(-1.0);
  expect_relative(normal_maximum_tail(three, 0, alternative::greater),
                  7.0 / 8 - (std::asin(0.5) + std::asin(0.3) + std::asin(0.6)) / (4 * pi), 1e-13);
}

TEST(NormalMaximum, AgreesWithMvtnorm) {
  const auto greater = alternative::greater;
  expect_relative(normal_maximum_tail(three, -1, greater), 0.96947362691759, 1e-13);
  expect_relative(normal_maximum_tail(three, 0.5, greater), 0.54817008759009, 1e-13);
  expect_relative(normal_maximum_tail(three, 2, greater), 0.057745574037072, 1e-13);
  expect_relative(normal_maximum_tail(four, -1, greater), 0.970733130491, 1e-8);
  expect_relative(normal_maximum_tail(four, 0.5, greater), 0.562374517955, 1e-8);
  expect_relative(normal_maximum_tail(four, 2, greater), 0.064047766776, 1e-8);
  expect_relative(normal_maximum_tail(four, 0.5, alternative::two_sided), 0.944352251635, 1e-8);
  expect_relative(normal_maximum_tail(four, 2, alternative::two_sided), 0.127983552761, 1e-8);
}

// Two components by the definition: P(|X| > c or |r X + s Y| > c) as an integral over X, Simpson's
// rule on each side of the kinks.
double naive_two(double rho, double c) {
  const long double s = std::sqrt(1.0L - rho * rho);
  const auto density = [&](long double x) {
    const long double outside = std::erfc((c - rho * x) / s / std::sqrt(2.0L)) / 2 +
                                std::erfc((c + rho * x) / s / std::sqrt(2.0L)) / 2;
    return std::exp(-x * x / 2) / std::sqrt(2 * std::acos(-1.0L)) * outside;
  };
  const int n = 200000;
  long double sum = 0;
  for (int i = 0; i <= n; ++i)
    sum += density(-c + 2 * c * i / static_cast<long double>(n)) * (i == 0 || i == n ? 1
                                                                    : i % 2          ? 4
                                                                                     : 2);
  return static_cast<double>(sum * 2 * c / n / 3 + std::erfc(c / std::sqrt(2.0L)));
}

TEST(NormalMaximum, IsTheIntegralOverOneOfTwo) {
  for (const double rho : {-0.9, 0.2, 0.7, 0.99, 0.9999})
    for (const double c : {0.3, 2.0, 7.0})
      expect_relative(normal_maximum_tail({1, rho, rho, 1}, c, alternative::two_sided),
                      naive_two(rho, c), 1e-11);
}

// Singular matrices: three components of the plane, of which the angle and the length of X decide:
// P = mean over the angle of exp(-c^2 / (2 m^2)), m the largest |cosine|.
TEST(NormalMaximum, TakesThreeComponentsOfAPlane) {
  const std::vector<double> angles{0, 0.4, 1.3};
  std::vector<std::vector<double>> rows;
  for (const double a : angles) rows.push_back({std::cos(a), std::sin(a)});
  for (const double c : {0.5, 2.0, 7.0}) {
    long double sum = 0;
    const int n = 1000000;
    for (int i = 0; i < n; ++i) {
      const double t = 2 * std::acos(-1.0) * (i + 0.5) / n;
      double m = 0;
      for (const double a : angles) m = std::max(m, std::fabs(std::cos(t - a)));
      sum += std::exp(-c * c / (2 * m * m));
    }
    const tail_probability p = normal_maximum_tail(of_loadings(rows), c, alternative::two_sided);
    EXPECT_EQ(p.rank, 2);
    EXPECT_NEAR(p.p / static_cast<double>(sum / n), 1.0, 1e-9);
  }
}

// Rank 3, 4 and 6, with more components than that: 400,000 draws.
TEST(NormalMaximum, AgreesWithDrawsOfSingularVectors) {
  std::mt19937_64 generator(7);
  const auto uniform = [&] { return (static_cast<double>(generator() >> 11) + 0.5) * 0x1p-53; };
  const auto normal = [&] {
    return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * std::acos(-1.0) * uniform());
  };
  for (const std::size_t rank : {std::size_t{3}, std::size_t{4}, std::size_t{6}}) {
    std::vector<std::vector<double>> rows(rank + 1, std::vector<double>(rank));
    for (auto& row : rows)
      for (double& x : row) x = normal() + 1;
    const matrix correlation = of_loadings(rows);
    for (auto& row : rows) {
      double length = 0;
      for (const double x : row) length += x * x;
      for (double& x : row) x /= std::sqrt(length);
    }
    const double c = 2, low = -0.4;
    const int draws = 400000;
    std::array<int, 3> beyond{};
    std::vector<double> x(rank);
    for (int i = 0; i < draws; ++i) {
      for (double& value : x) value = normal();
      double most = -100, both = 0, least = 100;
      for (const auto& row : rows) {
        double z = 0;
        for (std::size_t j = 0; j < rank; ++j) z += row[j] * x[j];
        most = std::max(most, z);
        both = std::max(both, std::fabs(z));
        least = std::min(least, z);
      }
      beyond[0] += both > c;
      beyond[1] += most > low;
      beyond[2] += least < -c;
    }
    const std::array<tail_probability, 3> found{
        normal_maximum_tail(correlation, c, alternative::two_sided),
        normal_maximum_tail(correlation, low, alternative::greater),
        normal_maximum_tail(correlation, -c, alternative::less)};
    for (std::size_t i = 0; i < 3; ++i) {
      const double share = double(beyond[i]) / draws;
      EXPECT_NEAR(found[i].p, share, 4.5 * std::sqrt(share * (1 - share) / draws) + found[i].error);
      EXPECT_EQ(found[i].rank, static_cast<int>(rank));
    }
  }
}

// Weighted log-rank statistics S(t-)^rho (1 - S(t-))^gamma of two groups, straight from the
// definition: z, and their correlation.
struct maxcombo {
  double statistic;
  matrix correlation;
};

maxcombo naive_maxcombo(const std::vector<double>& time, const std::vector<int>& event,
                        const std::vector<int>& group) {
  constexpr std::array<std::array<int, 2>, 4> powers{{{0, 0}, {0, 1}, {1, 0}, {1, 1}}};
  std::vector<double> times = time;
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  std::array<double, 4> u{};
  std::array<std::array<double, 4>, 4> v{};
  double survival = 1;
  for (const double t : times) {
    double n = 0, n1 = 0, d = 0, d1 = 0;
    for (std::size_t i = 0; i < time.size(); ++i) {
      n += time[i] >= t;
      n1 += time[i] >= t && group[i] == 1;
      d += time[i] == t && event[i];
      d1 += time[i] == t && event[i] && group[i] == 1;
    }
    std::array<double, 4> w{};
    for (std::size_t k = 0; k < 4; ++k)
      w[k] = std::pow(survival, powers[k][0]) * std::pow(1 - survival, powers[k][1]);
    const double variance = n > 1 ? d * n1 / n * (1 - n1 / n) * (n - d) / (n - 1) : 0;
    for (std::size_t k = 0; k < 4; ++k) {
      u[k] += w[k] * (d1 - d * n1 / n);
      for (std::size_t l = 0; l < 4; ++l) v[k][l] += w[k] * w[l] * variance;
    }
    survival *= 1 - d / n;
  }
  maxcombo out{0, {}};
  for (std::size_t k = 0; k < 4; ++k) {
    out.statistic = std::max(out.statistic, std::fabs(u[k]) / std::sqrt(v[k][k]));
    for (std::size_t l = 0; l < 4; ++l)
      out.correlation.push_back(v[k][l] / std::sqrt(v[k][k] * v[l][l]));
  }
  return out;
}

// Freireich's leukaemia data (6-mercaptopurine, then placebo). The p-value was found apart from
// this code by Gauss-Legendre quadrature of the rank-3 normal distribution, and 4e7 draws gave
// 1.1098e-4 (standard error 1.7e-6).
TEST(NormalMaximum, GivesThePOfMaxComboOnFreireichsData) {
  const std::vector<double> time{6,  6,  6,  7,  10, 13, 16, 22, 23, 6,  9,  10, 11, 17,
                                 19, 20, 25, 32, 32, 34, 35, 1,  1,  2,  2,  3,  4,  4,
                                 5,  5,  8,  8,  8,  8,  11, 11, 12, 12, 15, 17, 22, 23};
  std::vector<int> event(42, 1), group(42, 0);
  std::fill(event.begin() + 9, event.begin() + 21, 0);
  std::fill(group.begin() + 21, group.end(), 1);
  const maxcombo test = naive_maxcombo(time, event, group);
  EXPECT_NEAR(test.statistic, 4.09791910477, 1e-10);
  const tail_probability p =
      normal_maximum_tail(test.correlation, test.statistic, alternative::two_sided);
  EXPECT_EQ(p.rank, 3);
  EXPECT_NEAR(p.p, 1.0986707e-4, 1e-11);
  EXPECT_LT(p.error, 1e-12 * p.p);
}

TEST(NormalMaximum, TakesEdges) {
  const auto both = alternative::two_sided;
  EXPECT_EQ(normal_maximum_tail({1}, 1.96, both).p, 2 * her2mod::normal_upper(1.96));
  EXPECT_EQ(normal_maximum_tail({1}, 1.96, alternative::greater).p, her2mod::normal_upper(1.96));
  EXPECT_EQ(normal_maximum_tail({1}, -1.96, alternative::greater).p,
            1 - her2mod::normal_upper(1.96));
  EXPECT_EQ(normal_maximum_tail({1}, -1.96, alternative::less).p, her2mod::normal_upper(1.96));
  // Repeated and opposite components.
  const double p = normal_maximum_tail({1}, 1.5, both).p;
  EXPECT_DOUBLE_EQ(normal_maximum_tail({1, 1, 1, 1}, 1.5, both).p, p);
  EXPECT_DOUBLE_EQ(normal_maximum_tail({1, -1, -1, 1}, 1.5, both).p, p);
  EXPECT_DOUBLE_EQ(normal_maximum_tail({1, -1, -1, 1}, 1.5, alternative::greater).p, p);
  EXPECT_EQ(normal_maximum_tail({1, -1, -1, 1}, -0.1, alternative::greater).p, 1.0);
  EXPECT_EQ(normal_maximum_tail(three, 0, both).p, 1.0);
  EXPECT_EQ(normal_maximum_tail(three, -3, both).p, 1.0);
  EXPECT_EQ(normal_maximum_tail(three, her2mod::infinity, both).p, 0.0);
  EXPECT_EQ(normal_maximum_tail(three, -her2mod::infinity, alternative::greater).p, 1.0);
  EXPECT_TRUE(std::isnan(normal_maximum_tail(three, her2mod::not_a_number, both).p));
  // A matrix with a component that is nearly another one has nearly the p without it.
  const double rho = 1 - 1e-10;
  EXPECT_NEAR(normal_maximum_tail({1, rho, 0.5, rho, 1, 0.5, 0.5, 0.5, 1}, 3, both).p /
                  normal_maximum_tail({1, 0.5, 0.5, 1}, 3, both).p,
              1.0, 1e-4);
}

TEST(NormalMaximum, RefusesWhatIsNoCorrelationMatrix) {
  const auto both = alternative::two_sided;
  EXPECT_THROW(normal_maximum_tail({}, 1, both), her2mod::input_error);
  EXPECT_THROW(normal_maximum_tail({1, 0.5}, 1, both), her2mod::input_error);
  EXPECT_THROW(normal_maximum_tail({1, 0.5, 0.4, 1}, 1, both), her2mod::input_error);
  EXPECT_THROW(normal_maximum_tail({2, 0.5, 0.5, 2}, 1, both), her2mod::input_error);
  EXPECT_THROW(normal_maximum_tail({1, 1.2, 1.2, 1}, 1, both), her2mod::input_error);
  EXPECT_THROW(normal_maximum_tail({1, her2mod::not_a_number, her2mod::not_a_number, 1}, 1, both),
               her2mod::input_error);
}

}  // namespace
