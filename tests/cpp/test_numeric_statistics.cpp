// The statistics of numbers and of categories: against naive twins on random draws, by hand, and
// where data have no spread, no units or no place in a statistic.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <her2mod/base/inference.hpp>
#include <her2mod/math/gamma_ratio.hpp>
#include <her2mod/resample/jackknife.hpp>
#include <her2mod/stat/mean_ratio.hpp>
#include <string>
#include <vector>

#include "draws.hpp"
#include "naive_numeric.hpp"
#include "registered.hpp"

namespace {

using her2mod::cohort;
using her2mod::draw;
using her2mod::reason;
using naive::real;
using naive::sample;

const double inf = her2mod::infinity;

using twin = std::function<naive::estimated(const sample&)>;

constexpr double no_error = -99; // what evaluate() gives for a statistic without one

void expect_twin_on(const registered_form& form, const cohort& data, std::mt19937_64& random,
                    const twin& truth, double close) {
  const auto stat = form.prepare(data);
  for (const owned_draw& d : draws_of(data, random)) {
    const evaluated found = evaluate(*stat, d.view());
    const naive::estimated expected = truth(naive::sample_of(data, d.view()));
    ASSERT_EQ(found.why, reason::none);
    ASSERT_TRUE(naive::same(found.value, expected.value, close));
    ASSERT_TRUE(naive::same(found.error, expected.error, close));
  }
}

void expect_twin(const registered_form& form, int groups, const twin& truth, double close = 1e-12, int strata = 3) {
  std::mt19937_64 random(20260710);
  for (int repeat = 0; repeat < 12; ++repeat)
    for (const int largest_frequency : {1, 4}) {
      SCOPED_TRACE(form.title());
      const auto rows = random_rows_for(form, random, {29, groups, strata, largest_frequency});
      expect_twin_on(form, cohort_of(rows, groups, strata), random, truth, close);
      expect_twin_on(form, cohort_of(by_group(rows), groups, strata), random, truth, close);
      if (testing::Test::HasFatalFailure())
        return;
    }
}

TEST(NumericStatistics, EqualTheirTwins) {
  expect_twin({"mean_difference", {}}, 2, naive::mean_difference);
  expect_twin({"mean_ratio", {}}, 2, naive::mean_ratio);
  expect_twin({"standardised_difference", {}}, 2, naive::hedges);
  expect_twin({"standardised_difference", {1}}, 2, naive::balance_of_numbers);
  expect_twin({"win_probability", {}}, 2, naive::win_probability);
}

TEST(NumericStatistics, OfQuantilesEqualTheirTwins) {
  for (const double prob : {0.1, 0.25, 0.5, 0.9})
    expect_twin(
        {"quantile_difference", {prob}}, 2,
        [prob](const sample& s) { return naive::quantile_difference(s, prob); }, 1e-10);
  expect_twin(
      {"median_difference", {}}, 2,
      [](const sample& s) { return naive::quantile_difference(s, 0.5); }, 1e-10);
}

TEST(TestStatistics, EqualTheirTwins) {
  for (const int groups : {2, 3, 5}) {
    const auto whole_ranks = [&](const sample& s) {
      return naive::estimated{naive::kruskal_wallis(s, groups), no_error};
    };
    expect_twin({"kruskal_wallis", {}}, groups, whole_ranks, 1e-12, 1);
    const auto whole_categories = [&](const sample& s) {
      return naive::estimated{naive::chi_squared(s, groups, 4), no_error};
    };
    expect_twin({"chi_squared", {}}, groups, whole_categories, 1e-12, 1);
    const auto ranks = [&](const sample& s) {
      return naive::estimated{naive::kruskal_wallis_in_strata(s, groups), no_error};
    };
    expect_twin({"kruskal_wallis", {}}, groups, ranks, 1e-10);
    const auto categories = [&](const sample& s) {
      return naive::estimated{naive::chi_squared_in_strata(s, groups), no_error};
    };
    expect_twin({"chi_squared", {}}, groups, categories, 1e-10);
  }
}

// --- means, by hand

cohort two_samples(const std::vector<double>& y0, const std::vector<double>& y1) {
  std::vector<counted_row> rows;
  for (const double y : y0)
    rows.push_back({0, 0, y, 1});
  for (const double y : y1)
    rows.push_back({1, 0, y, 1});
  return cohort_of(rows, 2, 1);
}

evaluated observed(const registered_form& form, const cohort& data) {
  return evaluate(*form.prepare(data), observed_draw(data));
}

TEST(Means, ByHand) {
  // Means 2 and 5, variances 1 and 13.
  const cohort data = two_samples({1, 2, 3}, {2, 4, 9});
  const evaluated difference = observed({"mean_difference", {}}, data),
                  ratio = observed({"mean_ratio", {}}, data),
                  balance = observed({"standardised_difference", {1}}, data);
  EXPECT_NEAR(difference.value, 3, 1e-14);
  EXPECT_NEAR(difference.error, std::sqrt(14.0 / 3), 1e-14);
  EXPECT_NEAR(ratio.value, std::log(2.5), 1e-14);
  EXPECT_NEAR(ratio.error, std::sqrt(1.0 / 12 + 13.0 / 75), 1e-14);
  EXPECT_NEAR(balance.value, 3 / std::sqrt(7.0), 1e-14);
  EXPECT_NEAR(balance.error, std::sqrt(2.0 / 3 + 9.0 / 7 / 12), 1e-14);
}

TEST(Means, OfHedgesHaveHisCorrection) {
  // Gamma(f / 2) / (sqrt(f / 2) Gamma((f - 1) / 2)) of 2 to 6 degrees of freedom by hand.
  const double pi = std::acos(-1.0);
  const double by_hand[] = {1 / std::sqrt(pi), std::sqrt(pi / 6), std::sqrt(2 / pi),
                            0.75 * std::sqrt(pi / 2.5), 8 / std::sqrt(27 * pi)};
  for (int f = 2; f <= 6; ++f) {
    std::vector<double> y0;
    for (int i = 0; i < f; ++i)
      y0.push_back(i % 2);
    const cohort data = two_samples(y0, {1, 2});
    const double with = observed({"standardised_difference", {}}, data).value;
    const sample s = naive::sample_of(data, observed_draw(data));
    const real pooled = std::sqrt((naive::deviance_of(s, 0) + naive::deviance_of(s, 1)) / f);
    const real without = (naive::mean_of(s, 1) - naive::mean_of(s, 0)) / pooled;
    EXPECT_NEAR(with / static_cast<double>(without), by_hand[f - 2], 1e-14) << f;
  }
}

TEST(Means, KeepTheCorrectionForManyDegreesOfFreedom) {
  for (const double f : {1.5, 2.0, 7.0, 340.0, 343.0, 1e5, 1e9})
    EXPECT_TRUE(
        naive::same(her2mod::gamma_ratio_half(f / 2) / std::sqrt(f / 2),
                    f < 1e4 ? naive::hedges_correction(f) : 1 - 3 / (4 * static_cast<real>(f) - 1),
                    f < 1e4 ? 1e-14 : 1e-10))
        << f;
}

TEST(Means, OfSharesHaveTheBinomialVariance) {
  std::mt19937_64 random(5);
  for (int repeat = 0; repeat < 10; ++repeat) {
    const auto rows = random_rows(random, {31, 2, 1, 3}, [](std::mt19937_64& generator) {
      return 1.0 * below(generator, 2);
    });
    expect_twin_on({"standardised_difference", {1}}, cohort_of(rows, 2, 1), random,
                   naive::balance_of_shares, 1e-12);
  }
}

TEST(Means, DoNotLoseDigitsToACommonShift) {
  std::mt19937_64 random(9);
  const auto shifted_back = [](const auto& truth) {
    return [truth](sample s) {
      for (naive::weighted_unit& u : s)
        u.y -= 1e9;
      return truth(s);
    };
  };
  const std::vector<std::pair<std::string, twin>> twins{
      {"mean_difference", shifted_back(naive::mean_difference)},
      {"standardised_difference", shifted_back(naive::hedges)}};
  for (int repeat = 0; repeat < 10; ++repeat) {
    auto rows = random_rows(random, {200, 2, 1, 2}, [](std::mt19937_64& generator) {
      return 1e9 + below(generator, 4000) / 64.0;
    });
    for (const auto& layout : {rows, by_group(rows)})
      for (const auto& [name, truth] : twins)
        expect_twin_on({name, {}}, cohort_of(layout, 2, 1), random, truth, 1e-12);
  }
}

// --- quantiles

real by_sorting(std::vector<double> values, double prob) {
  std::sort(values.begin(), values.end());
  const real h = static_cast<real>(values.size() - 1) * prob, below = std::floor(h);
  const auto j = static_cast<std::size_t>(below);
  return values[j] + (h - below) * (values[std::min(j + 1, values.size() - 1)] - values[j]);
}

TEST(Quantiles, OfTenNumbersByHand) {
  // R: quantile(1:10, c(.1, .25, .5, .9)).
  const cohort data = two_samples({0}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  const std::vector<std::pair<double, double>> known{
      {0.1, 1.9}, {0.25, 3.25}, {0.5, 5.5}, {0.9, 9.1}};
  for (const auto& [prob, value] : known)
    EXPECT_NEAR(observed({"quantile_difference", {prob}}, data).value, value, 1e-14) << prob;
}

TEST(Quantiles, OfEverySizeAreThoseOfTheSortedValues) {
  std::mt19937_64 random(3);
  for (int n = 1; n <= 60; ++n) {
    std::vector<double> y0, y1;
    for (int i = 0; i < n; ++i)
      y0.push_back(below(random, 40) / 8.0);
    for (int i = 0; i <= n % 7; ++i)
      y1.push_back(below(random, 40) / 8.0);
    const cohort data = two_samples(y0, y1);
    for (const double prob : {0.01, 0.1, 0.25, 0.5, 0.7, 0.9, 0.999})
      EXPECT_TRUE(naive::same(observed({"quantile_difference", {prob}}, data).value,
                              by_sorting(y1, prob) - by_sorting(y0, prob), 1e-13))
          << n << ", " << prob;
  }
}

TEST(Quantiles, OfProbabilityOneHalfAreMedians) {
  std::mt19937_64 random(4);
  const registered_form median{"median_difference", {}}, half{"quantile_difference", {0.5}};
  const cohort data = cohort_of(random_rows_for(median, random, {41, 2, 1, 3}), 2, 1);
  const evaluated a = observed(median, data), b = observed(half, data);
  EXPECT_EQ(a.value, b.value);
  EXPECT_EQ(a.error, b.error);
}

TEST(Quantiles, OfOneUnitHaveNoErrorOfTheirOwn) {
  const evaluated e = observed({"median_difference", {}}, two_samples({4}, {1, 2, 3}));
  // Beta(2, 2) over thirds: 7/27, 13/27, 7/27.
  EXPECT_EQ(e.value, -2);
  EXPECT_NEAR(e.error, std::sqrt(14.0 / 27), 1e-14);
}

// --- ranks and categories, by hand

TEST(WinProbability, ByHand) {
  const evaluated e = observed({"win_probability", {}}, two_samples({1, 2, 3}, {2, 4}));
  EXPECT_NEAR(e.value, 0.75, 1e-15); // 4.5 of 6 pairs
  // Own shares 1/2 and 1 (variance 1/8); 1, 3/4 and 1/2 (variance 1/16).
  EXPECT_NEAR(e.error, std::sqrt(1.0 / 8 / 2 + 1.0 / 16 / 3), 1e-15);
}

cohort samples(const std::vector<std::vector<double>>& groups) {
  std::vector<counted_row> rows;
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (const double y : groups[g])
      rows.push_back({static_cast<int>(g), 0, y, 1});
  return cohort_of(rows, static_cast<int>(groups.size()), 1);
}

TEST(KruskalWallis, OfTheBottleCapsOfItsAuthors) {
  // Kruskal and Wallis 1952: rank sums 24, 14 and 40, H = 5.656.
  const cohort data = samples({{340, 345, 330, 342, 338}, {339, 333, 344}, {347, 343, 349, 355}});
  const double h = observed({"kruskal_wallis", {}}, data).value;
  EXPECT_NEAR(h, 5.656, 5e-4);
  EXPECT_NEAR(h, (24.0 * 24 / 5 + 14.0 * 14 / 3 + 40.0 * 40 / 4) / 13 - 39, 1e-13);
}

TEST(KruskalWallis, OfTiesByHand) {
  // Ranks 1, 3, 3 and 3, 5: H = 4/3 over 1 - 24/120.
  EXPECT_NEAR(observed({"kruskal_wallis", {}}, samples({{1, 2, 2}, {2, 3}})).value, 5.0 / 3, 1e-14);
}

cohort table(const std::vector<std::vector<double>>& counts) {
  std::vector<counted_row> rows;
  for (std::size_t g = 0; g < counts.size(); ++g)
    for (std::size_t c = 0; c < counts[g].size(); ++c)
      if (counts[g][c] > 0)
        rows.push_back({static_cast<int>(g), 0, static_cast<double>(c), counts[g][c]});
  return cohort_of(rows, static_cast<int>(counts.size()), 1);
}

TEST(ChiSquared, OfATableByHand) {
  // Expected 15, 20, 25 in each row.
  EXPECT_NEAR(observed({"chi_squared", {}}, table({{10, 20, 30}, {20, 20, 20}})).value, 16.0 / 3,
              1e-14);
  EXPECT_EQ(observed({"chi_squared", {}}, table({{5, 0, 1}, {10, 0, 2}})).value, 0);
  EXPECT_NEAR(observed({"chi_squared", {}}, table({{3, 0}, {0, 5}})).value, 8, 1e-14);
}

double distance(const std::vector<std::vector<double>>& counts) {
  return observed({"standardised_distance", {}}, table(counts)).value;
}

TEST(StandardisedDistance, OfTwoCategoriesIsTheStandardisedDifference) {
  for (double x0 = 1; x0 < 12; ++x0)
    for (double x1 = 1; x1 < 7; ++x1) {
      const double p0 = x0 / 12, p1 = x1 / 7;
      EXPECT_NEAR(distance({{x0, 12 - x0}, {x1, 7 - x1}}),
                  std::fabs(p1 - p0) / std::sqrt((p1 * (1 - p1) + p0 * (1 - p0)) / 2), 1e-13);
    }
}

TEST(StandardisedDistance, LeavesOutNoCategory) {
  std::mt19937_64 random(8);
  for (int repeat = 0; repeat < 300; ++repeat) {
    const auto categories = static_cast<std::size_t>(2 + repeat % 5);
    std::vector<std::vector<double>> counts(2);
    for (auto& row : counts)
      for (std::size_t c = 0; c < categories; ++c)
        row.push_back(1 + below(random, 30));
    const cohort data = table(counts);
    const real truth =
        naive::standardised_distance(naive::sample_of(data, observed_draw(data)), categories);
    ASSERT_TRUE(naive::same(distance(counts), truth, 1e-7));
    ASSERT_NEAR(distance(counts) * distance(counts), static_cast<double>(truth * truth), 1e-12);
    ASSERT_NEAR(distance({counts[1], counts[0]}), static_cast<double>(truth), 1e-7);
  }
}

TEST(StandardisedDistance, IsInfiniteWhereCategoriesSeparateTheGroups) {
  EXPECT_EQ(distance({{3, 0}, {0, 4}}), inf);
  EXPECT_EQ(distance({{3, 2, 0, 0}, {0, 0, 4, 1}}), inf);
  EXPECT_EQ(distance({{3, 2, 0}, {0, 0, 4}}), inf);
  EXPECT_EQ(observed({"standardised_distance", {}}, table({{3, 0}, {0, 4}})).why, reason::infinite);
}

TEST(StandardisedDistance, OfEqualSharesIsNone) {
  EXPECT_EQ(distance({{1, 1, 1}, {2, 2, 2}}), 0);
  EXPECT_EQ(distance({{1, 3, 0, 3}, {3, 9, 0, 9}}), 0);
  EXPECT_EQ(distance({{7}, {2}}), 0);
}

TEST(StandardisedDistance, BearsALevelThatOneGroupLacks) {
  // Shares 1/2, 1/2, 0 and 1/3, 1/3, 1/3: the first two are one category, .. against 1/3 of p q
  // / 2.
  EXPECT_NEAR(distance({{4, 4, 0}, {2, 2, 2}}), (1.0 / 3) / std::sqrt(2.0 / 9 / 2), 1e-13);
}

// --- no spread, no units

std::vector<std::vector<double>> weights_for(const cohort& data, std::mt19937_64& random) {
  std::vector<double> fractions;
  for (std::size_t i = 0; i < data.rows(); ++i)
    fractions.push_back(0.1 + static_cast<double>(below(random, 1000)) / 333);
  return {data.frequency(), fractions, moved_weights(data, random, true)};
}

// Values by name, and whether the standard error is 0.
struct without_spread {
  registered_form form;
  double value;
  bool certain;
};

void expect_without_spread(const cohort& data, std::mt19937_64& random,
                           const std::vector<without_spread>& expected) {
  for (const auto& weight : weights_for(data, random))
    for (const bool relabelled : {false, true})
      for (const without_spread& e : expected) {
        const evaluated found = evaluate(*e.form.prepare(data), {weight, data.group(), relabelled});
        ASSERT_TRUE(naive::same(found.value, e.value, 1e-12)) << e.form.title();
        ASSERT_EQ(found.why, std::isinf(e.value) ? reason::infinite : reason::none);
        ASSERT_TRUE(!e.certain || found.error < 1e-14) << e.form.title();
      }
}

TEST(NumericStatistics, OfConstantDataShowNoEffect) {
  std::mt19937_64 random(11);
  for (const double constant : {0.1, 1.0 / 3, 7.3e6 / 9})
    for (const std::size_t rows : {7u, 40u, 1001u}) {
      const auto all =
          random_rows(random, {rows, 2, 1, 2}, [constant](std::mt19937_64&) { return constant; });
      for (const auto& layout : {all, by_group(all)})
        expect_without_spread(cohort_of(layout, 2, 1), random,
                              {{{"mean_difference", {}}, 0, true},
                               {{"mean_ratio", {}}, 0, true},
                               {{"standardised_difference", {}}, 0, false},
                               {{"standardised_difference", {1}}, 0, false},
                               {{"median_difference", {}}, 0, true},
                               {{"quantile_difference", {0.9}}, 0, true},
                               {{"win_probability", {}}, 0.5, false},
                               {{"kruskal_wallis", {}}, 0, false}});
    }
}

TEST(NumericStatistics, OfTwoConstantsAreCertain) {
  std::mt19937_64 random(12);
  for (const std::size_t n : {4u, 30u, 700u}) {
    auto rows = random_rows(random, {n, 2, 1, 2}, [](std::mt19937_64&) { return 0.0; });
    for (counted_row& r : rows)
      r.response = r.group == 1 ? 0.1 : 1.0 / 3;
    for (const auto& layout : {rows, by_group(rows)})
      expect_without_spread(cohort_of(layout, 2, 1), random,
                            {{{"mean_difference", {}}, 0.1 - 1.0 / 3, true},
                             {{"mean_ratio", {}}, std::log(0.3), true},
                             {{"standardised_difference", {}}, -inf, false},
                             {{"standardised_difference", {1}}, -inf, false},
                             {{"median_difference", {}}, 0.1 - 1.0 / 3, true},
                             {{"win_probability", {}}, 0, true}});
  }
}

TEST(NumericStatistics, OfResamplesWithOneValueShowNoEffect) {
  // The value is drawn by both groups, and nothing else is.
  std::mt19937_64 random(13);
  for (int repeat = 0; repeat < 200; ++repeat) {
    auto rows = random_rows(random, {20, 2, 1, 1}, [](std::mt19937_64& generator) {
      return (1 + below(generator, 3)) / 10.0;
    });
    rows[0].response = rows[1].response = 0.3;
    std::vector<double> weight;
    for (const counted_row& r : rows)
      weight.push_back(r.response == 0.3 ? 2 + below(random, 9) / 7.0 : 0.0);
    const cohort data = cohort_of(rows, 2, 1);
    for (const registered_form& form : {registered_form{"standardised_difference", {}},
                                        registered_form{"standardised_difference", {1}}})
      ASSERT_EQ(evaluate(*form.prepare(data), {weight, data.group()}).value, 0) << form.title();
  }
}

TEST(NumericStatistics, OfOneUnitInAGroup) {
  const cohort data = two_samples({2}, {1, 3, 5});
  const evaluated difference = observed({"mean_difference", {}}, data),
                  ratio = observed({"mean_ratio", {}}, data),
                  win = observed({"win_probability", {}}, data),
                  hedges = observed({"standardised_difference", {}}, data),
                  balance = observed({"standardised_difference", {1}}, data);
  EXPECT_EQ(difference.value, 1);
  EXPECT_NEAR(ratio.value, std::log(1.5), 1e-15);
  EXPECT_NEAR(win.value, 2.0 / 3, 1e-15);
  for (const evaluated& e : {difference, ratio, win})
    EXPECT_TRUE(std::isnan(e.error));
  EXPECT_NEAR(hedges.value, 0.5641895835 * 0.5, 1e-9); // c(2) = 1 / sqrt(pi), pooled variance 4
  EXPECT_EQ(balance.why, reason::undefined);           // one group's variance is not known
  EXPECT_EQ(observed({"standardised_difference", {}}, two_samples({2}, {3})).why,
            reason::undefined);
}

TEST(MeanRatio, OfAMeanOfZeroIsInfinite) {
  const evaluated down = observed({"mean_ratio", {}}, two_samples({0.1, 0.2}, {0, 0})),
                  up = observed({"mean_ratio", {}}, two_samples({0, 0}, {0.1, 0.2})),
                  none = observed({"mean_ratio", {}}, two_samples({0, 0}, {0}));
  EXPECT_EQ(down.value, -inf);
  EXPECT_EQ(up.value, inf);
  EXPECT_TRUE(std::isnan(none.value));
  EXPECT_TRUE(std::isnan(down.error) && std::isnan(up.error));
  EXPECT_EQ(down.why, reason::infinite);
  EXPECT_EQ(up.why, reason::infinite);
  EXPECT_EQ(none.why, reason::undefined);
}

// Few positive responses among zeros: permutations and resamples leave one group without any.
std::vector<counted_row> rare_positives(std::mt19937_64& random) {
  auto rows = random_rows(random, {14, 2, 1, 1}, [](std::mt19937_64&) { return 0.0; });
  for (int i = 0; i < 3; ++i)
    rows[static_cast<std::size_t>(below(random, 14))].response = (1 + below(random, 9)) / 10.0;
  rows[3].response = 0.7;
  return rows;
}

TEST(MeanRatio, IsExactlyInfiniteForEveryDraw) {
  std::mt19937_64 random(21);
  std::size_t infinite = 0;
  for (int repeat = 0; repeat < 400; ++repeat) {
    const auto rows = rare_positives(random);
    for (const auto& layout : {rows, by_group(rows)}) {
      const cohort data = cohort_of(layout, 2, 1);
      const her2mod::mean_ratio stat(data);
      for (const owned_draw& d : draws_of(data, random)) {
        const real truth = naive::mean_ratio(naive::sample_of(data, d.view())).value;
        ASSERT_TRUE(naive::same(evaluate(stat, d.view()).value, truth, 1e-13));
        infinite += std::isinf(truth) ? 1 : 0;
      }
    }
  }
  EXPECT_GT(infinite, 200u);
}

TEST(MeanRatio, IsExactlyInfiniteWithoutAUnitAndForASum) {
  std::mt19937_64 random(22);
  her2mod::serial_executor host;
  for (int repeat = 0; repeat < 400; ++repeat) {
    const auto rows = rare_positives(random);
    for (const auto& layout : {rows, by_group(rows)}) {
      const cohort data = cohort_of(layout, 2, 1);
      const her2mod::mean_ratio stat(data);
      std::vector<double> without(data.rows());
      ASSERT_TRUE(stat.leave_one_out(without));
      for (std::size_t i = 0; i < data.rows(); ++i) {
        std::vector<double> weight = data.frequency();
        weight[i] -= 1;
        const sample s = naive::sample_of(data, {weight, data.group()});
        ASSERT_TRUE(naive::same(without[i], naive::mean_ratio(s).value, 1e-12));
      }
      const auto linear = stat.linear();
      std::vector<std::int32_t> label = data.group();
      shuffle_rows(random, label);
      double sum = 0;
      for (std::size_t i = data.rows(); i-- > 0;)
        sum += label[i] == 1 ? linear->score[i] : 0.0;
      const sample s = naive::sample_of(data, {data.frequency(), label});
      ASSERT_TRUE(naive::same(linear->value(sum), naive::mean_ratio(s).value, 1e-12));
    }
  }
}

// --- what statistics refuse

template <class Error> void expect_refused(const registered_form& form, const cohort& data) {
  EXPECT_THROW(form.prepare(data), Error) << form.title();
}

// The counts as a form takes them: responses are times of events, if it wants times.
cohort table_for(const registered_form& form, const std::vector<std::vector<double>>& counts) {
  const cohort data = table(counts);
  auto rows = rows_of(data);
  if (endpoint_of(form) == her2mod::endpoint_kind::survival)
    for (counted_row& r : rows)
      r.event = 1;
  return cohort_of(rows, data.n_groups(), 1);
}

TEST(NumericStatistics, RefuseWrongParameters) {
  const cohort data = table({{1, 2}, {3, 4}});
  const double nan = her2mod::not_a_number;
  for (const her2mod::parameter_list& given :
       {her2mod::parameter_list{}, {0}, {1}, {-0.1}, {1.1}, {nan}, {inf}, {0.5, 0.5}})
    expect_refused<her2mod::input_error>({"quantile_difference", given}, data);
  expect_refused<her2mod::input_error>({"standardised_difference", {1, 1}}, data);
  for (const auto& entry : her2mod::registry())
    if (std::string(entry.spec->parameter).empty())
      expect_refused<her2mod::input_error>({entry.name, {0.5}},
                                           table_for({entry.name, {}}, {{1, 2}, {3, 4}}));
}

TEST(NumericStatistics, TakeAParameterOfZeroAsNone) {
  const cohort data = two_samples({1, 2, 3}, {2, 4, 9});
  EXPECT_EQ(observed({"standardised_difference", {0}}, data).value,
            observed({"standardised_difference", {}}, data).value);
}

TEST(NumericStatistics, OfEffectsCompareTwoGroups) {
  for (const auto& form : registered_forms()) {
    const cohort two = table_for(form, {{1, 2}, {3, 4}}), one = table_for(form, {{1, 2}}),
                 three = table_for(form, {{1, 2}, {3, 4}, {5, 6}});
    const auto stat = form.prepare(two);
    const bool test = stat->describe().role == her2mod::statistic_role::test;
    // of more groups a quadratic form of the scores
    const bool score = form.name == "logrank" || form.name == "fleming_harrington";
    if (test || score)
      EXPECT_NO_THROW(form.prepare(three)) << form.title();
    else
      expect_refused<her2mod::input_error>(form, three);
    if (!test || form.name == "maxcombo") expect_refused<her2mod::input_error>(form, one);
  }
}

TEST(MeanRatio, RefusesNegativeResponses) {
  expect_refused<her2mod::data_error>({"mean_ratio", {}}, two_samples({1, 2}, {3, -1e-9}));
}

TEST(Categories, AreSmallWholeNumbers) {
  for (const char* name : {"chi_squared", "standardised_distance"})
    for (const double code : {0.5, -1.0, 1e4, 1e300})
      expect_refused<her2mod::input_error>({name, {}}, two_samples({0, 1}, {1, code}));
  expect_refused<her2mod::data_error>({"standardised_distance", {}}, two_samples({0, 1}, {1, 200}));
  EXPECT_NO_THROW(her2mod::prepare("standardised_distance", two_samples({0, 1}, {1, 199})));
  EXPECT_NO_THROW(her2mod::prepare("chi_squared", two_samples({0, 1}, {1, 9999})));
}

} // namespace
