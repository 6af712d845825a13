// Competing risks by hand; R's tests compare curves and Gray's test with their definitions, survival
// and cmprsk.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include <her2mod/surv/cumulative_incidence.hpp>
#include <her2mod/surv/gray.hpp>

namespace {

using namespace her2mod;

struct patients {
  std::vector<double> time;
  std::vector<std::int32_t> state, group, stratum;
  std::size_t n_causes, n_groups, n_strata;
  std::vector<double> weight = {}, entry = {};

  competing_rows rows() const {
    return {time, state, group, stratum, n_causes, n_groups, n_strata, weight, entry};
  }
};

// Cause 2 at 1, cause 1 at 2, censored at 3, cause 1 at 4.
const patients four{{4, 2, 3, 1}, {1, 1, 0, 2}, {0, 0, 0, 0}, {0, 0, 0, 0}, 2, 1, 1};

TEST(CumulativeIncidence, IsAsWorkedByHand) {
  const competing_curves curves = curves_of_group(four.rows(), 0);
  EXPECT_EQ(curves.time, (std::vector<double>{1, 2, 3, 4}));
  EXPECT_EQ(curves.at_risk, (std::vector<double>{4, 3, 2, 1}));
  EXPECT_EQ(curves.censored, (std::vector<double>{0, 0, 1, 0}));
  EXPECT_EQ(curves.survival, (std::vector<double>{0.75, 0.5, 0.5, 0}));
  EXPECT_EQ(curves.causes[0].incidence, (std::vector<double>{0, 0.25, 0.25, 0.75}));
  EXPECT_EQ(curves.causes[1].incidence, (std::vector<double>{0.25, 0.25, 0.25, 0.25}));
}

TEST(CumulativeIncidence, HasBothVariancesByHand) {
  const competing_curves curves = curves_of_group(four.rows(), 0);
  // Of cause 1 at time 2: (3/4)^2 / 3^2 of its own event, and of the other one at time 1
  // (1 / 4^2) ((1/4) / (3/4))^2.
  EXPECT_NEAR(curves.causes[0].variance_aalen[1], 1.0 / 16 + 1.0 / 144, 1e-15);
  // Nothing is censored up to 2, so the jackknife's is binomial: 1/4 x 3/4 / 4.
  EXPECT_NEAR(curves.causes[0].variance_jackknife[1], 3.0 / 64, 1e-15);
  EXPECT_NEAR(curves.causes[1].variance_jackknife[3], 3.0 / 64, 1e-15);
}

// Without censoring F_k is a share of the patients.
TEST(CumulativeIncidence, IsAShareWithoutCensoring) {
  patients all{{}, {}, {}, {}, 3, 1, 1};
  const std::size_t n = 300;
  for (std::size_t i = 0; i < n; ++i) {
    all.time.push_back(double((7 * i) % 31));
    all.state.push_back(static_cast<std::int32_t>(1 + (i * i + i / 5) % 3));
  }
  all.group.assign(n, 0);
  all.stratum.assign(n, 0);
  const competing_curves curves = curves_of_group(all.rows(), 0);
  for (std::size_t k = 0; k < 3; ++k)
    for (std::size_t j = 0; j < curves.time.size(); ++j) {
      double count = 0;
      for (std::size_t i = 0; i < n; ++i)
        count += all.time[i] <= curves.time[j] && all.state[i] == static_cast<std::int32_t>(k + 1);
      const double share = count / n;
      EXPECT_NEAR(curves.causes[k].incidence[j], share, 1e-14);
      EXPECT_NEAR(curves.causes[k].variance_jackknife[j], share * (1 - share) / n, 1e-15);
    }
}

// Ties and two causes; `late`: entry times, some of them others' times.
patients random_patients(std::size_t n, unsigned seed, bool late) {
  patients all{{}, {}, {}, {}, 2, 1, 1};
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t bound) { return random() % bound; };
  for (std::size_t i = 0; i < n; ++i) {
    all.time.push_back(1 + double(below(12)));
    all.state.push_back(static_cast<std::int32_t>(below(3)));
    all.weight.push_back(1 + double(below(3)));
    if (late) all.entry.push_back(all.time.back() - 0.5 * double(1 + below(20)));
  }
  all.group.assign(n, 0);
  all.stratum.assign(n, 0);
  return all;
}

TEST(CumulativeIncidence, OfWeightsIsOfRowsWrittenOut) {
  for (const bool late : {false, true}) {
    const patients counted = random_patients(40, 3, late);
    patients written = counted;
    written.time.clear(), written.state.clear(), written.entry.clear(), written.weight.clear();
    for (std::size_t i = 0; i < counted.time.size(); ++i)
      for (double k = 0; k < counted.weight[i]; ++k) {
        written.time.push_back(counted.time[i]);
        written.state.push_back(counted.state[i]);
        if (late) written.entry.push_back(counted.entry[i]);
      }
    written.group.assign(written.time.size(), 0);
    written.stratum = written.group;
    const competing_curves a = curves_of_group(counted.rows(), 0), b = curves_of_group(written.rows(), 0);
    EXPECT_EQ(a.time, b.time);
    EXPECT_EQ(a.at_risk, b.at_risk);
    EXPECT_EQ(a.censored, b.censored);
    for (std::size_t k = 0; k < 2; ++k)
      for (std::size_t j = 0; j < a.time.size(); ++j) {
        EXPECT_NEAR(a.causes[k].incidence[j], b.causes[k].incidence[j], 1e-14);
        EXPECT_NEAR(a.causes[k].variance_aalen[j], b.causes[k].variance_aalen[j], 1e-15);
        EXPECT_NEAR(a.causes[k].variance_jackknife[j], b.causes[k].variance_jackknife[j], 1e-15);
      }
  }
}

