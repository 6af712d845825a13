// Fisher's exact test against enumeration in whole numbers, and against published p-values.

#include <gtest/gtest.h>

#include <algorithm>

#include <her2mod/exact/fisher.hpp>

#include "naive.hpp"

namespace {

using her2mod::alternative;
using her2mod::fisher_p_values;
using naive::table;

struct exact_p {
  double less, greater, two_sided, observed;
};

// Tables with the observed margins, each counted C(n1, k) C(n0, m - k) times: whole numbers, so
// that "at most as likely" needs no tolerance.
exact_p enumerate(long x0, long n0, long x1, long n1) {
  const long m = x0 + x1;
  const auto ways = [&](long k) { return naive::choose(n1, k) * naive::choose(n0, m - k); };
  naive::real less = 0, greater = 0, two_sided = 0, all = 0;
  for (long k = std::max(0L, m - n0); k <= std::min(m, n1); ++k) {
    all += ways(k);
    if (k <= x1) less += ways(k);
    if (k >= x1) greater += ways(k);
    if (ways(k) <= ways(x1)) two_sided += ways(k);
  }
  return {static_cast<double>(less / all), static_cast<double>(greater / all),
          static_cast<double>(two_sided / all), static_cast<double>(ways(x1) / all)};
}

TEST(Fisher, EqualsEnumerationForEverySmallTable) {
  constexpr double close = 1e-13;
  naive::for_each_table(12, [&](long x0, long n0, long x1, long n1) {
    const fisher_p_values p = her2mod::fisher_test(table(x0, n0, x1, n1));
    const exact_p truth = enumerate(x0, n0, x1, n1);
    ASSERT_NEAR(p.less, truth.less, close);
    ASSERT_NEAR(p.greater, truth.greater, close);
    ASSERT_NEAR(p.minimum_likelihood, truth.two_sided, close);
    ASSERT_NEAR(p.observed, truth.observed, close);
    ASSERT_NEAR(p.central(), std::min(1.0, 2 * std::min(truth.less, truth.greater)), close);
    const double low = truth.less - truth.observed / 2, high = truth.greater - truth.observed / 2;
    ASSERT_NEAR(p.central(alternative::two_sided, 0.5), std::min(1.0, 2 * std::min(low, high)),
                close);
    ASSERT_NEAR(p.central(alternative::less, 0.5), low, close);
    ASSERT_NEAR(p.central(alternative::greater, 0.5), high, close);
    ASSERT_NEAR(p.central(alternative::less), truth.less, close);
    // Half of the observed table, unless it is the only one that the margins allow.
    const double half = truth.observed < 1 ? truth.observed / 2 : 0.0;
    ASSERT_NEAR(p.mid(alternative::less), truth.less - half, close);
    ASSERT_NEAR(p.mid(alternative::greater), truth.greater - half, close);
    ASSERT_NEAR(p.mid(alternative::two_sided), truth.two_sided - half, close);
    ASSERT_LE(std::max({p.less, p.greater, p.minimum_likelihood}), 1.0);
  });
}

TEST(Fisher, ChoosesThePByTheAlternative) {
  const fisher_p_values p = her2mod::fisher_test(table(1, 4, 3, 4));
  EXPECT_EQ(p.by(alternative::less), p.less);
  EXPECT_EQ(p.by(alternative::greater), p.greater);
  EXPECT_EQ(p.by(alternative::two_sided), p.minimum_likelihood);
}

TEST(Fisher, GivesThePublishedValues) {
  // Fisher (1935), the lady tasting tea: 34/70 and 17/70.
  const fisher_p_values tea = her2mod::fisher_test(table(1, 4, 3, 4));
  EXPECT_NEAR(tea.minimum_likelihood, 34.0 / 70, 1e-15);
  EXPECT_NEAR(tea.minimum_likelihood, 0.48571428571, 1e-11);
  EXPECT_NEAR(tea.greater, 17.0 / 70, 1e-15);
  // Fisher (1962), convictions of twins, as R's ?fisher.test has them: 2 of 17 and 10 of 13.
  EXPECT_NEAR(her2mod::fisher_test(table(2, 17, 10, 13)).minimum_likelihood, 0.000536724119, 1e-12);
  // The same table with groups and outcomes exchanged: columns (2, 10), (15, 3).
  EXPECT_NEAR(her2mod::fisher_test(table(2, 12, 15, 18)).minimum_likelihood, 0.000536724119, 1e-12);
  // StatXact 6 manual, p. 671, as coin's tests quote it.
  EXPECT_NEAR(her2mod::fisher_test(table(5, 10, 9, 10)).minimum_likelihood, 0.1409, 5e-5);
  // The founding study, dual against single within 2+/ISH+ (DESIGN.md: Fisher .447, mid-p .384).
  const fisher_p_values study = her2mod::fisher_test(table(6, 49, 13, 68));
  EXPECT_NEAR(study.minimum_likelihood, 0.447, 5e-4);
  EXPECT_NEAR(study.mid(alternative::two_sided), 0.384, 5e-4);
}

TEST(Fisher, MirrorsWhenGroupsOrEventsAreSwapped) {
  naive::for_each_table(9, [](long x0, long n0, long x1, long n1) {
    const fisher_p_values p = her2mod::fisher_test(table(x0, n0, x1, n1));
    for (const auto& other : {table(x1, n1, x0, n0), table(n0 - x0, n0, n1 - x1, n1)}) {
      const fisher_p_values q = her2mod::fisher_test(other);
      ASSERT_NEAR(p.less, q.greater, 1e-14);
      ASSERT_NEAR(p.greater, q.less, 1e-14);
      ASSERT_NEAR(p.minimum_likelihood, q.minimum_likelihood, 1e-14);
    }
  });
}

TEST(Fisher, KeepsTheDigitsOfATinyP) {
  // 0 of 300 against 300 of 300: one table in C(600, 300).
  const fisher_p_values p = her2mod::fisher_test(table(0, 300, 300, 300));
  const double one_table = static_cast<double>(1 / naive::choose(600, 300));
  EXPECT_NEAR(p.greater / one_table, 1.0, 1e-12);
  EXPECT_NEAR(p.minimum_likelihood / (2 * one_table), 1.0, 1e-12);
}

}  // namespace
