// Imputation and permutation of follow-up: what a draw holds, the distribution of what is imputed, and
// what statistics make of it. Run under ThreadSanitizer too.

#include <gtest/gtest.h>

#include <algorithm>
#include <her2mod/resample/engine.hpp>
#include <her2mod/resample/imputation.hpp>
#include <map>
#include <vector>

#include "naive_survival.hpp"
#include "registered.hpp"
#include "thread_executor.hpp"

namespace {

using her2mod::cohort;
using her2mod::draw;
using her2mod::imputation_plan;
using her2mod::permutation_plan;

struct imputed_row {
  int label;
  double time;
  int event;
  bool operator==(const imputed_row& other) const {
    return label == other.label && time == other.time && event == other.event;
  }
  bool operator<(const imputed_row& other) const {
    return std::make_tuple(label, time, event) < std::make_tuple(other.label, other.time, other.event);
  }
};

std::vector<imputed_row> rows_in(const draw& d) {
  std::vector<imputed_row> rows;
  for (std::size_t i = 0; i < d.time.size(); ++i)
    rows.push_back({d.label[i], d.time[i], d.event[i]});
  return rows;
}

std::vector<counted_row> random_times(std::mt19937_64& random, int rows, int groups, int strata) {
  auto all = random_rows(random, {static_cast<std::size_t>(rows), groups, strata, 1}, [](auto& r) {
    return below(r, 2) == 0 ? below(r, 6) : below(r, 100) / 7.0;
  });
  for (counted_row& r : all)
    r.event = below(random, 3) > 0 ? 1 : 0;
  return all;
}

// The cohort that a draw stands for.
cohort imputed_cohort(const cohort& data, const draw& d) {
  std::vector<counted_row> rows = rows_of(data);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].group = d.label[i];
    rows[i].response = d.time[i];
    rows[i].event = d.event[i];
  }
  return cohort_of(rows, data.n_groups(), data.n_strata());
}

std::vector<registered_form> survival_forms() {
  std::vector<registered_form> forms;
  for (const registered_form& form : registered_forms())
    if (endpoint_of(form) == her2mod::endpoint_kind::survival)
      forms.push_back(form);
  for (const char* name : {"survival_difference", "rmst_difference"})
    forms.push_back({name, {3, 1}});
  return forms;
}

// Every statistic reads an imputed draw as it reads the cohort with these rows.
TEST(ImputationPlan, IsReadAsTheCohortThatItStandsFor) {
  std::mt19937_64 random(1);
  for (const registered_form& form : survival_forms())
    for (const int groups : {2, 3}) {
      if (groups == 3 && form.name != "logrank" && form.name != "fleming_harrington")
        continue;
      for (const int strata : {1, 3})
        for (int repeat = 0; repeat < 5; ++repeat) {
          SCOPED_TRACE(testing::Message() << form.title() << ", " << groups << ", " << strata);
          const cohort data = cohort_of(random_times(random, 40, groups, strata), groups, strata);
          const auto stat = form.prepare(data);
          ASSERT_TRUE(stat->reads().imputed);
          const imputation_plan plan(data, 3);
          imputation_plan::state state(plan, stat->reads());
          for (std::uint64_t replicate = 0; replicate < 10; ++replicate) {
            const draw d = plan.make(replicate, state);
            const cohort now = imputed_cohort(data, d);
            const evaluated found = evaluate(*stat, d);
            const evaluated expected = evaluate(*form.prepare(now), observed_draw(now));
            ASSERT_EQ(found.why, expected.why);
            ASSERT_TRUE(naive::same(found.value, expected.value, 1e-9));
            ASSERT_TRUE(naive::same(found.error, expected.error, 1e-9));
          }
        }
    }
}

