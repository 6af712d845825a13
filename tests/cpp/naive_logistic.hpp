#pragma once

// Logistic regression from its definition, in long double, one row at a time.

#include <cmath>
#include <cstddef>
#include <vector>

#include "naive.hpp"
#include "naive_linear_system.hpp"

namespace naive {

struct logistic_row {
  real trials, events;
  std::vector<real> x; // with the intercept's 1
};

struct logistic_value {
  real value = 0;
  std::vector<real> score;
  std::vector<std::vector<real>> information;
};

inline logistic_value logistic(const std::vector<logistic_row>& rows, const std::vector<real>& beta) {
  const std::size_t p = beta.size();
  logistic_value out;
  out.score.assign(p, 0);
  out.information.assign(p, std::vector<real>(p, 0));
  for (const logistic_row& r : rows) {
    real eta = 0;
    for (std::size_t j = 0; j < p; ++j)
      eta += beta[j] * r.x[j];
    const real chance = 1 / (1 + std::exp(-eta));
    out.value += r.events * eta - r.trials * std::log1p(std::exp(eta));
    for (std::size_t j = 0; j < p; ++j) {
      out.score[j] += (r.events - r.trials * chance) * r.x[j];
      for (std::size_t k = 0; k < p; ++k)
        out.information[j][k] += r.trials * chance * (1 - chance) * r.x[j] * r.x[k];
    }
  }
  return out;
}

// Plain Newton from 0; the data must have an estimate that it reaches.
inline std::vector<real> logistic_estimate(const std::vector<logistic_row>& rows, std::size_t p) {
  std::vector<real> beta(p, 0);
  for (int round = 0; round < 60; ++round) {
    const logistic_value now = logistic(rows, beta);
    const std::vector<real> step = solve(now.information, now.score);
    for (std::size_t j = 0; j < p; ++j)
      beta[j] += step[j];
  }
  return beta;
}

} // namespace naive
