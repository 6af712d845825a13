// infer/bootstrap_p.hpp: each p-value against the interval that it inverts, and by hand.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include <her2mod/infer/bootstrap_p.hpp>

#include "naive_bootstrap.hpp"

namespace {

using her2mod::alternative;
using her2mod::interval;
using her2mod::replicate_quantile;
using her2mod::tail_shares;
using naive::real;
using replicates = std::vector<double>;

const double inf = her2mod::infinity;
constexpr alternative sides[] = {alternative::two_sided, alternative::less, alternative::greater};

replicates one_to(int r) {
  replicates values;
  for (int i = 1; i <= r; ++i) values.push_back(i);
  return values;
}

// Sums of `terms` uniforms, rounded to multiples of 1/`steps` when there are steps.
replicates random_values(std::size_t r, unsigned seed, int terms = 6, double steps = 0) {
  std::mt19937 generator(seed);
  replicates values(r, -terms / 2.0);
  for (double& v : values) {
    for (int i = 0; i < terms; ++i) v += static_cast<double>(generator()) / 4294967296.0;
    if (steps > 0) v = std::round(v * steps) / steps;
  }
  std::sort(values.begin(), values.end());
  return values;
}

const std::vector<replicates> sets{
    one_to(1),
    one_to(2),
    {2, 2, 2},
    {0, 0, 1, 1, 1, 3},
    one_to(9),
    {-inf, -inf, 0, 1, inf},
    {-inf, 0, 0.5, inf, inf, inf},
    {inf, inf},
    {-inf, inf},
    // One value with three roundings, and one apart from it.
    {0.3, 0.3, 0.1 + 0.2, 0.3 + 2e-16, 0.3 + 2e-16, 0.7},
    random_values(19, 1),
    random_values(39, 2, 6, 4),
    random_values(99, 3),
    random_values(199, 4, 2, 10),
};

// Null values at the finite values of a set, one rounding beside them, between and beyond them.
std::vector<double> nulls_around(const replicates& sorted) {
  std::vector<double> values;
  for (const double v : sorted)
    if (std::isfinite(v) && (values.empty() || v != values.back())) values.push_back(v);
  if (values.empty()) return {0.0};
  std::vector<double> nulls{values.front() - 1, values.back() + 1};
  const std::size_t step = values.size() / 12 + 1;
  for (std::size_t i = 0; i < values.size(); i += step) {
    nulls.push_back(values[i]);
    nulls.push_back(std::nextafter(values[i], inf));
    nulls.push_back(std::nextafter(values[i], -inf));
    if (i + 1 < values.size()) {
      const double gap = values[i + 1] - values[i];
      for (const double share : {1e-9, 0.13, 0.5, 0.9}) nulls.push_back(values[i] + share * gap);
    }
  }
  return nulls;
}

const std::vector<double> alphas = [] {
  std::vector<double> all{0.001, 0.002, 0.0041, 0.0073, 0.01, 0.013, 0.02, 0.0333, 0.05, 0.072};
  for (int i = 4; i <= 24; ++i) all.push_back(i / 40.0);
  return all;
}();

// The grid, and on both sides of p.
std::vector<double> alphas_around(double p) {
  std::vector<double> all = alphas;
  all.push_back(p - 1e-6);
  if (p + 1e-6 < 1) all.push_back(p + 1e-6);
  return all;
}

// The interval of level 1 - alpha, given ends(tail).
template <class Ends>
bool excludes(const Ends& ends, double alpha, alternative side, double null) {
  const interval ci =
      her2mod::open_ends(ends(her2mod::tail_error(1 - alpha, side)), side, -inf, inf);
  return ci.low > null || ci.high < null;
}

// p < alpha exactly when the interval excludes the null value, for every alpha above p's floor.
template <class Ends>
void expect_duality(double p, const Ends& ends, alternative side, double null, double floor) {
  ASSERT_GE(p, floor);
  ASSERT_LE(p, 1.0);
  for (const double alpha : alphas_around(p)) {
    if (alpha <= floor || std::fabs(alpha - p) < 1e-9) continue;
    ASSERT_EQ(p < alpha, excludes(ends, alpha, side, null))
        << "p = " << p << ", alpha = " << alpha << ", null = " << null << ", side "
        << static_cast<int>(side);
  }
}

double floor_of(const replicates& sorted, alternative side) {
  const double one = 1 / (static_cast<double>(sorted.size()) + 1);
  return side == alternative::two_sided ? 2 * one : one;
}

// use(set, null, side) for each set, null values around `centre(v)` of its values v, and side.
template <class Shift, class Use>
void for_each_null(const Shift& shift, const Use& use) {
  for (const replicates& sorted : sets) {
    replicates shifted;
    for (const double v : sorted) shifted.push_back(shift(v));
    std::sort(shifted.begin(), shifted.end());
    for (const double null : nulls_around(shifted))
      for (const alternative side : sides) {
        use(sorted, null, side);
        if (testing::Test::HasFatalFailure()) return;
      }
  }
}

interval percentile(const replicates& sorted, double tail) {
  return {replicate_quantile(sorted, tail), replicate_quantile(sorted, 1 - tail)};
}

TEST(PercentileP, IsBelowAlphaWhereTheIntervalExcludesTheNull) {
  for_each_null([](double v) { return v; },
                [](const replicates& sorted, double null, alternative side) {
                  expect_duality(
                      her2mod::percentile_p_value(sorted, null, side),
                      [&](double tail) { return percentile(sorted, tail); }, side, null,
                      floor_of(sorted, side));
                });
}

TEST(BasicP, IsBelowAlphaWhereTheIntervalExcludesTheNull) {
  for (const double estimate : {0.0, 0.35, -1.7})
    for_each_null([&](double v) { return 2 * estimate - v; },
                  [&](const replicates& sorted, double null, alternative side) {
                    const auto ends = [&](double tail) -> interval {
                      const interval q = percentile(sorted, tail);
                      return {2 * estimate - q.high, 2 * estimate - q.low};
                    };
                    expect_duality(her2mod::basic_p_value(sorted, estimate, null, side), ends, side,
                                   null, floor_of(sorted, side));
                  });
}

TEST(StudentizedP, IsBelowAlphaWhereTheIntervalExcludesTheNull) {
  const double estimate = 0.35;
  for (const double error : {0.1, 1.0, 3.3})
    for_each_null([&](double v) { return estimate - error * v; },
                  [&](const replicates& sorted, double null, alternative side) {
                    const auto ends = [&](double tail) -> interval {
                      const interval q = percentile(sorted, tail);
                      return {estimate - error * q.high, estimate - error * q.low};
                    };
                    expect_duality(
                        her2mod::studentized_p_value(sorted, estimate, error, null, side), ends,
                        side, null, floor_of(sorted, side));
                  });
}

TEST(NormP, IsBelowAlphaWhereTheIntervalExcludesTheNull) {
  for (const double sd : {0.0, 0.2, 1.0})
    for (const double mean : {0.3, 0.45})
      for (double null = -1.5; null < 1.6; null += 0.125)
        for (const alternative side : sides) {
          const double estimate = 0.4;
          const auto ends = [&](double tail) -> interval {
            const double half = her2mod::normal_critical(tail) * sd;
            return {2 * estimate - mean - half, 2 * estimate - mean + half};
          };
          expect_duality(her2mod::norm_p_value(estimate, mean, sd, null, side), ends, side, null,
                         0);
          ASSERT_FALSE(HasFatalFailure());
        }
}

TEST(NormP, OfAnIntervalOfOnePoint) {
  for (const alternative side : sides)
    EXPECT_EQ(her2mod::norm_p_value(0.5, 0.5, 0, 0.5, side), 1.0);
  EXPECT_EQ(her2mod::norm_p_value(0.5, 0.5, 0, 0.25, alternative::two_sided), 0.0);
  EXPECT_EQ(her2mod::norm_p_value(0.5, 0.5, 0, 0.25, alternative::greater), 0.0);
  EXPECT_EQ(her2mod::norm_p_value(0.5, 0.5, 0, 0.25, alternative::less), 1.0);
}

// --- BCa

bool falls_back(const her2mod::bca_tails& t) { return std::isnan(t.below) || std::isnan(t.above); }

// The tails as bca_interval() of R/boot-intervals.R takes them: both plain where one is none.
her2mod::bca_tails tails_used(double mid_share, double a, double tail) {
  const auto t = her2mod::adjusted_tails(mid_share, a, tail);
  return falls_back(t) ? her2mod::bca_tails{tail, tail} : t;
}

struct adjustment {
  double mid_share, a;
};

// expect_duality(), but for the alphas at which the intervals are not nested: where one is BCa's
// and the one that decides p is the percentile's, or the other way round. Counts those alphas.
template <class Ends>
int expect_bca_duality(double p, const Ends& ends, adjustment by, alternative side, double null,
                       double floor) {
  const auto percentile_at = [&](double alpha) {
    return falls_back(
        her2mod::adjusted_tails(by.mid_share, by.a, her2mod::tail_error(1 - alpha, side)));
  };
  int crossed = 0;
  for (const double alpha : alphas_around(p)) {
    if (alpha <= floor || std::fabs(alpha - p) < 1e-9) continue;
    const bool excluded = excludes(ends, alpha, side, null);
    if ((p < alpha) != excluded && excluded && percentile_at(alpha) != percentile_at(p - 1e-9))
      ++crossed;
    else
      EXPECT_EQ(p < alpha, excluded)
          << "p = " << p << ", alpha = " << alpha << ", null = " << null << ", side "
          << static_cast<int>(side) << ", share " << by.mid_share << ", a = " << by.a;
  }
  return crossed;
}

const std::vector<adjustment> adjustments = [] {
  std::vector<adjustment> all;
  for (const double share : {0.0, 0.03, 0.3, 0.5, 0.52, 0.88, 1.0})
    for (const double a : {-0.6, -0.2, -0.03, 0.0, 0.08, 0.3, 0.6}) all.push_back({share, a});
  return all;
}();

TEST(BcaP, IsBelowAlphaWhereTheIntervalExcludesTheNull) {
  int crossed = 0, crossed_by_little = 0;
  for (const adjustment& by : adjustments) {
    const auto use = [&](const replicates& sorted, double null, alternative side) {
      const double p = her2mod::bca_p_value(sorted, null, by.mid_share, by.a, side);
      ASSERT_LE(p, 1.0);
      ASSERT_GE(p, floor_of(sorted, side));
      const auto ends = [&](double tail) -> interval {
        const auto t = tails_used(by.mid_share, by.a, tail);
        return {replicate_quantile(sorted, t.below), replicate_quantile(sorted, 1 - t.above)};
      };
      const int found = expect_bca_duality(p, ends, by, side, null, floor_of(sorted, side));
      (std::fabs(by.a) < 0.1 ? crossed_by_little : crossed) += found;
      ASSERT_FALSE(HasFailure());
    };
    for (const std::size_t i : {0u, 3u, 4u, 5u, 9u, 10u, 11u}) {
      const std::vector<double> nulls = nulls_around(sets[i]);
      for (std::size_t k = 0; k < nulls.size(); k += 2)
        for (const alternative side : sides) use(sets[i], nulls[k], side);
      ASSERT_FALSE(HasFailure());
    }
  }
  EXPECT_EQ(crossed_by_little, 0);
  EXPECT_GT(crossed, 0);  // they exist
}

TEST(BcaP, IsThePercentilePWithoutBiasAndAcceleration) {
  const replicates& sorted = sets[12];
  for (const double null : nulls_around(sorted))
    for (const alternative side : sides) {
      const double plain = her2mod::percentile_p_value(sorted, null, side);
      EXPECT_NEAR(her2mod::bca_p_value(sorted, null, 0.5, 0, side), plain, 1e-14);
      EXPECT_EQ(her2mod::bca_p_value(sorted, null, 0, 0.1, side), plain);  // z0 infinite
      EXPECT_EQ(her2mod::bca_p_value(sorted, null, 1, 0.1, side), plain);
    }
}

TEST(BcaP, FollowsEfronsFormula) {
  // The root in z of Phi(z0 + (z0 + z) / (1 - a (z0 + z))) = share, z = Phi^-1(tail).
  const auto phi = [](real z) { return std::erfc(-z / std::sqrt(2.0L)) / 2; };
  const auto quantile = [&](real p) {
    return naive::bisect([&](real z) { return phi(z) - p; }, -20, 20);
  };
  for (const double mid_share : {0.4, 0.5, 0.61})
    for (const double a : {-0.05, 0.0, 0.11})
      for (const double share : {0.004, 0.03, 0.2}) {
        const real z0 = quantile(mid_share), aim = quantile(share);
        const real z =
            naive::bisect([&](real w) { return z0 + (z0 + w) / (1 - a * (z0 + w)) - aim; }, -6, 6);
        const tail_shares t{share, 1 - share};
        EXPECT_NEAR(her2mod::bca_p_value(t, mid_share, a, alternative::greater),
                    static_cast<double>(phi(z)), 1e-14);
        // T* and -T* are one question.
        EXPECT_EQ(her2mod::bca_p_value(t, mid_share, a, alternative::greater),
                  her2mod::bca_p_value(her2mod::mirrored(t), 1 - mid_share, -a, alternative::less));
      }
}

// --- by hand

TEST(PercentileP, IsAWholeRankAtAnOrderStatistic) {
  for (const int k : {1, 5, 25, 50, 250}) {
    const double p = her2mod::percentile_p_value(one_to(999), k, alternative::two_sided);
    EXPECT_EQ(p, 2 * (k / 1000.0)) << k;
    EXPECT_FALSE(excludes([](double tail) { return percentile(one_to(999), tail); }, p,
                          alternative::two_sided, k));
  }
  EXPECT_EQ(her2mod::percentile_p_value(one_to(999), 25, alternative::greater), 0.025);
  EXPECT_EQ(her2mod::percentile_p_value(one_to(999), 975, alternative::less), 0.025);
  EXPECT_EQ(her2mod::percentile_p_value(one_to(9), 5, alternative::two_sided), 1.0);
}

TEST(PercentileP, InterpolatesOnTheNormalScale) {
  // R = 9: 2 + w is the quantile at Phi((1 - w) Phi^-1(0.2) + w Phi^-1(0.3)).
  for (const double w : {0.1, 0.5, 0.77}) {
    const double q = her2mod::normal_cdf((1 - w) * her2mod::normal_quantile(0.2) +
                                         w * her2mod::normal_quantile(0.3));
    EXPECT_NEAR(her2mod::percentile_p_value(one_to(9), 2 + w, alternative::greater), q, 1e-14);
    EXPECT_NEAR(her2mod::percentile_p_value(one_to(9), 8 - w, alternative::two_sided), 2 * q,
                1e-14);
  }
}

TEST(PercentileP, IsNeverZero) {
  EXPECT_EQ(her2mod::percentile_p_value(one_to(99), 0, alternative::two_sided), 0.02);
  EXPECT_EQ(her2mod::percentile_p_value(one_to(99), 0, alternative::greater), 0.01);
  EXPECT_EQ(her2mod::percentile_p_value(one_to(99), 0, alternative::less), 1.0);
  EXPECT_EQ(her2mod::basic_p_value(one_to(99), 50, 101, alternative::less), 0.01);
  EXPECT_EQ(her2mod::studentized_p_value(one_to(99), 0, 1, 0, alternative::two_sided), 0.02);
  EXPECT_EQ(her2mod::bca_p_value(one_to(99), 0, 0.5, 0.05, alternative::two_sided), 0.02);
}

TEST(PercentileP, OfTiesIsOneAtTheirValue) {
  for (const alternative side : sides)
    EXPECT_EQ(her2mod::percentile_p_value(sets[2], 2, side), 1.0);
  // 0 0 1 1 1 3: the quantile leaves 1 upwards at rank 5, downwards at rank 3, 4 from the top.
  const tail_shares t = her2mod::percentile_tails(sets[3], 1);
  EXPECT_EQ(t.lower, 5.0 / 7);
  EXPECT_EQ(t.upper, 4.0 / 7);
}

TEST(PercentileP, TakesTheNearerRankBesideAnInfinity) {
  const tail_shares t = her2mod::percentile_tails(sets[5], -5);
  EXPECT_NEAR(t.lower, 2.5 / 6, 1e-15);
  EXPECT_NEAR(t.upper, 3.5 / 6, 1e-15);
}

TEST(BootstrapP, OfNoReplicatesIsNotANumber) {
  for (const alternative side : sides) {
    EXPECT_TRUE(std::isnan(her2mod::percentile_p_value({}, 0, side)));
    EXPECT_TRUE(std::isnan(her2mod::basic_p_value({}, 0, 0, side)));
    EXPECT_TRUE(std::isnan(her2mod::studentized_p_value({}, 0, 1, 0, side)));
    EXPECT_TRUE(std::isnan(her2mod::bca_p_value({}, 0, 0.5, 0, side)));
  }
}

// --- exact distributions

// P(T* <= t) and P(T* >= t), given a value.
tail_shares shares_at(const naive::distribution& d, real t) {
  real below = 0, above = 0;
  for (const auto& [value, mass] : d.cells) {
    if (value <= t) below += mass;
    if (value >= t) above += mass;
  }
  return {static_cast<double>(below / (1 - d.undefined)),
          static_cast<double>(above / (1 - d.undefined))};
}

// All four types from a distribution's quantiles `low` and `high`, at one null value.
template <class Quantile>
void expect_exact_duality(const Quantile& low, const Quantile& high, const naive::distribution& d,
                          double estimate, double null) {
  for (const alternative side : sides) {
    const auto plain = [&](double tail) -> interval { return {low(tail), high(tail)}; };
    expect_duality(her2mod::tails_p_value(shares_at(d, null), side), plain, side, null, 0);
    const auto reflected = [&](double tail) -> interval {
      return {2 * estimate - high(tail), 2 * estimate - low(tail)};
    };
    expect_duality(
        her2mod::tails_p_value(her2mod::mirrored(shares_at(d, 2 * estimate - null)), side),
        reflected, side, null, 0);
    for (const adjustment& by : adjustments) {
      // A share that rounds to 0 is not 0, at which every t would do.
      const auto adjusted = [&](double tail) -> interval {
        const auto t = tails_used(by.mid_share, by.a, tail);
        return {low(std::max(t.below, 1e-300)), high(std::max(t.above, 1e-300))};
      };
      expect_bca_duality(her2mod::bca_p_value(shares_at(d, null), by.mid_share, by.a, side),
                         adjusted, by, side, null, 0);
    }
    ASSERT_FALSE(testing::Test::HasFailure());
  }
}

TEST(ExactP, IsBelowAlphaWhereTheIntervalExcludesTheNull) {
  using quantile = std::function<double(double)>;
  const std::vector<std::vector<double>> masses{{0.002, 0.03, 0.2, 0.4, 0.3, 0.06, 0.008},
                                                {0.1, 0.8, 0.1},  // both shares of 1 are large
                                                {1.0}};
  for (const std::vector<double>& mass : masses) {
    naive::distribution d;
    for (std::size_t i = 0; i < mass.size(); ++i) d.add(static_cast<real>(i), mass[i]);
    d.finish();
    for (double null = -1; null <= static_cast<double>(mass.size()); null += 0.5)
      expect_exact_duality<quantile>([&](double q) { return static_cast<double>(d.low(q)); },
                                     [&](double q) { return static_cast<double>(d.high(q)); }, d, 1,
                                     null);
  }
}

TEST(ExactP, AgreesWithTheIdealBootstrap) {
  for (const auto link : {naive::risk_link::identity, naive::risk_link::logit}) {
    const naive::group control{{9, 12}}, treated{{3, 10}};
    const her2mod::ideal_bootstrap ideal(control, treated, link);
    const naive::distribution d = naive::effects(control, treated, link);
    const double estimate =
        static_cast<double>(naive::link(link, 3, 10) - naive::link(link, 9, 12));
    using quantile = std::function<double(double)>;
    for (const double null : {-3.1, -0.987, -0.5123, -0.1234, 0.0321, 0.21})
      expect_exact_duality<quantile>([&](double q) { return ideal.low(q); },
                                     [&](double q) { return ideal.high(q); }, d, estimate, null);
  }
}

}  // namespace