TEST(ImputationPlan, LeavesWhoKeepsHisGroupAndGivesEventsOnlyWhereTheStratumHasThem) {
  std::mt19937_64 random(2);
  for (const int strata : {1, 3}) {
    const auto rows = random_times(random, 60, 3, strata);
    const cohort data = cohort_of(rows, 3, strata);
    const imputation_plan plan(data, 4);
    const permutation_plan labels(data, 4);
    imputation_plan::state state(plan);
    permutation_plan::state permuted(labels);
    std::size_t changed = 0;
    for (std::uint64_t replicate = 0; replicate < 200; ++replicate) {
      const draw d = plan.make(replicate, state), dealt = labels.make(replicate, permuted);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        ASSERT_EQ(d.label[i], dealt.label[i]);
        if (d.label[i] == rows[i].group) {
          ASSERT_EQ(d.time[i], rows[i].response);
          ASSERT_EQ(d.event[i], rows[i].event);
          continue;
        }
        changed += d.time[i] != rows[i].response ? 1 : 0;
        const auto seen = [&](const counted_row& r) {
          return r.response == d.time[i] &&
                 (d.event[i] == 0 || (r.event == 1 && r.stratum == rows[i].stratum));
        };
        ASSERT_TRUE(std::any_of(rows.begin(), rows.end(), seen));
        // An event that was seen is not put off.
        if (rows[i].event == 1) {
          ASSERT_LE(d.time[i], rows[i].response);
        } else if (d.event[i] == 1) {
          ASSERT_GT(d.time[i], rows[i].response);
        }
      }
    }
    EXPECT_GT(changed, 1000u);
  }
}

TEST(ImputationPlan, IsPermutationWhereNobodyIsCensored) {
  std::mt19937_64 random(3);
  auto rows = random_times(random, 50, 2, 2);
  for (counted_row& r : rows)
    r.event = 1;
  const cohort data = cohort_of(rows, 2, 2);
  const imputation_plan plan(data, 5);
  imputation_plan::state state(plan);
  for (std::uint64_t replicate = 0; replicate < 100; ++replicate) {
    const draw d = plan.make(replicate, state);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_EQ(d.time[i], rows[i].response);
      ASSERT_EQ(d.event[i], 1);
    }
  }
}

// All are censored at 9 if at all: whoever has no event before stays censored there.
TEST(ImputationPlan, ChangesNoTimeWhereAllAreFollowedForTheSameTime) {
  std::vector<counted_row> rows;
  for (int i = 0; i < 30; ++i)
    rows.push_back({i % 2, 0, i % 3 == 0 ? 9.0 : 1.0 + i % 7, 1, -1, i % 3 == 0 ? 0 : 1});
  const cohort data = cohort_of(rows, 2, 1);
  const imputation_plan plan(data, 6);
  imputation_plan::state state(plan);
  for (std::uint64_t replicate = 0; replicate < 200; ++replicate) {
    const draw d = plan.make(replicate, state);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ASSERT_EQ(d.time[i], rows[i].response);
      ASSERT_EQ(d.event[i], rows[i].event);
    }
  }
}

// Worked by hand. Group 0: 1, 4 with the event, 2+ and 6+ without; group 1: 3 and 5 with the event, 3+.
//   S: 1 at 0, 6/7 from 1, (6/7)(4/5) from 3, (6/7)(4/5)(2/3) from 4, half of that from 5; it does not
//      come to 0.
//   censoring in group 0: 2 of 3 left at 2 (one of the three still followed), none after 6;
//   in group 1: half left at 3 (events first: one of two), and then nothing falls: it is infinite.
// The patient censored at 2, once he is in group 1, has T = 3, 4, 5 or later with 1/5, 4/15, 4/15, 4/15.
//   C = 3 with 1/2, else infinite. So: event at 3, 1/5 (of a tie the event counts); censored at 3, 4/5 1/2;
//   event at 4 and at 5, 4/15 1/2 each; censored at the end, 6, 4/15 1/2.
// The patient with the event at 5, once in group 0: C = 2 with 1/3, else 6: censored at 2, or the event.
TEST(ImputationPlan, DrawsTheDistributionsWorkedByHand) {
  const std::vector<counted_row> rows{{0, 0, 1, 1, -1, 1}, {0, 0, 4, 1, -1, 1}, {0, 0, 2, 1, -1, 0},
                                      {0, 0, 6, 1, -1, 0}, {1, 0, 3, 1, -1, 1}, {1, 0, 5, 1, -1, 1},
                                      {1, 0, 3, 1, -1, 0}};
  const cohort data = cohort_of(rows, 2, 1);
  const imputation_plan plan(data, 7);
  imputation_plan::state state(plan);
  std::map<imputed_row, double> censored, had_event;
  double moved2 = 0, moved5 = 0;
  for (std::uint64_t replicate = 0; replicate < 200000; ++replicate) {
    const auto now = rows_in(plan.make(replicate, state));
    if (now[2].label == 1) {
      ++censored[now[2]];
      ++moved2;
    }
    if (now[5].label == 0) {
      ++had_event[now[5]];
      ++moved5;
    }
  }
  const auto expect_share = [](double count, double of, double p) {
    EXPECT_NEAR(count / of, p, 5 * std::sqrt(p * (1 - p) / of));
  };
  expect_share(moved2, 200000, 3.0 / 7);
  expect_share(moved5, 200000, 4.0 / 7);
  ASSERT_EQ(censored.size(), 5u);
  expect_share(censored[{1, 3, 1}], moved2, 1.0 / 5);
  expect_share(censored[{1, 3, 0}], moved2, 2.0 / 5);
  expect_share(censored[{1, 4, 1}], moved2, 2.0 / 15);
  expect_share(censored[{1, 5, 1}], moved2, 2.0 / 15);
  expect_share(censored[{1, 6, 0}], moved2, 2.0 / 15);
  ASSERT_EQ(had_event.size(), 2u);
  expect_share(had_event[{0, 2, 0}], moved5, 1.0 / 3);
  expect_share(had_event[{0, 5, 1}], moved5, 2.0 / 3);
}

