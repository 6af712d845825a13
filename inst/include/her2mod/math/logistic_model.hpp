#pragma once

// A logistic model of all rows, in the units of the covariates: estimate, variances, tests and profile
// intervals, by the likelihood or Firth's. Coefficient 0 is the intercept.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/math/logistic_data.hpp>
#include <her2mod/math/logistic_firth.hpp>
#include <her2mod/math/logistic_fit.hpp>
#include <her2mod/math/profile.hpp>

namespace her2mod {

enum class logistic_penalty { none, firth };
// constant: everybody has the event, or nobody: nothing is estimated.
enum class logistic_outcome { finite, separated, constant, unsettled };

class logistic_model {
public:
  // What `given` refers to must outlive the model.
  logistic_model(const logistic_columns& given, logistic_penalty penalty)
      : given_(given), data_(given), view_(data_.all()), penalty_(penalty),
        fit_(data_.rows(), data_.columns()), limit_(size()), coefficients_(size(), not_a_number),
        variance_(size() * size(), not_a_number), estimated_(size(), 0) {
    double trials = 0, events = 0;
    for (std::size_t i = 0; i < view_.n; ++i) {
      trials += view_.trials[i];
      events += view_.events[i];
    }
    const bool firth = penalty == logistic_penalty::firth;
    if (!firth && (events <= 0 || events >= trials)) {
      null_value_ = fit_.newton.value = 0;
      return;
    }
    evaluate_null(firth ? (events + 0.5) / (trials - events + 0.5) : events / (trials - events));
    end_ = firth ? fit_firth() : to_outcome(fit_logistic(view_, fit_, true, [this] { beat(); }));
    if (end_ == logistic_outcome::unsettled)
      return;
    take_estimate();
    if (end_ == logistic_outcome::separated)
      take_limit();
  }

  logistic_model(const logistic_model&) = delete;
  logistic_model& operator=(const logistic_model&) = delete;

  std::size_t size() const noexcept { return data_.columns(); }
  logistic_outcome end() const noexcept { return end_; }
  std::size_t rank() const noexcept { return rank_; } // without the intercept
  double null_value() const noexcept { return null_value_ + units_; } // with the intercept alone
  double value() const noexcept { return fit_.newton.value + units_; } // the highest, or the supremum
  double score_test() const noexcept { return score_test_; } // chi-squared on rank()

  // NaN where the data do not tell, -Inf or Inf where events are separated.
  const std::vector<double>& coefficients() const noexcept { return coefficients_; }

  // The inverse of the information, p by p; NaN in the rows and columns of what is not finite.
  const std::vector<double>& variance() const noexcept { return variance_; }

  // The sandwich: the sum over clusters of d d', d the sum of the rows' first-order influences. Without
  // clusters (codes from 0, or empty) every patient is one: a row of `whole` weight w is w of them,
  // another is one whose influence counts w times.
  std::vector<double> robust_variance(span<const std::int32_t> cluster, std::size_t n_clusters,
                                      bool whole) const {
    const std::size_t p = size(), n = view_.n;
    std::vector<double> out(p * p, not_a_number);
    if (end_ == logistic_outcome::constant || end_ == logistic_outcome::unsettled)
      return out;
    const bool clustered = !cluster.empty();
    std::vector<double> sums(clustered ? n_clusters * p : p), meat(p * p);
    const auto add = [&](const double* d, double times) {
      for (std::size_t j = 0; j < p; ++j)
        for (std::size_t k = 0; k < p; ++k)
          meat[j * p + k] += times * d[j] * d[k];
    };
    for (std::size_t i = 0; i < n; ++i) {
      double* const sum = &sums[clustered ? static_cast<std::size_t>(cluster[i]) * p : 0];
      if (!clustered)
        std::fill(sums.begin(), sums.end(), 0.0);
      for (std::size_t j = 0; j < p; ++j)
        sum[j] += fit_.work.residual[i] * view_.x[i * p + j];
      if (!clustered)
        add(sum, whole ? 1 / view_.trials[i] : 1.0);
    }
    if (clustered)
      for (std::size_t c = 0; c < n_clusters; ++c)
        add(&sums[c * p], 1.0);
    // I^-1 (sum of s s') I^-1.
    std::vector<double> half(p * p);
    const newton_state& s = fit_.newton;
    for (std::size_t k = 0; k < p; ++k)
      ldl_solve(s.factor.data(), p, s.lost.data(), &meat[k * p], &half[k * p]);
    for (std::size_t j = 0; j < p; ++j)
      for (std::size_t k = 0; k < p; ++k)
        meat[j * p + k] = half[k * p + j];
    for (std::size_t k = 0; k < p; ++k)
      ldl_solve(s.factor.data(), p, s.lost.data(), &meat[k * p], &half[k * p]);
    unscale_variance(half, out);
    return out;
  }

