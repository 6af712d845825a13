// math/logistic*: the likelihood and its derivatives, fits, draws, Firth's penalty and separation, against
// the definition.

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include <her2mod/math/logistic_model.hpp>
#include <her2mod/math/logistic_replicate.hpp>

#include "naive_logistic.hpp"

namespace {

using namespace her2mod;
using naive::real;

struct rows_of_patients {
  std::vector<double> trials, events;
  std::vector<std::vector<double>> x;

  logistic_columns columns() const {
    logistic_columns c{trials, events, {}};
    for (const auto& column : x)
      c.covariates.push_back(column);
    return c;
  }
  std::vector<naive::logistic_row> rows(const std::vector<double>& t, const std::vector<double>& e) const {
    std::vector<naive::logistic_row> out;
    for (std::size_t i = 0; i < t.size(); ++i) {
      naive::logistic_row r{t[i], e[i], {1.0L}};
      for (const auto& column : x)
        r.x.push_back(column[i]);
      out.push_back(r);
    }
    return out;
  }
};

rows_of_patients make_rows(unsigned seed, std::size_t n, std::size_t p, bool whole) {
  std::mt19937 random(seed);
  const auto uniform = [&] { return static_cast<double>(random()) / 4294967296.0; };
  rows_of_patients s;
  s.x.resize(p);
  for (std::size_t i = 0; i < n; ++i) {
    double eta = -0.5;
    for (std::size_t j = 0; j < p; ++j) {
      const double u = uniform() - uniform();
      s.x[j].push_back(j == 0 ? (u > 0 ? 1.0 : 0.0) : 30.0 * static_cast<double>(j) + static_cast<double>(j) * u);
      eta += (j % 2 ? 1 : -1) * u;
    }
    s.trials.push_back(whole ? 1 + std::floor(2 * uniform()) : 0.3 + uniform());
    s.events.push_back(uniform() < 1 / (1 + std::exp(-eta)) ? s.trials.back() : 0.0);
  }
  return s;
}

TEST(LogisticLikelihood, ValueScoreAndInformationAreThoseOfTheDefinition) {
  for (const std::size_t p : {0, 1, 2, 4, 7, 9}) {
    const rows_of_patients s = make_rows(static_cast<unsigned>(p) + 1, 61, p, p % 2 == 0);
    const logistic_data data(s.columns(), false);
    const std::size_t q = p + 1;
    std::vector<double> scaled(q), score(q), information(packed_size(q)), total(q);
    std::vector<real> beta(q);
    for (std::size_t j = 0; j < q; ++j) {
      scaled[j] = 0.2 * std::sin(static_cast<double>(j) + 1) / (j > 1 ? 30.0 : 1.0);
      beta[j] = static_cast<real>(scaled[j]) / data.scale()[j];
    }
    logistic_workspace work(61);
    const double value = logistic_evaluate<true>(data.all(), scaled.data(), work, score.data(), information.data(), total.data());
    const naive::logistic_value truth = naive::logistic(s.rows(s.trials, s.events), beta);
    EXPECT_NEAR(value, static_cast<double>(truth.value), 1e-12 * std::fabs(value));
    for (std::size_t j = 0; j < q; ++j) {
      EXPECT_NEAR(score[j] * data.scale()[j], static_cast<double>(truth.score[j]), 1e-9);
      for (std::size_t k = 0; k <= j; ++k) {
        const double expected = static_cast<double>(truth.information[j][k]);
        EXPECT_NEAR(information[packed_at(j, k)] * data.scale()[j] * data.scale()[k], expected, 1e-12 * (1 + std::fabs(expected)));
      }
    }
  }
}

TEST(LogisticModel, EstimateAndVarianceAreThoseOfPlainNewton) {
  for (const std::size_t p : {1, 3, 6, 8})
    for (const bool whole : {true, false}) {
      const rows_of_patients s = make_rows(static_cast<unsigned>(p) + 20, 150, p, whole);
      logistic_model model(s.columns(), logistic_penalty::none);
      ASSERT_EQ(model.end(), logistic_outcome::finite);
      const auto rows = s.rows(s.trials, s.events);
      const std::vector<real> truth = naive::logistic_estimate(rows, p + 1);
      const naive::logistic_value at = naive::logistic(rows, truth);
      EXPECT_NEAR(model.value(), static_cast<double>(at.value), 1e-11 * std::fabs(model.value()));
      for (std::size_t j = 0; j <= p; ++j) {
        EXPECT_NEAR(model.coefficients()[j], static_cast<double>(truth[j]), 1e-9 * (1 + std::fabs(model.coefficients()[j])));
        std::vector<real> unit(p + 1, 0);
        unit[j] = 1;
        const std::vector<real> column = naive::solve(at.information, unit);
        for (std::size_t k = 0; k <= p; ++k)
          EXPECT_NEAR(model.variance()[j * (p + 1) + k], static_cast<double>(column[k]), 1e-9 * (1 + std::fabs(model.variance()[j * (p + 1) + k])));
      }
    }
}

// Is there d with x'd >= 0 for events, <= 0 for the others, not all 0? By trying directions through pairs
// of points: two columns beside none, so a direction is an angle.
bool separable_by_angle(const std::vector<double>& x, const std::vector<double>& y) {
  // Intercept and one covariate: a threshold, either way.
  for (const double cut : x)
    for (const int sign : {-1, 1}) {
      bool fits = true, moves = false;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double z = sign * (x[i] - cut);
        if ((y[i] > 0 && z < 0) || (y[i] <= 0 && z > 0))
          fits = false;
        moves = moves || z != 0;
      }
      if (fits && moves)
        return true;
    }
  return false;
}

