// What plans draw and relabel: rows and clusters, within strata and groups; and that each scheme of
// the bootstrap, and each way to permute, has the distribution that it should have. Run under
// ThreadSanitizer too.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <her2mod/resample/bootstrap.hpp>
#include <her2mod/resample/engine.hpp>
#include <her2mod/resample/jackknife.hpp>
#include <her2mod/resample/permutation.hpp>
#include <map>
#include <set>
#include <vector>

#include "naive.hpp"
#include "registered.hpp"
#include "thread_executor.hpp"

namespace {

using her2mod::bootstrap_plan;
using her2mod::cohort;
using her2mod::draw;
using her2mod::jackknife_plan;
using her2mod::permutation_plan;
using her2mod::scheme;

constexpr scheme schemes[] = {scheme::ordinary, scheme::balanced, scheme::fractional};

std::vector<double> weights(const draw& d) { return {d.weight.begin(), d.weight.end()}; }
std::vector<std::int32_t> labels(const draw& d) { return {d.label.begin(), d.label.end()}; }

// Rows: group, stratum, response, frequency, cluster.
std::vector<counted_row> nested_clusters() {
  return {{1, 1, 0, 1, 4}, {0, 0, 1, 2, 0}, {0, 0, 0, 1, 1}, {1, 0, 1, 1, 2}, {0, 1, 1, 3, 3},
          {0, 0, 0, 1, 0}, {1, 1, 1, 2, 5}, {0, 0, 1, 1, 6}, {1, 1, 0, 1, 4}, {1, 0, 0, 4, 7},
          {0, 1, 0, 1, 8}, {1, 0, 0, 1, 2}, {0, 0, 0, 5, 6}, {1, 1, 1, 1, 4}};
}

std::vector<counted_row> mixed_clusters() {
  return {{0, 0, 1, 2, 0}, {1, 0, 0, 1, 0}, {0, 0, 1, 1, 1}, {1, 1, 0, 3, 2}, {0, 1, 1, 1, 2},
          {1, 0, 1, 1, 3}, {1, 1, 1, 1, 4}, {0, 0, 0, 2, 3}, {0, 1, 0, 1, 4}, {0, 1, 0, 1, 5}};
}

std::vector<counted_row> one_a_unit(std::vector<counted_row> rows) {
  for (counted_row& r : rows) r.frequency = 1;
  return rows;
}

std::vector<counted_row> without_clusters(std::vector<counted_row> rows) {
  for (counted_row& r : rows) r.cluster = -1;
  return rows;
}

// --- units and blocks

// Blocks hold all units in turn; a unit lies with those of its key, and with no others.
template <class Key>
void expect_blocks(const her2mod::resampling_units& units, const std::vector<counted_row>& rows,
                   const Key& key) {
  std::vector<std::set<std::pair<int, int>>> keys(units.blocks.size());
  std::size_t next = 0;
  for (std::size_t b = 0; b < units.blocks.size(); ++b) {
    EXPECT_EQ(units.blocks[b].first, next);
    next += units.blocks[b].count;
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (units.unit_of(i) >= units.blocks[b].first && units.unit_of(i) < next)
        keys[b].insert(key(rows[i]));
  }
  EXPECT_EQ(next, units.size());
  std::set<std::pair<int, int>> all;
  for (const auto& of_block : keys) {
    EXPECT_EQ(of_block.size(), 1u);
    all.insert(of_block.begin(), of_block.end());
  }
  EXPECT_EQ(all.size(), keys.size());
}

std::pair<int, int> stratum_and_group(const counted_row& r) { return {r.stratum, r.group}; }
std::pair<int, int> stratum_alone(const counted_row& r) { return {r.stratum, 0}; }

TEST(Units, AreRowsOfAStratumAndGroup) {
  const auto rows = without_clusters(nested_clusters());
  const auto units = her2mod::drawn_units(cohort_of(rows, 2, 2));
  EXPECT_EQ(units.size(), rows.size());
  EXPECT_EQ(units.blocks.size(), 4u);
  expect_blocks(units, rows, stratum_and_group);
  std::set<std::uint32_t> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_TRUE(seen.insert(units.unit_of(i)).second);
    EXPECT_EQ(units.group[units.unit_of(i)], rows[i].group);
    EXPECT_EQ(units.frequency[units.unit_of(i)], rows[i].frequency);
  }
}

void expect_clusters(const her2mod::resampling_units& units, const std::vector<counted_row>& rows) {
  std::map<int, std::uint32_t> unit_of;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto [at, fresh] = unit_of.emplace(rows[i].cluster, units.unit_of(i));
    EXPECT_EQ(at->second, units.unit_of(i));
    EXPECT_EQ(units.frequency[units.unit_of(i)], 1);
  }
  EXPECT_EQ(units.size(), unit_of.size());
}

