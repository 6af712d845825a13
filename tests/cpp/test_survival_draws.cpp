// What statistics of survival do with short forms of a draw, and without one unit, is what they do with
// weights: unit_walk.hpp, drawn_means.hpp, fall_without_one.hpp and logrank_without_one.hpp against evaluate() of
// the long form. That in turn is compared with the definitions in R's tests.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <tuple>
#include <vector>

#include <her2mod/resample/jackknife.hpp>
#include <her2mod/stat/log_hazard_ratio.hpp>
#include <her2mod/stat/logrank.hpp>
#include <her2mod/stat/median_survival_difference.hpp>
#include <her2mod/stat/rmst_difference.hpp>
#include <her2mod/stat/rmst_ratio.hpp>

#include "cohorts.hpp"
#include "naive.hpp"

namespace {

using namespace her2mod;

struct row_maker {
  std::mt19937_64 random;
  explicit row_maker(unsigned seed) : random(seed) {}

  int below(int bound) { return ::below(random, bound); }

  // Both groups are there; ties, unless `scale` is large.
  std::vector<counted_row> make(int n, int strata, int scale, int largest_frequency) {
    std::vector<counted_row> rows;
    for (int i = 0; i < n; ++i) {
      counted_row row{i < 2 ? i : below(2), below(strata), static_cast<double>(below(scale)),
                      static_cast<double>(1 + below(largest_frequency))};
      row.event = below(4) != 0;
      rows.push_back(row);
    }
    return rows;
  }
};

struct value_and_error {
  double number[2] = {-99, -99};
  reason why;
};

value_and_error evaluated(const statistic& stat, const draw& what, std::size_t outputs) {
  value_and_error found;
  const auto room = stat.make_workspace();
  found.why = stat.evaluate(what, *room, span<double>(found.number, outputs));
  return found;
}

void expect_same(const value_and_error& found, const value_and_error& truth) {
  ASSERT_EQ(found.why, truth.why);
  for (std::size_t k = 0; k < 2; ++k) ASSERT_TRUE(naive::same(found.number[k], truth.number[k], 1e-11));
}

TEST(SurvivalDraws, ShortFormsAreTheLongOnes) {
  row_maker make(7);
  for (int repeat = 0; repeat < 400; ++repeat) {
    const int n = 3 + make.below(40), strata = 1 + make.below(3), scale = repeat % 3 == 0 ? 100000 : 1 + make.below(30);
    std::vector<counted_row> rows = make.make(n, strata, scale, 1);
    // Rows of a group side by side by time, deaths first, are added up by eights; a row may be drawn often.
    const auto place = [](const counted_row& r) { return std::make_tuple(r.group, r.response, -r.event); };
    if (repeat % 2 == 0)
      std::sort(rows.begin(), rows.end(), [&](const counted_row& a, const counted_row& b) { return place(a) < place(b); });
    const int most = repeat % 7 == 0 ? 40 : 4;
    const cohort data = cohort_of(rows, 2, strata);
    const double tau = 0.5 * (1 + make.below(2 * scale));
    const log_hazard_ratio ratio(data);
    const rmst_difference difference(data, tau);
    const rmst_ratio ratio_of_means(data, tau);
    std::vector<std::uint8_t> times;
    std::vector<std::uint32_t> members;
    std::vector<double> weight;
    std::vector<std::int32_t> label;
    const int listed = make.below(2);
    for (int i = 0; i < n; ++i) {
      times.push_back(static_cast<std::uint8_t>(make.below(3) == 0 ? 0 : make.below(most)));
      weight.push_back(times.back());
      label.push_back(make.below(2));
      if (label.back() == listed) members.push_back(static_cast<std::uint32_t>(i));
    }
    shuffle_rows(make.random, members);
    const std::vector<double> once(weight.size(), 1.0);
    for (const statistic* stat : {static_cast<const statistic*>(&ratio), static_cast<const statistic*>(&difference),
                                  static_cast<const statistic*>(&ratio_of_means)})
      for (const std::size_t outputs : {1u, 2u}) {
        draw bytes;
        bytes.label = data.group();
        bytes.relabelled = false;
        bytes.times = times;
        expect_same(evaluated(*stat, bytes, outputs), evaluated(*stat, {weight, data.group(), false}, outputs));
        if (members.empty() || members.size() == label.size()) continue;
        draw listing;
        listing.members = members;
        listing.listed = listed;
        expect_same(evaluated(*stat, listing, outputs), evaluated(*stat, {once, label, true}, outputs));
      }
  }
}

// One row however often it is drawn: who dies last leaves exactly nobody.
TEST(SurvivalDraws, TheLastToDieLeaveNobody) {
  std::vector<counted_row> rows(100, {1, 0, 1, 1});
  rows[0] = {0, 0, 5, 1};
  rows[1] = {1, 0, 3, 1};
  for (counted_row& row : rows) row.event = true;
  const cohort data = cohort_of(rows, 2, 1);
  const rmst_difference difference(data, 1e6);
  for (int copies = 1; copies <= 236; ++copies) {
    std::vector<std::uint8_t> times(rows.size(), 0);
    times[0] = static_cast<std::uint8_t>(copies);
    times[1] = 1;
    draw bytes;
    bytes.label = data.group();
    bytes.relabelled = false;
    bytes.times = times;
    ASSERT_EQ(evaluated(difference, bytes, 1).number[0], 3.0 - 5.0) << copies;
  }
}

TEST(SurvivalDraws, WithoutOneUnitIsTheStatisticOfTheOthers) {
  row_maker make(1);
  for (int repeat = 0; repeat < 400; ++repeat) {
    const int n = 2 + make.below(25), strata = 1 + make.below(3), scale = 1 + make.below(20);
    const cohort data = cohort_of(make.make(n, strata, scale, 3), 2, strata);
    const auto family = [](logrank_family f, double rho, double gamma, double t) { return logrank_weight{f, rho, gamma, t}; };
    using name = logrank_family;
    std::vector<std::unique_ptr<statistic>> all;
    for (const logrank_weight& which :
         {family(name::logrank, 0, 0, 0), family(name::gehan, 0, 0, 0), family(name::tarone_ware, 0, 0, 0),
          family(name::peto_peto, 0, 0, 0), family(name::modified_peto_peto, 0, 0, 0),
          family(name::modestly_weighted, 0, 0, make.below(scale)), family(name::fleming_harrington, 0, 1, 0),
          family(name::fleming_harrington, 0.5, 1, 0), family(name::fleming_harrington, 1, 0, 0),
          family(name::fleming_harrington, 1, 1, 0)})
      all.push_back(std::make_unique<logrank>(data, which));
    all.push_back(std::make_unique<median_survival_difference>(data));
    for (const auto& stat : all) {
      std::vector<double> closed(data.rows());
      ASSERT_TRUE(stat->leave_one_out(closed));
      serial_executor host;
      const auto slow = evaluate_replicates(*stat, jackknife_plan(data), {0, data.rows()}, data.rows(), host, 1).values;
      for (std::size_t i = 0; i < closed.size(); ++i) ASSERT_TRUE(naive::same(closed[i], slow[i], 1e-11));
    }
  }
  // No closed form: a gamma between, and a studentised score.
  const cohort data = cohort_of(make.make(20, 1, 10, 1), 2, 1);
  std::vector<double> out(20);
  EXPECT_FALSE(logrank(data, {logrank_family::fleming_harrington, 0, 0.5, 0}).leave_one_out(out));
  EXPECT_FALSE(logrank(data, {}, true).leave_one_out(out));
}

}  // namespace
