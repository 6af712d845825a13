// stat/adjusted_*: every form of a draw, fractions, and what leaving one patient out does to first order. Their
// values are tested in R, against glm() and coxph().

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include <her2mod/stat/prepare.hpp>

namespace {

using namespace her2mod;

// Covariates that go with the group and the outcome; `fine`: one of them has a value of its own for nearly
// every patient.
cohort make_cohort(std::size_t n, bool survival, bool fine, unsigned seed, double frequency = 1) {
  std::mt19937 random(seed);
  const auto uniform = [&] { return static_cast<double>(random()) / 4294967296.0; };
  std::vector<std::int32_t> group, event;
  std::vector<double> response, x0, x1;
  for (std::size_t i = 0; i < n; ++i) {
    x0.push_back(uniform() < 0.5);
    x1.push_back(fine ? 50 + 10 * uniform() : std::floor(3 * uniform()));
    group.push_back(uniform() < 0.3 + 0.3 * x0[i]);
    const double score = -0.4 + 0.5 * group[i] - 0.6 * x0[i] + (fine ? 0.05 * (x1[i] - 55) : 0.2 * x1[i]);
    response.push_back(survival ? 1 + std::floor(-20 * std::exp(-score) * std::log(1 - uniform())) : uniform() < 1 / (1 + std::exp(-score)));
    event.push_back(uniform() < 0.75);
  }
  cohort_columns given;
  given.group = column<std::int32_t>(std::move(group));
  given.n_groups = 2;
  given.stratum = column<std::int32_t>::constant(n, 0);
  given.n_strata = 1;
  given.frequency = column<double>::constant(n, frequency);
  given.response = column<double>(std::move(response));
  if (survival) given.event = column<std::int32_t>(std::move(event));
  given.covariates.push_back(column<double>(std::move(x0)));
  given.covariates.push_back(column<double>(std::move(x1)));
  return cohort(std::move(given));
}

struct form {
  const char* name;
  parameter_list given;
  bool survival;
};

std::vector<form> all_forms() {
  std::vector<form> out;
  for (const double by : {0, 1, 2, 3})
    for (const double target : {0, 1, 2}) {
      if (by == 2 && target > 0) continue;
      for (const double firth : {0, 1})
        out.push_back({"adjusted_odds_ratio", {by, target, by == 3 ? 1.0 : 0.0, firth}, false});
      if (by < 3) out.push_back({"adjusted_rmst_difference", {by, target, 0, 0, 15}, true});
    }
  return out;
}

double value_of(const statistic& stat, const draw& what) {
  const auto scratch = stat.make_workspace();
  double out[1];
  stat.evaluate(what, *scratch, span<double>(out, 1));
  return out[0];
}

TEST(Adjusted, ShortAndLongFormsOfADrawAreOne) {
  for (const bool fine : {false, true})
    for (const form& f : all_forms()) {
      const cohort data = make_cohort(150, f.survival, fine, 7);
      const auto stat = prepare(f.name, data, f.given);
      ASSERT_TRUE(stat->reads().times);
      std::mt19937 random(3);
      const auto scratch = stat->make_workspace();
      for (int run = 0; run < 5; ++run) {
        std::vector<std::uint8_t> times;
        std::vector<double> weight;
        for (std::size_t i = 0; i < 150; ++i) {
          times.push_back(static_cast<std::uint8_t>(random() % 3));
          weight.push_back(times.back());
        }
        double out[1];
        stat->evaluate({{}, data.group(), false, {}, 0, times}, *scratch, span<double>(out, 1));
        const double first = out[0];
        EXPECT_TRUE(std::isfinite(first));
        // From another thread's memory, and as labels that are given anew.
        EXPECT_DOUBLE_EQ(value_of(*stat, {weight, data.group(), false}), first);
        EXPECT_NEAR(value_of(*stat, {weight, data.group(), true}), first, 1e-9);
      }
    }
}

TEST(Adjusted, RowsOfFrequencyTwoAreTwo) {
  for (const form& f : all_forms()) {
    const cohort data = make_cohort(120, f.survival, true, 9), twice = make_cohort(120, f.survival, true, 9, 2);
    const auto one = prepare(f.name, data, f.given), two = prepare(f.name, twice, f.given);
    EXPECT_FALSE(two->reads().times);
    const std::vector<double> weight(120, 2.0);
    EXPECT_NEAR(value_of(*one, {weight, data.group(), false}), value_of(*two, {twice.frequency(), twice.group(), false}), 1e-8);
  }
}

TEST(Adjusted, ADrawWithoutAGroupSaysSo) {
  for (const form& f : all_forms()) {
    const cohort data = make_cohort(60, f.survival, false, 2);
    const auto stat = prepare(f.name, data, f.given);
    const auto scratch = stat->make_workspace();
    std::vector<double> weight;
    for (std::size_t i = 0; i < 60; ++i) weight.push_back(data.group()[i] == 0);
    double out[1];
    EXPECT_EQ(stat->evaluate({weight, data.group(), false}, *scratch, span<double>(out, 1)), reason::empty_group);
    EXPECT_TRUE(std::isnan(out[0]));
  }
}

// T(w - e_i) with weights that are fractions: the derivative by a small step, against the closed form.
TEST(Adjusted, LeavingOneOutIsTheDerivativeByItsWeight) {
  const std::size_t n = 5200;
  for (const form& f : all_forms()) {
    const bool firth = f.given[3] == 1, cox = f.survival && f.given[0] == 0;
    if (firth || cox) continue;
    const cohort data = make_cohort(n, f.survival, false, 11);
    const auto stat = prepare(f.name, data, f.given);
    std::vector<double> without(n);
    ASSERT_TRUE(stat->leave_one_out(without));
    const double all = value_of(*stat, {data.frequency(), data.group(), false});
    for (const std::size_t i : {0u, 17u, 2600u, 5199u}) {
      const double h = 1e-3;
      std::vector<double> more(n, 1.0), less(n, 1.0);
      more[i] += h;
      less[i] -= h;
      const double slope = (value_of(*stat, {more, data.group(), false, {}, 0, {}, false}) -
                            value_of(*stat, {less, data.group(), false, {}, 0, {}, false})) / (2 * h);
      EXPECT_NEAR(all - without[i], slope, 1e-6 * std::fabs(slope) + 1e-9) << f.name << " " << f.given[0] << f.given[1];
    }
  }
}

TEST(Adjusted, BadFormsAndCohortsAreRefused) {
  const cohort data = make_cohort(40, false, false, 1), times = make_cohort(40, true, false, 1);
  for (const parameter_list& given : std::vector<parameter_list>{{}, {0, 0, 0}, {4, 0, 0, 0}, {0, 3, 0, 0}, {0, 0, 2, 0}, {2, 1, 0, 0}})
    EXPECT_THROW(prepare("adjusted_risk_difference", data, given), input_error);
  for (const parameter_list& given : std::vector<parameter_list>{{0, 0, 0, 0}, {3, 0, 0, 0, 5}, {0, 0, 1, 0, 5}, {0, 0, 0, 1, 5}, {0, 0, 0, 0, 0}})
    EXPECT_THROW(prepare("adjusted_rmst_difference", times, given), input_error);
  EXPECT_THROW(prepare("adjusted_risk_ratio", times, {0, 0, 0, 0}), input_error);
}

}  // namespace