TEST(Units, AreClustersOfAStratumAndGroup) {
  const auto rows = nested_clusters();
  const auto units = her2mod::drawn_units(cohort_of(rows, 2, 2));
  expect_clusters(units, rows);
  expect_blocks(units, rows, stratum_and_group);
  for (std::size_t i = 0; i < rows.size(); ++i)
    EXPECT_EQ(units.group[units.unit_of(i)], rows[i].group);
}

TEST(Units, AreClustersOfAStratumWhereOneHoldsBothGroups) {
  const auto rows = mixed_clusters();
  const auto units = her2mod::drawn_units(cohort_of(rows, 2, 2));
  expect_clusters(units, rows);
  expect_blocks(units, rows, stratum_alone);
  EXPECT_EQ(std::count(units.group.begin(), units.group.end(), -1), 4);
}

TEST(Units, AreRelabelledWithinStrata) {
  const auto rows = nested_clusters();
  const auto units = her2mod::relabelled_units(cohort_of(rows, 2, 2));
  expect_clusters(units, rows);
  expect_blocks(units, rows, stratum_alone);
  EXPECT_THROW(her2mod::relabelled_units(cohort_of(mixed_clusters(), 2, 2)), her2mod::data_error);
  EXPECT_THROW(permutation_plan(cohort_of(one_a_unit(mixed_clusters()), 2, 2), 1),
               her2mod::data_error);
}

// --- the bootstrap of clusters

// How often each unit was drawn; all of its rows must say the same.
std::vector<double> multiplicities(const her2mod::resampling_units& units,
                                   const std::vector<counted_row>& rows, const draw& d) {
  std::vector<double> times(units.size(), -1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double patients = rows[i].cluster >= 0 ? rows[i].frequency : 1;
    double& own = times[units.unit_of(i)];
    const double here = d.weight[i] / patients;
    EXPECT_NEAR(here, own < 0 ? here : own, 1e-12);
    own = here;
  }
  return times;
}

void expect_block_sizes(const std::vector<counted_row>& rows, scheme how) {
  const cohort data = cohort_of(rows, 2, 2);
  const auto units = her2mod::drawn_units(data);
  const bootstrap_plan plan(data, 17, how);
  bootstrap_plan::state state(plan);
  for (std::uint64_t replicate = 0; replicate < 300; ++replicate) {
    const auto times = multiplicities(units, rows, plan.make(replicate, state));
    for (const her2mod::unit_block& block : units.blocks) {
      double drawn = 0, patients = 0;
      for (std::size_t u = block.first; u < block.first + block.count; ++u) {
        drawn += times[u];
        patients += units.frequency[u];
        ASSERT_TRUE(how == scheme::fractional ? times[u] > 0 : times[u] == std::floor(times[u]));
      }
      ASSERT_NEAR(drawn, patients, how == scheme::fractional ? 1e-12 * patients : 0);
    }
  }
}

TEST(Bootstrap, KeepsTheSizeOfEveryBlockUnderEveryScheme) {
  for (const scheme how : schemes)
    for (const auto& rows :
         {nested_clusters(), mixed_clusters(), without_clusters(nested_clusters()),
          without_clusters(one_a_unit(mixed_clusters()))})
      expect_block_sizes(rows, how);
}

// Counts of `total` trials within five standard deviations of their probabilities, which sum to 1.
template <class Outcome, class Probability>
void expect_distribution(const std::map<Outcome, double>& times, double total,
                         const Probability& probability) {
  double all = 0;
  for (const auto& [outcome, count] : times) {
    const double p = probability(outcome);
    EXPECT_NEAR(count, total * p, 5 * std::sqrt(total * p * (1 - p)) + 1e-9);
    all += p;
  }
  EXPECT_NEAR(all, 1, 1e-12);
}

// The weights of the first replicate of each step of `stride`.
std::map<std::vector<double>, double> tallied(const bootstrap_plan& plan, std::uint64_t total,
                                              std::uint64_t stride) {
  std::map<std::vector<double>, double> times;
  bootstrap_plan::state state(plan);
  for (std::uint64_t i = 0; i < total; ++i) ++times[weights(plan.make(i * stride, state))];
  return times;
}

