// resample/jackknife_error.hpp against naive loops over the units of each block, and against the
// error that the jackknife has in closed form.

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <her2mod/resample/bootstrap.hpp>
#include <her2mod/resample/jackknife.hpp>
#include <her2mod/resample/jackknife_error.hpp>
#include <map>
#include <memory>
#include <vector>

#include "naive_numeric.hpp"
#include "registered.hpp"

namespace {

using her2mod::bootstrap_plan;
using her2mod::cohort;
using her2mod::draw;
using her2mod::jackknife_error;
using her2mod::reason;
using naive::real;
using naive::sample;

using functional = std::function<real(const sample&)>;

// Rows of a unit, and the block that it is drawn in.
struct naive_unit {
  std::vector<std::size_t> rows;
  std::pair<int, int> block;
};

std::map<int, naive_unit> units_of(const cohort& data, bool blocks_hold_one_group) {
  std::map<int, naive_unit> units;
  for (std::size_t i = 0; i < data.rows(); ++i) {
    naive_unit& u = units[data.clustered() ? data.cluster()[i] : static_cast<int>(i)];
    u.rows.push_back(i);
    u.block = {data.stratum()[i], blocks_hold_one_group ? data.group()[i] : 0};
  }
  return units;
}

real patients_of(const cohort& data, std::size_t row) {
  return data.clustered() ? data.frequency()[row] : 1;
}

// sum over the blocks of (n - 1) / n sum m (T - mean of T)^2.
real naive_squared_error(const cohort& data, const std::vector<double>& weight,
                         const functional& value, bool blocks_hold_one_group) {
  struct left_out {
    real value, times;
  };
  std::map<std::pair<int, int>, std::vector<left_out>> blocks;
  for (const auto& entry : units_of(data, blocks_hold_one_group)) {
    const naive_unit& u = entry.second;
    const real times = weight[u.rows[0]] / patients_of(data, u.rows[0]);
    if (times == 0) continue;
    std::vector<double> rest = weight;
    for (const std::size_t row : u.rows) rest[row] -= static_cast<double>(patients_of(data, row));
    blocks[u.block].push_back({value(naive::sample_of(data, {rest, data.group()})), times});
  }
  real sum = 0;
  for (const auto& entry : blocks) {
    real n = 0, mean = 0, squares = 0;
    for (const left_out& t : entry.second) n += t.times;
    for (const left_out& t : entry.second) mean += t.times * t.value / n;
    for (const left_out& t : entry.second) squares += t.times * (t.value - mean) * (t.value - mean);
    sum += (n - 1) / n * squares;
  }
  return sum;
}

struct case_of_error {
  registered_form form;
  functional value;
};

std::vector<case_of_error> cases() {
  return {
      {{"mean_difference", {}}, [](const sample& s) { return naive::mean_difference(s).value; }},
      {{"mean_ratio", {}}, [](const sample& s) { return naive::mean_ratio(s).value; }},
      {{"standardised_difference", {}}, [](const sample& s) { return naive::hedges(s).value; }},
      {{"median_difference", {}},
       [](const sample& s) { return naive::quantile(s, 1, 0.5L) - naive::quantile(s, 0, 0.5L); }},
      {{"win_probability", {}}, [](const sample& s) { return naive::win_probability(s).value; }},
      {{"kruskal_wallis", {}}, [](const sample& s) { return naive::kruskal_wallis_in_strata(s, 2); }},
      {{"chi_squared", {}}, [](const sample& s) {
         return naive::in_strata(s) ? naive::chi_squared_in_strata(s, 2) : naive::chi_squared(s, 2, 4);
       }}};
}

void expect_naive(const case_of_error& c, const cohort& data, bool blocks_hold_one_group) {
  const jackknife_error stat(c.form.prepare(data), data);
  const auto inner = c.form.prepare(data);
  const bootstrap_plan plan(data, 81);
  bootstrap_plan::state state(plan);
  for (std::uint64_t i = 0; i < 30; ++i) {
    const draw d = i == 0 ? observed_draw(data) : plan.make(i, state);
    const evaluated found = evaluate(stat, d), plain = evaluate(*inner, d);
    ASSERT_EQ(found.why, plain.why);
    ASSERT_TRUE(naive::same(found.value, plain.value, 0));
    if (found.why != reason::none) continue;
    const std::vector<double> weight(d.weight.begin(), d.weight.end());
    ASSERT_TRUE(naive::same(
        found.error, std::sqrt(naive_squared_error(data, weight, c.value, blocks_hold_one_group)),
        1e-10));
  }
}

// Clusters 0 to 11 in turn; of one group and stratum each where asked for.
std::vector<counted_row> in_clusters(std::vector<counted_row> rows, bool of_one_group) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const int k = static_cast<int>(i) % 12;
    rows[i].cluster = k;
    rows[i].stratum = k % 2;
    rows[i].group = of_one_group ? k / 2 % 2 : static_cast<int>(i / 12 + i) % 2;
  }
  return rows;
}

