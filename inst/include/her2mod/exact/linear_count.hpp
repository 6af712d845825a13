#pragma once

// The characteristic function of one tilted stratum (exact/linear_tilt.hpp). With N the number of
// units in group 1 and z_j = e^(i theta x_j),
//   phi(theta) = E[e^(i theta X) | N = m] = [w^m] prod_j (q_j + p_j w z_j) / P(N = m),
// by exact/linear_grid.hpp. Since |q + p e^(i u)|^2 = 1 - 2 p q (1 - cos u) and the logarithm is
// concave (Jensen), on the circle w = e^(i omega)
//   |prod_j ...| <= (1 - (2 / n) (V - Re(e^(i omega) C)))^(n / 2),                            (1)
//   V = sum_j p_j q_j,  C = sum_j p_j q_j z_j,
// so |phi| is at most (1) at Re(...) = |C|, divided by P(N = m), and only those omega are visited
// whose bound (1) is not negligible. A stratum with one unit to choose needs none of this: phi is
// the mean of the z_j with weights proportional to e^(tilt x_j).

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <vector>

#include <her2mod/exact/linear_grid.hpp>
#include <her2mod/exact/linear_scores.hpp>
#include <her2mod/exact/linear_tilt.hpp>

namespace her2mod {

constexpr double unit_roundoff = 1.1102230246251565e-16;

// phi, a bound of its error, and the number of products it took.
struct linear_factor {
  std::complex<double> phi;
  double error;
  double products;
};

class linear_count {
 public:
  linear_count(const linear_units& units, double tilt) : n_(units.count()), chosen_(units.chosen) {
    if (chosen_ == 1)
      set_single(units, tilt);
    else
      set_many(units, tilt);
    set_spread(units);
  }

  // C = sum_j weight_j z_j; for a single choice that is phi.
  const std::vector<double>& weight() const noexcept { return v_; }
  double log_mean() const noexcept { return log_mean_; }  // log E e^(tilt X)
  // |C| changes by no more than this times the change of theta.
  double spread() const noexcept { return spread_; }

  // log of the bound of |phi| where |C| = c. C is computed to much better than 1e-12.
  double log_bound(double c) const noexcept {
    if (chosen_ == 1) return std::log(std::min(1.0, c + 1e-12));
    const double inside = std::max(0.0, variance_ * (1 - 1e-12) - c);
    return std::min(0.0,
                    n_ / 2 * std::log1p(-std::min(1.0, 2 / n_ * inside)) - std::log(probability_));
  }
  // Whether log_bound() can be of use.
  bool has_bound() const noexcept { return log_bound(0) < -0.3; }

  // How many products factor() forms.
  double visits(std::complex<double> c) const noexcept { return grid_.visits(c, least_); }

  std::complex<double> concentration(const std::vector<std::complex<double>>& z) const noexcept {
    double re = 0, im = 0;
    for (std::size_t j = 0; j < v_.size(); ++j) {
      re += v_[j] * z[j].real();
      im += v_[j] * z[j].imag();
    }
    return {re, im};
  }

  // z_j = e^(i theta x_j)
  linear_factor factor(const std::vector<std::complex<double>>& z) const {
    const std::complex<double> c = concentration(z);
    if (chosen_ == 1) return {c, 4 * unit_roundoff * (n_ + 8), 0.0};
    std::vector<std::complex<double>> pz(z.size());
    for (std::size_t j = 0; j < z.size(); ++j) pz[j] = p_[j] * z[j];
    const count_grid::coefficient sum = grid_(q_, pz, c, least_);
    // About five roundings a unit; and the omega left out, and the aliases.
    const double rounding = 6 * unit_roundoff * (n_ + 8) * sum.size / probability_;
    return {sum.value / probability_, rounding + 2 * negligible, sum.products};
  }

 private:
  static constexpr double negligible = 1e-19;

  void set_single(const linear_units& units, double tilt) {
    const double largest = std::max(0.0, tilt * units.x.back());
    double sum = 0;
    for (const double x : units.x) {
      v_.push_back(std::exp(tilt * x - largest));
      sum += v_.back();
    }
    for (double& v : v_) v /= sum;
    log_mean_ = largest + std::log(sum / n_);
  }

  void set_many(const linear_units& units, double tilt) {
    const double odds = balancing_log_odds(units, tilt);
    for (const double x : units.x) {
      p_.push_back(logistic(odds + tilt * x));
      q_.push_back(logistic(-odds - tilt * x));
      v_.push_back(p_.back() * q_.back());
      variance_ += v_.back();
    }
    grid_ = count_grid(p_, variance_, chosen_);
    // P(N = m) is the same sum at theta = 0.
    probability_ = 1;
    probability_ = factor(std::vector<std::complex<double>>(p_.size(), 1.0)).phi.real();
    log_mean_ = log_growth(units, tilt, odds) + std::log(probability_);
    least_ = least_for(negligible);
  }

  void set_spread(const linear_units& units) {
    double total = 0, middle = 0;
    for (std::size_t j = 0; j < v_.size(); ++j) total += v_[j];
    for (std::size_t j = 0; j < v_.size(); ++j) middle += v_[j] / total * units.x[j];
    for (std::size_t j = 0; j < v_.size(); ++j) spread_ += v_[j] * std::fabs(units.x[j] - middle);
  }

  // The Re(e^(i omega) C) where (1) / P(N = m) is `value`.
  double least_for(double value) const {
    return variance_ - n_ / 2 * -std::expm1(2 / n_ * std::log(value * probability_));
  }

  double n_;
  std::size_t chosen_;
  std::vector<double> p_, q_, v_;
  double variance_ = 0, probability_ = 1, log_mean_ = 0, spread_ = 0;
  double least_ = -infinity;
  count_grid grid_;
};

}  // namespace her2mod
