#pragma once

// A Cox model of all rows, in the units of the covariates: estimate, variances, tests and profile
// intervals, by Cox's likelihood or Firth's.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/surv/cox_firth.hpp>
#include <her2mod/surv/cox_fit.hpp>
#include <her2mod/math/profile.hpp>
#include <her2mod/surv/cox_residuals.hpp>
#include <her2mod/surv/cox_robust.hpp>
#include <her2mod/surv/cox_zph.hpp>

namespace her2mod {

enum class cox_penalty { none, firth };

class cox_model {
public:
  cox_model(const cox_columns& given, cox_ties ties, bool whole, cox_penalty penalty)
      : data_(given, ties, whole), view_(data_.all()), penalty_(penalty), fit_(data_) {
    if (view_.blocks.empty())
      return;
    evaluate_null();
    end_ =
        penalty == cox_penalty::none ? cox_fit(view_, fit_, cox_aim::likelihood, [this] { beat(); }) : fit_firth();
    take_variance();
    if (end_ == cox_end::infinite && !data_.has_entries())
      take_limit(given);
  }

  cox_model(const cox_model&) = delete;
  cox_model& operator=(const cox_model&) = delete;

  const cox_data& data() const noexcept { return data_; }
  cox_end end() const noexcept { return end_; }
  std::size_t rank() const noexcept { return rank_; }
  // Covariates on which the likelihood does not depend, whatever the others are.
  const std::vector<std::uint8_t>& dependent() const noexcept { return dependent_; }
  std::size_t evaluations() const noexcept { return fit_.newton.evaluations; }
  double null_value() const noexcept { return null_value_ + units_; } // log-likelihood at 0
  double value() const noexcept {
    return fit_.newton.value + units_;
  }                                                          // the highest, or the supremum
  double score_test() const noexcept { return score_test_; } // at 0; chi-squared on rank()

  // NaN where the data do not tell, -Inf or Inf where the likelihood is monotone.
  std::vector<double> coefficients() const {
    std::vector<double> out(size());
    for (std::size_t j = 0; j < size(); ++j)
      out[j] = end_ == cox_end::no_events || fit_.newton.aside[j] ? not_a_number
               : fit_.limit[j] != 0                               ? fit_.limit[j] * infinity
                                                                  : unscaled(fit_.newton.at[j], j);
    return out;
  }

  // The inverse of the information, p by p; NaN in the rows and columns of what is not finite.
  std::vector<double> variance() const { return unscaled(variance_); }

  // The sandwich; see cox_robust.hpp.
  std::vector<double> robust_variance(span<const std::int32_t> cluster, std::size_t n_clusters) {
    if (end_ == cox_end::no_events)
      return variance();
    return unscaled(her2mod::robust_variance(data_, scaled_dfbeta(), cluster, n_clusters));
  }

  // What each row of the columns adds to the estimate, to first order, by one unit of its weight.
  std::vector<double> dfbeta(std::size_t n_rows) {
    const std::size_t p = size();
    std::vector<double> out(n_rows * p);
    if (end_ == cox_end::no_events)
      return out;
    const std::vector<double> sorted = scaled_dfbeta();
    for (std::size_t i = 0; i < data_.rows(); ++i)
      for (std::size_t j = 0; j < p; ++j)
        out[data_.order()[i] * p + j] = unscaled(sorted[i * p + j], j);
    return out;
  }

  // Of the deaths, in the order of data().order(); p each.
  std::vector<double> schoenfeld() {
    std::vector<double> out = schoenfeld_residuals(view_, fit_.newton.at.data(), fit_.work);
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] *= data_.scale()[i % size()];
    return out;
  }

  // The likelihood-ratio statistic of coefficient j = b: chi-squared on 1.
  double ratio_test(std::size_t j, double b = 0.0) {
    profile along(fit_.newton, j, evaluator(), end_ == cox_end::infinite);
    return 2 * std::fmax(0.0, fit_.newton.value - along.value(b * data_.scale()[j]));
  }

