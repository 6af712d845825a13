// surv/cox_*: the likelihood and its derivatives, fits, draws, Firth's penalty and monotone
// likelihoods, against the definition.

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include <her2mod/surv/cox_model.hpp>
#include <her2mod/surv/cox_replicate.hpp>

#include "naive_cox.hpp"

namespace {

using namespace her2mod;
using naive::cox_row;
using naive::cox_weights;
using naive::real;

// Columns that a cox_columns points into.
struct study {
  std::vector<double> time, entry, weight;
  std::vector<std::int32_t> event, stratum;
  std::vector<std::vector<double>> x;
  bool has_entries = false, has_strata = false;

  cox_columns columns() const {
    cox_columns c;
    c.time = time;
    c.event = event;
    c.frequency = weight;
    if (has_entries)
      c.entry = entry;
    if (has_strata)
      c.stratum = stratum;
    for (const auto& column : x)
      c.covariates.push_back(column);
    return c;
  }
  std::vector<cox_row> rows(const std::vector<double>& w) const {
    std::vector<cox_row> out;
    for (std::size_t i = 0; i < time.size(); ++i) {
      cox_row r{time[i],  has_entries ? entry[i] : -1.0L, w[i],
                event[i], has_strata ? stratum[i] : 0,    {},
                1};
      for (const auto& column : x)
        r.x.push_back(column[i]);
      out.push_back(r);
    }
    return out;
  }
  std::vector<cox_row> rows() const { return rows(weight); }
};

// Few times, so that there are ties; the first covariate is a group.
study make_study(unsigned seed, std::size_t n, std::size_t p, bool entries, bool strata,
                 bool whole) {
  std::mt19937 random(seed);
  const auto uniform = [&] { return static_cast<double>(random()) / 4294967296.0; };
  study s;
  s.has_entries = entries;
  s.has_strata = strata;
  s.x.resize(p);
  for (std::size_t i = 0; i < n; ++i) {
    s.time.push_back(1 + std::floor(12 * uniform()));
    s.entry.push_back(std::floor(s.time[i] * uniform() * uniform()));
    s.event.push_back(uniform() < 0.7);
    s.stratum.push_back(static_cast<std::int32_t>(3 * uniform()));
    s.weight.push_back(whole ? 1 + std::floor(2.5 * uniform()) : 0.2 + 2 * uniform());
    s.x[0].push_back(uniform() < 0.4);
    for (std::size_t j = 1; j < p; ++j)
      s.x[j].push_back(100.0 * static_cast<double>(j) +
                       static_cast<double>(j * j) * (uniform() - uniform()));
  }
  return s;
}

struct setting {
  std::size_t p;
  bool entries, strata, whole, efron;
};

std::vector<setting> all_settings() {
  std::vector<setting> out;
  for (const std::size_t p : {1, 2, 3, 4, 5, 6, 8})
    for (int k = 0; k < 16; ++k)
      out.push_back({p, (k & 1) != 0, (k & 2) != 0, (k & 4) != 0, (k & 8) != 0});
  return out;
}
cox_ties ties_of(const setting& s) { return s.efron ? cox_ties::efron : cox_ties::breslow; }
cox_weights weights_of(const setting& s) {
  return s.whole ? cox_weights::whole : cox_weights::sampling;
}

// A study, the point at which its likelihood is evaluated, and the definition's figures there.
struct point {
  point(const setting& given, unsigned seed, double far)
      : s(make_study(seed, 60, given.p, given.entries, given.strata, given.whole)),
        data(s.columns(), ties_of(given), given.whole), work(data), scaled(given.p), score(given.p),
        information(packed_size(given.p)), total(given.p) {
    std::vector<real> beta(given.p);
    for (std::size_t j = 0; j < given.p; ++j) {
      scaled[j] = far * std::sin(static_cast<double>(j + seed));
      beta[j] = scaled[j] / data.scale()[j];
    }
    // Shifted, as their sums would lose digits even in the twin.
    std::vector<cox_row> rows = s.rows();
    for (cox_row& r : rows)
      for (std::size_t j = 1; j < given.p; ++j)
        r.x[j] -= 100.0L * static_cast<real>(j);
    truth = naive::cox(rows, beta, given.efron, weights_of(given));
  }

