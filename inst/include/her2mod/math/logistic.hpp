#pragma once

// The log-likelihood of logistic regression, its score and its information.
//
// Row i stands for m_i patients of one covariate pattern x_i, of whom e_i have the event (either may
// be a fraction); their chance is p_i = 1 / (1 + exp(-eta_i)), eta_i = x_i' beta. Then
//   value       = sum e_i log p_i + (m_i - e_i) log(1 - p_i),
//   score       = sum (e_i - m_i p_i) x_i,
//   information = sum v_i x_i x_i',  v_i = m_i p_i (1 - p_i).
// Chances near 0 and near 1 keep all of their digits.

#include <cmath>
#include <cstddef>
#include <type_traits>
#include <vector>

#include <her2mod/base/unrolled.hpp>
#include <her2mod/math/ldl.hpp>

namespace her2mod {

struct logistic_view {
  std::size_t n = 0, p = 0;
  const double* x = nullptr; // row by row
  const double* trials = nullptr;
  const double* events = nullptr;
};

struct chances {
  double of, against; // p and 1 - p

  explicit chances(double eta) noexcept {
    const double t = std::exp(-std::fabs(eta)), large = 1 / (1 + t), small = t * large;
    of = eta >= 0 ? large : small;
    against = eta >= 0 ? small : large;
  }
};

// e - m p, without the digits that a subtraction loses.
inline double logistic_residual(double trials, double events, const chances& p) noexcept {
  return events * p.against - (trials - events) * p.of;
}

inline double logistic_value(double trials, double events, double eta) noexcept {
  return events * std::fmin(eta, 0.0) + (trials - events) * std::fmin(-eta, 0.0) -
         trials * std::log1p(std::exp(-std::fabs(eta)));
}

// Room for as many rows as a view has.
struct logistic_workspace {
  std::vector<double> residual, variance, skew;

  explicit logistic_workspace(std::size_t n) : residual(n), variance(n), skew(n) {}
};

// What the rows give: residuals, variances, and, for logistic_bend(), m p (1 - p) (1 - 2 p). With
// `Value` the log-likelihood is returned, and otherwise 0.
template <std::size_t Fixed, bool Value>
[[gnu::flatten]] double fill_rows(const logistic_view& v, const double* beta,
                                  logistic_workspace& w) noexcept {
  const std::size_t p = Fixed ? Fixed : v.p;
  double value = 0;
  for (std::size_t i = 0; i < v.n; ++i) {
    const double* const x = v.x + i * p;
    double eta = 0;
    each_of<Fixed>(p, [&](std::size_t j) { eta += x[j] * beta[j]; });
    if constexpr (Value)
      value += logistic_value(v.trials[i], v.events[i], eta);
    const chances c(eta);
    w.residual[i] = logistic_residual(v.trials[i], v.events[i], c);
    w.variance[i] = v.trials[i] * c.of * c.against;
    w.skew[i] = w.variance[i] * (c.against - c.of);
  }
  return value;
}

// Sums over rows of a_i x_i, and of b_i x_i x_i' (packed).
template <std::size_t Fixed>
[[gnu::flatten]] void sum_rows(const logistic_view& v, const double* a, const double* b,
                               double* first, double* second) noexcept {
  const std::size_t p = Fixed ? Fixed : v.p;
  constexpr std::size_t size = Fixed ? packed_size(Fixed) : 1;
  double own_first[Fixed + 1] = {}, own_second[size] = {};
  double* const s = Fixed ? own_first : first;
  double* const q = Fixed ? own_second : second;
  if constexpr (Fixed == 0) {
    for (std::size_t j = 0; j < p; ++j)
      s[j] = 0;
    for (std::size_t k = 0; k < packed_size(p); ++k)
      q[k] = 0;
  }
  const auto add_rows = [&](std::size_t i, auto several) {
    constexpr std::size_t m = decltype(several)::value;
    const double* const x = v.x + i * p;
    each_of<Fixed>(p, [&](std::size_t j) {
      double sum = 0;
      each_of<m>(m, [&](std::size_t r) { sum += a[i + r] * x[r * p + j]; });
      s[j] += sum;
    });
    each_pair<Fixed>(p, [&](std::size_t at, std::size_t j, std::size_t k) {
      double sum = 0;
      each_of<m>(m, [&](std::size_t r) { sum += b[i + r] * x[r * p + j] * x[r * p + k]; });
      q[at] += sum;
    });
  };
  std::size_t i = 0;
  for (; i + 4 <= v.n; i += 4)
    add_rows(i, std::integral_constant<std::size_t, 4>());
  for (; i < v.n; ++i)
    add_rows(i, std::integral_constant<std::size_t, 1>());
  if constexpr (Fixed > 0) {
    for (std::size_t j = 0; j < p; ++j)
      first[j] = s[j];
    for (std::size_t k = 0; k < packed_size(p); ++k)
      second[k] = q[k];
  }
}

// Sum over rows of skew_i (x_i' step)^2 x_i: how the score bends along a step.
template <std::size_t Fixed>
[[gnu::flatten]] void sum_bend(const logistic_view& v, const double* step,
                               const logistic_workspace& w, double* bend) noexcept {
  const std::size_t p = Fixed ? Fixed : v.p;
  double own[Fixed + 1] = {};
  double* const s = Fixed ? own : bend;
  if constexpr (Fixed == 0)
    for (std::size_t j = 0; j < p; ++j)
      s[j] = 0;
  for (std::size_t i = 0; i < v.n; ++i) {
    const double* const x = v.x + i * p;
    double u = 0;
    each_of<Fixed>(p, [&](std::size_t j) { u += x[j] * step[j]; });
    const double c = w.skew[i] * u * u;
    each_of<Fixed>(p, [&](std::size_t j) { s[j] += c * x[j]; });
  }
  if constexpr (Fixed > 0)
    for (std::size_t j = 0; j < p; ++j)
      bend[j] = s[j];
}

// `total` is the information's diagonal, beside which a pivot is rounding or not. Returns the
// log-likelihood with `Value`, and otherwise 0.
template <bool Value>
double logistic_evaluate(const logistic_view& v, const double* beta, logistic_workspace& w,
                         double* score, double* information, double* total) noexcept {
  const double value = with_fixed<2, 7>(v.p, [&](auto fixed) {
    constexpr std::size_t p = decltype(fixed)::value;
    const double found = fill_rows<p, Value>(v, beta, w);
    sum_rows<p>(v, w.residual.data(), w.variance.data(), score, information);
    return found;
  });
  for (std::size_t j = 0; j < v.p; ++j)
    total[j] = information[packed_at(j, j)];
  return value;
}

inline void logistic_bend(const logistic_view& v, const double* step, const logistic_workspace& w,
                          double* bend) noexcept {
  with_fixed<2, 7>(v.p, [&](auto fixed) { sum_bend<decltype(fixed)::value>(v, step, w, bend); });
}

} // namespace her2mod