TEST(Bootstrap, DrawsEveryClusterAlike) {
  const cohort data = cohort_of(
      {{0, 0, 1, 1, 0}, {0, 0, 0, 2, 1}, {1, 0, 0, 1, 3}, {0, 0, 0, 1, 1}, {0, 0, 1, 3, 2}}, 2, 1);
  constexpr std::uint64_t total = 54000;
  expect_distribution(tallied(bootstrap_plan(data, 3), total, 1), total, [](const auto& weight) {
    // 27 ordered samples of three clusters.
    return 6.0 / 27 / std::tgamma(weight[0] + 1) / std::tgamma(weight[1] / 2 + 1) /
           std::tgamma(weight[4] / 3 + 1);
  });
}

// --- blocks of two units, and shared streams

TEST(BinomialBlocks, AreBinomialAndIndependent) {
  // Rows of 3 and 2 patients, two single patients, and a block of one row, which has no choice.
  const cohort data =
      cohort_of({{0, 0, 1, 3}, {1, 0, 0, 1}, {0, 0, 0, 2}, {0, 1, 0, 4}, {1, 0, 1, 1}}, 2, 2);
  const bootstrap_plan plan(data, 8);
  EXPECT_EQ(plan.grain(), 256u);
  constexpr std::uint64_t total = 60000;
  expect_distribution(tallied(plan, total, 1), total, [](const auto& weight) {
    EXPECT_EQ(weight[0] + weight[2], 5);
    EXPECT_EQ(weight[1] + weight[4], 2);
    EXPECT_EQ(weight[3], 4);
    return static_cast<double>(naive::binomial(std::lround(weight[0]), 5, 0.6L) *
                               naive::binomial(std::lround(weight[1]), 2, 0.5L));
  });
}

TEST(BinomialBlocks, OfRareEventsAreBinomial) {
  const cohort data = cohort_of({{0, 0, 1, 2}, {0, 0, 0, 998}, {1, 0, 1, 1}}, 2, 1);
  const bootstrap_plan plan(data, 9);
  bootstrap_plan::state state(plan);
  constexpr double total = 60000;
  std::map<long, double> times;
  for (std::uint64_t i = 0; i < 60000; ++i) {
    const draw d = plan.make(i, state);
    ASSERT_EQ(d.weight[0] + d.weight[1], 1000);
    ++times[std::lround(d.weight[0])];
  }
  for (long k = 0; k <= 7; ++k) {
    const double p = static_cast<double>(naive::binomial(k, 1000, 0.002L));
    EXPECT_NEAR(times[k], total * p, 5 * std::sqrt(total * p * (1 - p))) << k;
  }
}

TEST(BinomialBlocks, GiveNeighbouringReplicatesIndependentDraws) {
  // Two replicates of one stream, side by side: 3 x 3 outcomes of two patients.
  const cohort data = cohort_of({{0, 0, 1, 1}, {0, 0, 0, 1}, {1, 0, 1, 1}}, 2, 1);
  const bootstrap_plan plan(data, 10);
  bootstrap_plan::state state(plan);
  std::map<std::pair<double, double>, double> times;
  constexpr std::uint64_t total = 60000;
  for (std::uint64_t i = 0; i < total; ++i) {
    const double first = plan.make(2 * i, state).weight[0];
    ++times[{first, plan.make(2 * i + 1, state).weight[0]}];
  }
  expect_distribution(times, total, [](const auto& both) {
    return (both.first == 1 ? 0.5 : 0.25) * (both.second == 1 ? 0.5 : 0.25);
  });
}

TEST(BinomialBlocks, HaveNumberedOutcomes) {
  const cohort data =
      cohort_of({{0, 0, 1, 3}, {1, 0, 0, 1}, {0, 0, 0, 2}, {0, 1, 0, 4}, {1, 0, 1, 1}}, 2, 2);
  const bootstrap_plan plan(data, 11);
  ASSERT_EQ(plan.outcomes(), 18u);  // 6 x 3
  bootstrap_plan::state by_draw(plan), by_number(plan);
  std::map<std::vector<double>, std::size_t> number;
  // Ranges that begin and end within the 256 replicates of a stream, in any order.
  for (const auto& [first, count] : {std::make_pair(1000u, 500u), {0u, 100u}, {3u, 1u}, {70u, 1900u}}) {
    std::vector<std::uint32_t> outcomes(count);
    plan.number(first, count, by_number, outcomes.data());
    for (std::uint32_t i = 0; i < count; ++i) {
      ASSERT_LT(outcomes[i], 18u);
      const std::vector<double> drawn = weights(plan.make(first + i, by_draw));
      ASSERT_EQ(weights(plan.make_outcome(outcomes[i], by_number)), drawn);
      ASSERT_EQ(number.emplace(drawn, outcomes[i]).first->second, outcomes[i]);
    }
  }
  EXPECT_EQ(number.size(), 18u);
}

