#pragma once

// Firth's penalised likelihood l*(beta) = l(beta) + log|I(beta)| / 2 (Heinze G, Schemper M 2001,
// doi:10.1111/j.0006-341X.2001.00114.x), which has a finite maximum where Cox's is monotone.
//
// Its gradient is U_r + tr(I^-1 dI/dbeta_r) / 2. As I is a sum over terms of covariances of x, dI
// is that of third central moments: with z such that I^-1 is the identity in it, and m and E the
// mean and moments of z in a term,
//   sum over terms of u E[|z - m|^2 (z - m)] = u (E|z|^2 z - m E|z|^2 - 2 E[z z'] m + 2 m |m|^2).

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/inference.hpp>
#include <her2mod/math/newton.hpp>
#include <her2mod/surv/cox_likelihood.hpp>
#include <her2mod/surv/cox_moments.hpp>

namespace her2mod {

class cox_firth {
public:
  // `aside`: covariates on which the likelihood does not depend; the determinant leaves them out.
  cox_firth(const cox_view& v, cox_workspace& work, std::vector<std::uint8_t> aside)
      : v_(v), work_(work), aside_(std::move(aside)), factor_(packed_size(v.p)), theta_(v.n),
        z_(v.n * v.p) {}

  double operator()(const double* beta, double* score, double* information, double* total) {
    const std::size_t p = v_.p;
    const double value = cox_evaluate(v_, beta, work_, score, information, total);
    factor_.assign(information, information + packed_size(p));
    std::vector<std::uint8_t> aside = aside_;
    ldl_factor(factor_.data(), p, total, 0.0, aside.data());
    if (aside != aside_ || !std::isfinite(value))
      return -infinity;
    double log_determinant = 0;
    for (std::size_t j = 0; j < p; ++j)
      if (!aside[j])
        log_determinant += std::log(factor_[packed_at(j, j)]);
    add_gradient(beta, score);
    for (std::size_t j = 0; j < p; ++j)
      if (!std::isfinite(score[j])) return -infinity;
    return value + log_determinant / 2;
  }

private:
  void add_gradient(const double* beta, double* score) {
    const std::size_t p = v_.p, square = p, cubic = p + packed_size(p);
    exponentiate<0>(v_, beta, theta_.data());
    for (std::size_t i = 0; i < v_.n; ++i) {
      double* const z = &z_[i * p];
      ldl_half_solve(factor_.data(), p, v_.x + i * p, z);
      for (std::size_t j = 0; j < p; ++j)
        z[j] = aside_[j] ? 0.0 : z[j] / root(j);
    }
    std::vector<double> gradient(p);
    for_each_term_mean(
        v_, theta_, cubic + p,
        [&](std::uint32_t i, double* row) {
          const double* const z = &z_[i * p];
          fill_products(z, p, row);
          double length = 0;
          for (std::size_t j = 0; j < p; ++j)
            length += z[j] * z[j];
          for (std::size_t j = 0; j < p; ++j)
            row[cubic + j] = length * z[j];
        },
        [&](std::size_t, double unit, const double* mean) {
          double length = 0, mean_length = 0;
          for (std::size_t j = 0; j < p; ++j) {
            length += mean[square + packed_at(j, j)];
            mean_length += mean[j] * mean[j];
          }
          for (std::size_t j = 0; j < p; ++j) {
            double moment = mean[cubic + j] - mean[j] * length + 2 * mean[j] * mean_length;
            for (std::size_t k = 0; k < p; ++k)
              moment -= 2 * mean[k] * mean[square + (k <= j ? packed_at(j, k) : packed_at(k, j))];
            gradient[j] += unit * moment;
          }
        });
    // x = L D^(1/2) z.
    for (std::size_t j = 0; j < p; ++j) {
      if (aside_[j])
        continue;
      score[j] += gradient[j] * root(j) / 2;
      for (std::size_t k = 0; k < j; ++k)
        score[j] += factor_[packed_at(j, k)] * root(k) * gradient[k] / 2;
    }
  }
  double root(std::size_t j) const noexcept { return std::sqrt(factor_[packed_at(j, j)]); }

  const cox_view& v_;
  cox_workspace& work_;
  std::vector<std::uint8_t> aside_;
  std::vector<double> factor_, theta_, z_;
};

} // namespace her2mod
