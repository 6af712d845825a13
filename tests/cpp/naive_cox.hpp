#pragma once

// Cox's partial likelihood from its definition: patient by patient, one term of the likelihood
// after the other, each as the probabilities of those at risk. In long double, and in the
// covariates as given.

#include <cmath>
#include <cstddef>
#include <set>
#include <vector>

#include "naive.hpp"
#include "naive_linear_system.hpp"

namespace naive {

struct cox_row {
  real time, entry, weight;
  int event, stratum;
  std::vector<real> x;
  int copies = 1; // deaths that the row counts for where weights are not whole
};

struct cox_value {
  real value = 0;
  std::vector<real> score;
  std::vector<std::vector<real>> information;
};

enum class cox_weights { whole, sampling };

// Rows of whole weights, one a patient.
inline std::vector<cox_row> one_by_one(const std::vector<cox_row>& rows) {
  std::vector<cox_row> out;
  for (cox_row r : rows) {
    const real times = r.weight;
    r.weight = 1;
    for (real k = 0; k < times; ++k)
      out.push_back(r);
  }
  return out;
}

inline cox_value cox(const std::vector<cox_row>& given, const std::vector<real>& beta, bool efron,
                     cox_weights weights) {
  const std::vector<cox_row> rows = weights == cox_weights::whole ? one_by_one(given) : given;
  const std::size_t p = beta.size();
  cox_value out;
  out.score.assign(p, 0);
  out.information.assign(p, std::vector<real>(p, 0));
  std::set<std::pair<int, real>> events;
  for (const cox_row& r : rows)
    if (r.event && r.weight > 0)
      events.insert({r.stratum, r.time});
  const auto eta = [&](const cox_row& r) {
    real sum = 0;
    for (std::size_t j = 0; j < p; ++j)
      sum += r.x[j] * beta[j];
    return sum;
  };
  for (const auto& [stratum, time] : events) {
    real dead = 0, weight = 0;
    for (const cox_row& r : rows)
      if (r.event && r.stratum == stratum && r.time == time && r.weight > 0) {
        dead += r.copies;
        weight += r.weight;
        out.value += r.weight * eta(r);
        for (std::size_t j = 0; j < p; ++j)
          out.score[j] += r.weight * r.x[j];
      }
    const real terms = efron ? dead : 1, unit = weight / terms;
    for (real l = 0; l < terms; ++l) {
      real sum = 0;
      std::vector<real> mean(p, 0);
      std::vector<std::vector<real>> square(p, std::vector<real>(p, 0));
      for (const cox_row& r : rows) {
        if (r.stratum != stratum || r.time < time || !(r.entry < time))
          continue;
        const bool dies = r.event && r.time == time;
        const real share = r.weight * std::exp(eta(r)) * (dies ? 1 - l / terms : 1);
        sum += share;
        for (std::size_t j = 0; j < p; ++j) {
          mean[j] += share * r.x[j];
          for (std::size_t k = 0; k < p; ++k)
            square[j][k] += share * r.x[j] * r.x[k];
        }
      }
      out.value -= unit * std::log(sum);
      for (std::size_t j = 0; j < p; ++j) {
        out.score[j] -= unit * mean[j] / sum;
        for (std::size_t k = 0; k < p; ++k)
          out.information[j][k] += unit * (square[j][k] / sum - mean[j] / sum * mean[k] / sum);
      }
    }
  }
  return out;
}

inline real log_determinant(std::vector<std::vector<real>> a) {
  real sum = 0;
  for (std::size_t j = 0; j < a.size(); ++j) {
    sum += std::log(a[j][j]);
    for (std::size_t i = j + 1; i < a.size(); ++i) {
      const real times = a[i][j] / a[j][j];
      for (std::size_t k = j; k < a.size(); ++k)
        a[i][k] -= times * a[j][k];
    }
  }
  return sum;
}

// Newton's method from 0, on data whose likelihood has a maximum.
inline std::vector<real> cox_maximum(const std::vector<cox_row>& rows, std::size_t p, bool efron,
                                     cox_weights weights) {
  std::vector<real> beta(p, 0);
  for (int round = 0; round < 60; ++round) {
    const cox_value at = cox(rows, beta, efron, weights);
    const std::vector<real> step = solve(at.information, at.score);
    real part = 1;
    for (; part > 1e-9L; part /= 2) {
      std::vector<real> next = beta;
      for (std::size_t j = 0; j < p; ++j)
        next[j] += part * step[j];
      if (cox(rows, next, efron, weights).value >= at.value - 1e-15L)
        break;
    }
    for (std::size_t j = 0; j < p; ++j)
      beta[j] += part * step[j];
  }
  return beta;
}

inline real firth(const std::vector<cox_row>& rows, const std::vector<real>& beta, bool efron,
                  cox_weights weights) {
  const cox_value at = cox(rows, beta, efron, weights);
  return at.value + log_determinant(at.information) / 2;
}

} // namespace naive
