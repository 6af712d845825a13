#pragma once

// Restricted means of two groups as they would be if both had the covariates of one population, by Cox's
// model of group and covariates: the mean over the population's patients of
//   integral from 0 to tau of exp(-H(t) exp(x' b)),
// H the cumulative baseline hazard by Efron's rule. The model is fitted anew in every draw; it has one
// baseline, whatever the strata.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include <her2mod/base/inference.hpp>
#include <her2mod/stat/covariate_patterns.hpp>
#include <her2mod/surv/cox_replicate.hpp>

namespace her2mod {

class standardised_curves {
 public:
  using pair = std::array<double, 2>;

  struct workspace {
    pattern_counts counts;
    cox_replicate::workspace cox;
    std::vector<double> score, information, total;
    std::array<std::vector<double>, 2> theta, survival;  // of each cell of the draw, in group 0 and 1

    workspace(std::size_t patterns, const cox_data& data)
        : counts(patterns), cox(data), score(data.covariates()), information(packed_size(data.covariates())),
          total(data.covariates()), theta{std::vector<double>(patterns), std::vector<double>(patterns)},
          survival(theta) {}
  };

  standardised_curves(const cohort& data, adjusted_for target, double tau)
      : target_(target),
        tau_(tau),
        patterns_(data),
        indicator_(data.group().begin(), data.group().end()),
        cox_((refuse_entries(data), cox_columns_of(data)), cox_ties::efron),
        replicate_(cox_, patterns_.columns()) {
    for (std::size_t i = 0; i < data.rows(); ++i) place_.push_back(4 * patterns_.of_row(i));
    for (const std::uint32_t row : cox_.order()) time_.push_back(data.response()[row]);
    take_covariates();
  }
  standardised_curves(const standardised_curves&) = delete;
  standardised_curves& operator=(const standardised_curves&) = delete;

  std::unique_ptr<workspace> make_workspace() const { return std::make_unique<workspace>(patterns_.size(), cox_); }

  // Writes the two means; NaN where the model could not be fitted. False where a group has no patients.
  bool operator()(const draw& what, workspace& w, pair& mean) const noexcept {
    w.counts.fill(place_, what);
    mean = {not_a_number, not_a_number};
    if (!(w.counts.patients(0) > 0) || !(w.counts.patients(1) > 0)) return false;
    const std::size_t group = patterns_.columns();
    const cox_labels labels{what.relabelled ? what.label : span<const std::int32_t>(), group};
    const cox_replicate::fitted found = what.times.empty()
                                            ? replicate_.fit(what.weight, what.whole, labels, w.cox)
                                            : replicate_.fit(what.times, what.whole, labels, w.cox);
    if (found.end != cox_end::finite || w.cox.fit.newton.aside[group]) return true;
    // Leaves the hazards of the draw's event times in the workspace.
    const std::vector<double>& beta = w.cox.fit.newton.at;
    cox_evaluate(found.view, beta.data(), w.cox.fit.work, w.score.data(), w.information.data(), w.total.data());
    fill_relative_hazards(beta, what.relabelled ? 0.5 : centre_, w);
    mean = areas(found.view, w);
    return true;
  }

 private:
  static void refuse_entries(const cohort& data) {
    if (data.truncated()) throw input_error("Standardised curves take no entry times.");
  }

  // The group comes last: where it depends on covariates it is the one that has no estimate.
  cox_columns cox_columns_of(const cohort& rows) const {
    cox_columns given;
    given.time = rows.response();
    given.event = rows.event();
    if (!rows.frequency().is_constant()) given.frequency = rows.frequency();
    for (const column<double>& covariate : rows.covariates()) given.covariates.push_back(covariate);
    given.covariates.push_back(indicator_);
    return given;
  }

  // Each pattern's covariates as the Cox model has them: its own centre and scale.
  void take_covariates() {
    const std::size_t c = patterns_.columns();
    if (cox_.rows() == 0) return;
    const double* const first = cox_.all().x;
    const std::uint32_t row = cox_.order()[0];
    const double* const same = patterns_.x(patterns_.of_row(row));
    std::vector<double> times(c), shift(c);
    for (std::size_t j = 0; j < c; ++j) {
      times[j] = patterns_.scale(j) / cox_.scale()[j];
      shift[j] = first[j] - times[j] * same[j];
    }
    for (std::size_t k = 0; k < patterns_.size(); ++k)
      for (std::size_t j = 0; j < c; ++j) x_.push_back(times[j] * patterns_.x(k)[j] + shift[j]);
    centre_ = indicator_[row] - first[c] * cox_.scale()[c];
  }

  void fill_relative_hazards(const std::vector<double>& beta, double centre, workspace& w) const noexcept {
    const std::size_t c = patterns_.columns();
    double patients = 0;
    for (const pattern_counts::cell& cell : w.counts.cells()) patients += pattern_counts::patients_of(cell, target_);
    for (std::size_t k = 0; k < w.counts.cells().size(); ++k) {
      const pattern_counts::cell& cell = w.counts.cells()[k];
      const double* const x = &x_[cell.pattern * c];
      double eta = 0;
      for (std::size_t j = 0; j < c; ++j) eta += beta[j] * x[j];
      for (const std::size_t g : {0u, 1u}) {
        w.theta[g][k] = std::exp(eta + beta[c] * (static_cast<double>(g) - centre) / cox_.scale()[c]);
        w.survival[g][k] = pattern_counts::patients_of(cell, target_) / patients;
      }
    }
  }

  // From event time to event time; the sums of `survival` are the curves.
  pair areas(const cox_view& v, workspace& w) const noexcept {
    const std::size_t n = w.counts.cells().size();
    pair sum{0, 0}, level{1, 1}, most{0, 0};
    for (const std::size_t g : {0u, 1u})
      for (std::size_t k = 0; k < n; ++k) most[g] = std::fmax(most[g], w.theta[g][k]);
    double last = 0;
    for (std::size_t b = 0; b < v.blocks.size(); ++b) {
      const double t = time_[w.cox.draw.places()[v.blocks[b].begin]], hazard = w.cox.fit.work.hazard[b];
      if (!(t < tau_)) break;
      for (const std::size_t g : {0u, 1u}) {
        sum[g] += level[g] * (t - last);
        level[g] = step(w.theta[g].data(), hazard, hazard * most[g] < 0.02, n, w.survival[g].data());
      }
      last = t;
    }
    for (const std::size_t g : {0u, 1u}) sum[g] += level[g] * (tau_ - last);
    return sum;
  }

  // Multiplies each by exp(-hazard theta) and adds up. If every exponent is small, by the series, whose next
  // term is below 3e-16.
  static double step(const double* theta, double hazard, bool small, std::size_t n, double* survival) noexcept {
    double sum = 0;
    if (small) {
      for (std::size_t k = 0; k < n; ++k) {
        const double u = -hazard * theta[k];
        sum += survival[k] *=
            1 + u * (1 + u / 2 * (1 + u / 3 * (1 + u / 4 * (1 + u / 5 * (1 + u / 6)))));
      }
    } else {
      for (std::size_t k = 0; k < n; ++k) sum += survival[k] *= std::exp(-hazard * theta[k]);
    }
    return sum;
  }

  adjusted_for target_;
  double tau_;
  covariate_patterns patterns_;
  std::vector<double> indicator_;
  cox_data cox_;
  cox_replicate replicate_;
  std::vector<std::uint32_t> place_;
  std::vector<double> time_;  // of each prepared row of the model
  std::vector<double> x_;     // of each pattern
  double centre_ = 0;         // of the group, as the model has it
};

}  // namespace her2mod