TEST(LogisticModel, SeparationIsFoundExactlyWhereItIs) {
  std::mt19937 random(5);
  int separated = 0, finite = 0;
  for (int run = 0; run < 3000; ++run) {
    rows_of_patients s;
    s.x.resize(1);
    const std::size_t n = 3 + random() % 6;
    double events = 0;
    for (std::size_t i = 0; i < n; ++i) {
      s.x[0].push_back(static_cast<double>(random() % 5));
      s.trials.push_back(1);
      s.events.push_back(static_cast<double>(random() % 2));
      events += s.events.back();
    }
    if (events == 0 || events == static_cast<double>(n))
      continue;
    bool varies = false;
    for (const double x : s.x[0])
      varies = varies || x != s.x[0][0];
    if (!varies)
      continue;
    const bool expected = separable_by_angle(s.x[0], s.events);
    const logistic_model model(s.columns(), logistic_penalty::none);
    ASSERT_EQ(model.end(), expected ? logistic_outcome::separated : logistic_outcome::finite) << run;
    ++(expected ? separated : finite);
    const logistic_model firth(s.columns(), logistic_penalty::firth);
    ASSERT_EQ(firth.end(), logistic_outcome::finite) << run;
  }
  EXPECT_GT(separated, 500);
  EXPECT_GT(finite, 500);
}

TEST(LogisticModel, WhatSeparationLeavesOpenIsFittedToTheOthers) {
  // Everybody with x0 = 1 has the event; x1 is estimated among the others.
  rows_of_patients s = make_rows(3, 200, 2, true), rest;
  rest.x.resize(1);
  for (std::size_t i = 0; i < 200; ++i) {
    if (s.x[0][i] == 1) {
      s.events[i] = s.trials[i];
      continue;
    }
    rest.trials.push_back(s.trials[i]);
    rest.events.push_back(s.events[i]);
    rest.x[0].push_back(s.x[1][i]);
  }
  logistic_model model(s.columns(), logistic_penalty::none);
  const logistic_model other(rest.columns(), logistic_penalty::none);
  ASSERT_EQ(model.end(), logistic_outcome::separated);
  EXPECT_EQ(model.coefficients()[1], infinity);
  EXPECT_NEAR(model.coefficients()[0], other.coefficients()[0], 1e-8 * std::fabs(other.coefficients()[0]));
  EXPECT_NEAR(model.coefficients()[2], other.coefficients()[1], 1e-9);
  EXPECT_NEAR(model.variance()[8], other.variance()[3], 1e-9);
  EXPECT_NEAR(model.value(), other.value(), 1e-9);
  const interval ends = model.profile_interval(1, 1.92);
  EXPECT_EQ(ends.high, infinity);
  EXPECT_TRUE(std::isfinite(ends.low));
}

