// The log-rank test of several groups as a quadratic form, and statistics over their standard error.

#include <gtest/gtest.h>

#include <her2mod/base/inference.hpp>
#include <her2mod/math/quadratic_form.hpp>
#include <her2mod/stat/logrank_quadratic.hpp>
#include <her2mod/surv/logrank_groups.hpp>
#include <vector>

#include "draws.hpp"
#include "naive_survival.hpp"
#include "registered.hpp"

namespace {

using her2mod::cohort;
using her2mod::draw;
using naive::followed;
using naive::followed_sample;
using naive::real;

// A patient's score from its definition: weight of his event less the weighted hazards that he lived through.
real score_of(const followed& f, const followed_sample& stratum, const naive::weight_at& weight) {
  real score = 0;
  for (const real t : naive::event_times(stratum)) {
    if (!(f.entry < t && t <= f.time)) continue;
    const real w = weight(stratum, t);
    score -= w * naive::events_at(stratum, t) / naive::at_risk(stratum, t);
    if (f.event && f.time == t) score += w;
  }
  return score;
}

// U' V- U with the permutation covariance of the sums of scores, by the eigenvalues of the whole matrix.
real permutation_form(const followed_sample& all, int groups, int strata, const naive::weight_at& weight) {
  const auto k = static_cast<std::size_t>(groups);
  std::vector<double> sum(k), covariance(k * k);
  for (int s = 0; s < strata; ++s) {
    const auto own = naive::those(all, [&](const followed& f) { return f.stratum == s; });
    real n = 0, squares = 0;
    std::vector<real> size(k), part(k);
    for (const followed& f : own) {
      const real a = score_of(f, own, weight);
      const auto g = static_cast<std::size_t>(f.group);
      n += f.weight;
      size[g] += f.weight;
      part[g] += f.weight * a;
      squares += f.weight * a * a;
    }
    if (!(n > 1)) continue;
    for (std::size_t g = 0; g < k; ++g) {
      sum[g] += static_cast<double>(part[g]);
      for (std::size_t h = 0; h < k; ++h)
        covariance[g * k + h] +=
            static_cast<double>(squares / (n - 1) * ((g == h ? size[g] : 0) - size[g] * size[h] / n));
    }
  }
  return her2mod::squared_length(sum, covariance);
}

TEST(LogrankQuadratic, EqualsItsTwinOnEveryDraw) {
  std::mt19937_64 random(4);
  const auto check = [&](const registered_form& form, const naive::weight_at& weight, int groups, int strata,
                         bool truncated) {
    SCOPED_TRACE(testing::Message() << form.title() << ", " << groups << ", " << strata << ", " << truncated);
    auto rows = random_rows_for(form, random, {45, groups, strata, 2});
    if (truncated) add_entries(random, rows);
    const cohort data = cohort_of(rows, groups, strata);
    const auto stat = form.prepare(data);
    for (const owned_draw& d : draws_of(data, random))
      ASSERT_TRUE(naive::same(evaluate(*stat, d.view()).value,
                              permutation_form(naive::followed_of(data, d.view()), groups, strata, weight), 1e-9));
  };
  for (const int groups : {3, 4})
    for (const int strata : {1, 3})
      for (const bool truncated : {false, true})
        for (int repeat = 0; repeat < 3; ++repeat) {
          check({"logrank", {}}, naive::logrank_family(0, 0), groups, strata, truncated);
          check({"logrank", {1, 0, 0, 0, 0}}, naive::logrank_family(1, 0), groups, strata, truncated);
          check({"fleming_harrington", {0.5, 2, 0}}, naive::fleming_harrington(0.5, 2), groups, strata, truncated);
        }
}

// Without ties in strata of two groups the form is the signed test's square.
TEST(LogrankQuadratic, OfTwoGroupsIsTheScoresSquareOverItsPermutationVariance) {
  std::mt19937_64 random(5);
  const registered_form form{"logrank", {}};
  const cohort data = cohort_of(random_rows_for(form, random, {30, 2, 1, 1}), 2, 1);
  const her2mod::logrank_quadratic form_of_two(data, "logrank", {}, false);
  const auto linear = form.prepare(data)->linear();
  double squares = 0;
  for (const double a : linear->score) squares += a * a;
  const double u = evaluate(*form.prepare(data), observed_draw(data)).value;
  const double n = 30, n1 = 15;
  EXPECT_NEAR(evaluate(form_of_two, observed_draw(data)).value, u * u / (squares / (n - 1) * n1 * (n - n1) / n), 1e-10);
}

TEST(LogrankQuadratic, StudentisedIsTheChiSquaredOfTheHypergeometricCovariance) {
  std::mt19937_64 random(6);
  const registered_form form{"logrank", {0, 0, 0, 0, 1}};
  for (const int strata : {1, 3}) {
    const cohort data = cohort_of(random_rows_for(form, random, {45, 3, strata, 2}), 3, strata);
    const her2mod::event_table table(data, her2mod::risk_sets::within_strata);
    const auto tests = her2mod::test_logrank(table, {{}});
    EXPECT_NEAR(evaluate(*form.prepare(data), observed_draw(data)).value,
                her2mod::squared_length(tests.score[0], tests.variance[0]), 1e-9);
  }
}

TEST(LogrankQuadratic, HasNoValueWithoutVariance) {
  const std::vector<counted_row> rows{{0, 0, 1, 1, -1, 0}, {1, 0, 2, 1, -1, 0}, {2, 0, 3, 1, -1, 0}};
  const cohort data = cohort_of(rows, 3, 1);
  for (const her2mod::parameter_list& given : {her2mod::parameter_list{}, {0, 0, 0, 0, 1}})
    EXPECT_EQ(evaluate(*her2mod::prepare("logrank", data, given), observed_draw(data)).why,
              her2mod::reason::undefined);
}

TEST(Studentised, IsTheValueOverItsStandardError) {
  std::mt19937_64 random(7);
  for (const char* name : {"survival_difference", "rmst_difference"}) {
    const registered_form form{name, {3}};
    const cohort data = cohort_of(random_rows_for(form, random, {40, 2, 1, 1}), 2, 1);
    const auto plain = form.prepare(data), ratio = registered_form{name, {3, 1}}.prepare(data);
    EXPECT_EQ(ratio->describe().n_outputs, 1u);
    for (const owned_draw& d : draws_of(data, random)) {
      const evaluated inner = evaluate(*plain, d.view());
      EXPECT_EQ(evaluate(*ratio, d.view()).value, inner.value / inner.error);
    }
  }
}

// Nobody in either group has the event before 1: 0 over 0. At 2 all of group 1 and none of group 0: without
// variance, the limit.
TEST(Studentised, HasTheLimitOrNoValueWithoutVariance) {
  const std::vector<counted_row> rows{{0, 0, 5, 1, -1, 1}, {0, 0, 5, 1, -1, 0}, {1, 0, 2, 1, -1, 1}, {1, 0, 2, 1, -1, 1}};
  const cohort data = cohort_of(rows, 2, 1);
  const auto at = [&](double time) {
    return evaluate(*her2mod::prepare("survival_difference", data, {time, 1}), observed_draw(data));
  };
  EXPECT_EQ(at(1).why, her2mod::reason::undefined);
  EXPECT_EQ(at(3).why, her2mod::reason::infinite);
  EXPECT_EQ(at(3).value, -her2mod::infinity);
}

}  // namespace
