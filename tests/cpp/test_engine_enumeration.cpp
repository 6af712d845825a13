// resample/enumeration.hpp: every arrangement once.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include <her2mod/resample/engine.hpp>
#include <her2mod/resample/enumeration.hpp>
#include <her2mod/stat/registry.hpp>

#include "thread_executor.hpp"

namespace {

using her2mod::cohort;
using her2mod::enumeration_plan;
using labels = std::vector<std::int32_t>;

cohort cohort_of_labels(const labels& group, int n_groups, const labels& stratum, int n_strata,
                        const labels& cluster = {}, int n_clusters = 0) {
  std::vector<double> y(group.size());
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = static_cast<double>((7 * i) % 11);
  return cohort(group, n_groups, stratum, n_strata, std::vector<double>(group.size(), 1.0), y,
                cluster, n_clusters);
}

std::set<labels> listed(const cohort& data) {
  const enumeration_plan plan(data, 1e6);
  enumeration_plan::state state(plan);
  std::set<labels> all;
  for (std::uint64_t i = 0; i < plan.size(); ++i) {
    const her2mod::draw d = plan.make(i, state);
    all.insert(labels(d.label.begin(), d.label.end()));
  }
  EXPECT_EQ(all.size(), plan.size());
  EXPECT_EQ(static_cast<double>(plan.size()), enumeration_plan::count(data));
  return all;
}

// std::next_permutation lists every order of one stratum's labels.
std::set<labels> naive_orders(labels group) {
  std::sort(group.begin(), group.end());
  std::set<labels> all;
  do all.insert(group);
  while (std::next_permutation(group.begin(), group.end()));
  return all;
}

TEST(Enumeration, IsEveryOrderOfTheLabels) {
  for (const labels& group :
       {labels{0, 1}, labels{1, 0, 0, 1, 1}, labels{0, 1, 2}, labels{2, 0, 1, 1, 2, 0, 0},
        labels{0, 0, 0, 0, 0, 1}, labels{3, 2, 1, 0, 3}}) {
    const int groups = 1 + *std::max_element(group.begin(), group.end());
    const cohort data =
        cohort_of_labels(group, groups, labels(group.size(), 0), 1);
    EXPECT_EQ(listed(data), naive_orders(group));
  }
}

TEST(Enumeration, IsEveryCombinationOfTheStrata) {
  // Strata in turns: 0 1 0 1 ..., with 2 of 4 and 1 of 3 in group 1.
  const cohort data = cohort_of_labels({1, 0, 1, 0, 0, 1, 0}, 2, {0, 1, 0, 1, 0, 1, 0}, 2);
  std::set<labels> expected;
  for (const labels& a : naive_orders({1, 1, 0, 0}))
    for (const labels& b : naive_orders({0, 0, 1}))
      expected.insert({a[0], b[0], a[1], b[1], a[2], b[2], a[3]});
  EXPECT_EQ(listed(data), expected);
}

TEST(Enumeration, MovesClustersAsWholes) {
  const cohort data =
      cohort_of_labels({0, 1, 1, 0, 0, 0}, 2, labels(6, 0), 1, {0, 1, 1, 2, 0, 2}, 3);
  std::set<labels> expected;
  for (const labels& of : naive_orders({0, 1, 0}))
    expected.insert({of[0], of[1], of[1], of[2], of[0], of[2]});
  EXPECT_EQ(listed(data), expected);
}

TEST(Enumeration, CountsWithoutListing) {
  // C(40, 20) = 137846528820, and 30!/(10!)^3 = 5550996791340.
  labels two(40, 0), three(30, 0);
  for (std::size_t i = 0; i < 20; ++i) two[i] = 1;
  for (std::size_t i = 0; i < 10; ++i) three[i] = 1, three[i + 10] = 2;
  const cohort a = cohort_of_labels(two, 2, labels(40, 0), 1);
  const cohort b = cohort_of_labels(three, 3, labels(30, 0), 1);
  EXPECT_EQ(enumeration_plan::count(a), 137846528820.0);
  EXPECT_EQ(enumeration_plan::count(b), 5550996791340.0);
  EXPECT_THROW(enumeration_plan(a, 1e9), her2mod::numeric_error);
  labels many(5000, 0);
  for (std::size_t i = 0; i < 2500; ++i) many[i] = 1;
  EXPECT_TRUE(std::isinf(enumeration_plan::count(cohort_of_labels(many, 2, labels(5000, 0), 1))));
}

TEST(Enumeration, GivesTheSameValuesOnAnyNumberOfThreads) {
  const cohort data = cohort_of_labels({0, 1, 0, 1, 1, 0, 0, 2, 2}, 3, labels(9, 0), 1);
  const auto stat = her2mod::prepare("kruskal_wallis", data);
  const enumeration_plan plan(data, 1e6);
  const auto count = static_cast<std::size_t>(plan.size());
  her2mod::serial_executor one;
  thread_executor three(3);
  const auto a = evaluate_replicates(*stat, plan, {0, count}, data.rows(), one);
  const auto b = evaluate_replicates(*stat, plan, {0, count}, data.rows(), three);
  EXPECT_EQ(count, 1260u);  // 9! / (4! 3! 2!)
  EXPECT_EQ(a.values, b.values);
}

}  // namespace
