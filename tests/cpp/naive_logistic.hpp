#pragma once

// Logistic regression from its definition, in long double, one row at a time.

#include <cmath>
#include <cstddef>
#include <vector>

namespace naive {

using lreal = long double;

struct logistic_row {
  lreal trials, events;
  std::vector<lreal> x; // with the intercept's 1
};

struct logistic_value {
  lreal value = 0;
  std::vector<lreal> score;
  std::vector<std::vector<lreal>> information;
};

inline logistic_value logistic(const std::vector<logistic_row>& rows, const std::vector<lreal>& beta) {
  const std::size_t p = beta.size();
  logistic_value out;
  out.score.assign(p, 0);
  out.information.assign(p, std::vector<lreal>(p, 0));
  for (const logistic_row& r : rows) {
    lreal eta = 0;
    for (std::size_t j = 0; j < p; ++j)
      eta += beta[j] * r.x[j];
    const lreal chance = 1 / (1 + std::exp(-eta));
    out.value += r.events * eta - r.trials * std::log1p(std::exp(eta));
    for (std::size_t j = 0; j < p; ++j) {
      out.score[j] += (r.events - r.trials * chance) * r.x[j];
      for (std::size_t k = 0; k < p; ++k)
        out.information[j][k] += r.trials * chance * (1 - chance) * r.x[j] * r.x[k];
    }
  }
  return out;
}

// By elimination with pivots; NaN where the matrix is singular.
inline std::vector<lreal> solve(std::vector<std::vector<lreal>> a, std::vector<lreal> b) {
  const std::size_t p = b.size();
  for (std::size_t j = 0; j < p; ++j) {
    std::size_t best = j;
    for (std::size_t i = j; i < p; ++i)
      if (std::fabs(a[i][j]) > std::fabs(a[best][j]))
        best = i;
    std::swap(a[j], a[best]);
    std::swap(b[j], b[best]);
    for (std::size_t i = 0; i < p; ++i) {
      if (i == j)
        continue;
      const lreal times = a[i][j] / a[j][j];
      for (std::size_t k = 0; k < p; ++k)
        a[i][k] -= times * a[j][k];
      b[i] -= times * b[j];
    }
  }
  for (std::size_t j = 0; j < p; ++j)
    b[j] /= a[j][j];
  return b;
}

// Plain Newton from 0; the data must have an estimate that it reaches.
inline std::vector<lreal> logistic_estimate(const std::vector<logistic_row>& rows, std::size_t p) {
  std::vector<lreal> beta(p, 0);
  for (int round = 0; round < 60; ++round) {
    const logistic_value now = logistic(rows, beta);
    const std::vector<lreal> step = solve(now.information, now.score);
    for (std::size_t j = 0; j < p; ++j)
      beta[j] += step[j];
  }
  return beta;
}

} // namespace naive