// What is tabulated by group is what is evaluated draw by draw, bit for bit, in any range and number of threads.
TEST(BinomialBlocks, AreWorthWhatTheyAreInTheirGroups) {
  const cohort data = cohort_of({{0, 0, 1, 30}, {0, 0, 0, 41}, {1, 0, 1, 5}, {1, 0, 0, 28}}, 2, 1);
  const auto risks = her2mod::prepare("risk_difference", data), ratio = her2mod::prepare("risk_ratio", data);
  const bootstrap_plan plan(data, 13);
  const std::array<std::size_t, 2> apart = plan.outcomes_apart();
  EXPECT_GT(apart[0], 60u);
  EXPECT_LE(apart[0], 72u);
  EXPECT_GT(apart[1], 25u);
  EXPECT_LE(apart[1], 34u);
  EXPECT_FALSE(her2mod::tabulate_worth(*risks, plan, 1000)[0].empty());
  EXPECT_TRUE(her2mod::tabulate_worth(*risks, plan, 50)[0].empty());
  EXPECT_TRUE(her2mod::tabulate_worth(*ratio, plan, 1000)[0].empty());
  for (const auto& [first, count] : {std::make_pair(0u, 2000u), {700u, 512u}, {256u, 256u}, {1001u, 300u}, {3u, 110u}})
    for (const std::size_t threads : {1u, 2u, 3u}) {
      thread_executor host(threads), alone(1);
      const auto looked_up = her2mod::evaluate_replicates(*risks, plan, {first, count}, 104, host, 1);
      // With standard errors, or few at a time, nothing is tabulated.
      const auto evaluated = her2mod::evaluate_replicates(*risks, plan, {first, count}, 104, alone, 2);
      ASSERT_EQ(looked_up.values.size(), count);
      for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(looked_up.values[i], evaluated.values[2 * i]);
      EXPECT_EQ(looked_up.ledger, evaluated.ledger);
      const auto one = her2mod::evaluate_replicates(*risks, plan, {first + 7, 1}, 104, alone, 1);
      EXPECT_EQ(one.values[0], looked_up.values[7]);
    }
}

TEST(BinomialBlocks, AreNotApartUnlessEachGroupIsOne) {
  const auto apart = [](const std::vector<counted_row>& rows, int strata) {
    const cohort data = cohort_of(rows, 2, strata);
    return bootstrap_plan(data, 14).outcomes_apart();
  };
  using counts = std::array<std::size_t, 2>;
  EXPECT_EQ(apart({{0, 0, 1, 2}, {0, 0, 0, 3}, {1, 0, 1, 1}}, 1), (counts{6, 1}));
  EXPECT_EQ(apart({{1, 0, 1, 2}, {1, 0, 0, 3}, {0, 0, 1, 1}}, 1), (counts{1, 6}));
  EXPECT_EQ(apart({{0, 0, 1, 2}, {0, 1, 0, 3}, {1, 0, 1, 1}}, 2), (counts{0, 0}));
  EXPECT_EQ(apart({{0, 0, 1, 2}, {0, 0, 0, 3}, {0, 0, 1, 3}, {1, 0, 1, 1}}, 1), (counts{0, 0}));
  // Two clusters, each of both groups: one block a stratum.
  EXPECT_EQ(apart({{0, 0, 1, 1, 0}, {1, 0, 0, 1, 0}, {0, 1, 1, 1, 1}, {1, 1, 0, 1, 1}}, 2), (counts{0, 0}));
}