TEST(JackknifeError, EqualsTheNaiveLoop) {
  std::mt19937_64 random(82);
  for (const case_of_error& c : cases())
    for (int repeat = 0; repeat < 4; ++repeat) {
      SCOPED_TRACE(c.form.title());
      for (const int strata : {1, 3})
        for (const int largest_frequency : {1, 3}) {
          const auto rows = random_rows_for(c.form, random, {26, 2, strata, largest_frequency});
          expect_naive(c, cohort_of(rows, 2, strata), true);
          expect_naive(c, cohort_of(by_group(rows), 2, strata), true);
        }
      const auto rows = random_rows_for(c.form, random, {41, 2, 1, 3});
      expect_naive(c, cohort_of(in_clusters(rows, true), 2, 2), true);
      expect_naive(c, cohort_of(in_clusters(rows, false), 2, 2), false);
      if (HasFatalFailure()) return;
    }
}

TEST(JackknifeError, OfAMeanDifferenceIsThePlugInError) {
  // s^2 / n with divisor n - 1, in each group: the statistic's own error.
  std::mt19937_64 random(83);
  const registered_form form{"mean_difference", {}};
  for (const int largest_frequency : {1, 5}) {
    const cohort data =
        cohort_of(random_rows_for(form, random, {30, 2, 1, largest_frequency}), 2, 1);
    const jackknife_error stat(form.prepare(data), data);
    const auto own = form.prepare(data);
    const bootstrap_plan plan(data, 84);
    bootstrap_plan::state state(plan);
    for (std::uint64_t i = 0; i < 100; ++i) {
      const draw d = plan.make(i, state);
      ASSERT_NEAR(evaluate(stat, d).error, evaluate(*own, d).error, 1e-12);
      ASSERT_TRUE(naive::same(evaluate(stat, d).error,
                              naive::mean_difference(naive::sample_of(data, d)).error, 1e-12));
    }
  }
}

TEST(JackknifeError, ByHand) {
  // Means of 1, 2, 6 less one: 4, 3.5, 1.5; squares about 3 sum to 3.5, times 2/3. The reference
  // group, 0 and 2, gives 2 and 0: 2 times 1/2.
  const cohort data =
      cohort_of({{1, 0, 1, 1}, {0, 0, 0, 1}, {1, 0, 2, 1}, {1, 0, 6, 1}, {0, 0, 2, 1}}, 2, 1);
  const jackknife_error stat(her2mod::prepare("mean_difference", data), data);
  const evaluated e = evaluate(stat, observed_draw(data));
  EXPECT_NEAR(e.value, 2, 1e-15);
  EXPECT_NEAR(e.error, std::sqrt(3.5 * 2 / 3 + 1), 1e-14);
}

