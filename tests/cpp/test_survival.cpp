// Survival statistics: against naive twins on random draws of cohorts with strata, left truncation
// and ties, by hand, and where curves end or ratios have no finite value.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <her2mod/surv/tied_times.hpp>
#include <string>
#include <vector>

#include "draws.hpp"
#include "naive_survival.hpp"
#include "registered.hpp"

namespace {

using her2mod::cohort;
using her2mod::draw;
using her2mod::reason;
using naive::followed_sample;
using naive::real;

const double inf = std::numeric_limits<double>::infinity();

naive::estimated twin_of_logrank(const followed_sample& s, const her2mod::parameter_list& given) {
  if (given.empty())
    return naive::logrank(s, naive::logrank_family(0, 0));
  const auto e = naive::logrank(s, naive::logrank_family(static_cast<int>(given[0]), given[3]));
  return given[4] == 1 ? naive::studentised(e) : e;
}

naive::estimated twin_of(const registered_form& form, const followed_sample& s) {
  const auto& given = form.given;
  if (form.name == "survival_difference")
    return naive::survival_difference(s, given[0]);
  if (form.name == "rmst_difference")
    return naive::rmst_difference(s, given[0]);
  if (form.name == "rmst_ratio")
    return naive::rmst_ratio(s, given[0]);
  if (form.name == "median_survival_difference")
    return naive::median_survival_difference(s);
  if (form.name == "log_hazard_ratio")
    return naive::log_hazard_ratio(s);
  if (form.name == "logrank")
    return twin_of_logrank(s, given);
  if (form.name == "maxcombo")
    return naive::maxcombo(s,
                           given.empty() ? her2mod::parameter_list{0, 0, 0, 1, 1, 0, 1, 1} : given);
  const auto e = naive::logrank(s, naive::fleming_harrington(given[0], given[1]));
  return given[2] == 1 ? naive::studentised(e) : e;
}

std::vector<registered_form> survival_forms() {
  std::vector<registered_form> forms;
  for (const registered_form& form : registered_forms())
    if (endpoint_of(form) == her2mod::endpoint_kind::survival)
      forms.push_back(form);
  return forms;
}

// Every way to hand over the same draw gives the twin's numbers.
void expect_twin_on(const registered_form& form, const cohort& data, std::mt19937_64& random) {
  const auto stat = form.prepare(data);
  for (owned_draw& d : draws_of(data, random)) {
    const naive::estimated expected = twin_of(form, naive::followed_of(data, d.view()));
    const evaluated found = evaluate(*stat, d.view());
    ASSERT_TRUE(naive::same(found.value, expected.value, 1e-11));
    if (std::isfinite(found.value)) {
      ASSERT_TRUE(naive::same(found.error, expected.error, 1e-10));
    }
    if (d.relabelled || !d.whole)
      continue;
    d.times.assign(d.weight.begin(), d.weight.end());
    d.weight.clear();
    const evaluated brief = evaluate(*stat, d.view());
    ASSERT_EQ(brief.why, found.why);
    ASSERT_TRUE(naive::same(brief.value, found.value, 1e-14));
    ASSERT_TRUE(naive::same(brief.error, found.error, 1e-14));
  }
}

TEST(SurvivalStatistics, EqualTheirTwins) {
  std::mt19937_64 random(20261124);
  for (const registered_form& form : survival_forms())
    for (const int strata : {1, 3})
      for (const int largest_frequency : {1, 3})
        for (const bool truncated : {false, true})
          for (int repeat = 0; repeat < 3; ++repeat) {
            SCOPED_TRACE(testing::Message()
                         << form.title() << ", strata " << strata << ", truncated " << truncated
                         << ", frequency " << largest_frequency);
            // With truncation a curve may come to 0 before its last event: there 1 / S has no
            // value.
            if (truncated && form.name == "logrank" && !form.given.empty() && form.given[0] == 6)
              continue;
            auto rows = random_rows_for(form, random, {29, 2, strata, largest_frequency});
            if (truncated)
              add_entries(random, rows);
            expect_twin_on(form, cohort_of(rows, 2, strata), random);
            expect_twin_on(form, cohort_of(by_group(rows), 2, strata), random);
            if (testing::Test::HasFatalFailure())
              return;
          }
}

// Small samples reach every end: curves at 0, one patient at risk, groups without events.
TEST(SurvivalStatistics, OfFewPatientsEqualTheirTwins) {
  std::mt19937_64 random(5);
  for (const registered_form& form : survival_forms())
    for (int repeat = 0; repeat < 60; ++repeat) {
      SCOPED_TRACE(form.title());
      std::vector<counted_row> rows;
      const int n = 2 + below(random, 7);
      for (int i = 0; i < n; ++i)
        rows.push_back({i < 2 ? i : below(random, 2), below(random, 2), 1.0 + below(random, 5), 1,
                        -1, below(random, 3) > 0 ? 1 : 0});
      const cohort data = cohort_of(rows, 2, 2);
      const evaluated found = evaluate(*form.prepare(data), observed_draw(data));
      const auto expected = twin_of(form, naive::followed_of(data, observed_draw(data)));
      // MaxCombo's and a studentised test's 0/0
      const bool none = std::isnan(found.value);
      if (none && form.name == "maxcombo") {
        ASSERT_EQ(naive::logrank(naive::followed_of(data, observed_draw(data)),
                                 naive::fleming_harrington(0, 0))
                      .error,
                  0);
      } else {
        ASSERT_TRUE(naive::same(found.value, expected.value, 1e-11));
      }
      ASSERT_EQ(found.why, none                      ? reason::undefined
                           : std::isinf(found.value) ? reason::infinite
                                                     : reason::none);
      if (found.why == reason::none) {
        ASSERT_TRUE(naive::same(found.error, expected.error, 1e-10));
      }
    }
}

// --- by hand

struct patient {
  int group;
  double time;
  int event;
};

cohort of_patients(const std::vector<patient>& patients) {
  std::vector<counted_row> rows;
  for (const patient& p : patients)
    rows.push_back({p.group, 0, p.time, 1, -1, p.event});
  return cohort_of(rows, 2, 1);
}

evaluated observed(const registered_form& form, const cohort& data) {
  return evaluate(*form.prepare(data), observed_draw(data));
}

// Therneau and Grambsch 2000, appendix: events at 1, 6, 6, 9; censored at 1 and 8.
cohort therneau() {
  return of_patients({{1, 1, 1}, {1, 1, 0}, {1, 6, 1}, {0, 6, 1}, {0, 8, 0}, {0, 9, 1}});
}

TEST(Logrank, ByHand) {
  // E1 = 3/6 + 2/4; V = 1/4 + 2 (1/4)(3/4)(2/3): chi squared 2.
  const evaluated e = observed({"logrank", {}}, therneau());
  EXPECT_DOUBLE_EQ(e.value, 1);
  EXPECT_DOUBLE_EQ(e.error * e.error, 0.5);
  EXPECT_DOUBLE_EQ(observed({"logrank", {0, 0, 0, 0, 1}}, therneau()).value, std::sqrt(2.0));
}

TEST(LogHazardRatio, ByHand) {
  // U = 2 - r/(r + 1) - r/(r + 3) - r/(r + 5), so that r^3 = 23 r + 30 (Therneau and Grambsch,
  // appendix E.1, print 1.676857).
  const double b = observed({"log_hazard_ratio", {}}, therneau()).value, r = std::exp(b);
  EXPECT_NEAR(b, 1.676857, 6e-7);
  EXPECT_NEAR(r * r * r, 23 * r + 30, 1e-11);
}

TEST(SurvivalDifference, ByHand) {
  // Group 1: 2/3 after 1, 0 after 6. Group 0: 2/3 after 6, 0 after 9.
  const cohort data = therneau();
  EXPECT_NEAR(observed({"survival_difference", {1}}, data).value, 2.0 / 3 - 1, 1e-15);
  EXPECT_NEAR(observed({"survival_difference", {1}}, data).error, std::sqrt(4.0 / 9 * (1.0 / 6)),
              1e-15);
  EXPECT_NEAR(observed({"survival_difference", {6}}, data).value, -2.0 / 3, 1e-15);
  EXPECT_EQ(observed({"survival_difference", {9}}, data).value, 0);
  EXPECT_EQ(observed({"survival_difference", {9}}, data).error, 0);
}

TEST(RestrictedMean, ByHand) {
  // Group 1: 1 + 5 * 2/3; group 0: 6 + 2 * 2/3 to tau = 8.
  const double m1 = 1 + 10.0 / 3, m0 = 6 + 4.0 / 3;
  const double v1 = 100.0 / 9 / 6, v0 = 16.0 / 9 / 6;
  const evaluated d = observed({"rmst_difference", {8}}, therneau()),
                  r = observed({"rmst_ratio", {8}}, therneau());
  EXPECT_NEAR(d.value, m1 - m0, 1e-14);
  EXPECT_NEAR(d.error, std::sqrt(v1 + v0), 1e-14);
  EXPECT_NEAR(r.value, std::log(m1 / m0), 1e-14);
  EXPECT_NEAR(r.error, std::sqrt(v1 / (m1 * m1) + v0 / (m0 * m0)), 1e-14);
}

TEST(MedianSurvival, AtOneHalfIsTheMiddleOfTheStep) {
  // Group 0 stands at 1/2 from 2 to 5, group 1 from 3 to its end at 7; then never reached.
  EXPECT_EQ(observed({"median_survival_difference", {}},
                     of_patients({{0, 2, 1}, {0, 5, 1}, {1, 3, 1}, {1, 7, 0}}))
                .value,
            5 - 3.5);
  const auto none = of_patients({{0, 2, 1}, {0, 5, 1}, {1, 3, 0}, {1, 7, 0}});
  EXPECT_EQ(observed({"median_survival_difference", {}}, none).value, inf);
  EXPECT_EQ(observed({"median_survival_difference", {}}, none).why, reason::infinite);
  EXPECT_EQ(observed({"median_survival_difference", {}}, of_patients({{0, 2, 0}, {1, 3, 0}})).why,
            reason::undefined);
}

TEST(RestrictedMean, OfZeroIsALimit) {
  const auto at_once = of_patients({{0, 0, 1}, {1, 3, 1}});
  EXPECT_EQ(observed({"rmst_ratio", {2}}, at_once).value, inf);
  EXPECT_EQ(observed({"rmst_difference", {2}}, at_once).value, 2);
}

// --- exact ends

TEST(KaplanMeier, FactorsAreExactlyOneAndZeroWhateverTheWeights) {
  std::mt19937_64 random(8);
  std::uniform_real_distribution<double> any(1e-3, 3);
  for (const bool truncated : {false, true})
    for (int repeat = 0; repeat < 200; ++repeat) {
      std::vector<counted_row> rows;
      for (int i = 0; i < 40; ++i) {
        const double time = 1 + below(random, 9);
        rows.push_back({i % 2, 0, time, 1, -1, i % 2 == 0 ? 1 : 0,
                        truncated ? time * below(random, 3) / 4 : -1});
      }
      const cohort data = cohort_of(rows, 2, 1);
      std::vector<double> weight;
      for (int i = 0; i < 40; ++i)
        weight.push_back(any(random));
      const draw d{weight, data.group(), false, {}, 0, {}, false};
      // Group 0 dies out, group 1 has no events: S1 - S0 = 1 - 0.
      const evaluated e = evaluate(*her2mod::prepare("survival_difference", data, {10}), d);
      ASSERT_EQ(e.value, 1);
      ASSERT_EQ(e.error, 0);
    }
}

TEST(LogHazardRatio, IsInfiniteExactlyWhereTheLikelihoodIsMonotone) {
  const registered_form hr{"log_hazard_ratio", {}};
  // One group without events; the last of one group gone before the other's first event.
  EXPECT_EQ(observed(hr, of_patients({{0, 1, 1}, {0, 4, 1}, {1, 2, 0}, {1, 5, 0}})).value, -inf);
  EXPECT_EQ(observed(hr, of_patients({{0, 3, 1}, {0, 4, 1}, {1, 1, 1}, {1, 2, 1}})).value, inf);
  EXPECT_EQ(observed(hr, of_patients({{0, 1, 1}, {0, 2, 1}, {1, 3, 1}, {1, 4, 1}})).value, -inf);
  // Events when the other group is not at risk say nothing.
  EXPECT_EQ(observed(hr, of_patients({{0, 1, 0}, {1, 3, 1}, {1, 4, 1}})).why, reason::undefined);
  EXPECT_EQ(observed(hr, of_patients({{0, 1, 0}, {1, 3, 0}})).why, reason::undefined);
  // One event of each group with both at risk is enough.
  EXPECT_TRUE(std::isfinite(observed(hr, of_patients({{0, 1, 1}, {1, 2, 1}, {0, 3, 0}})).value));
}

TEST(LogHazardRatio, IsInfiniteForFractionalWeightsToo) {
  std::mt19937_64 random(9);
  std::uniform_real_distribution<double> any(1e-3, 3);
  const auto apart =
      of_patients({{0, 6, 1}, {0, 7, 1}, {0, 7, 1}, {1, 1, 1}, {1, 1, 1}, {1, 5, 1}});
  const auto silent = of_patients({{0, 1, 0}, {0, 1, 0}, {1, 2, 1}, {1, 3, 1}, {1, 3, 1}});
  for (int repeat = 0; repeat < 300; ++repeat) {
    std::vector<double> weight;
    for (int i = 0; i < 6; ++i)
      weight.push_back(any(random));
    const draw d{weight, apart.group(), false, {}, 0, {}, false};
    ASSERT_EQ(evaluate(*her2mod::prepare("log_hazard_ratio", apart), d).value, inf);
    weight.pop_back();
    const draw e{weight, silent.group(), false, {}, 0, {}, false};
    ASSERT_EQ(evaluate(*her2mod::prepare("log_hazard_ratio", silent), e).why, reason::undefined);
  }
}

TEST(LogHazardRatio, StartsAnywhere) {
  // Labels given with the draw start at 0, the cohort's own at the estimate: the same root.
  std::mt19937_64 random(10);
  for (int repeat = 0; repeat < 200; ++repeat) {
    auto rows = random_rows_for({"log_hazard_ratio", {}}, random, {12, 2, 1, 1});
    for (counted_row& r : rows)
      r.response += r.group == 1 ? below(random, 8) : 0;
    const cohort data = cohort_of(rows, 2, 1);
    const auto stat = her2mod::prepare("log_hazard_ratio", data);
    const double own = evaluate(*stat, {data.frequency(), data.group(), false}).value,
                 given = evaluate(*stat, {data.frequency(), data.group(), true}).value;
    ASSERT_TRUE(own == given || std::fabs(own - given) <= 1e-13 * (1 + std::fabs(own)));
  }
}

TEST(Logrank, WithoutVarianceHasNoScoreEither) {
  // All of n die at once, whatever n: no rounding may leave U / sqrt(V) infinite.
  for (int n = 2; n < 60; ++n) {
    std::vector<patient> all{{1, 5, 1}};
    for (int i = 1; i < n; ++i)
      all.push_back({0, 5, 1});
    const cohort data = of_patients(all);
    EXPECT_EQ(observed({"logrank", {}}, data).value, 0);
    EXPECT_EQ(observed({"logrank", {}}, data).error, 0);
    EXPECT_EQ(observed({"logrank", {0, 0, 0, 0, 1}}, data).why, reason::undefined);
    EXPECT_EQ(observed({"maxcombo", {}}, data).why, reason::undefined);
  }
}

TEST(ModestlyWeighted, OfADrawThatEndsEarlyIsDefined) {
  const auto data = of_patients({{0, 1, 1}, {1, 2, 1}, {0, 3, 1}, {1, 4, 1}});
  const std::vector<double> early{1, 2, 1, 0};
  const evaluated e =
      evaluate(*her2mod::prepare("logrank", data, {6, 0, 0, 9, 0}), {early, data.group()});
  // weights 1 and 1 / (3/4): 0 - 2/4, and (2 - 2 * 2/3) / (3/4)
  EXPECT_NEAR(e.value, -0.5 + 8.0 / 9, 1e-15);
}

TEST(Studentised, IsNotLinear) {
  EXPECT_FALSE(her2mod::prepare("logrank", therneau(), {0, 0, 0, 0, 1})->linear());
  EXPECT_FALSE(her2mod::prepare("fleming_harrington", therneau(), {0, 1, 1})->linear());
}

// --- strata and ties

TEST(Strata, OfOneGroupAddNothing) {
  std::mt19937_64 random(12);
  for (const registered_form& form : survival_forms()) {
    if (form.name.find("rmst") == 0 || form.name.find("survival") != std::string::npos)
      continue;
    SCOPED_TRACE(form.title());
    auto rows = random_rows_for(form, random, {30, 2, 2, 1});
    const evaluated before = observed(form, cohort_of(rows, 2, 2));
    for (const double t : {0.5, 3.0, 3.0, 30.0})
      rows.push_back({1, 2, t, 1, -1, 1});
    const evaluated after = observed(form, cohort_of(rows, 2, 3));
    EXPECT_TRUE(naive::same(after.value, before.value, 1e-13));
    EXPECT_TRUE(naive::same(after.error, before.error, 1e-13));
  }
}

TEST(Times, ThatDifferByRoundingAreOne) {
  // survival's rule: neighbours within 1.49e-8, of their mean or absolutely, are the smallest of
  // the run.
  std::vector<double> times{3 + 1e-7, 1, 2, 2 + 1e-9, 3, 2 + 2e-9, 2};
  EXPECT_TRUE(her2mod::tie_times(times));
  EXPECT_EQ(times, (std::vector<double>{3 + 1e-7, 1, 2, 2, 3, 2, 2}));
  EXPECT_FALSE(her2mod::tie_times(times));
  EXPECT_EQ(times[0], 3 + 1e-7);
  // a run may be longer than the tolerance
  times = {1 + 3e-8, 1 + 1e-8, 1, 1 + 2e-8};
  EXPECT_TRUE(her2mod::tie_times(times));
  EXPECT_EQ(times, std::vector<double>(4, 1));
  times = {1e9, 1e9 + 1};
  EXPECT_TRUE(her2mod::tie_times(times));
  EXPECT_EQ(times, std::vector<double>(2, 1e9));
  times.clear();
  EXPECT_FALSE(her2mod::tie_times(times));
}

TEST(Times, OfAStatisticAreWrittenWithRounding) {
  const auto data = of_patients({{0, 0.1 + 0.2, 1}, {0, 2, 0}, {1, 2, 1}});
  EXPECT_EQ(observed({"survival_difference", {0.3}}, data).value, 0.5);
  EXPECT_EQ(observed({"survival_difference", {0.29}}, data).value, 0);
}

TEST(SurvivalStatistics, NeedEventsAndProperTimes) {
  const cohort plain = cohort_of(two_groups(1, 3, 2, 4), 2, 1);
  const auto times = of_patients({{0, 1, 1}, {1, 2, 1}});
  for (const registered_form& form : survival_forms())
    EXPECT_THROW(form.prepare(plain), her2mod::input_error) << form.title();
  for (const char* name : {"survival_difference", "rmst_difference", "rmst_ratio"})
    for (const her2mod::parameter_list& given :
         {her2mod::parameter_list{}, {-1}, {inf}, {std::nan("")}, {1, 2}})
      EXPECT_THROW(her2mod::prepare(name, times, given), her2mod::input_error) << name;
  for (const her2mod::parameter_list& given :
       {her2mod::parameter_list{0}, {7, 0, 0, 0, 0}, {-1, 0, 0, 0, 0}, {std::nan(""), 0, 0, 0, 0}})
    EXPECT_THROW(her2mod::prepare("logrank", times, given), her2mod::input_error);
  for (const her2mod::parameter_list& given :
       {her2mod::parameter_list{}, {0, 1}, {-1, 0, 0}, {0, -1, 0}})
    EXPECT_THROW(her2mod::prepare("fleming_harrington", times, given), her2mod::input_error);
  EXPECT_THROW(her2mod::prepare("maxcombo", times, {0, 0, 1}), her2mod::input_error);
  EXPECT_THROW(her2mod::prepare("maxcombo", times, {0, -1}), her2mod::input_error);
}

TEST(Cohorts, OfSurvivalTimesAreChecked) {
  EXPECT_THROW(of_patients({{0, 1, 2}, {1, 2, 1}}), her2mod::input_error);
  EXPECT_THROW(of_patients({{0, -1, 1}, {1, 2, 1}}), her2mod::input_error);
  EXPECT_THROW(cohort_of({{0, 0, 1, 1, -1, 1, 1}, {1, 0, 2, 1, -1, 1, 0}}, 2, 1),
               her2mod::input_error);
  EXPECT_THROW(cohort_of({{0, 0, 1, 1, -1, 1}, {1, 0, 2, 1, -1, -1}}, 2, 1), her2mod::input_error);
  EXPECT_THROW(cohort_of({{0, 0, 1, 1, -1, -1, 0.5}, {1, 0, 2, 1, -1, -1, 0.5}}, 2, 1),
               her2mod::input_error);
}

} // namespace
