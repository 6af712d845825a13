#pragma once

// Firth's penalised likelihood of logistic regression, l*(beta) = l(beta) + log|I(beta)| / 2 (Firth D
// 1993, doi:10.1093/biomet/80.1.27; Heinze G, Schemper M 2002, doi:10.1002/sim.1047), which
// has a finite maximum where the covariates separate the events.
//
// With the diagonal h_i = v_i x_i' I^-1 x_i of the hat matrix its gradient is
//   sum over rows (e_i - m_i p_i + h_i (1/2 - p_i)) x_i,
// as if each row had h_i patients more, half of them with the event. Steps are taken with the information of
// those too, which is safe where patients are few; the determinant and the standard errors are without.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <her2mod/base/inference.hpp>
#include <her2mod/math/logistic.hpp>

namespace her2mod {

class logistic_firth {
public:
  // `aside`: columns on which the likelihood does not depend; the determinant leaves them out.
  logistic_firth(const logistic_view& v, logistic_workspace& work, std::vector<std::uint8_t> aside)
      : logistic_firth(work, v.p) {
    v_ = v;
    aside_ = std::move(aside);
  }

  // For draws: look_at() says of what.
  logistic_firth(logistic_workspace& work, std::size_t p)
      : work_(work), aside_(p), now_(p), factor_(packed_size(p)), z_(p) {}
  void look_at(const logistic_view& v, const std::vector<std::uint8_t>& aside) noexcept {
    v_ = v;
    std::copy(aside.begin(), aside.end(), aside_.begin());
  }

  double operator()(const double* beta, double* score, double* information, double* total) noexcept {
    const std::size_t p = v_.p;
    const double value = logistic_evaluate<true>(v_, beta, work_, score, information, total);
    std::copy(information, information + packed_size(p), factor_.begin());
    std::copy(aside_.begin(), aside_.end(), now_.begin());
    ldl_factor(factor_.data(), p, total, 0.0, now_.data());
    if (now_ != aside_ || !std::isfinite(value))
      return -infinity;
    double log_determinant = 0;
    for (std::size_t j = 0; j < p; ++j)
      if (!aside_[j])
        log_determinant += std::log(factor_[packed_at(j, j)]);
    for (std::size_t i = 0; i < v_.n; ++i) {
      const double* const x = v_.x + i * p;
      ldl_half_solve(factor_.data(), p, x, z_.data());
      double hat = 0;
      for (std::size_t j = 0; j < p; ++j)
        if (!aside_[j])
          hat += z_[j] * z_[j] / factor_[packed_at(j, j)];
      // skew = variance (1 - 2 p)
      const double variance = work_.variance[i], pull = hat * work_.skew[i] / 2;
      const double more = hat * variance * variance / v_.trials[i];
      for (std::size_t j = 0; j < p; ++j) {
        score[j] += pull * x[j];
        for (std::size_t k = 0; k <= j; ++k)
          information[packed_at(j, k)] += more * x[j] * x[k];
      }
    }
    return value + log_determinant / 2;
  }

private:
  logistic_view v_;
  logistic_workspace& work_;
  std::vector<std::uint8_t> aside_, now_;
  std::vector<double> factor_, z_;
};

} // namespace her2mod
