// The short forms of draws: the same draws as the long ones, and the same values from them.

#include <gtest/gtest.h>

#include <cmath>
#include <her2mod/resample/bootstrap.hpp>
#include <her2mod/resample/permutation.hpp>
#include <random>
#include <vector>

#include "registered.hpp"

namespace {

using her2mod::bootstrap_plan;
using her2mod::cohort;
using her2mod::draw;
using her2mod::permutation_plan;
using her2mod::scheme;
using her2mod::short_forms;

constexpr short_forms all_forms{true, true};

std::vector<counted_row> patients(std::size_t reference, std::size_t other, int strata = 1) {
  std::mt19937_64 random(reference + 31 * other);
  std::vector<counted_row> rows;
  for (std::size_t i = 0; i < reference + other; ++i)
    rows.push_back({i < reference ? 0 : 1, below(random, strata), below(random, 50) / 7.0, 1});
  std::stable_sort(rows.begin(), rows.end(), [](const counted_row& a, const counted_row& b) {
    return std::make_pair(a.group, a.stratum) < std::make_pair(b.group, b.stratum);
  });
  return rows;
}

void expect_times(const cohort& data, scheme how, bool expected) {
  const bootstrap_plan plan(data, 5, how);
  bootstrap_plan::state brief(plan, all_forms), plain(plan), deaf(plan, short_forms{true, false});
  for (std::uint64_t b = 0; b < 50; ++b) {
    const draw shorter = plan.make(b, brief), longer = plan.make(b, plain), other = plan.make(b, deaf);
    EXPECT_TRUE(longer.times.empty());
    EXPECT_TRUE(other.times.empty());
    ASSERT_EQ(longer.weight.size(), data.rows());
    ASSERT_EQ(!shorter.times.empty(), expected);
    ASSERT_EQ(shorter.weight.empty(), expected);
    for (std::size_t i = 0; i < data.rows(); ++i) {
      ASSERT_EQ(expected ? shorter.times[i] : shorter.weight[i], longer.weight[i]);
      ASSERT_EQ(other.weight[i], longer.weight[i]);
    }
  }
}

TEST(ShortForms, OfTheBootstrapAreTimesWhereRowsArePatients) {
  for (const auto& rows : {patients(458, 117), patients(5, 3), patients(40, 1), patients(90, 70, 3),
                           patients(1, 2000)})
    expect_times(cohort_of(rows, 2, 3), scheme::ordinary, true);
}

TEST(ShortForms, OfTheBootstrapAreNoneOtherwise) {
  auto rows = patients(60, 40);
  const cohort data = cohort_of(rows, 2, 1);
  expect_times(data, scheme::fractional, false);
  expect_times(data, scheme::balanced, false);
  auto weighted = rows;
  weighted[3].frequency = 2;
  expect_times(cohort_of(weighted, 2, 1), scheme::ordinary, false);
  auto clustered = rows;
  for (std::size_t i = 0; i < rows.size(); ++i) clustered[i].cluster = static_cast<int>(i / 2);
  expect_times(cohort_of(clustered, 2, 1), scheme::ordinary, false);
  // Groups in turn: units are numbered otherwise.
  std::mt19937_64 random(1);
  shuffle_rows(random, rows);
  expect_times(cohort_of(rows, 2, 1), scheme::ordinary, false);
}

// Equal values, or both none.
void expect_close(const evaluated& a, const evaluated& b, double tolerance) {
  EXPECT_EQ(a.why, b.why);
  for (const auto& [x, y] : {std::make_pair(a.value, b.value), std::make_pair(a.error, b.error)}) {
    if (std::isfinite(y)) {
      EXPECT_NEAR(x, y, tolerance * (1 + std::fabs(y)));
    } else {
      EXPECT_TRUE(x == y || (std::isnan(x) && std::isnan(y)));
    }
  }
}

template <class Plan>
void expect_equal_values(const registered_form& form, const std::vector<counted_row>& rows, double tolerance) {
  SCOPED_TRACE(form.title());
  const cohort data = cohort_of(rows, 2, 3);
  const auto stat = form.prepare(data);
  const Plan plan(data, 8);
  typename Plan::state brief(plan, stat->reads()), plain(plan);
  for (std::uint64_t b = 0; b < 200; ++b)
    expect_close(evaluate(*stat, plan.make(b, brief)), evaluate(*stat, plan.make(b, plain)), tolerance);
}

TEST(ShortForms, GiveEveryStatisticTheSameValue) {
  std::size_t brief = 0;
  for (const registered_form& form : registered_forms())
    for (const int strata : {1, 3}) {
      std::mt19937_64 random(7);
      for (const std::size_t n : {12u, 90u, 300u}) {
        auto rows = random_rows_for(form, random, {n, 2, strata});
        std::stable_sort(rows.begin(), rows.end(), [](const counted_row& a, const counted_row& b) {
          return std::make_tuple(a.group, a.stratum, a.response) <
                 std::make_tuple(b.group, b.stratum, b.response);
        });
        const auto stat = form.prepare(cohort_of(rows, 2, 3));
        brief += stat->reads().times ? 1 : 0;
        expect_equal_values<bootstrap_plan>(form, rows, 1e-14);
        // Labels in another order are added in another order.
        std::stable_sort(rows.begin(), rows.end(), [](const counted_row& a, const counted_row& b) {
          return a.stratum < b.stratum;
        });
        expect_equal_values<permutation_plan>(form, rows, 1e-11);
      }
    }
  EXPECT_GT(brief, 40u);
}

}  // namespace
