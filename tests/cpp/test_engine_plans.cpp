// The plans: what a draw holds, and that draws have the distribution they should have.
// Run under ThreadSanitizer too.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <her2mod/resample/bootstrap.hpp>
#include <her2mod/resample/engine.hpp>
#include <her2mod/resample/jackknife.hpp>
#include <her2mod/resample/permutation.hpp>
#include <map>
#include <numeric>
#include <vector>

#include "naive.hpp"
#include "registered.hpp"

namespace {

using her2mod::bootstrap_plan;
using her2mod::cohort;
using her2mod::draw;
using her2mod::jackknife_plan;
using her2mod::permutation_plan;

std::vector<double> weights(const draw& d) { return {d.weight.begin(), d.weight.end()}; }
std::vector<std::int32_t> labels(const draw& d) { return {d.label.begin(), d.label.end()}; }

// A count of `total` trials within five standard deviations of a probability.
void expect_frequency(double times, double total, double probability) {
  EXPECT_NEAR(times, total * probability, 5 * std::sqrt(total * probability * (1 - probability)));
}

// Three strata, two groups; blocks of one, two and more rows.
std::vector<counted_row> stratified_rows() {
  return {{0, 0, 1, 4}, {1, 1, 0, 1}, {0, 0, 0, 7}, {1, 0, 1, 3}, {1, 0, 0, 2},
          {0, 2, 1, 5}, {1, 0, 1, 6}, {1, 2, 0, 1}, {1, 2, 1, 1}};
}

TEST(BootstrapPlan, KeepsTheSizeOfEveryStratumAndGroup) {
  for (const bool expand : {false, true}) {
    const auto rows = expand ? expanded(stratified_rows()) : stratified_rows();
    const cohort data = cohort_of(rows, 2, 3);
    const bootstrap_plan plan(data, 5);
    bootstrap_plan::state state(plan);
    for (std::uint64_t replicate = 0; replicate < 500; ++replicate) {
      const draw d = plan.make(replicate, state);
      std::map<std::pair<int, int>, double> drawn, observed;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        ASSERT_EQ(d.weight[i], std::floor(d.weight[i]));
        ASSERT_GE(d.weight[i], 0);
        drawn[{rows[i].stratum, rows[i].group}] += d.weight[i];
        observed[{rows[i].stratum, rows[i].group}] += rows[i].frequency;
      }
      ASSERT_EQ(drawn, observed);
      ASSERT_EQ(labels(d), data.group());
    }
  }
}

TEST(BootstrapPlan, DrawsBinomialEvents) {
  // Two rows a block, three rows a block, single units: x of n events are Binomial(n, x / n).
  for (const auto& rows : {std::vector<counted_row>{{0, 0, 1, 2}, {0, 0, 0, 5}, {1, 0, 1, 1}},
                           {{0, 0, 1, 1}, {0, 0, 0, 5}, {0, 0, 1, 1}, {1, 0, 1, 1}},
                           expanded({{0, 0, 1, 2}, {0, 0, 0, 5}, {1, 0, 1, 1}})}) {
    const cohort data = cohort_of(rows, 2, 1);
    const bootstrap_plan plan(data, 31);
    bootstrap_plan::state state(plan);
    constexpr std::uint64_t total = 40000;
    std::vector<double> times(8, 0.0);
    for (std::uint64_t replicate = 0; replicate < total; ++replicate) {
      const draw d = plan.make(replicate, state);
      double events = 0;
      for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].group == 0 && rows[i].response == 1) events += d.weight[i];
      ++times[static_cast<std::size_t>(events)];
    }
    for (long k = 0; k <= 7; ++k)
      expect_frequency(times[static_cast<std::size_t>(k)], total,
                       static_cast<double>(naive::binomial(k, 7, 2.0L / 7)));
  }
}

