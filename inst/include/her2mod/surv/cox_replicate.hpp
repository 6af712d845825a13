#pragma once

// The log hazard ratio of one covariate, adjusted for the others, in draws: the weights of the rows
// vary, or their group labels.
//
// A draw of weights starts where the infinitesimal jackknife puts its estimate (Jaeckel 1972, Bell
// Labs memorandum; Efron B, Tibshirani R 1993, An Introduction to the Bootstrap, section 20.4): at
// that of all rows plus the sum of weight x dfbeta. That is as near as one Newton step would come,
// for the price of a sum.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/math/profile.hpp>
#include <her2mod/surv/cox_fit.hpp>
#include <her2mod/surv/cox_residuals.hpp>

namespace her2mod {

// Constant; a workspace is one thread's.
class cox_replicate {
public:
  struct workspace {
    cox_draw draw;
    cox_fit_state fit;
    explicit workspace(const cox_data& data) : draw(data), fit(data) {}
  };

  // `data` must outlive this.
  cox_replicate(const cox_data& data, std::size_t covariate)
      : data_(data), covariate_(covariate), start_(data.covariates()) {
    const std::size_t p = start_.size();
    cox_fit_state fit(data);
    if (cox_fit(data.all(), fit, cox_aim::likelihood) != cox_end::finite)
      return;
    start_ = fit.newton.at;
    dfbeta_ = score_residuals(data.all(), start_.data(), fit.work);
    for (std::size_t i = 0; i < data.rows(); ++i)
      ldl_solve(fit.newton.factor.data(), p, fit.newton.aside.data(), &dfbeta_[i * p],
                &dfbeta_[i * p]);
    // Where hazards are so far apart that residuals leave the range of numbers, draws start at the estimate of all.
    if (!std::all_of(dfbeta_.begin(), dfbeta_.end(), [](double x) { return std::isfinite(x); }))
      dfbeta_.clear();
  }

  // The estimate without one unit of each row of the columns, to first order: less its dfbeta. False
  // where there is no finite estimate.
  bool without_each(span<double> out) const {
    if (dfbeta_.empty()) return false;
    const double scale = data_.scale()[covariate_];
    std::fill(out.begin(), out.end(), start_[covariate_] / scale);
    for (std::size_t i = 0; i < data_.rows(); ++i)
      out[data_.order()[i]] -= dfbeta_[i * start_.size() + covariate_] / scale;
    return true;
  }

  workspace make_workspace() const { return workspace(data_); }

  // `weight`: of each row of the columns that `data` was made of; whole ones if `whole`. The fit is left
  // in the workspace; valid until the next one.
  struct fitted {
    cox_view view;
    cox_end end;
  };
  template <class Number>
  fitted fit(span<const Number> weight, bool whole, const cox_labels& labels, workspace& w,
             cox_aim aim = cox_aim::error) const noexcept {
    newton_state& newton = w.fit.newton;
    const cox_view view = w.draw.take(weight, whole, labels);
    std::fill(newton.aside.begin(), newton.aside.end(), std::uint8_t{0});
    newton.at = start_;
    const bool influenced = labels.label.empty() && !dfbeta_.empty();
    if (influenced)
      add_influence(view, w.draw, newton.at);
    const cox_end end = cox_fit(view, w.fit, aim);
    if (!influenced || (end != cox_end::unsettled && newton.rank == view.p))
      return {view, end};
    // So far from the estimate of all rows a first-order start may lie where the information has faded.
    std::fill(newton.aside.begin(), newton.aside.end(), std::uint8_t{0});
    std::fill(newton.at.begin(), newton.at.end(), 0.0);
    return {view, cox_fit(view, w.fit, aim)};
  }

  // NaN where the log hazard ratio is not defined (no events; on these rows the covariate depends on others, or a likelihood
  // that is monotone in others leaves it open), -Inf or Inf where the likelihood is monotone in it. `standard_error`, unless
  // null, is filled too.
  template <class Number>
  double evaluate(span<const Number> weight, bool whole, const cox_labels& labels, workspace& w,
                  double* standard_error = nullptr) const noexcept {
    newton_state& newton = w.fit.newton;
    const cox_aim aim = standard_error ? cox_aim::error : cox_aim::estimate;
    const fitted found = fit(weight, whole, labels, w, aim);
    const cox_end end = found.end;
    if (standard_error)
      *standard_error = not_a_number;
    if (end == cox_end::no_events || end == cox_end::unsettled || newton.aside[covariate_])
      return not_a_number;
    if (w.fit.limit[covariate_] != 0)
      return reaches_anywhere(found.view, w) ? not_a_number : w.fit.limit[covariate_] * infinity;
    // Before what is left open is looked for, which factorises anew.
    const double error = standard_error ? error_of(newton) : not_a_number;
    if (end == cox_end::infinite && is_left_open(newton, covariate_))
      return not_a_number;
    if (standard_error)
      *standard_error = error;
    return newton.at[covariate_] / data_.scale()[covariate_];
  }

private:
  void add_influence(const cox_view& view, const cox_draw& draw,
                     std::vector<double>& at) const noexcept {
    const std::size_t p = at.size();
    for (std::size_t i = 0; i < view.n; ++i) {
      const double* const row = &dfbeta_[draw.places()[i] * p];
      for (std::size_t j = 0; j < p; ++j)
        at[j] += view.weight[i] * row[j];
    }
  }

  // Runs the covariate off with others, without need? Then the likelihood comes as near to its supremum with any hazard
  // ratio of it, as with those 5 to either side on the log scale.
  bool reaches_anywhere(const cox_view& view, workspace& w) const {
    if (view.p < 2 || !std::isfinite(w.fit.newton.value))
      return false;
    profile along(w.fit.newton, covariate_, [&](const double* beta, double* score, double* information, double* total) {
      return cox_evaluate(view, beta, w.fit.work, score, information, total);
    }, true);
    const double far = 5 * data_.scale()[covariate_];
    return w.fit.newton.value - along.value(-far) < 5e-7 && w.fit.newton.value - along.value(far) < 5e-7;
  }

  double error_of(newton_state& newton) const noexcept {
    std::fill(newton.trial.begin(), newton.trial.end(), 0.0);
    newton.trial[covariate_] = 1;
    ldl_solve(newton.factor.data(), newton.size(), newton.aside.data(), newton.trial.data(),
              newton.trial.data());
    return std::sqrt(newton.trial[covariate_]) / data_.scale()[covariate_];
  }

  const cox_data& data_;
  std::size_t covariate_;
  std::vector<double> start_, dfbeta_;
};

} // namespace her2mod
