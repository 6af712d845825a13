// stat/: the contract over the whole registry, and the values of the statistics by hand.

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <her2mod/base/inference.hpp>
#include <her2mod/stat/registry.hpp>

#include "cohorts.hpp"
#include "naive.hpp"

namespace {

using her2mod::cohort;
using her2mod::draw;
using her2mod::reason;

const double inf = her2mod::infinity;

struct evaluated {
  reason why;
  double value, error;
};

evaluated evaluate(const std::string& name, const cohort& data, const std::vector<double>& weight,
                   const std::vector<std::int32_t>& label) {
  const auto stat = her2mod::prepare(name, data);
  const auto scratch = stat->make_workspace();
  std::vector<double> out(stat->describe().n_outputs, -99);
  const reason why = stat->evaluate(draw{weight, label}, *scratch, out);
  return {why, out[0], out.size() > 1 ? out[1] : -99};
}

// As observed: the frequencies are the weights, the groups the labels.
evaluated observed(const std::string& name, const cohort& data) {
  return evaluate(name, data, data.frequency(), data.group());
}

// The four cells as four rows, whatever the counts: events of 0, others of 0, events of 1, others.
const cohort& four_cells() {
  static const cohort data =
      cohort_of({{0, 0, 1, 1}, {0, 0, 0, 1}, {1, 0, 1, 1}, {1, 0, 0, 1}}, 2, 1);
  return data;
}

evaluated of_table(const std::string& name, double x0, double n0, double x1, double n1) {
  return evaluate(name, four_cells(), {x0, n0 - x0, x1, n1 - x1}, four_cells().group());
}

TEST(Registry, ConstructsEveryEntryUnderItsName) {
  const cohort data = cohort_of(two_groups(6, 49, 13, 68), 2, 1);
  std::set<std::string> names;
  for (const auto& entry : her2mod::registry()) {
    SCOPED_TRACE(entry.name);
    EXPECT_TRUE(names.insert(entry.name).second);
    EXPECT_STREQ(entry.spec->name, entry.name);
    EXPECT_FALSE(std::string(entry.spec->title).empty());
    const auto direct = entry.make(data);
    const auto by_name = her2mod::prepare(entry.name, data);
    EXPECT_STREQ(direct->describe().name, entry.name);
    EXPECT_STREQ(by_name->describe().name, entry.name);
    EXPECT_GE(direct->describe().n_outputs, 1u);
    EXPECT_EQ(direct->describe().n_outputs, entry.spec->n_outputs);
    EXPECT_NE(direct->make_workspace(), nullptr);
  }
  for (const char* name : {"risk_difference", "risk_ratio", "odds_ratio"})
    EXPECT_EQ(names.count(name), 1u);
}

TEST(Registry, KnowsNoOtherName) {
  for (const char* name : {"nonsense", "", "Risk_difference", "risk_difference "})
    EXPECT_THROW(her2mod::prepare(name, four_cells()), her2mod::input_error);
}

TEST(Registry, TurnsTheEstimateRoundAsItsSignSays) {
  const cohort data = cohort_of(two_groups(6, 49, 13, 68), 2, 1);
  const std::vector<std::int32_t> swapped{1, 1, 0, 0};
  for (const auto& entry : her2mod::registry()) {
    const double one = observed(entry.name, data).value;
    const double other = evaluate(entry.name, data, data.frequency(), swapped).value;
    EXPECT_NEAR(other, entry.spec->sign * one, 1e-14) << entry.name;
  }
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
  for (const evaluated& e : {rd, rr, odds}) EXPECT_EQ(e.why, reason::none);
}

TEST(BinaryStatistics, CountByWeightAndLabelNotByGroup) {
  // Permuted labels: rows 0 and 2 in the reference group, rows 1 and 3 in the other.
  const evaluated e = evaluate("risk_difference", four_cells(), {2, 3, 5, 7}, {0, 1, 0, 1});
  EXPECT_NEAR(e.value, 0.0 - 1.0, 1e-15);  // events are rows 0 and 2: 7/7 against 0/10
  const evaluated mixed = evaluate("risk_difference", four_cells(), {2, 3, 5, 7}, {0, 1, 1, 0});
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

TEST(BinaryStatistics, SayWhenAGroupIsEmpty) {
  for (const char* name : {"risk_difference", "risk_ratio", "odds_ratio"}) {
    for (const std::vector<double>& weight :
         {std::vector<double>{0, 0, 2, 1}, {2, 1, 0, 0}, {0, 0, 0, 0}}) {
      const evaluated e = evaluate(name, four_cells(), weight, four_cells().group());
      EXPECT_EQ(e.why, reason::empty_group) << name;
      EXPECT_TRUE(std::isnan(e.value));
      EXPECT_TRUE(std::isnan(e.error));
    }
  }
}

TEST(BinaryStatistics, AreTheSameForRowsAndForCounts) {
  const std::vector<counted_row> rows{{0, 0, 1, 4}, {0, 1, 0, 9}, {1, 0, 1, 2},
                                      {1, 1, 1, 1}, {1, 1, 0, 6}, {0, 1, 1, 3}};
  const cohort counts = cohort_of(rows, 2, 2), patients = cohort_of(expanded(rows), 2, 2);
  for (const auto& entry : her2mod::registry()) {
    const evaluated a = observed(entry.name, counts), b = observed(entry.name, patients);
    EXPECT_EQ(a.value, b.value) << entry.name;
    EXPECT_EQ(a.error, b.error) << entry.name;
  }
}

}  // namespace
