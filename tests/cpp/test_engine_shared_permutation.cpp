// Arrangements that several outcomes share, each known of some of the patients: against dealing by hand, and
// their distribution. Run under ThreadSanitizer too.

#include <gtest/gtest.h>

#include <algorithm>

#include <her2mod/resample/engine.hpp>
#include <her2mod/resample/shared_permutation.hpp>
#include <her2mod/stat/mean_difference.hpp>
#include <map>
#include <vector>

#include "cohorts.hpp"
#include "thread_executor.hpp"

namespace {

using her2mod::cohort;
using her2mod::draw;
using her2mod::shared_permutation_plan;
using codes = std::vector<std::int32_t>;

// The labels in the order of the patients, -1 where the outcome is not known.
codes labels_of(const shared_permutation_plan& plan, std::uint64_t replicate, const codes& patient, std::size_t n) {
  shared_permutation_plan::state state(plan);
  const draw d = plan.make(replicate, state);
  codes label(n, -1);
  for (std::size_t i = 0; i < patient.size(); ++i) label[static_cast<std::size_t>(patient[i])] = d.label[i];
  return label;
}

cohort known_rows(const codes& group, int groups, const codes& stratum, int strata, const codes& patient) {
  std::vector<counted_row> rows;
  for (const std::int32_t p : patient) {
    const auto i = static_cast<std::size_t>(p);
    rows.push_back({group[i], stratum[i], static_cast<double>(i), 1});
  }
  return cohort_of(rows, groups, strata);
}

const codes groups_of_nine = {0, 1, 1, 0, 2, 0, 1, 2, 0}, strata_of_nine = {0, 1, 0, 1, 0, 1, 1, 0, 0};

// One order of each stratum's patients by the same words, and the known patients' labels dealt out along it.
TEST(SharedPermutation, DealsTheLabelsOfTheKnownAlongOneOrder) {
  const codes patient = {7, 0, 2, 3, 5, 6, 8};  // rows in another order than the patients
  const cohort data = known_rows(groups_of_nine, 3, strata_of_nine, 2, patient);
  const shared_permutation_plan plan(data, 42, strata_of_nine, patient);
  her2mod::streams words(42, her2mod::purpose::permutation);
  for (std::uint64_t replicate = 0; replicate < 200; ++replicate) {
    her2mod::xoshiro256pp generator = words.open(replicate);
    codes expected(9, -1);
    for (const std::int32_t s : {0, 1}) {
      codes members;
      for (std::int32_t p = 0; p < 9; ++p)
        if (strata_of_nine[static_cast<std::size_t>(p)] == s) members.push_back(p);
      codes order = members;
      for (std::size_t left = order.size(); left > 1; --left)
        std::swap(order[left - 1], order[static_cast<std::size_t>(her2mod::draw_below(generator, left))]);
      const auto known = [&](std::int32_t p) { return std::count(patient.begin(), patient.end(), p) > 0; };
      codes labels;
      for (const std::int32_t p : members)
        if (known(p)) labels.push_back(groups_of_nine[static_cast<std::size_t>(p)]);
      std::size_t dealt = 0;
      for (const std::int32_t p : order)
        if (known(p)) expected[static_cast<std::size_t>(p)] = labels[dealt++];
    }
    EXPECT_EQ(labels_of(plan, replicate, patient, 9), expected) << replicate;
  }
}

TEST(SharedPermutation, IsTheSameForOutcomesKnownOfTheSamePatients) {
  const codes one = {0, 2, 3, 5, 6, 7, 8}, other = {8, 6, 0, 2, 7, 5, 3};
  const cohort a = known_rows(groups_of_nine, 3, strata_of_nine, 2, one);
  const cohort b = known_rows(groups_of_nine, 3, strata_of_nine, 2, other);
  const shared_permutation_plan plan_a(a, 7, strata_of_nine, one), plan_b(b, 7, strata_of_nine, other);
  for (std::uint64_t replicate = 0; replicate < 100; ++replicate)
    EXPECT_EQ(labels_of(plan_a, replicate, one, 9), labels_of(plan_b, replicate, other, 9));
}

// Two of five known patients in one group: ten arrangements, each as often as the others.
TEST(SharedPermutation, MakesEveryArrangementEquallyLikely) {
  const codes group = {0, 1, 0, 1, 1, 0, 0, 1}, stratum(8, 0), patient = {0, 1, 2, 4, 6};
  const cohort data = known_rows(group, 2, stratum, 1, patient);
  const shared_permutation_plan plan(data, 3, stratum, patient);
  std::map<codes, int> seen;
  const int draws = 20000;
  for (int b = 0; b < draws; ++b) ++seen[labels_of(plan, static_cast<std::uint64_t>(b), patient, 8)];
  ASSERT_EQ(seen.size(), 10u);
  double chi_squared = 0;
  for (const auto& [labels, count] : seen) chi_squared += (count - draws / 10.0) * (count - draws / 10.0) / (draws / 10.0);
  EXPECT_LT(chi_squared, 27.9);  // P = 0.001 with 9 degrees of freedom
}

TEST(SharedPermutation, GivesTheSameValuesOnAnyNumberOfThreads) {
  const codes patient = {7, 0, 2, 3, 5, 6, 8};
  codes group = groups_of_nine;
  for (std::int32_t& g : group) g = g == 2 ? 1 : g;
  const cohort data = known_rows(group, 2, strata_of_nine, 2, patient);
  const shared_permutation_plan plan(data, 11, strata_of_nine, patient);
  const her2mod::mean_difference stat(data);
  std::vector<std::vector<double>> values;
  for (const std::size_t threads : {1u, 4u}) {
    thread_executor host(threads);
    values.push_back(her2mod::evaluate_replicates(stat, plan, {0, 5000}, 7, host, 1).values);
  }
  EXPECT_EQ(values[0], values[1]);
}

TEST(SharedPermutation, RefusesRowsThatAreNotPatients) {
  const codes group = {0, 1, 0, 1}, stratum(4, 0), patient = {0, 1, 2};
  const cohort data = known_rows(group, 2, stratum, 1, patient);
  const auto make = [&](const codes& strata, const codes& rows) { shared_permutation_plan(data, 1, strata, rows); };
  EXPECT_NO_THROW(make(stratum, patient));
  EXPECT_THROW(make(stratum, {0, 1}), her2mod::input_error);
  EXPECT_THROW(make(stratum, {0, 1, 1}), her2mod::input_error);
  EXPECT_THROW(make(stratum, {0, 1, 4}), her2mod::input_error);
  EXPECT_THROW(make(stratum, {0, 1, -1}), her2mod::input_error);
  EXPECT_THROW(make({0, 0, 0, 1}, patient), her2mod::input_error);
  EXPECT_THROW(make({1, 0, 0, 0}, patient), her2mod::input_error);
  const cohort counted = cohort_of({{0, 0, 1, 2}, {1, 0, 2, 1}}, 2, 1);
  EXPECT_THROW(shared_permutation_plan(counted, 1, codes{0, 0}, codes{0, 1}), her2mod::input_error);
}

}  // namespace