TEST(BinomialBlocks, ShareNoStreamWhereThereAreMany) {
  // 65 pairs: each replicate opens its own stream, and rows of one patient come in the short form.
  std::vector<counted_row> rows;
  for (int s = 0; s < 65; ++s)
    for (int i = 0; i < 2; ++i) rows.push_back({0, s, static_cast<double>(i), 1});
  rows.push_back({1, 0, 1, 1});
  const cohort data = cohort_of(rows, 2, 65);
  const bootstrap_plan plan(data, 12);
  EXPECT_EQ(plan.outcomes(), 0u);
  EXPECT_EQ(plan.grain(), 1u);
  bootstrap_plan::state brief(plan, {true, true}), plain(plan);
  std::map<double, double> times;
  for (std::uint64_t b = 0; b < 1000; ++b) {
    const draw shorter = plan.make(b, brief), longer = plan.make(b, plain);
    ASSERT_EQ(shorter.times.size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(shorter.times[i], longer.weight[i]);
    for (std::size_t i = 0; i < 130; i += 2) {
      ASSERT_EQ(longer.weight[i] + longer.weight[i + 1], 2);
      ++times[longer.weight[i]];
    }
  }
  expect_distribution(times, 65000, [](double first) { return first == 1 ? 0.5 : 0.25; });
}

TEST(BinomialBlocks, AreNotNumberedWhereThereAreMany) {
  const auto outcomes = [](const std::vector<counted_row>& rows, scheme how) {
    const cohort data = cohort_of(rows, 2, 2);
    return bootstrap_plan(data, 1, how).outcomes();
  };
  const std::vector<counted_row> two{{0, 0, 1, 2}, {0, 0, 0, 3}, {1, 0, 1, 1}},
      three{{0, 0, 1, 2}, {0, 0, 0, 3}, {0, 0, 0, 1}, {1, 0, 1, 1}},
      long_ones{{0, 0, 1, 900}, {0, 0, 0, 900}, {1, 0, 1, 900}, {1, 0, 0, 900}};
  EXPECT_EQ(outcomes(two, scheme::ordinary), 6u);
  EXPECT_EQ(outcomes(two, scheme::balanced), 0u);
  EXPECT_EQ(outcomes(two, scheme::fractional), 0u);
  EXPECT_EQ(outcomes(three, scheme::ordinary), 0u);
  EXPECT_EQ(outcomes(long_ones, scheme::ordinary), 0u);
}

// --- any replicate, in any order

template <class Plan>
void expect_order_changes_nothing(const Plan& plan, std::uint64_t count) {
  typename Plan::state in_turn(plan), at_random(plan);
  std::vector<std::vector<double>> weight;
  std::vector<std::vector<std::int32_t>> label;
  std::vector<std::vector<std::uint32_t>> members;
  for (std::uint64_t i = 0; i < count; ++i) {
    const draw d = plan.make(i, in_turn);
    weight.push_back(weights(d));
    label.push_back(labels(d));
    members.emplace_back(d.members.begin(), d.members.end());
  }
  std::mt19937_64 random(1);
  for (int step = 0; step < 400; ++step) {
    const auto i = random() % count;
    typename Plan::state fresh(plan);
    for (typename Plan::state* state : {&at_random, &fresh}) {
      const draw d = plan.make(i, *state);
      ASSERT_EQ(weights(d), weight[i]);
      ASSERT_EQ(labels(d), label[i]);
      ASSERT_EQ(std::vector<std::uint32_t>(d.members.begin(), d.members.end()), members[i]);
    }
  }
}

TEST(Plans, GiveAReplicateTheSameDrawInAnyOrder) {
  const std::vector<counted_row> two_rows{
      {0, 0, 1, 3}, {0, 0, 0, 9}, {1, 0, 1, 4}, {1, 0, 0, 1}, {0, 1, 0, 4}};
  for (const auto& rows :
       {nested_clusters(), mixed_clusters(), two_rows, without_clusters(nested_clusters()),
        without_clusters(one_a_unit(nested_clusters()))}) {
    const cohort data = cohort_of(rows, 2, 2);
    for (const scheme how : schemes)
      expect_order_changes_nothing(bootstrap_plan(data, 21, how), 331);
    const jackknife_plan jackknife(data);
    expect_order_changes_nothing(jackknife, jackknife.size());
  }
  for (const auto& rows :
       {one_a_unit(nested_clusters()), without_clusters(one_a_unit(mixed_clusters()))})
    expect_order_changes_nothing(permutation_plan(cohort_of(rows, 2, 2), 21), 331);
  expect_order_changes_nothing(
      permutation_plan(cohort_of(expanded({{0, 0, 1, 4}, {1, 0, 0, 3}, {2, 0, 0, 5}}), 3, 1), 21),
      331);
}

TEST(Plans, TellSchemesApart) {
  const cohort data = cohort_of(expanded({{0, 0, 1, 20}, {1, 0, 0, 20}}), 2, 1);
  std::set<std::vector<double>> draws;
  for (const scheme how : schemes) {
    const bootstrap_plan plan(data, 5, how);
    bootstrap_plan::state state(plan);
    draws.insert(weights(plan.make(0, state)));
  }
  EXPECT_EQ(draws.size(), 3u);
}

// --- balanced rounds

void expect_balanced(const std::vector<counted_row>& rows, std::uint64_t round) {
  const cohort data = cohort_of(rows, 2, 2);
  const bootstrap_plan plan(data, 41, scheme::balanced);
  ASSERT_EQ(plan.round(), round);
  EXPECT_EQ(plan.grain(), round);
  bootstrap_plan::state state(plan);
  for (const std::uint64_t first : {std::uint64_t{0}, round, 7 * round}) {
    std::vector<double> sum(rows.size(), 0.0);
    for (std::uint64_t i = round; i-- > 0;) {
      const draw d = plan.make(first + i, state);
      for (std::size_t row = 0; row < rows.size(); ++row) sum[row] += d.weight[row];
    }
    for (std::size_t row = 0; row < rows.size(); ++row)
      ASSERT_EQ(sum[row], static_cast<double>(round) * rows[row].frequency);
  }
}

TEST(BalancedBootstrap, DrawsEachPatientAsOftenInARound) {
  expect_balanced(nested_clusters(), 100);
  expect_balanced(mixed_clusters(), 100);
  expect_balanced(without_clusters(nested_clusters()), 100);
  expect_balanced({{0, 0, 1, 2e5}, {0, 0, 0, 1e5}, {1, 1, 0, 1e5}, {1, 1, 1, 5e4}}, 2);
  expect_balanced({{0, 0, 1, 1e4}, {1, 1, 0, 2e4}}, 34);  // 2^20 / 30000
}

TEST(BalancedBootstrap, DealsEachReplicateWithoutReplacementFromItsRound) {
  // Three patients, each 100 times in a round: C(100, a) C(100, b) C(100, c) / C(300, 3).
  const cohort data = cohort_of(expanded({{0, 0, 1, 3}, {1, 0, 0, 1}}), 2, 1);
  const bootstrap_plan plan(data, 43, scheme::balanced);
  ASSERT_EQ(plan.round(), 100u);
  constexpr std::uint64_t total = 12000;
  expect_distribution(tallied(plan, total, 100), total, [](const auto& weight) {
    naive::real ways = 1;
    for (std::size_t i = 0; i < 3; ++i) ways *= naive::choose(100, std::lround(weight[i]));
    return static_cast<double>(ways / naive::choose(300, 3));
  });
}

// --- fractional weights

struct moments {
  double mean, variance, spread;  // spread: standard deviation of the variance
};

moments moments_of(const std::vector<double>& x) {
  const auto n = static_cast<double>(x.size());
  moments m{0, 0, 0};
  double fourth = 0;
  for (const double v : x) m.mean += v / n;
  for (const double v : x) m.variance += (v - m.mean) * (v - m.mean) / (n - 1);
  for (const double v : x) fourth += std::pow(v - m.mean, 4) / n;
  m.spread = std::sqrt((fourth - m.variance * m.variance) / n);
  return m;
}

TEST(FractionalBootstrap, HasTheMomentsOfADirichlet) {
  // A block of 7 patients in rows of 1, 2 and 4.
  const std::vector<counted_row> rows{{0, 0, 1, 1}, {0, 0, 0, 2}, {0, 0, 1, 4}, {1, 0, 1, 1}};
  const cohort data = cohort_of(rows, 2, 1);
  const bootstrap_plan plan(data, 51, scheme::fractional);
  bootstrap_plan::state state(plan);
  constexpr std::size_t total = 40000;
  std::vector<std::vector<double>> drawn(rows.size());
  for (std::size_t i = 0; i < total; ++i) {
    const draw d = plan.make(i, state);
    for (std::size_t row = 0; row < rows.size(); ++row) drawn[row].push_back(d.weight[row]);
    ASSERT_EQ(d.weight[3], 1);  // alone in its block
  }
  for (std::size_t row = 0; row < 3; ++row) {
    const double f = rows[row].frequency, variance = f * (7 - f) / 8;
    const moments m = moments_of(drawn[row]);
    EXPECT_NEAR(m.mean, f, 5 * std::sqrt(variance / total));
    EXPECT_NEAR(m.variance, variance, 5 * m.spread);  // of one patient: (n - 1) / (n + 1)
  }
  // One patient's share exceeds t with probability (1 - t)^6.
  for (const double t : {0.01, 0.1, 0.3, 0.6}) {
    const double p = std::pow(1 - t, 6);
    const auto above =
        std::count_if(drawn[0].begin(), drawn[0].end(), [t](double w) { return w > 7 * t; });
    EXPECT_NEAR(static_cast<double>(above), total * p, 5 * std::sqrt(total * p * (1 - p)));
  }
}

TEST(FractionalBootstrap, OfClustersGivesTheirRowsOneFactor) {
  const auto rows = nested_clusters();
  const cohort data = cohort_of(rows, 2, 2);
  const auto units = her2mod::drawn_units(data);
  const bootstrap_plan plan(data, 52, scheme::fractional);
  bootstrap_plan::state state(plan);
  constexpr std::size_t total = 20000;
  std::vector<double> drawn;
  for (std::size_t i = 0; i < total; ++i)
    drawn.push_back(multiplicities(units, rows, plan.make(i, state))[units.unit_of(1)]);
  const moments m = moments_of(drawn);  // one of three clusters
  EXPECT_NEAR(m.mean, 1, 5 * std::sqrt(0.5 / total));
  EXPECT_NEAR(m.variance, 0.5, 5 * m.spread);
}

// --- permutation

// The short form's members are those of the labels.
void expect_members(const draw& d, const draw& brief) {
  std::set<std::uint32_t> listed(brief.members.begin(), brief.members.end());
  ASSERT_EQ(listed.size(), brief.members.size());
  for (std::uint32_t row = 0; row < d.label.size(); ++row)
    ASSERT_EQ(listed.count(row) == 1, d.label[row] == brief.listed);
}

void expect_uniform(const std::vector<counted_row>& rows, int groups, int strata,
                    std::size_t arrangements, bool listed) {
  const cohort data = cohort_of(rows, groups, strata);
  const permutation_plan plan(data, 61);
  permutation_plan::state state(plan), brief_state(plan, {true, true});
  std::map<std::vector<std::int32_t>, double> times;
  constexpr double total = 60000;
  for (std::uint64_t replicate = 0; replicate < 60000; ++replicate) {
    const draw d = plan.make(replicate, state);
    ++times[labels(d)];
    ASSERT_EQ(weights(d), data.frequency());
    ASSERT_TRUE(d.members.empty());
    const draw brief = plan.make(replicate, brief_state);
    ASSERT_EQ(!brief.members.empty(), listed);
    if (listed) expect_members(d, brief);
    if (testing::Test::HasFatalFailure()) return;
  }
  ASSERT_EQ(times.size(), arrangements);
  const double p = 1 / static_cast<double>(arrangements);
  for (const auto& entry : times)
    EXPECT_NEAR(entry.second, total * p, 5 * std::sqrt(total * p * (1 - p)));
}

TEST(Permutation, ChoosesEverySetOfTheSmallerGroupAlike) {
  expect_uniform(expanded({{0, 0, 1, 4}, {1, 0, 0, 2}}), 2, 1, 15, true);
  expect_uniform(expanded({{1, 0, 1, 5}, {0, 0, 0, 2}}), 2, 1, 21, true);
  expect_uniform(expanded({{1, 0, 1, 3}, {0, 0, 0, 3}}), 2, 1, 20, true);
  expect_uniform(expanded({{1, 0, 1, 1}, {0, 0, 0, 1}}), 2, 1, 2, true);
}

TEST(Permutation, ChoosesWithinStrataWhicheverGroupIsSmaller) {
  // Group 1 is the smaller one in stratum 0, the larger in stratum 1, absent from stratum 2.
  expect_uniform(expanded({{0, 0, 1, 4}, {1, 0, 0, 1}, {1, 1, 0, 3}, {0, 1, 0, 1}, {0, 2, 1, 2}}),
                 2, 3, 20, true);
  expect_uniform(expanded({{1, 0, 1, 3}, {0, 0, 0, 2}, {0, 1, 0, 2}, {1, 1, 0, 1}, {1, 2, 1, 2}}),
                 2, 3, 30, true);
}

TEST(Permutation, OfStrataInAnyOrderHasNoMembers) {
  expect_uniform({{0, 1, 1, 1},
                  {1, 0, 1, 1},
                  {0, 0, 1, 1},
                  {1, 1, 1, 1},
                  {0, 0, 0, 1},
                  {1, 1, 0, 1},
                  {0, 0, 0, 1}},
                 2, 2, 12, false);
}

TEST(Permutation, OfMoreGroupsDealsEveryArrangementAlike) {
  expect_uniform(expanded({{0, 0, 1, 2}, {1, 0, 0, 1}, {2, 0, 0, 2}}), 3, 1, 30, false);
  expect_uniform({{2, 1, 1, 1},
                  {0, 0, 1, 1},
                  {1, 1, 1, 1},
                  {1, 0, 1, 1},
                  {0, 1, 0, 1},
                  {0, 0, 1, 1},
                  {3, 1, 0, 1}},
                 4, 2, 72, false);  // 3 x 4!
}

TEST(Permutation, OfClustersDealsEveryArrangementOfThemAlike) {
  // Stratum 0: clusters of 1, 2 and 1 rows, one in group 1; stratum 1: clusters of 2, 1, 1, two.
  const std::vector<counted_row> rows{{0, 0, 1, 1, 0}, {1, 0, 1, 1, 1}, {1, 1, 0, 1, 4},
                                      {1, 0, 0, 1, 1}, {0, 1, 1, 1, 3}, {0, 0, 1, 1, 2},
                                      {0, 1, 1, 1, 3}, {1, 1, 1, 1, 5}};
  expect_uniform(rows, 2, 2, 9, false);
  expect_uniform(
      {{0, 0, 1, 1, 0}, {1, 0, 1, 1, 1}, {2, 0, 0, 1, 2}, {2, 0, 0, 1, 2}, {1, 0, 1, 1, 3}}, 3, 1,
      12, false);
}

TEST(Permutation, KeepsClustersWhole) {
  const auto rows = one_a_unit(nested_clusters());
  const cohort data = cohort_of(rows, 2, 2);
  const permutation_plan plan(data, 62);
  permutation_plan::state state(plan);
  for (std::uint64_t replicate = 0; replicate < 300; ++replicate) {
    const draw d = plan.make(replicate, state);
    std::map<int, std::int32_t> label;
    std::map<int, int> clusters;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto [at, fresh] = label.emplace(rows[i].cluster, d.label[i]);
      ASSERT_EQ(at->second, d.label[i]);
      if (fresh) clusters[rows[i].stratum] += d.label[i];
    }
    ASSERT_EQ(clusters, (std::map<int, int>{{0, 2}, {1, 2}}));
  }
}