TEST(BootstrapPlan, DrawsEveryRowOfABlockAlike) {
  const cohort data = cohort_of(expanded({{0, 0, 1, 3}, {1, 0, 1, 1}}), 2, 1);
  const bootstrap_plan plan(data, 12);
  bootstrap_plan::state state(plan);
  std::map<std::vector<double>, double> times;
  constexpr std::uint64_t total = 54000;
  for (std::uint64_t replicate = 0; replicate < total; ++replicate)
    ++times[weights(plan.make(replicate, state))];
  // Three units: 27 ordered samples; the weights are multinomial.
  ASSERT_EQ(times.size(), 10u);
  for (const auto& [weight, count] : times) {
    double ways = 6;
    for (std::size_t i = 0; i < 3; ++i) ways /= std::tgamma(weight[i] + 1);
    expect_frequency(count, total, ways / 27);
    EXPECT_EQ(weight[3], 1.0);  // alone in its block
  }
}

TEST(BootstrapPlan, GivesTheRiskDifferenceItsMeanAndVariance) {
  // Stratified truth: sum of n_s p_s / n, and of n_s p_s (1 - p_s) / n^2.
  const cohort data = cohort_of({{0, 0, 1, 6},
                                 {0, 0, 0, 24},
                                 {0, 1, 1, 9},
                                 {0, 1, 0, 11},
                                 {1, 0, 1, 4},
                                 {1, 0, 0, 16},
                                 {1, 1, 1, 13},
                                 {1, 1, 0, 2}},
                                2, 2);
  const auto stat = her2mod::prepare("risk_difference", data);
  her2mod::serial_executor host;
  constexpr std::size_t total = 40000;
  const auto r =
      her2mod::evaluate_replicates(*stat, bootstrap_plan(data, 4), {0, total}, data.rows(), host);
  const double truth = 17.0 / 35 - 15.0 / 50;
  const double v0 = (30 * 0.2 * 0.8 + 20 * 0.45 * 0.55) / (50.0 * 50);
  const double v1 = (20 * 0.2 * 0.8 + 15 * (13.0 / 15) * (2.0 / 15)) / (35.0 * 35);
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < total; ++i) mean += r.values[2 * i] / total;
  for (std::size_t i = 0; i < total; ++i)
    square += (r.values[2 * i] - mean) * (r.values[2 * i] - mean) / (total - 1);
  EXPECT_NEAR(mean, truth, 5 * std::sqrt((v0 + v1) / total));
  EXPECT_NEAR(square / (v0 + v1), 1.0, 5 * std::sqrt(2.0 / total));  // nearly normal: kurtosis 3
}

TEST(BootstrapPlan, HoldsAMillionPatientsInFourRows) {
  const cohort data = cohort_of(two_groups(400000, 800000, 30000, 200000), 2, 1);
  const bootstrap_plan plan(data, 2);
  bootstrap_plan::state state(plan);
  const draw d = plan.make(0, state);
  EXPECT_EQ(d.weight[0] + d.weight[1], 800000);
  EXPECT_EQ(d.weight[2] + d.weight[3], 200000);
  EXPECT_NEAR(d.weight[0], 400000, 5 * std::sqrt(800000 * 0.25));
  EXPECT_NEAR(d.weight[2], 30000, 5 * std::sqrt(200000 * 0.15 * 0.85));
}

// A replicate is the same alone, and after any other.
template <class Plan>
void expect_replicates_stand_alone(const Plan& plan, std::uint64_t count) {
  typename Plan::state busy(plan);
  for (const std::uint64_t replicate : {count - 1, count / 2, std::uint64_t{0}, count / 2}) {
    typename Plan::state fresh(plan);
    const draw a = plan.make(replicate, busy), b = plan.make(replicate, fresh);
    EXPECT_EQ(weights(a), weights(b));
    EXPECT_EQ(labels(a), labels(b));
  }
}