// The sum of w (dF / dw)^2 over the rows, each slope by finite differences.
TEST(CumulativeIncidence, JackknifeIsTheSlopesOfItsWeights) {
  for (const bool late : {false, true}) {
    const patients all = random_patients(30, late ? 5 : 8, late);
    const competing_curves curves = curves_of_group(all.rows(), 0);
    for (std::size_t k = 0; k < 2; ++k) {
      std::vector<double> sum(curves.time.size());
      for (std::size_t i = 0; i < all.time.size(); ++i) {
        patients more = all, less = all;
        more.weight[i] += 1e-4;
        less.weight[i] -= 1e-4;
        const competing_curves up = curves_of_group(more.rows(), 0), down = curves_of_group(less.rows(), 0);
        for (std::size_t j = 0; j < sum.size(); ++j) {
          const double slope = (up.causes[k].incidence[j] - down.causes[k].incidence[j]) / 2e-4;
          sum[j] += all.weight[i] * slope * slope;
        }
      }
      for (std::size_t j = 0; j < sum.size(); ++j)
        EXPECT_NEAR(curves.causes[k].variance_jackknife[j], sum[j], 1e-7) << late << " " << k << " " << j;
    }
  }
}

TEST(Gray, TakesWeightsAndNoDelayedEntry) {
  patients counted = random_patients(30, 4, false), written{{}, {}, {}, {}, 2, 2, 1};
  counted.n_groups = 2;
  for (std::size_t i = 0; i < 30; ++i) {
    counted.group[i] = i % 3 == 0;
    for (double k = 0; k < counted.weight[i]; ++k) {
      written.time.push_back(counted.time[i]);
      written.state.push_back(counted.state[i]);
      written.group.push_back(counted.group[i]);
      written.stratum.push_back(0);
    }
  }
  EXPECT_NEAR(gray_test(counted.rows(), 0, 0).statistic, gray_test(written.rows(), 0, 0).statistic, 1e-12);
  counted.entry.assign(30, 0);
  EXPECT_THROW(gray_test(counted.rows(), 0, 0), input_error);
}

// One event each: at time 1 in group 0, of 2 and 2 at risk. The score is 1 - 1/2, and by the formula
// with h = 4, D_00 = 1, D_01 = -1, all c' = 0 at the last event: 1 x 1/(4 x 2) + 1 x 1/(4 x 2).
TEST(Gray, IsAsWorkedByHand) {
  const patients two{{1, 2, 3, 3}, {1, 0, 0, 0}, {0, 1, 0, 1}, {0, 0, 0, 0}, 1, 2, 1};
  const gray_result test = gray_test(two.rows(), 0, 0);
  EXPECT_NEAR(test.score[0], 0.5, 1e-15);
  EXPECT_NEAR(test.covariance[0], 0.25, 1e-15);
  EXPECT_NEAR(test.statistic, 1.0, 1e-12);
  EXPECT_EQ(test.df, 1);
}

// The same patients in two strata: scores and variances double, so does the statistic.
TEST(Gray, AddsStrata) {
  patients one{
      {1, 2, 2, 3, 3, 4, 5, 6}, {1, 2, 1, 0, 1, 2, 1, 0}, {0, 1, 1, 0, 1, 0, 1, 0}, {}, 2, 2, 1};
  one.stratum.assign(8, 0);
  patients twice = one;
  for (std::size_t i = 0; i < 8; ++i) {
    twice.time.push_back(one.time[i]);
    twice.state.push_back(one.state[i]);
    twice.group.push_back(one.group[i]);
    twice.stratum.push_back(1);
  }
  twice.n_strata = 2;
  for (const double rho : {0.0, 1.0})
    for (const std::size_t cause : {std::size_t{0}, std::size_t{1}})
      EXPECT_NEAR(gray_test(twice.rows(), cause, rho).statistic,
                  2 * gray_test(one.rows(), cause, rho).statistic, 1e-12);
}

// A group that leaves early, one that is missing from a stratum, a cause without events.
TEST(Gray, TakesEdges) {
  const patients edge{{1, 1, 5, 6, 7, 2, 3},
                      {1, 1, 2, 1, 0, 1, 2},
                      {0, 0, 1, 1, 2, 1, 2},
                      {0, 0, 0, 0, 0, 1, 1},
                      3,
                      3,
                      2};
  const gray_result test = gray_test(edge.rows(), 0, 1);
  EXPECT_TRUE(std::isfinite(test.statistic));
  EXPECT_GE(test.statistic, 0);
  EXPECT_TRUE(std::isnan(gray_test(edge.rows(), 2, 0).statistic));
}

TEST(Competing, RefusesCodesOutOfRange) {
  patients bad = four;
  bad.state[0] = 3;
  EXPECT_THROW(check_competing(bad.rows()), input_error);
  bad = four;
  bad.group[1] = -1;
  EXPECT_THROW(check_competing(bad.rows()), input_error);
  bad = four;
  bad.stratum.pop_back();
  EXPECT_THROW(check_competing(bad.rows()), input_error);
  for (const double weight : {0.0, -1.0, not_a_number}) {
    bad = four;
    bad.weight = {1, weight, 1, 1};
    EXPECT_THROW(check_competing(bad.rows()), input_error);
  }
  bad = four;
  bad.entry = {0, 0, 3, 0};
  EXPECT_THROW(check_competing(bad.rows()), input_error);
  EXPECT_NO_THROW(check_competing(four.rows()));
  EXPECT_THROW(gray_test(four.rows(), 0, 0), data_error);
}

}  // namespace
