// stat/: the contract over the whole registry, and the values of the statistics by hand.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <her2mod/base/inference.hpp>
#include <her2mod/resample/jackknife.hpp>
#include <set>
#include <string>
#include <vector>

#include "naive.hpp"
#include "registered.hpp"

namespace {

using her2mod::cohort;
using her2mod::draw;
using her2mod::reason;

const double inf = her2mod::infinity;

evaluated by_name(const std::string& name, const cohort& data, const std::vector<double>& weight,
                  const std::vector<std::int32_t>& label) {
  return evaluate(*her2mod::prepare(name, data), draw{weight, label});
}

// As observed: the frequencies are the weights, the groups the labels.
evaluated observed(const std::string& name, const cohort& data) {
  return by_name(name, data, data.frequency(), data.group());
}

// The four cells as four rows, whatever the counts: events of 0, others of 0, events of 1, others.
const cohort& four_cells() {
  static const cohort data =
      cohort_of({{0, 0, 1, 1}, {0, 0, 0, 1}, {1, 0, 1, 1}, {1, 0, 0, 1}}, 2, 1);
  return data;
}

evaluated of_table(const std::string& name, double x0, double n0, double x1, double n1) {
  return by_name(name, four_cells(), {x0, n0 - x0, x1, n1 - x1}, four_cells().group());
}

TEST(Registry, ConstructsEveryEntryUnderItsName) {
  const cohort data = cohort_of(two_groups(6, 49, 13, 68), 2, 1);
  const cohort times =
      cohort_of({{0, 0, 3, 1, -1, 1}, {1, 0, 2, 1, -1, 1}, {1, 0, 5, 1, -1, 0}}, 2, 1);
  std::set<std::string> names;
  for (const auto& entry : her2mod::registry()) {
    SCOPED_TRACE(entry.name);
    EXPECT_TRUE(names.insert(entry.name).second);
    EXPECT_STREQ(entry.spec->name, entry.name);
    EXPECT_FALSE(std::string(entry.spec->title).empty());
    if (needs_covariates(*entry.spec)) // test_adjusted.cpp constructs them
      continue;
    const cohort& own = entry.spec->endpoint == her2mod::endpoint_kind::survival ? times : data;
    const her2mod::parameter_list given = parameters_of(entry.name, entry.spec->parameter).back();
    const auto direct = entry.make(own, given);
    const auto named = her2mod::prepare(entry.name, own, given);
    EXPECT_STREQ(direct->describe().name, entry.name);
    EXPECT_STREQ(named->describe().name, entry.name);
    EXPECT_GE(direct->describe().n_outputs, 1u);
    EXPECT_EQ(direct->describe().n_outputs, entry.spec->n_outputs);
    EXPECT_NE(direct->make_workspace(), nullptr);
  }
  const std::set<std::string> known{"risk_difference",
                                    "risk_ratio",
                                    "odds_ratio",
                                    "mean_difference",
                                    "mean_ratio",
                                    "median_difference",
                                    "quantile_difference",
                                    "standardised_difference",
                                    "standardised_distance",
                                    "win_probability",
                                    "kruskal_wallis",
                                    "chi_squared",
                                    "survival_difference",
                                    "rmst_difference",
                                    "rmst_ratio",
                                    "median_survival_difference",
                                    "log_hazard_ratio",
                                    "logrank",
                                    "fleming_harrington",
                                    "maxcombo",
                                    "adjusted_risk_difference",
                                    "adjusted_risk_ratio",
                                    "adjusted_odds_ratio",
                                    "adjusted_rmst_difference"};
  EXPECT_EQ(names, known);
}

std::string parameter_of(const std::string& name) {
  if (name == "quantile_difference")
    return "prob";
  if (name == "standardised_difference")
    return "balance";
  if (name == "survival_difference")
    return "time";
  if (name.find("rmst") == 0)
    return "tau";
  if (name.find("adjusted") == 0)
    return name == "adjusted_rmst_difference" ? "adjust, tau" : "adjust";
  if (name == "logrank")
    return "weight";
  if (name == "fleming_harrington")
    return "rho, gamma";
  return name == "maxcombo" ? "rho, gamma, ..." : "";
}

TEST(Registry, SaysWhatEachStatisticIs) {
  const auto is_test = [](const her2mod::statistic_spec& s) {
    return s.role == her2mod::statistic_role::test;
  };
  for (const auto& entry : her2mod::registry()) {
    SCOPED_TRACE(entry.name);
    const her2mod::statistic_spec& s = *entry.spec;
    const std::string name = s.name;
    const bool wins = name == "win_probability", distance = name == "standardised_distance",
               adjusted = name.find("adjusted") == 0,
               share = name == "risk_difference" || name == "survival_difference" || name == "adjusted_risk_difference";
    EXPECT_EQ(is_test(s), name == "kruskal_wallis" || name == "chi_squared" || name == "maxcombo");
    EXPECT_EQ(s.sign, is_test(s) || distance ? 1 : -1);
    EXPECT_EQ(s.n_outputs, s.sign == 1 || adjusted || name == "median_survival_difference" ? 1u : 2u);
    EXPECT_EQ(s.null, wins ? 0.5 : 0);
    EXPECT_EQ(s.lowest, share ? -1 : wins || s.sign == 1 ? 0 : -inf);
    EXPECT_EQ(s.highest, share || wins ? 1 : inf);
    // the log hazard ratio says itself that it is a logarithm
    EXPECT_EQ(s.scale == her2mod::analysis_scale::log,
              name.find("ratio") != std::string::npos && name.find("log") == std::string::npos);
    EXPECT_EQ(s.parameter, parameter_of(name));
  }
}

TEST(Registry, KnowsNoOtherName) {
  for (const char* name : {"nonsense", "", "Risk_difference", "risk_difference "})
    EXPECT_THROW(her2mod::prepare(name, four_cells()), her2mod::input_error);
}

// Use(form, cohort, generator) on random data of every form, rows of groups in turn and together.
template <class Use> void on_random_data(const row_mix& mix, const Use& use) {
  std::mt19937_64 random(20240612);
  for (const registered_form& form : registered_forms())
    for (int repeat = 0; repeat < 20; ++repeat) {
      SCOPED_TRACE(form.title());
      const auto rows = random_rows_for(form, random, mix);
      use(form, cohort_of(rows, mix.groups, mix.strata), random);
      use(form, cohort_of(by_group(rows), mix.groups, mix.strata), random);
      if (testing::Test::HasFatalFailure())
        return;
    }
}

TEST(Registry, TurnsTheEstimateRoundItsNullAsItsSignSays) {
  on_random_data({31, 2, 1, 3}, [](const auto& form, const cohort& data, auto&) {
    const auto stat = form.prepare(data);
    std::vector<std::int32_t> other;
    for (const std::int32_t g : data.group())
      other.push_back(1 - g);
    const evaluated one = evaluate(*stat, observed_draw(data)),
                    turned = evaluate(*stat, {data.frequency(), other});
    const auto& spec = stat->describe();
    ASSERT_NEAR(turned.value, spec.sign == 1 ? one.value : 2 * spec.null - one.value, 1e-12);
    ASSERT_LE(spec.lowest, one.value);
    ASSERT_GE(spec.highest, one.value);
  });
}

TEST(Registry, HasItsNullForTwoEqualGroups) {
  on_random_data({30, 2, 1, 1}, [](const auto& form, const cohort& data, auto&) {
    std::vector<counted_row> rows;
    for (const int group : {0, 1})
      for (counted_row r : rows_of(data)) {
        r.group = group;
        rows.push_back(r);
      }
    const cohort twice = cohort_of(rows, 2, 1);
    const auto stat = form.prepare(twice);
    ASSERT_NEAR(evaluate(*stat, observed_draw(twice)).value, stat->describe().null, 1e-13);
  });
}

TEST(Registry, WritesAsManyOutputsAsAreWanted) {
  on_random_data({25, 2, 1, 2}, [](const auto& form, const cohort& data, auto&) {
    const auto stat = form.prepare(data);
    const auto scratch = stat->make_workspace();
    std::vector<double> out(3, -99);
    const her2mod::span<double> one(out.data() + 1, 1);
    ASSERT_EQ(stat->evaluate(observed_draw(data), *scratch, one), reason::none);
    ASSERT_EQ(out[1], evaluate(*stat, observed_draw(data)).value);
    ASSERT_EQ(out[0], -99);
    ASSERT_EQ(out[2], -99);
  });
}

TEST(Registry, SaysWhenAGroupIsEmpty) {
  on_random_data({20, 2, 1, 2}, [](const auto& form, const cohort& data, auto&) {
    const auto stat = form.prepare(data);
    for (const std::int32_t empty : {0, 1, 2}) {
      std::vector<double> weight = data.frequency();
      for (std::size_t i = 0; i < weight.size(); ++i)
        if (empty == 2 || data.group()[i] == empty)
          weight[i] = 0;
      for (const bool relabelled : {false, true}) {
        const evaluated e = evaluate(*stat, {weight, data.group(), relabelled});
        ASSERT_EQ(e.why, reason::empty_group);
        ASSERT_TRUE(std::isnan(e.value));
        ASSERT_TRUE(e.error == -99 || std::isnan(e.error));
      }
    }
  });
}

// Value by value: equal, or infinite or undefined alike.
void expect_equal_values(const std::vector<double>& found, const std::vector<double>& truth) {
  ASSERT_EQ(found.size(), truth.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    ASSERT_TRUE(naive::same(found[i], truth[i], 1e-11)) << i;
}

TEST(LeaveOneOut, InClosedFormIsTheEngines) {
  std::set<std::string> with_one;
  for (const row_mix& mix : {row_mix{24, 2, 1, 1}, {17, 2, 1, 4}, {5, 2, 1, 1}, {3, 2, 1, 1}})
    on_random_data(mix, [&](const auto& form, const cohort& data, auto&) {
      const auto stat = form.prepare(data);
      std::vector<double> closed(data.rows());
      if (!stat->leave_one_out(closed))
        return;
      with_one.insert(form.name);
      her2mod::serial_executor host;
      expect_equal_values(closed,
                          her2mod::evaluate_replicates(*stat, her2mod::jackknife_plan(data),
                                                       {0, data.rows()}, data.rows(), host, 1)
                              .values);
      expect_equal_values(her2mod::leave_one_out(*stat, data, host), closed);
    });
  EXPECT_EQ(with_one,
            (std::set<std::string>{"risk_difference", "risk_ratio", "odds_ratio", "mean_difference",
                                   "mean_ratio", "median_difference", "quantile_difference",
                                   "survival_difference", "rmst_difference", "rmst_ratio",
                                   "median_survival_difference", "logrank", "fleming_harrington",
                                   "standardised_difference", "win_probability"}));
}

TEST(LeaveOneOut, OfTheOneUnitThatVaries) {
  const std::vector<double> without{3, 4, 0}; // has no spread
  her2mod::serial_executor host;
  for (const double y1 : {0.1, 0.3})
    for (const double odd : {0.7, 12.0, 1e6}) {
      const cohort data = cohort_of({{0, 0, 0.1, 3}, {1, 0, y1, 4}, {1, 0, odd, 1}}, 2, 1);
      const double expected = y1 == 0.1 ? 0 : inf;
      for (const her2mod::parameter_list& given : {her2mod::parameter_list{}, {1}}) {
        const auto stat = her2mod::prepare("standardised_difference", data, given);
        EXPECT_EQ(her2mod::leave_one_out(*stat, data, host)[2], expected);
        EXPECT_EQ(evaluate(*stat, {without, data.group()}).value, expected);
      }
    }
}

void expect_linear(const her2mod::statistic& stat, const her2mod::linear_form& linear,
                   const cohort& data, std::mt19937_64& random) {
  std::vector<std::pair<double, double>> seen;
  std::vector<std::int32_t> label = data.group();
  for (int repeat = 0; repeat < 30; ++repeat) {
    double sum = 0;
    for (std::size_t i = 0; i < label.size(); ++i)
      sum += label[i] == 1 ? data.frequency()[i] * linear.score[i] : 0.0;
    const double value = evaluate(stat, {data.frequency(), label}).value;
    ASSERT_TRUE(naive::same(linear.value(sum), value, 1e-12));
    if (!std::isnan(value))
      seen.emplace_back(sum, value);
    shuffle_rows(random, label);
  }
  std::sort(seen.begin(), seen.end());
  for (std::size_t i = 1; i < seen.size(); ++i) {
    const bool tied = seen[i].first - seen[i - 1].first < 1e-9;
    ASSERT_TRUE(tied || seen[i - 1].second < seen[i].second);
  }
}

TEST(LinearForms, AreTheStatisticAndIncrease) {
  std::set<std::string> with_one;
  for (const row_mix& mix : {row_mix{23, 2, 1, 1}, {8, 2, 1, 1}})
    on_random_data(mix, [&](const auto& form, const cohort& data, auto& random) {
      const auto stat = form.prepare(data);
      const auto linear = stat->linear();
      if (!linear)
        return;
      with_one.insert(form.name);
      ASSERT_EQ(linear->score.size(), data.rows());
      expect_linear(*stat, *linear, data, random);
    });
  EXPECT_EQ(with_one,
            (std::set<std::string>{"risk_difference", "risk_ratio", "odds_ratio", "mean_difference",
                                   "mean_ratio", "standardised_difference", "win_probability",
                                   "logrank", "fleming_harrington"}));
}

TEST(BinaryStatistics, RefuseOtherCohorts) {
  const cohort three = cohort_of({{0, 0, 1, 1}, {1, 0, 0, 1}, {2, 0, 0, 1}}, 3, 1);
  const cohort one = cohort_of({{0, 0, 1, 1}, {0, 0, 0, 1}}, 1, 1);
  const cohort graded = cohort_of({{0, 0, 1, 1}, {1, 0, 2, 1}}, 2, 1);
  const cohort halves = cohort_of({{0, 0, 0.5, 1}, {1, 0, 1, 1}}, 2, 1);
  for (const char* name : {"risk_difference", "risk_ratio", "odds_ratio"})
    for (const cohort* data : {&three, &one, &graded, &halves})
      EXPECT_THROW(her2mod::prepare(name, *data), her2mod::input_error) << name;
}

TEST(BinaryStatistics, OfTheFoundingStudyByHand) {
  // Dual 13/68 against single 6/49.
  const cohort data = cohort_of(two_groups(6, 49, 13, 68), 2, 1);
  const evaluated rd = observed("risk_difference", data), rr = observed("risk_ratio", data),
                  odds = observed("odds_ratio", data);
  EXPECT_NEAR(rd.value, 13.0 / 68 - 6.0 / 49, 1e-15);
  EXPECT_NEAR(rd.error, std::sqrt(6.0 * 43 / (49.0 * 49 * 49) + 13.0 * 55 / (68.0 * 68 * 68)),
              1e-15);
  EXPECT_NEAR(rr.value, std::log(13.0 * 49 / (6.0 * 68)), 1e-14);
  EXPECT_NEAR(rr.error, std::sqrt(1.0 / 6 - 1.0 / 49 + 1.0 / 13 - 1.0 / 68), 1e-14);
  EXPECT_NEAR(odds.value, std::log(13.0 * 43 / (6.0 * 55)), 1e-14);
  EXPECT_NEAR(odds.error, std::sqrt(1.0 / 6 + 1.0 / 43 + 1.0 / 13 + 1.0 / 55), 1e-14);
  for (const evaluated& e : {rd, rr, odds})
    EXPECT_EQ(e.why, reason::none);
}

TEST(BinaryStatistics, CountByWeightAndLabelNotByGroup) {
  // Permuted labels: rows 0 and 2 in the reference group, rows 1 and 3 in the other.
  const evaluated e = by_name("risk_difference", four_cells(), {2, 3, 5, 7}, {0, 1, 0, 1});
  EXPECT_NEAR(e.value, 0.0 - 1.0, 1e-15); // events are rows 0 and 2: 7/7 against 0/10
  const evaluated mixed = by_name("risk_difference", four_cells(), {2, 3, 5, 7}, {0, 1, 1, 0});
  EXPECT_NEAR(mixed.value, 5.0 / 8 - 2.0 / 9, 1e-15);
}

TEST(BinaryStatistics, EqualTheFormulasForEverySmallTable) {
  naive::for_each_table(6, [](long x0, long n0, long x1, long n1) {
    const double a = static_cast<double>(x1), m = static_cast<double>(n1),
                 c = static_cast<double>(x0), n = static_cast<double>(n0);
    const evaluated rd = of_table("risk_difference", c, n, a, m),
                    rr = of_table("risk_ratio", c, n, a, m),
                    odds = of_table("odds_ratio", c, n, a, m);
    ASSERT_EQ(rd.why, reason::none);
    ASSERT_NEAR(rd.value, a / m - c / n, 1e-15);
    ASSERT_NEAR(rd.error, std::sqrt(a / m * (1 - a / m) / m + c / n * (1 - c / n) / n), 1e-15);

    const auto expect_log = [](const evaluated& e, double up, double down, double error) {
      if (up == 0 && down == 0) {
        ASSERT_EQ(e.why, reason::undefined);
        ASSERT_TRUE(std::isnan(e.value) && std::isnan(e.error));
      } else if (up == 0 || down == 0) {
        ASSERT_EQ(e.why, reason::infinite);
        ASSERT_EQ(e.value, up == 0 ? -inf : inf);
        ASSERT_TRUE(std::isnan(e.error));
      } else {
        ASSERT_EQ(e.why, reason::none);
        ASSERT_NEAR(e.value, std::log(up / down), 1e-13);
        ASSERT_NEAR(e.error, error, 1e-7);
      }
    };
    expect_log(rr, a * n, c * m, std::sqrt(std::max(0.0, 1 / a - 1 / m + 1 / c - 1 / n)));
    expect_log(odds, a * (n - c), c * (m - a),
               std::sqrt(1 / a + 1 / (m - a) + 1 / c + 1 / (n - c)));
  });
}

TEST(Registry, IsTheSameForRowsAndForCounts) {
  on_random_data({19, 2, 2, 5}, [](const auto& form, const cohort& counts, auto&) {
    const cohort patients = cohort_of(expanded(rows_of(counts)), 2, 2);
    const evaluated a = evaluate(*form.prepare(counts), observed_draw(counts)),
                    b = evaluate(*form.prepare(patients), observed_draw(patients));
    ASSERT_TRUE(naive::same(a.value, b.value, 1e-13));
    ASSERT_TRUE(naive::same(a.error, b.error, 1e-12));
  });
}

} // namespace