TEST(JackknifeError, OfEqualResponsesIsZero) {
  const cohort data = cohort_of({{0, 0, 0.1, 3}, {1, 0, 0.1, 2}, {1, 0, 0.1, 4}}, 2, 1);
  for (const char* name : {"mean_difference", "mean_ratio", "median_difference", "win_probability"})
    EXPECT_EQ(
        evaluate(jackknife_error(her2mod::prepare(name, data), data), observed_draw(data)).error, 0)
        << name;
}

TEST(JackknifeError, OfEqualValuesIsZeroHoweverManyCopies) {
  // The medians stay, whoever is left out.
  for (const double f : {3.0, 5.0, 7.0, 11.0})
    for (const double y : {0.1, 26.0 / 7, 1e5 / 3}) {
      const cohort data = cohort_of({{0, 0, y, f}, {1, 0, 2 * y, f}, {0, 0, 0, 1}}, 2, 1);
      const jackknife_error stat(her2mod::prepare("median_difference", data), data);
      EXPECT_EQ(evaluate(stat, observed_draw(data)).error, 0);
    }
}

TEST(JackknifeError, IsNotThereWithoutAValue) {
  const cohort data = cohort_of({{0, 0, 0, 3}, {1, 0, 1, 2}, {1, 0, 0, 4}, {0, 0, 1, 1}}, 2, 1);
  const jackknife_error stat(her2mod::prepare("mean_ratio", data), data);
  const std::vector<double> no_events{4, 2, 4, 0}, one_event{3, 2, 4, 1}, empty{0, 2, 4, 0};
  const evaluated infinite = evaluate(stat, {no_events, data.group()}),
                  left_out = evaluate(stat, {one_event, data.group()}),
                  none = evaluate(stat, {empty, data.group()});
  EXPECT_EQ(infinite.why, reason::infinite);
  EXPECT_EQ(none.why, reason::empty_group);
  EXPECT_EQ(left_out.why, reason::none);  // infinite without the one event
  for (const evaluated& e : {infinite, left_out, none}) EXPECT_TRUE(std::isnan(e.error));
}

TEST(JackknifeError, KeepsWhatTheStatisticIs) {
  std::mt19937_64 random(85);
  for (const registered_form& form : registered_forms()) {
    SCOPED_TRACE(form.title());
    const cohort data = cohort_of(random_rows_for(form, random, {24, 2, 2, 2}), 2, 2);
    const auto inner = form.prepare(data);
    const jackknife_error stat(form.prepare(data), data);
    EXPECT_STREQ(stat.describe().name, inner->describe().name);
    EXPECT_EQ(stat.describe().sign, inner->describe().sign);
    EXPECT_EQ(stat.describe().null, inner->describe().null);
    EXPECT_EQ(stat.describe().n_outputs, 2u);
    EXPECT_EQ(stat.linear().has_value(), inner->linear().has_value());
    her2mod::serial_executor host;
    EXPECT_EQ(her2mod::leave_one_out(stat, data, host), her2mod::leave_one_out(*inner, data, host));
    std::vector<double> out{-99, -99};
    const auto scratch = stat.make_workspace();
    stat.evaluate(observed_draw(data), *scratch, her2mod::span<double>(out.data(), 1));
    EXPECT_EQ(out[1], -99);
  }
}

TEST(JackknifeError, HasNoErrorOfFractionsOfUnits) {
  const cohort data = cohort_of({{0, 0, 1, 1}, {0, 0, 3, 1}, {1, 0, 2, 1}, {1, 0, 7, 1}}, 2, 1);
  const jackknife_error stat(her2mod::prepare("mean_difference", data), data);
  const std::vector<double> fractions{0.5, 1.5, 1, 1}, whole{0, 2, 1, 1};
  EXPECT_TRUE(std::isnan(evaluate(stat, {fractions, data.group()}).error));
  // 3 and 3, and 2 and 7: the variances 0 and 12.5 over 2
  EXPECT_DOUBLE_EQ(evaluate(stat, {whole, data.group()}).error, 2.5);
}

}  // namespace