TEST(Plans, GiveReplicatesThatStandAlone) {
  const cohort data = cohort_of(expanded(stratified_rows()), 2, 3);
  expect_replicates_stand_alone(bootstrap_plan(data, 6), 1000000);
  expect_replicates_stand_alone(bootstrap_plan(data, 6, her2mod::scheme::balanced), 1000000);
  expect_replicates_stand_alone(bootstrap_plan(data, 6, her2mod::scheme::fractional), 1000000);
  expect_replicates_stand_alone(permutation_plan(data, 6), 1000000);
  expect_replicates_stand_alone(jackknife_plan(data), data.rows());
}

TEST(PermutationPlan, KeepsGroupSizesWithinStrata) {
  const auto rows = expanded(stratified_rows());
  const cohort data = cohort_of(rows, 2, 3);
  const permutation_plan plan(data, 5);
  permutation_plan::state state(plan);
  std::map<int, int> observed;
  for (const auto& r : rows) observed[r.stratum] += r.group;
  for (std::uint64_t replicate = 0; replicate < 500; ++replicate) {
    const draw d = plan.make(replicate, state);
    std::map<int, int> dealt;
    for (std::size_t i = 0; i < rows.size(); ++i) dealt[rows[i].stratum] += d.label[i];
    ASSERT_EQ(dealt, observed);
    ASSERT_EQ(weights(d), data.frequency());
  }
}

void expect_uniform(const std::vector<counted_row>& rows, int groups, int strata,
                    std::size_t arrangements) {
  const cohort data = cohort_of(rows, groups, strata);
  const permutation_plan plan(data, 77);
  permutation_plan::state state(plan);
  std::map<std::vector<std::int32_t>, double> times;
  constexpr std::uint64_t total = 60000;
  for (std::uint64_t replicate = 0; replicate < total; ++replicate)
    ++times[labels(plan.make(replicate, state))];
  ASSERT_EQ(times.size(), arrangements);
  for (const auto& entry : times)
    expect_frequency(entry.second, total, 1.0 / static_cast<double>(arrangements));
}

TEST(PermutationPlan, DealsEveryArrangementAlike) {
  expect_uniform(expanded({{0, 0, 1, 2}, {1, 0, 0, 3}}), 2, 1, 10);                // C(5, 2)
  expect_uniform(expanded({{0, 0, 1, 1}, {1, 0, 0, 2}, {2, 0, 0, 1}}), 3, 1, 12);  // 4! / 2!
  expect_uniform(expanded({{0, 0, 1, 1}, {1, 1, 0, 1}, {1, 0, 0, 2}, {0, 1, 0, 3}}), 2, 2,
                 12);  // 3 x 4
}

TEST(PermutationPlan, NeedsOneRowForEachUnit) {
  EXPECT_THROW(permutation_plan(cohort_of(stratified_rows(), 2, 3), 1), her2mod::input_error);
}

TEST(JackknifePlan, LeavesOutOneUnitOfARow) {
  const cohort data = cohort_of({{0, 0, 1, 3}, {0, 0, 0, 1}, {1, 0, 1, 2}}, 2, 1);
  const jackknife_plan plan(data);
  jackknife_plan::state state(plan);
  EXPECT_EQ(weights(plan.make(0, state)), (std::vector<double>{2, 1, 2}));
  EXPECT_EQ(weights(plan.make(2, state)), (std::vector<double>{3, 1, 1}));
  EXPECT_EQ(weights(plan.make(1, state)), (std::vector<double>{3, 0, 2}));
  EXPECT_EQ(weights(plan.make(1, state)), (std::vector<double>{3, 0, 2}));
  EXPECT_EQ(labels(plan.make(0, state)), data.group());
}