  // The profile-likelihood interval of coefficient j, `drop` half a quantile of chi-squared on 1.
  interval profile_interval(std::size_t j, double drop) {
    const double error = std::sqrt(variance_[j * size() + j]);
    const double step = std::isfinite(error) ? error * std::sqrt(2 * drop) : 1.0;
    profile along(fit_.newton, j, evaluator(), end_ == cox_end::infinite);
    const auto end = [&](int direction) {
      return fit_.limit[j] == direction ? direction * infinity
                                        : unscaled(along.limit(drop, direction, step), j);
    };
    return {end(-1), end(1)};
  }

  // `g`: of each row of the columns.
  cox_zph hazards_test(span<const double> g) const {
    std::vector<double> of_block;
    for (const cox_block& b : view_.blocks)
      of_block.push_back(g[data_.order()[b.begin]]);
    cox_zph out = test_hazards(view_, fit_.newton.at.data(), of_block);
    for (std::size_t j = 0; j < size(); ++j) {
      out.score[j] *= data_.scale()[j];
      for (std::size_t k = 0; k <= j; ++k)
        for (auto* of : {&out.plain, &out.once, &out.twice})
          (*of)[packed_at(j, k)] *= data_.scale()[j] * data_.scale()[k];
    }
    return out;
  }

private:
  std::size_t size() const noexcept { return data_.covariates(); }
  double unscaled(double value, std::size_t j) const noexcept { return value / data_.scale()[j]; }
  void beat() const { heartbeat(40 * view_.n); }

  // Value and score test at 0, and which covariates depend on those before them.
  void evaluate_null() {
    newton_state& s = fit_.newton;
    null_value_ = cox_evaluate(view_, s.at.data(), fit_.work, s.score.data(), s.information.data(),
                               s.total.data());
    score_test_ = score_statistic(s);
    rank_ = s.rank;
    dependent_ = s.aside;
  }

  // The log-likelihood, penalised or not, for maximise().
  profile::function evaluator() {
    if (penalty_ == cox_penalty::none)
      return [this](const double* beta, double* score, double* information, double* total) {
        beat();
        return cox_evaluate(view_, beta, fit_.work, score, information, total);
      };
    const auto penalised = std::make_shared<cox_firth>(view_, fit_.work, dependent_);
    return
        [this, penalised](const double* beta, double* score, double* information, double* total) {
          beat();
          return (*penalised)(beta, score, information, total);
        };
  }

  cox_end fit_firth() {
    newton_state& s = fit_.newton;
    const profile::function evaluate = evaluator();
    // Half the determinant of the information in the covariates' own units, less that in scaled
    // ones.
    for (std::size_t j = 0; j < size(); ++j)
      if (!dependent_[j])
        units_ += std::log(data_.scale()[j]);
    null_value_ = evaluate(s.at.data(), s.score.data(), s.information.data(), s.total.data());
    score_test_ = not_a_number;
    return maximise(s, evaluate, true) == newton_end::converged ? cox_end::finite
                                                                : cox_end::unsettled;
  }

  // Of a monotone direction one coordinate is held; what then has no information left goes with it.
  void take_variance() {
    const std::size_t p = size();
    newton_state& s = fit_.newton;
    s.factor = s.information;
    s.lost = s.aside;
    if (end_ == cox_end::infinite) {
      std::size_t most = 0;
      for (std::size_t j = 0; j < p; ++j)
        if (std::fabs(s.step[j]) > std::fabs(s.step[most]))
          most = j;
      s.lost[most] = 1;
    }
    ldl_factor(s.factor.data(), p, s.total.data(), end_ == cox_end::infinite ? 1e-8 : 0.0,
               s.lost.data());
    variance_.resize(p * p);
    ldl_inverse(s.factor.data(), p, s.lost.data(), variance_.data());
    for (std::size_t j = 0; j < p; ++j)
      for (std::size_t k = 0; k < p; ++k)
        if (s.lost[j] || s.lost[k] || fit_.limit[j] != 0 || fit_.limit[k] != 0)
          variance_[j * p + k] = not_a_number;
  }