  // The likelihood-ratio statistic of coefficient j = b: chi-squared on 1. Of the intercept b is where the covariates are
  // at their means.
  double ratio_test(std::size_t j, double b = 0.0) {
    profile along = profile_of(j);
    return 2 * std::fmax(0.0, fit_.newton.value - along.value(b * data_.scale()[j]));
  }

  // The profile-likelihood interval of coefficient j, `drop` half a quantile of chi-squared on 1.
  interval profile_interval(std::size_t j, double drop) {
    const double error = std::sqrt(variance_[j * size() + j]) * data_.scale()[j];
    const double step = std::isfinite(error) ? error * std::sqrt(2 * drop) : 1.0;
    profile along = profile_of(j);
    const auto end = [&](int direction) {
      return limit_[j] == direction ? direction * infinity
                                    : along.limit(drop, direction, step) / data_.scale()[j];
    };
    return {end(-1), end(1)};
  }

private:
  static logistic_outcome to_outcome(logistic_end end) noexcept {
    return end == logistic_end::finite      ? logistic_outcome::finite
           : end == logistic_end::separated ? logistic_outcome::separated
                                            : logistic_outcome::unsettled;
  }
  void beat() const { heartbeat(40 * view_.n); }

  // At an intercept of the given odds and no effects: value, score test, and which covariates depend
  // on those before them.
  void evaluate_null(double odds) {
    newton_state& s = fit_.newton;
    s.at[0] = std::log(odds);
    null_value_ = logistic_evaluate<true>(view_, s.at.data(), fit_.work, s.score.data(),
                                          s.information.data(), s.total.data());
    score_test_ = score_statistic(s);
    rank_ = s.rank - 1;
    dependent_ = s.aside;
  }

  // The log-likelihood of the rows of `v`, penalised or not, for maximise().
  profile::function evaluator(const logistic_view& v) {
    if (penalty_ == logistic_penalty::none)
      return [this, v](const double* beta, double* score, double* information, double* total) {
        beat();
        return logistic_evaluate<true>(v, beta, fit_.work, score, information, total);
      };
    const auto penalised = std::make_shared<logistic_firth>(v, fit_.work, dependent_);
    return [this, penalised](const double* beta, double* score, double* information, double* total) {
      beat();
      return (*penalised)(beta, score, information, total);
    };
  }

  logistic_outcome fit_firth() {
    newton_state& s = fit_.newton;
    const profile::function evaluate = evaluator(view_);
    // Half the determinant of the information in the covariates' own units, less that in scaled ones.
    for (std::size_t j = 0; j < size(); ++j)
      if (!dependent_[j])
        units_ += std::log(data_.scale()[j]);
    score_test_ = not_a_number;
    std::fill(s.aside.begin() + 1, s.aside.end(), std::uint8_t{1});
    if (maximise(s, evaluate, true) != newton_end::converged)
      return logistic_outcome::unsettled;
    null_value_ = s.value;
    s.aside = dependent_;
    if (maximise(s, evaluate, true) != newton_end::converged)
      return logistic_outcome::unsettled;
    logistic_evaluate<false>(view_, s.at.data(), fit_.work, s.score.data(), s.information.data(),
                             s.total.data());
    return logistic_outcome::finite;
  }

  // Of a direction that runs off one coordinate is held; what then has no information left goes with it.
  void take_estimate() {
    const std::size_t p = size();
    newton_state& s = fit_.newton;
    s.factor = s.information;
    s.lost = s.aside;
    const bool separated = end_ == logistic_outcome::separated;
    if (separated) {
      mark_limits();
      std::size_t most = 0;
      for (std::size_t j = 0; j < p; ++j)
        if (std::fabs(s.step[j]) > std::fabs(s.step[most]))
          most = j;
      s.lost[most] = 1;
    }
    ldl_factor(s.factor.data(), p, s.total.data(), separated ? 1e-8 : 0.0, s.lost.data());
    data_.unscale(s.at.data(), coefficients_.data());
    for (std::size_t j = 0; j < p; ++j) {
      estimated_[j] = !dependent_[j] && limit_[j] == 0;
      if (!estimated_[j])
        coefficients_[j] = limit_[j] != 0 ? limit_[j] * infinity : not_a_number;
    }
    std::vector<double> inverse(p * p);
    ldl_inverse(s.factor.data(), p, s.lost.data(), inverse.data());
    unscale_variance(inverse, variance_);
  }