  void expect(double value, double tolerance) const {
    ASSERT_NEAR(value, static_cast<double>(truth.value), 0.1 * tolerance * std::fabs(value));
    for (std::size_t j = 0; j < scaled.size(); ++j) {
      const double unit = data.scale()[j];
      ASSERT_NEAR(score[j], static_cast<double>(truth.score[j]) / unit, tolerance);
      for (std::size_t k = 0; k <= j; ++k)
        ASSERT_NEAR(information[packed_at(j, k)],
                    static_cast<double>(truth.information[j][k]) / (unit * data.scale()[k]), tolerance);
    }
  }

  study s;
  cox_data data;
  cox_workspace work;
  std::vector<double> scaled, score, information, total;
  naive::cox_value truth;
};

TEST(CoxLikelihood, ValueScoreAndInformationAreThoseOfTheDefinition) {
  unsigned seed = 0;
  for (const setting& given : all_settings()) {
    point at(given, ++seed, 0.3);
    at.expect(cox_evaluate_close(at.data.all(), at.scaled.data(), at.work, at.score.data(),
                                 at.information.data(), at.total.data()), 1e-10);
    const std::vector<double> total = at.total;
    at.expect(cox_evaluate_wide(at.data.all(), at.scaled.data(), at.score.data(), at.information.data(),
                                at.total.data()), 1e-10);
    std::vector<double> alone(given.p);
    if (!given.entries)
      cox_score(at.data.all(), at.scaled.data(), at.work, alone.data());
    for (std::size_t j = 0; j < given.p; ++j) {
      ASSERT_NEAR(at.total[j], total[j], 1e-10 * total[j]);
      if (!given.entries) {
        ASSERT_NEAR(alone[j], static_cast<double>(at.truth.score[j]) / at.data.scale()[j], 1e-10);
      }
    }
  }
}

// Where exp(x' b) leaves the range of double, and not that of the twin's numbers.
TEST(CoxLikelihood, HazardsMayBeFarApart) {
  unsigned seed = 500;
  int far = 0;
  for (const setting& given : all_settings()) {
    point at(given, ++seed, 600);
    far += !std::isfinite(cox_evaluate_close(at.data.all(), at.scaled.data(), at.work, at.score.data(),
                                             at.information.data(), at.total.data()));
    at.expect(cox_evaluate(at.data.all(), at.scaled.data(), at.work, at.score.data(), at.information.data(),
                           at.total.data()), 1e-9);
  }
  EXPECT_GT(far, 50);
}

TEST(CoxFit, IsTheMaximum) {
  unsigned seed = 100;
  for (const setting& given : all_settings()) {
    if (given.p > 2)
      continue;
    const study s = make_study(++seed, 40, given.p, given.entries, given.strata, given.whole);
    const cox_model model(s.columns(), ties_of(given), given.whole, cox_penalty::none);
    ASSERT_EQ(model.end(), cox_end::finite);
    const std::vector<real> truth =
        naive::cox_maximum(s.rows(), given.p, given.efron, weights_of(given));
    for (std::size_t j = 0; j < given.p; ++j)
      ASSERT_NEAR(model.coefficients()[j], static_cast<double>(truth[j]), 1e-9);
  }
}

// A patient that leaves with almost all of the risk must leave no rounding errors of its size.
TEST(CoxFit, SmallRiskSetsSurviveLargeOnesThatLeave) {
  study s;
  s.has_entries = true;
  const double far = 45;
  s.time = {1, 2, 3, 10, 11, 12, 13};
  s.entry = {0, 0, 0, 5, 0, 0, 0};
  s.event = {1, 1, 1, 1, 1, 1, 0};
  s.x = {{0, 1, 0, far, 0, 1, 0}};
  s.weight.assign(7, 1);
  const cox_data data(s.columns(), cox_ties::efron);
  cox_workspace work(data);
  const double beta = data.scale()[0];
  double score = 0, information = 0, total = 0;
  const double value = cox_evaluate(data.all(), &beta, work, &score, &information, &total);
  const naive::cox_value truth = naive::cox(s.rows(), {1}, true, cox_weights::whole);
  EXPECT_NEAR(value, static_cast<double>(truth.value), 1e-12 * std::fabs(value));
  EXPECT_NEAR(score, static_cast<double>(truth.score[0]) / beta, 1e-13 * far);
}

// A draw's estimate is the maximum of the likelihood of the rows drawn.
TEST(CoxReplicate, IsTheMaximumOfTheDraw) {
  unsigned seed = 300;
  std::mt19937 random(7);
  for (const setting& given : all_settings()) {
    if (given.p != 2)
      continue;
    const study s = make_study(++seed, 50, given.p, given.entries, given.strata, true);
    const cox_data data(s.columns(), ties_of(given), true);
    const cox_replicate statistic(data, 0);
    cox_replicate::workspace work = statistic.make_workspace();
    for (int repeat = 0; repeat < 4; ++repeat) {
      std::vector<double> w(s.time.size());
      std::vector<std::uint8_t> bytes(w.size());
      for (std::size_t i = 0; i < w.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(random() % 4 == 0 ? 0 : random() % 3);
        w[i] = given.whole ? bytes[i] : 0.1 * static_cast<double>(random() % 30);
      }
      std::vector<cox_row> rows = s.rows(w);
      if (!given.whole)
        for (std::size_t i = 0; i < rows.size(); ++i)
          rows[i].copies = static_cast<int>(s.weight[i]);
      const real truth = naive::cox_maximum(rows, 2, given.efron, weights_of(given))[0];
      double error = 0;
      ASSERT_NEAR(statistic.evaluate(span<const double>(w), given.whole, {}, work, &error),
                  static_cast<double>(truth), 1e-8);
      if (!given.whole)
        continue;
      ASSERT_NEAR(statistic.evaluate(span<const std::uint8_t>(bytes), true, {}, work),
                  static_cast<double>(truth), 1e-8);
      const auto at = naive::cox(rows, naive::cox_maximum(rows, 2, given.efron, cox_weights::whole),
                                 given.efron, cox_weights::whole);
      const real variance = naive::solve(at.information, std::vector<real>{1, 0})[0];
      ASSERT_NEAR(error, static_cast<double>(std::sqrt(variance)), 1e-5 * error);
    }
  }
}

// The last step by the score alone ends where one more by all would.
TEST(CoxReplicate, IsTheSameWithoutAStandardError) {
  std::mt19937 random(8);
  for (const std::size_t p : {2, 3, 4, 5, 6, 8}) {
    const study s = make_study(static_cast<unsigned>(400 + p), 150, p, false, p % 2 == 0, true);
    const cox_data data(s.columns(), cox_ties::efron);
    const cox_replicate statistic(data, 0);
    cox_replicate::workspace work = statistic.make_workspace();
    for (int repeat = 0; repeat < 20; ++repeat) {
      std::vector<std::uint8_t> w(s.time.size());
      for (auto& times : w)
        times = static_cast<std::uint8_t>(random() % 3);
      double error = 0;
      const double with = statistic.evaluate(span<const std::uint8_t>(w), true, {}, work, &error);
      ASSERT_NEAR(statistic.evaluate(span<const std::uint8_t>(w), true, {}, work), with, 1e-10);
      ASSERT_GT(error, 0);
    }
  }
}

TEST(CoxReplicate, TakesOtherLabelsOfAGroup) {
  const study s = make_study(11, 50, 2, false, true, true);
  const cox_data data(s.columns(), cox_ties::efron);
  const cox_replicate statistic(data, 0);
  cox_replicate::workspace work = statistic.make_workspace();
  std::vector<std::int32_t> label(50);
  study other = s;
  for (std::size_t i = 0; i < 50; ++i)
    other.x[0][i] = label[i] = (i * 7) % 3 == 0;
  const real truth = naive::cox_maximum(other.rows(), 2, true, cox_weights::whole)[0];
  EXPECT_NEAR(statistic.evaluate(span<const double>(s.weight), true, {label, 0}, work),
              static_cast<double>(truth), 1e-8);
}

// What a unit of weight adds to the score, by the difference quotient of the definition.
TEST(CoxResiduals, ScoreResidualsAreDerivativesByTheWeight) {
  unsigned seed = 400;
  for (const setting& given : all_settings()) {
    if (given.p != 2 || given.whole)
      continue;
    const study s = make_study(++seed, 30, given.p, given.entries, given.strata, false);
    const cox_data data(s.columns(), ties_of(given), false);
    const std::vector<real> beta{0.4L, -0.2L};
    const std::vector<double> scaled{0.4 * data.scale()[0], -0.2 * data.scale()[1]};
    cox_workspace work(data);
    const std::vector<double> residuals = score_residuals(data.all(), scaled.data(), work);
    for (std::size_t i = 0; i < data.rows(); ++i) {
      std::vector<cox_row> rows = s.rows();
      const real h = 1e-7L;
      rows[data.order()[i]].weight += h;
      const auto up = naive::cox(rows, beta, given.efron, cox_weights::sampling);
      rows[data.order()[i]].weight -= 2 * h;
      const auto down = naive::cox(rows, beta, given.efron, cox_weights::sampling);
      for (std::size_t j = 0; j < 2; ++j)
        ASSERT_NEAR(residuals[i * 2 + j] * data.scale()[j],
                    static_cast<double>((up.score[j] - down.score[j]) / (2 * h)), 1e-8);
    }
  }
}

TEST(CoxFirth, ValueAndGradientAreThoseOfTheDefinition) {
  unsigned seed = 500;
  for (const setting& given : all_settings()) {
    if (given.p != 2 && given.p != 5)
      continue;
    const study s = make_study(++seed, 40, given.p, given.entries, given.strata, given.whole);
    const cox_data data(s.columns(), ties_of(given), given.whole);
    cox_workspace work(data);
    const cox_view view = data.all();
    cox_firth penalised(view, work, std::vector<std::uint8_t>(given.p));
    std::vector<real> beta(given.p);
    std::vector<double> scaled(given.p), score(given.p), information(packed_size(given.p)),
        total(given.p);
    real units = 0; // log of the determinant of the scales
    for (std::size_t j = 0; j < given.p; ++j) {
      scaled[j] = 0.2 * std::cos(static_cast<double>(j + seed));
      beta[j] = scaled[j] / data.scale()[j];
      units += std::log(static_cast<real>(data.scale()[j]));
    }
    std::vector<cox_row> rows = s.rows();
    for (cox_row& r : rows)
      for (std::size_t j = 1; j < given.p; ++j)
        r.x[j] -= 100.0L * static_cast<real>(j);
    const double value = penalised(scaled.data(), score.data(), information.data(), total.data());
    const real truth = naive::firth(rows, beta, given.efron, weights_of(given)) - units;
    ASSERT_NEAR(value, static_cast<double>(truth), 1e-10 * std::fabs(value));
    for (std::size_t j = 0; j < given.p; ++j) {
      const real h = 1e-6L / data.scale()[j];
      std::vector<real> up = beta, down = beta;
      up[j] += h;
      down[j] -= h;
      const real slope = (naive::firth(rows, up, given.efron, weights_of(given)) -
                          naive::firth(rows, down, given.efron, weights_of(given))) /
                         2e-6L;
      ASSERT_NEAR(score[j], static_cast<double>(slope), 1e-7);
    }
  }
}

// --- monotone likelihoods
// ---------------------------------------------------------------------------

study plain_study(std::vector<double> time, std::vector<std::int32_t> event,
                  std::vector<std::vector<double>> x) {
  study s;
  s.time = std::move(time);
  s.event = std::move(event);
  s.x = std::move(x);
  s.weight.assign(s.time.size(), 1);
  return s;
}

cox_model fitted(const study& s) {
  return cox_model(s.columns(), cox_ties::efron, true, cox_penalty::none);
}

// The three deaths are those with x = 1: each term tends to 1 over those of them at risk, 3!
// altogether.
TEST(CoxSeparation, CompleteIsFoundAndItsSupremumIsRight) {
  const study s = plain_study({1, 2, 3, 4, 5, 6}, {1, 1, 1, 0, 0, 0}, {{1, 1, 1, 0, 0, 0}});
  const cox_model model = fitted(s);
  EXPECT_EQ(model.end(), cox_end::infinite);
  EXPECT_EQ(model.coefficients()[0], infinity);
  EXPECT_NEAR(model.value(), -std::log(6.0), 1e-10);
  EXPECT_TRUE(std::isnan(model.variance()[0]));
}

TEST(CoxSeparation, TheOtherWayRoundIsMinusInfinity) {
  const study s = plain_study({1, 2, 3, 4, 5, 6}, {1, 1, 1, 0, 0, 0}, {{0, 0, 0, 1, 1, 1}});
  EXPECT_EQ(fitted(s).coefficients()[0], -infinity);
}

// A continuous covariate with gaps of any size, the largest first: no tolerance on it helps.
TEST(CoxSeparation, AnOrderedCovariateIsFoundAtAnySpacing) {
  for (const double ratio : {0.5, 0.9, 0.99}) {
    study s = plain_study({}, {}, {{}});
    double x = 0, gap = 1;
    for (int i = 0; i < 12; ++i, gap *= ratio) {
      s.time.push_back(i);
      s.event.push_back(1);
      s.x[0].push_back(x -= gap);
      s.weight.push_back(1);
    }
    const cox_model model = fitted(s);
    EXPECT_EQ(model.end(), cox_end::infinite) << ratio;
    EXPECT_NEAR(model.value(), 0.0, 1e-9) << ratio;
  }
}

// One of three groups has no events. Its coefficient is infinite; the other's, and its error, are
// those without that group's patients, who then are in no risk set that counts.
TEST(CoxSeparation, OneOfSeveralCovariatesLeavesTheOthersTheirs) {
  for (unsigned seed = 1; seed < 30; ++seed) {
    study s = make_study(seed, 60, 2, seed % 2 == 0, seed % 3 == 0, true);
    s.x.push_back(std::vector<double>(60));
    study without = s;
    for (auto* column :
         {&without.time, &without.entry, &without.weight, &without.x[0], &without.x[1]})
      column->clear();
    without.event.clear();
    without.stratum.clear();
    without.x.pop_back();
    for (std::size_t i = 0; i < 60; ++i) {
      if (i % 4 == 0) {
        s.x[2][i] = 1;
        s.event[i] = 0;
        continue;
      }
      without.time.push_back(s.time[i]);
      without.entry.push_back(s.entry[i]);
      without.weight.push_back(s.weight[i]);
      without.event.push_back(s.event[i]);
      without.stratum.push_back(s.stratum[i]);
      for (std::size_t j = 0; j < 2; ++j)
        without.x[j].push_back(s.x[j][i]);
    }
    const cox_model model = fitted(s), other = fitted(without);
    ASSERT_EQ(model.end(), cox_end::infinite);
    ASSERT_EQ(other.end(), cox_end::finite);
    ASSERT_EQ(model.coefficients()[2], -infinity);
    ASSERT_NEAR(model.value(), other.value(), 1e-9);
    for (std::size_t j = 0; j < 2; ++j) {
      ASSERT_NEAR(model.coefficients()[j], other.coefficients()[j], 1e-7);
      ASSERT_NEAR(model.variance()[j * 3 + j], other.variance()[j * 2 + j],
                  1e-7 * other.variance()[j * 2 + j]);
    }
  }
}

// Only a combination separates: every death has x1 + x2 = 1, everybody else 0.
TEST(CoxSeparation, ADirectionOfTwoCovariatesIsFound) {
  const study s = plain_study({1, 2, 3, 4, 5, 6, 7, 8}, {1, 1, 1, 1, 0, 0, 0, 0},
                              {{1, -1, 0.5, 2, 1, -1, 0.5, 2}, {0, 2, 0.5, -1, -1, 1, -0.5, -2}});
  const cox_model model = fitted(s);
  EXPECT_EQ(model.end(), cox_end::infinite);
  EXPECT_EQ(model.coefficients()[0], infinity);
  EXPECT_EQ(model.coefficients()[1], infinity);
}

// One death against the order makes a maximum, however far out: with one of n - 1 unordered pairs
// the other way round, the estimate is finite.
TEST(CoxSeparation, NearlySeparatedIsFinite) {
  for (const double swapped : {1e-1, 1e-3, 1e-6}) {
    const study s =
        plain_study({1, 2, 3, 4, 5, 6}, {1, 1, 1, 1, 1, 0}, {{5, 4, 3, 2, 1, 1 + swapped}});
    const cox_model model = fitted(s);
    EXPECT_EQ(model.end(), cox_end::finite) << swapped;
    const std::vector<real> truth = naive::cox_maximum(s.rows(), 1, true, cox_weights::whole);
    EXPECT_NEAR(model.coefficients()[0] / static_cast<double>(truth[0]), 1.0, 1e-8) << swapped;
  }
}

// With entries, a patient that has left, or not yet come, contradicts nothing.
TEST(CoxSeparation, CountsOnlyThoseAtRisk) {
  study s = plain_study({1, 2, 3, 4, 5, 6}, {1, 1, 1, 1, 1, 0}, {{1, 1, 1, 5, 1, 0}});
  s.has_entries = true;
  s.entry = {0, 0, 0, 3, 4, 0};
  EXPECT_EQ(fitted(s).coefficients()[0], infinity);
  s.entry[3] = 0;
  EXPECT_EQ(fitted(s).end(), cox_end::finite);
}

// A group has no events (its limit), and among the others the deaths are those with the larger x (a
// limit of what is left). What neither touches is as if both were strata.
TEST(CoxSeparation, OneInsideAnotherIsFound) {
  const study s = plain_study(
      {1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 1, 1, 1, 0, 0, 0, 0, 1},
      {{0, 0, 0, 0, 1, 1, 0, 0, 0}, {3, 3, 2, 2, 9, 0, 1, 0, 0}, {0, 1, 1, 0, 5, 4, 1, 0, 1}});
  const cox_model model = fitted(s);
  EXPECT_EQ(model.end(), cox_end::infinite);
  EXPECT_EQ(model.coefficients()[0], -infinity);
  EXPECT_EQ(model.coefficients()[1], infinity);
  // Left are the first two, then the next two, each among themselves: l = -log(e^b + 1) - log(1 +
  // e^-b).
  EXPECT_NEAR(model.coefficients()[2], 0.0, 1e-9);
  EXPECT_NEAR(model.value(), -2 * std::log(2.0), 1e-10);
  EXPECT_NEAR(model.variance()[8], 2.0, 1e-9);
}

TEST(CoxSeparation, OfADrawIsAnInfiniteReplicate) {
  const study s = plain_study({1, 2, 3, 4, 5, 6}, {1, 1, 1, 1, 0, 0}, {{1, 0, 1, 0, 0, 1}});
  const cox_data data(s.columns(), cox_ties::efron);
  const cox_replicate statistic(data, 0);
  cox_replicate::workspace work = statistic.make_workspace();
  const auto of = [&](std::vector<double> w) {
    return statistic.evaluate(span<const double>(w), true, {}, work);
  };
  EXPECT_EQ(of({2, 0, 1, 0, 2, 0}), infinity);
  EXPECT_EQ(of({0, 2, 0, 1, 0, 1}), -infinity);
  EXPECT_TRUE(std::isnan(of({0, 0, 0, 0, 3, 3}))); // no events
  EXPECT_TRUE(std::isnan(of({0, 2, 0, 1, 3, 0}))); // no group 1
  EXPECT_TRUE(std::isfinite(of({1, 1, 1, 1, 1, 1})));
}

// --- what cannot be estimated
// -----------------------------------------------------------------------

TEST(CoxModel, SetsConstantAndDependentCovariatesAside) {
  study s = make_study(21, 50, 2, false, true, true);
  const cox_model plain = fitted(s);
  std::vector<double> sum(50), by_stratum(50);
  for (std::size_t i = 0; i < 50; ++i) {
    sum[i] = 3 * s.x[0][i] - s.x[1][i] + 2;
    by_stratum[i] = 0.1 * s.stratum[i];
  }
  s.x.push_back(std::vector<double>(50, 0.1));
  s.x.push_back(sum);
  s.x.push_back(by_stratum);
  const cox_model model = fitted(s);
  EXPECT_EQ(model.rank(), 2u);
  for (std::size_t j = 0; j < 2; ++j) {
    EXPECT_NEAR(model.coefficients()[j], plain.coefficients()[j], 1e-9);
    EXPECT_NEAR(model.variance()[j * 5 + j], plain.variance()[j * 2 + j], 1e-9);
  }
  for (std::size_t j = 2; j < 5; ++j)
    EXPECT_TRUE(std::isnan(model.coefficients()[j]));
}

TEST(CoxModel, WithoutEventsKnowsNothing) {
  const study s = plain_study({1, 2, 3, 4}, {0, 0, 0, 0}, {{0, 0, 1, 1}});
  const cox_model model = fitted(s);
  EXPECT_EQ(model.end(), cox_end::no_events);
  EXPECT_TRUE(std::isnan(model.coefficients()[0]));
  EXPECT_TRUE(std::isnan(model.variance()[0]));
}

// The ends of a profile interval are where the definition's profile has fallen by the drop: with
// one covariate the profile is the likelihood.
TEST(CoxModel, ProfileEndsAreAtTheDrop) {
  const study s = make_study(31, 40, 1, false, false, true);
  cox_model model = fitted(s);
  const interval ends = model.profile_interval(0, 1.92);
  const real top = naive::cox(s.rows(), {model.coefficients()[0]}, true, cox_weights::whole).value;
  for (const double end : {ends.low, ends.high})
    EXPECT_NEAR(
        static_cast<double>(top - naive::cox(s.rows(), {end}, true, cox_weights::whole).value),
        1.92, 1e-9);
  EXPECT_LT(ends.low, model.coefficients()[0]);
  EXPECT_GT(ends.high, model.coefficients()[0]);
}

TEST(Radix, OrdersLikeAStableSort) {
  std::vector<double> x;
  std::mt19937_64 random(3);
  for (int i = 0; i < 3000; ++i)
    x.push_back(std::ldexp(static_cast<double>(random() % 50) - 25, i % 40 - 20));
  x.insert(x.end(), {0.0, -0.0, 1e300, -1e300, 1e-300});
  std::vector<std::uint32_t> rows(x.size()), truth(x.size());
  for (std::uint32_t i = 0; i < x.size(); ++i)
    rows[i] = truth[i] = i;
  order_by(rows, [&](std::uint32_t i) { return x[i]; });
  std::stable_sort(truth.begin(), truth.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return x[a] < x[b]; });
  EXPECT_EQ(rows, truth);
}

} // namespace