  // The limit itself, where there are no entries: in the monotone direction only those with the
  // largest x' d of a risk set still count in it. Backwards in time that largest value goes up, and
  // where it does those before it are gone: each of its values is a stratum of its own. What d
  // leaves open is fitted there.
  void take_limit(const cox_columns& given) {
    const std::size_t p = size();
    std::vector<double> time, weight;
    std::vector<std::int32_t> event, stratum;
    std::vector<std::vector<double>> x(p);
    const std::vector<double> along = scores_along(fit_.newton.step);
    const auto ends = std::minmax_element(along.begin(), along.end());
    const double same = monotone_tolerance * (*ends.second - *ends.first);
    std::int32_t level = 0;
    double most = 0;
    for (std::size_t i = data_.rows(), stop = 0, b = view_.blocks.size(); i-- > 0;) {
      // Strata end where a block's `stop` is.
      while (b > 0 && view_.blocks[b - 1].begin > i)
        --b;
      const std::size_t own = b > 0 ? view_.blocks[b - 1].stop : 0;
      if (own != stop || along[i] > most + same) {
        stop = own;
        most = along[i];
        ++level;
      }
      if (along[i] < most - same)
        continue;
      const std::uint32_t row = data_.order()[i];
      time.push_back(given.time[row]);
      event.push_back(given.event[row]);
      weight.push_back(data_.weight()[i]);
      stratum.push_back(level);
      for (std::size_t j = 0; j < p; ++j)
        x[j].push_back(given.covariates[j][row]);
    }
    cox_columns left;
    left.time = time;
    left.event = event;
    left.stratum = stratum;
    left.frequency = weight;
    for (const auto& column : x)
      left.covariates.push_back(column);
    join(cox_model(left, data_.ties(), data_.whole(), penalty_));
  }

  std::vector<double> scores_along(const std::vector<double>& d) const {
    std::vector<double> out(view_.n);
    for (std::size_t i = 0; i < view_.n; ++i)
      for (std::size_t j = 0; j < size(); ++j)
        out[i] += d[j] * view_.x[i * size() + j];
    return out;
  }

  // Takes over what a fit to the limit found.
  void join(const cox_model& of_limit) {
    const std::size_t p = size();
    fit_.newton.value = of_limit.value();
    const std::vector<double> coefficients = of_limit.coefficients(),
                              variance = of_limit.variance();
    for (std::size_t j = 0; j < p; ++j) {
      if (fit_.limit[j] == 0 && std::isinf(coefficients[j]))
        fit_.limit[j] = coefficients[j] > 0 ? 1 : -1;
      if (fit_.limit[j] != 0)
        continue;
      if (std::isnan(coefficients[j]))
        fit_.newton.aside[j] = 1; // in the limit nothing depends on it
      else
        fit_.newton.at[j] = coefficients[j] * data_.scale()[j];
    }
    for (std::size_t j = 0; j < p; ++j)
      for (std::size_t k = 0; k < p; ++k)
        variance_[j * p + k] = fit_.limit[j] != 0 || fit_.limit[k] != 0
                                   ? not_a_number
                                   : variance[j * p + k] * data_.scale()[j] * data_.scale()[k];
  }

  std::vector<double> unscaled(std::vector<double> matrix) const {
    const std::size_t p = size();
    matrix.resize(p * p, not_a_number);
    for (std::size_t j = 0; j < p; ++j)
      for (std::size_t k = 0; k < p; ++k) {
        double& value = matrix[j * p + k];
        value /= data_.scale()[j] * data_.scale()[k];
        if (variance_.empty() || std::isnan(variance_[j * p + k]))
          value = not_a_number;
      }
    return matrix;
  }

  std::vector<double> scaled_dfbeta() {
    const std::size_t p = size();
    std::vector<double> out = score_residuals(view_, fit_.newton.at.data(), fit_.work);
    const newton_state& s = fit_.newton;
    for (std::size_t i = 0; i < data_.rows(); ++i)
      ldl_solve(s.factor.data(), p, s.lost.data(), &out[i * p], &out[i * p]);
    return out;
  }

  const cox_data data_;
  const cox_view view_;
  cox_penalty penalty_;
  cox_fit_state fit_;
  cox_end end_ = cox_end::no_events;
  std::size_t rank_ = 0;
  double null_value_ = not_a_number, score_test_ = not_a_number, units_ = 0;
  std::vector<std::uint8_t> dependent_;
  std::vector<double> variance_; // scaled
};

} // namespace her2mod