  // Of the coordinates of a direction, all but rounding.
  void mark_limits() {
    const newton_state& s = fit_.newton;
    std::vector<double> along(size());
    data_.unscale(s.step.data(), along.data());
    double most = 0, shift = 0;
    for (std::size_t j = 0; j < size(); ++j) {
      most = std::fmax(most, std::fabs(s.step[j]));
      shift = std::fmax(shift, std::fabs(along[j] * data_.centre()[j]));
    }
    shift = std::fmax(shift, most);
    for (std::size_t j = 0; j < size(); ++j) {
      const double value = j == 0 ? along[0] : s.step[j], least = 1e-4 * (j == 0 ? shift : most);
      limit_[j] = (value > least) - (value < -least);
    }
  }

  // The limit itself: along the direction everybody with x' d beyond 0 has a chance that goes to what was
  // seen. What d leaves open is fitted to the others.
  void take_limit() {
    const std::size_t p = size();
    std::vector<double> trials, events;
    std::vector<std::vector<double>> x(p - 1);
    double most = 0;
    std::vector<double> along(view_.n);
    for (std::size_t i = 0; i < view_.n; ++i) {
      for (std::size_t j = 0; j < p; ++j)
        along[i] += fit_.newton.step[j] * view_.x[i * p + j];
      most = std::fmax(most, std::fabs(along[i]));
    }
    for (std::size_t i = 0; i < view_.n; ++i) {
      if (std::fabs(along[i]) > separation_tolerance * most)
        continue;
      trials.push_back(view_.trials[i]);
      events.push_back(view_.events[i]);
      for (std::size_t j = 1; j < p; ++j)
        x[j - 1].push_back(given_.covariates[j - 1][i]);
    }
    logistic_columns left{trials, events, {}};
    for (const auto& column : x)
      left.covariates.push_back(column);
    join(logistic_model(left, penalty_));
  }

  // Takes over what a fit to the limit found.
  void join(const logistic_model& of_limit) {
    const std::size_t p = size();
    fit_.newton.value = of_limit.value();
    for (std::size_t j = 0; j < p; ++j) {
      if (!estimated_[j])
        continue;
      coefficients_[j] = of_limit.coefficients_[j];
      if (std::isinf(coefficients_[j]))
        limit_[j] = coefficients_[j] > 0 ? 1 : -1;
      estimated_[j] = std::isfinite(coefficients_[j]);
    }
    for (std::size_t j = 0; j < p; ++j)
      for (std::size_t k = 0; k < p; ++k)
        variance_[j * p + k] =
            estimated_[j] && estimated_[k] ? of_limit.variance_[j * p + k] : not_a_number;
  }

  // T V T', where T takes scaled coefficients to those of the columns.
  void unscale_variance(const std::vector<double>& scaled, std::vector<double>& out) const {
    const std::size_t p = size();
    std::vector<double> half(p * p), column(p);
    for (std::size_t k = 0; k < p; ++k)
      data_.unscale(&scaled[k * p], &half[k * p]);
    for (std::size_t j = 0; j < p; ++j) {
      std::vector<double> row(p);
      for (std::size_t k = 0; k < p; ++k)
        row[k] = half[k * p + j];
      data_.unscale(row.data(), column.data());
      for (std::size_t k = 0; k < p; ++k)
        out[j * p + k] = estimated_[j] && estimated_[k] ? column[k] : not_a_number;
    }
  }

  // The intercept of centred covariates is not the one at 0 of them: its profile is of the same model, from
  // the same top, of covariates as they are.
  struct own_origin {
    logistic_data data;
    newton_state top;
  };

  profile profile_of(std::size_t j) {
    const bool open = end_ == logistic_outcome::separated;
    const std::vector<double>& centre = data_.centre();
    if (j > 0 || std::all_of(centre.begin(), centre.end(), [](double c) { return c == 0; }))
      return profile(fit_.newton, j, evaluator(view_), open);
    if (!origin_)
      origin_ = std::make_unique<own_origin>(make_origin());
    return profile(origin_->top, 0, evaluator(origin_->data.all()), open);
  }

  own_origin make_origin() const {
    own_origin out{logistic_data(given_, false), fit_.newton};
    data_.unscale(fit_.newton.at.data(), out.top.at.data());
    for (std::size_t j = 1; j < size(); ++j)
      out.top.at[j] *= out.data.scale()[j];
    return out;
  }

  const logistic_columns given_;
  const logistic_data data_;
  const logistic_view view_;
  logistic_penalty penalty_;
  logistic_fit_state fit_;
  logistic_outcome end_ = logistic_outcome::constant;
  std::vector<int> limit_;
  std::vector<double> coefficients_, variance_;
  std::vector<std::uint8_t> estimated_, dependent_;
  std::size_t rank_ = 0;
  double null_value_ = not_a_number, score_test_ = not_a_number, units_ = 0;
  std::unique_ptr<own_origin> origin_;
};

} // namespace her2mod
