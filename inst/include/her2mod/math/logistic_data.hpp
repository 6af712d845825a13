#pragma once

// What a logistic model is fitted to: rows of an intercept and covariates. Covariates are divided by
// their standard deviation and, unless the intercept's own value is asked for, centred, so that sums keep
// their digits and a tolerance means the same for every covariate.

#include <cmath>
#include <cstddef>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/span.hpp>
#include <her2mod/math/logistic.hpp>

namespace her2mod {

// Of each row: patients (or other positive weights), those of them with the event, covariates.
struct logistic_columns {
  span<const double> trials, events;
  std::vector<span<const double>> covariates;
};

class logistic_data {
public:
  explicit logistic_data(const logistic_columns& given, bool centred = true)
      : n_(given.trials.size()), p_(given.covariates.size() + 1),
        trials_(given.trials.begin(), given.trials.end()),
        events_(given.events.begin(), given.events.end()), x_(n_ * p_, 1.0), centre_(p_),
        scale_(p_, 1.0) {
    for (std::size_t j = 1; j < p_; ++j) {
      take(given.covariates[j - 1], j, centred);
      heartbeat(10 * n_);
    }
  }

  std::size_t rows() const noexcept { return n_; }
  std::size_t columns() const noexcept { return p_; }
  const std::vector<double>& centre() const noexcept { return centre_; }
  const std::vector<double>& scale() const noexcept { return scale_; }
  const std::vector<double>& trials() const noexcept { return trials_; }
  logistic_view all() const noexcept {
    return {n_, p_, x_.data(), trials_.data(), events_.data()};
  }

  // A vector of coefficients (or a direction) in the units of the columns: those of the covariates over
  // their scale, and an intercept at 0 of them.
  void unscale(const double* scaled, double* out) const noexcept {
    double intercept = scaled[0];
    for (std::size_t j = 1; j < p_; ++j) {
      out[j] = scaled[j] / scale_[j];
      intercept -= out[j] * centre_[j];
    }
    out[0] = intercept;
  }

private:
  // A constant becomes 0, not what rounding leaves of it.
  void take(span<const double> given, std::size_t j, bool centred) noexcept {
    const double first = n_ > 0 ? given[0] : 0.0;
    double weight = 0, sum = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      weight += trials_[i];
      sum += trials_[i] * (given[i] - first);
    }
    const double mean = sum / weight;
    double squares = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      const double d = (given[i] - first) - mean;
      squares += trials_[i] * d * d;
    }
    if (squares > 0)
      scale_[j] = std::sqrt(squares / weight);
    if (centred)
      centre_[j] = first + mean;
    for (std::size_t i = 0; i < n_; ++i)
      x_[i * p_ + j] = (centred ? (given[i] - first) - mean : given[i]) / scale_[j];
  }

  std::size_t n_, p_;
  std::vector<double> trials_, events_, x_, centre_, scale_;
};

} // namespace her2mod