// --- the jackknife

TEST(Jackknife, LeavesOutWholeClusters) {
  const auto rows = nested_clusters();
  const cohort data = cohort_of(rows, 2, 2);
  const jackknife_plan plan(data);
  ASSERT_EQ(plan.size(), 9u);
  jackknife_plan::state state(plan);
  for (const int cluster : {3, 0, 8, 8, 4, 1, 2, 7, 5, 6}) {
    const draw d = plan.make(static_cast<std::uint64_t>(cluster), state);
    for (std::size_t i = 0; i < rows.size(); ++i)
      ASSERT_EQ(d.weight[i], rows[i].cluster == cluster ? 0 : rows[i].frequency);
    ASSERT_EQ(labels(d), data.group());
  }
}

TEST(Jackknife, OfClustersTakesNoClosedForm) {
  const cohort data = cohort_of(nested_clusters(), 2, 2);
  her2mod::serial_executor host;
  const auto stat = her2mod::prepare("risk_difference", data);
  const std::vector<double> without = her2mod::leave_one_out(*stat, data, host);
  ASSERT_EQ(without.size(), 9u);
  // Group 0 has 6 events of 14 patients, group 1 has 4 of 11.
  EXPECT_NEAR(without[0], 4.0 / 11 - 4.0 / 11, 1e-15);  // less 2 of 3
  EXPECT_NEAR(without[4], 3.0 / 8 - 6.0 / 14, 1e-15);   // less 1 of 3
  EXPECT_NEAR(without[7], 4.0 / 7 - 6.0 / 14, 1e-15);   // less 0 of 4
}