TEST(LogisticModel, FirthsEstimateIsWhereThePenalisedScoreIsZero) {
  const rows_of_patients s = make_rows(8, 60, 3, true);
  const logistic_model model(s.columns(), logistic_penalty::firth);
  ASSERT_EQ(model.end(), logistic_outcome::finite);
  const auto rows = s.rows(s.trials, s.events);
  std::vector<real> beta(model.coefficients().begin(), model.coefficients().end());
  const auto penalised = [&](const std::vector<real>& b) {
    const naive::logistic_value v = naive::logistic(rows, b);
    // The determinant by elimination.
    auto a = v.information;
    real half = 0;
    for (std::size_t j = 0; j < a.size(); ++j) {
      half += std::log(a[j][j]) / 2;
      for (std::size_t i = j + 1; i < a.size(); ++i) {
        const real times = a[i][j] / a[j][j];
        for (std::size_t k = j; k < a.size(); ++k)
          a[i][k] -= times * a[j][k];
      }
    }
    return v.value + half;
  };
  EXPECT_NEAR(model.value(), static_cast<double>(penalised(beta)), 1e-9);
  for (std::size_t j = 0; j < beta.size(); ++j) {
    // By what a column's values are: its score is of their order.
    const real h = 1e-5L, unit = j > 1 ? 30.0L : 1.0L;
    std::vector<real> up = beta, down = beta;
    up[j] += h / unit;
    down[j] -= h / unit;
    EXPECT_NEAR(static_cast<double>((penalised(up) - penalised(down)) / (2 * h)), 0.0, 1e-6);
  }
}

TEST(LogisticReplicate, ADrawsEstimateIsThatOfItsOwnRows) {
  for (const bool firth : {false, true})
    for (const std::size_t p : {2, 6, 9}) {
      const rows_of_patients s = make_rows(31 + static_cast<unsigned>(p), 240, p, true);
      const logistic_data data(s.columns());
      const logistic_replicate replicate(data.all(), firth);
      ASSERT_TRUE(replicate.finite());
      logistic_replicate::workspace w(240, p + 1);
      std::mt19937 random(3);
      for (int draw = 0; draw < 40; ++draw) {
        std::vector<double> x, trials, events, chance;
        rows_of_patients drawn;
        drawn.x.resize(p);
        for (std::size_t i = 0; i < 240; ++i) {
          const double times = static_cast<double>(random() % 3);
          if (times == 0)
            continue;
          trials.push_back(times * s.trials[i]);
          events.push_back(times * s.events[i]);
          double eta = 0;
          for (std::size_t j = 0; j <= p; ++j) {
            x.push_back(data.all().x[i * (p + 1) + j]);
            eta += x.back() * replicate.start()[j];
          }
          chance.push_back(1 / (1 + std::exp(-eta)));
          for (std::size_t j = 0; j < p; ++j)
            drawn.x[j].push_back(s.x[j][i]);
        }
        drawn.trials = trials;
        drawn.events = events;
        const logistic_view view{trials.size(), p + 1, x.data(), trials.data(), events.data()};
        ASSERT_TRUE(replicate.fit(view, chance.data(), w));
        const logistic_model own(drawn.columns(), firth ? logistic_penalty::firth : logistic_penalty::none);
        std::vector<double> found(p + 1);
        data.unscale(w.at(), found.data());
        for (std::size_t j = 0; j <= p; ++j)
          ASSERT_NEAR(found[j], own.coefficients()[j], 1e-9 * (1 + std::fabs(found[j])));
      }
    }
}

} // namespace