TEST(JackknifePlan, OfARiskDifferenceByHand) {
  // 2/5 against 3/4, one patient less: 1/4 or 2/4 in the reference group, 2/3 or 3/3 in the other.
  const cohort data = cohort_of(two_groups(2, 5, 3, 4), 2, 1);
  const auto stat = her2mod::prepare("risk_difference", data);
  her2mod::serial_executor host;
  const auto r = her2mod::leave_one_out(*stat, data, host);
  ASSERT_EQ(r.size(), 4u);  // without one unit of each row
  EXPECT_NEAR(r[0], 3.0 / 4 - 1.0 / 4, 1e-15);
  EXPECT_NEAR(r[1], 3.0 / 4 - 2.0 / 4, 1e-15);
  EXPECT_NEAR(r[2], 2.0 / 3 - 2.0 / 5, 1e-15);
  EXPECT_NEAR(r[3], 3.0 / 3 - 2.0 / 5, 1e-15);
}

// A draw without its hints.
draw bare(const draw& d) { return {d.weight, d.label, true, {}, 0, {}, d.whole}; }

// With one output asked for.
double value_alone(const her2mod::statistic& stat, const draw& d) {
  const auto scratch = stat.make_workspace();
  double value = -99;
  stat.evaluate(d, *scratch, her2mod::span<double>(&value, 1));
  return value;
}

template <class Plan>
void expect_hints_change_nothing(const her2mod::statistic& stat, const Plan& plan,
                                 std::uint64_t count) {
  typename Plan::state state(plan);
  for (std::uint64_t replicate = 0; replicate < count; ++replicate) {
    const draw d = plan.make(replicate, state);
    const evaluated with = evaluate(stat, d), without = evaluate(stat, bare(d));
    ASSERT_EQ(with.why, without.why);
    ASSERT_TRUE(naive::same(with.value, without.value, 1e-12));
    ASSERT_TRUE(naive::same(with.error, without.error, 1e-11));
    ASSERT_TRUE(naive::same(value_alone(stat, d), with.value, 0));
  }
}

void expect_hints_change_nothing(const registered_form& form, const cohort& data) {
  SCOPED_TRACE(form.title());
  const auto stat = form.prepare(data);
  for (const her2mod::scheme how :
       {her2mod::scheme::ordinary, her2mod::scheme::balanced, her2mod::scheme::fractional})
    expect_hints_change_nothing(*stat, bootstrap_plan(data, 8, how), 100);
  expect_hints_change_nothing(*stat, jackknife_plan(data), data.rows());
  if (data.units() == static_cast<double>(data.rows()))
    expect_hints_change_nothing(*stat, permutation_plan(data, 8), 200);
}

TEST(Plans, GiveHintsThatChangeNothing) {
  std::mt19937_64 random(31);
  for (const registered_form& form : registered_forms())
    for (const row_mix& mix : {row_mix{29, 2, 1, 1}, {29, 2, 1, 4}, {30, 2, 3, 1}, {21, 2, 2, 3}}) {
      auto rows = random_rows_for(form, random, mix);
      expect_hints_change_nothing(form, cohort_of(rows, 2, mix.strata));
      // Groups of different size, together: either may be the smaller one.
      for (counted_row& r : rows) r.group = r.response >= 1 && below(random, 2) == 0 ? 0 : r.group;
      expect_hints_change_nothing(form, cohort_of(by_group(rows), 2, mix.strata));
      for (counted_row& r : rows) r.group = 1 - r.group;
      expect_hints_change_nothing(form, cohort_of(by_group(rows), 2, mix.strata));
      if (HasFatalFailure()) return;
    }
}

TEST(Plans, SayWhetherLabelsAreTheCohorts) {
  const cohort data = cohort_of(expanded({{0, 0, 1, 5}, {1, 0, 0, 3}}), 2, 1);
  bootstrap_plan::state drawn(bootstrap_plan(data, 1));
  EXPECT_FALSE(bootstrap_plan(data, 1).make(0, drawn).relabelled);
  const jackknife_plan jackknife(data);
  jackknife_plan::state left(jackknife);
  EXPECT_FALSE(jackknife.make(0, left).relabelled);
  const permutation_plan permutation(data, 1);
  permutation_plan::state dealt(permutation);
  EXPECT_TRUE(permutation.make(0, dealt).relabelled);
}

}  // namespace