// --- threads

template <class Plan>
void expect_threads_agree(const her2mod::statistic& stat, const Plan& plan, std::size_t rows) {
  her2mod::serial_executor alone;
  thread_executor four(4);
  const auto one = her2mod::evaluate_replicates(stat, plan, {37, 2500}, 40 * rows, alone);
  const auto many = her2mod::evaluate_replicates(stat, plan, {37, 2500}, 40 * rows, four);
  ASSERT_EQ(one.values.size(), many.values.size());
  ASSERT_EQ(one.ledger, many.ledger);
  ASSERT_EQ(std::memcmp(one.values.data(), many.values.data(), one.values.size() * sizeof(double)),
            0);
}

TEST(Threads, AgreeOnEveryPlanAndStatistic) {
  std::mt19937_64 random(71);
  for (const registered_form& form : registered_forms()) {
    SCOPED_TRACE(form.title());
    auto rows = random_rows_for(form, random, {40, 2, 2, 1});
    for (int i = 0; i < 40; ++i) {
      counted_row& r = rows[static_cast<std::size_t>(i)];
      r.stratum = i / 4 % 2;
      r.cluster = i % 8;  // four a stratum, each of one group
    }
    for (const auto& layout : {without_clusters(rows), rows}) {
      const cohort data = cohort_of(layout, 2, 2);
      const auto stat = form.prepare(data);
      for (const scheme how : schemes)
        expect_threads_agree(*stat, bootstrap_plan(data, 72, how), data.rows());
      expect_threads_agree(*stat, permutation_plan(data, 72), data.rows());
    }
  }
}

}  // namespace