// In stratum 0 everybody is censored at 10, in stratum 1 at 20, if at all; group 1 is followed for ever.
TEST(ImputationPlan, TakesCensoringWithinStrataOnlyIfTheyAreLarge) {
  for (const int size : {19, 20}) {
    std::vector<counted_row> rows;
    for (int stratum = 0; stratum < 2; ++stratum)
      for (int group = 0; group < 2; ++group)
        for (int i = 0; i < size; ++i) {
          const bool event = group == 1 || i % 2 == 0;
          rows.push_back({group, stratum, event ? 30.0 + i : 10.0 * (1 + stratum), 1, -1, event ? 1 : 0});
        }
    const cohort data = cohort_of(rows, 2, 2);
    EXPECT_EQ(imputation_plan::censoring_within_strata(data), size == 20);
    const imputation_plan plan(data, 8);
    imputation_plan::state state(plan);
    bool crossed = false;
    for (std::uint64_t replicate = 0; replicate < 20; ++replicate) {
      const draw d = plan.make(replicate, state);
      for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].group == 1 && d.event[i] == 0)
          crossed = crossed || d.time[i] != 10.0 * (1 + rows[i].stratum);
    }
    EXPECT_EQ(crossed, size == 19);
  }
}

TEST(ImputationPlan, RefusesWhatItHasNoTimesFor) {
  EXPECT_THROW(imputation_plan(cohort_of(two_groups(1, 2, 1, 2), 2, 1), 1), her2mod::input_error);
  const std::vector<counted_row> late{{0, 0, 3, 1, -1, 1, 1}, {1, 0, 4, 1, -1, 0, 2}};
  EXPECT_THROW(imputation_plan(cohort_of(late, 2, 1), 1), her2mod::input_error);
  const std::vector<counted_row> clustered{{0, 0, 3, 1, 0, 1}, {1, 0, 4, 1, 1, 0}};
  EXPECT_THROW(imputation_plan(cohort_of(clustered, 2, 1), 1), her2mod::input_error);
}

TEST(ImputationPlan, GivesTheSameNumbersOnAnyNumberOfThreads) {
  std::mt19937_64 random(9);
  const cohort data = cohort_of(random_times(random, 80, 2, 2), 2, 2);
  const auto stat = her2mod::prepare("logrank", data);
  const imputation_plan plan(data, 10);
  thread_executor one(1), four(4);
  const auto whole = her2mod::evaluate_replicates(*stat, plan, {0, 3000}, data.rows(), one, 1);
  const auto shared = her2mod::evaluate_replicates(*stat, plan, {0, 3000}, data.rows(), four, 1);
  EXPECT_EQ(whole.values, shared.values);
  const auto part = her2mod::evaluate_replicates(*stat, plan, {1000, 500}, data.rows(), four, 1);
  EXPECT_TRUE(std::equal(part.values.begin(), part.values.end(), whole.values.begin() + 1000));
}

}  // namespace
