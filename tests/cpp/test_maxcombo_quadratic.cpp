// MaxCombo of several groups: the largest of its tests' quadratic forms, and the joint covariance of all
// scores, from loops over all patients.

#include <gtest/gtest.h>

#include <her2mod/base/inference.hpp>
#include <her2mod/math/quadratic_form.hpp>
#include <her2mod/stat/maxcombo_quadratic.hpp>
#include <her2mod/surv/logrank_groups.hpp>
#include <vector>

#include "draws.hpp"
#include "naive_survival.hpp"
#include "registered.hpp"

namespace {

using her2mod::cohort;
using naive::followed;
using naive::followed_sample;
using naive::real;

// Scores of all groups, and their covariance with those under another weight.
struct naive_scores {
  std::vector<double> sum, covariance;
};

naive_scores scores_of(const followed_sample& all, int groups, int strata, const naive::weight_at& one,
                       const naive::weight_at& other) {
  const auto k = static_cast<std::size_t>(groups);
  std::vector<real> sum(k), covariance(k * k);
  for (int s = 0; s < strata; ++s) {
    const auto own = naive::those(all, [&](const followed& f) { return f.stratum == s; });
    for (const real t : naive::event_times(own)) {
      const real y = naive::at_risk(own, t), d = naive::events_at(own, t);
      if (!(d > 0)) continue;
      const real w = one(own, t), v = other(own, t);
      for (std::size_t g = 0; g < k; ++g) {
        const auto mine = naive::of_group(own, static_cast<int>(g));
        const real share = naive::at_risk(mine, t) / y;
        sum[g] += w * (naive::events_at(mine, t) - d * share);
        for (std::size_t h = 0; y > 1 && h < k; ++h) {
          const real theirs = naive::at_risk(naive::of_group(own, static_cast<int>(h)), t) / y;
          covariance[g * k + h] += w * v * d * (y - d) / (y - 1) * share * ((g == h ? 1 : 0) - theirs);
        }
      }
    }
  }
  return {{sum.begin(), sum.end()}, {covariance.begin(), covariance.end()}};
}

std::vector<naive::weight_at> usual_weights() {
  return {naive::fleming_harrington(0, 0), naive::fleming_harrington(0, 1), naive::fleming_harrington(1, 0),
          naive::fleming_harrington(1, 1)};
}

std::vector<her2mod::logrank_weight> usual_tests() {
  const auto fh = her2mod::logrank_family::fleming_harrington;
  return {{fh, 0, 0}, {fh, 0, 1}, {fh, 1, 0}, {fh, 1, 1}};
}

double naive_largest(const followed_sample& all, int groups, int strata) {
  double most = -1;
  for (const auto& weight : usual_weights()) {
    const naive_scores own = scores_of(all, groups, strata, weight, weight);
    if (her2mod::rank_of(own.covariance) > 0) most = std::max(most, her2mod::squared_length(own.sum, own.covariance));
  }
  return most;
}

TEST(MaxcomboQuadratic, EqualsItsTwinOnEveryDraw) {
  std::mt19937_64 random(14);
  const registered_form form{"maxcombo", {}};
  for (const int groups : {3, 4})
    for (const int strata : {1, 3})
      for (const bool truncated : {false, true}) {
        SCOPED_TRACE(testing::Message() << groups << ", " << strata << ", " << truncated);
        auto rows = random_rows_for(form, random, {45, groups, strata, 2});
        if (truncated) add_entries(random, rows);
        const cohort data = cohort_of(rows, groups, strata);
        const auto stat = form.prepare(data);
        for (const owned_draw& d : draws_of(data, random)) {
          if (!d.whole) continue;
          ASSERT_TRUE(naive::same(evaluate(*stat, d.view()).value,
                                  naive_largest(naive::followed_of(data, d.view()), groups, strata), 1e-8));
        }
      }
}

TEST(MaxcomboQuadratic, OfTwoGroupsIsTheSquare) {
  std::mt19937_64 random(15);
  const registered_form form{"maxcombo", {}};
  const cohort data = cohort_of(random_rows_for(form, random, {40, 2, 3, 2}), 2, 3);
  const double z = evaluate(*form.prepare(data), observed_draw(data)).value;
  EXPECT_NEAR(evaluate(her2mod::maxcombo_quadratic(data, usual_tests()), observed_draw(data)).value, z * z, 1e-11 * z * z);
}

TEST(MaxcomboQuadratic, HasNoValueWithoutVariance) {
  const std::vector<counted_row> rows{{0, 0, 1, 1, -1, 0}, {1, 0, 2, 1, -1, 0}, {2, 0, 3, 1, -1, 0}};
  const cohort data = cohort_of(rows, 3, 1);
  EXPECT_EQ(evaluate(*her2mod::prepare("maxcombo", data), observed_draw(data)).why, her2mod::reason::undefined);
}

TEST(LogrankTests, HaveTheJointCovarianceOfAllWeights) {
  std::mt19937_64 random(16);
  const registered_form form{"maxcombo", {}};
  const auto weights = usual_weights();
  for (const int groups : {2, 3, 4}) {
    const cohort data = cohort_of(random_rows_for(form, random, {45, groups, 3, 2}), groups, 3);
    const her2mod::event_table table(data, her2mod::risk_sets::within_strata);
    her2mod::risk_counts counts(table);
    counts.fill(table, {data.frequency(), data.group(), false});
    const auto tests = her2mod::test_logrank(table, counts, usual_tests());
    const auto all = naive::followed_of(data, observed_draw(data));
    const auto k = static_cast<std::size_t>(groups), others = k - 1;
    ASSERT_EQ(tests.joint.size(), 16 * others * others);
    for (std::size_t w = 0; w < 4; ++w)
      for (std::size_t v = 0; v < 4; ++v) {
        const naive_scores own = scores_of(all, groups, 3, weights[w], weights[v]);
        for (std::size_t g = 1; g < k; ++g)
          for (std::size_t h = 1; h < k; ++h)
            EXPECT_NEAR(tests.joint[(w * others + g - 1) * 4 * others + v * others + h - 1],
                        own.covariance[g * k + h], 1e-11);
      }
  }
}

}  // namespace
