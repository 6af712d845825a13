#pragma once

// Risks of two groups as they would be if both had the covariates of one population, and what compares
// them: one class for the difference, the ratio and the odds ratio. `Formula` has `spec`, and
// `value(risks)` and `slope(risks)`, its derivatives.
//
// With m_g(x) the chance of the event in group g given the covariates x by a logistic model, h the
// population's patients (all, or those of one group) and w_g the weights of adjustment.hpp,
//   g-computation    sum h m_g(x) / sum h                  (Robins J 1986, doi:10.1016/0270-0255(86)90088-6)
//   weighting        sum over group g of w_g y / sum w_g
//   doubly robust    sum h m_g(x) / sum h  +  sum over group g of w_g (y - m_g(x)) / sum w_g
// (the last as by Robins JM, Rotnitzky A, Zhao LP 1994, doi:10.1080/01621459.1994.10476818, with weights that
// sum to 1). Both models are fitted anew in every draw. Where one of them cannot be, there is no value.

#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include <her2mod/base/inference.hpp>
#include <her2mod/stat/adjustment.hpp>
#include <her2mod/stat/group_cox.hpp>
#include <her2mod/stat/outcome_model.hpp>
#include <her2mod/stat/propensity_model.hpp>
#include <her2mod/stat/statistic.hpp>

namespace her2mod {

class adjusted_risks {
 public:
  using pair = std::array<double, 2>;

  struct workspace {
    pattern_counts counts;
    std::optional<outcome_model::workspace> outcome;
    std::optional<propensity_model::workspace> propensity;

    explicit workspace(std::size_t patterns) : counts(patterns) {}
  };

  adjusted_risks(const cohort& data, const adjustment& how)
      : how_(how), patterns_((require_two_groups(data), data)), frequency_is_one_(is_one(data)) {
    for (std::size_t i = 0; i < data.rows(); ++i) {
      const double y = data.response()[i];
      if (y != 0 && y != 1) throw input_error("A binary response must be 0 or 1.");
      place_.push_back(4 * patterns_.of_row(i) + static_cast<std::uint32_t>(y));
    }
    pattern_counts all(patterns_.size());
    all.fill(place_, {data.frequency(), data.group(), false});
    if (how.with_outcome())
      outcome_ = std::make_unique<outcome_model>(patterns_, all, how.interactions, how.firth);
    if (how.with_weights()) propensity_ = std::make_unique<propensity_model>(patterns_, all, how.firth);
  }
  adjusted_risks(const adjusted_risks&) = delete;
  adjusted_risks& operator=(const adjusted_risks&) = delete;

  short_forms reads() const noexcept { return {false, frequency_is_one_}; }

  void fill_workspace(workspace& w) const {
    if (outcome_) w.outcome.emplace(patterns_.size(), outcome_->columns());
    if (propensity_) w.propensity.emplace(patterns_.size(), propensity_->columns());
  }
  std::unique_ptr<workspace> make_workspace() const {
    auto w = std::make_unique<workspace>(patterns_.size());
    fill_workspace(*w);
    return w;
  }

  // Writes the two risks; NaN where a model could not be fitted. False where a group has no patients.
  bool operator()(const draw& what, workspace& w, pair& risk) const noexcept {
    w.counts.fill(place_, what);
    risk = {not_a_number, not_a_number};
    if (!(w.counts.patients(0) > 0) || !(w.counts.patients(1) > 0)) return false;
    if (outcome_ && !outcome_->fit(w.counts, *w.outcome)) return true;
    if (propensity_ && !propensity_->fit(w.counts, *w.propensity)) return true;
    for (const std::size_t g : {0u, 1u})
      risk[g] = (outcome_ ? standardised(w, g) : 0.0) + (propensity_ ? weighted(w, g).mean : 0.0);
    return true;
  }

  // How far each row's patient moves the two risks, to first order. False where a model has no estimate.
  bool influences(const cohort& data, std::vector<pair>& out) const {
    if ((outcome_ && !outcome_->finite()) || (propensity_ && !propensity_->finite())) return false;
    const auto w = make_workspace();
    pair risk;
    if (!(*this)({data.frequency(), data.group(), false}, *w, risk) || std::isnan(risk[0])) return false;
    out.resize(data.rows());
    for (const std::size_t g : {0u, 1u}) add_influences(data, *w, g, out);
    return true;
  }

 private:
  struct weighted_mean {
    double mean, weights;
  };

  static bool is_one(const cohort& data) { return data.frequency().is_constant() && data.frequency()[0] == 1; }

  double of_target(const pattern_counts::cell& c) const noexcept { return pattern_counts::patients_of(c, how_.target); }

  double target_patients(const workspace& w) const noexcept {
    double sum = 0;
    for (const pattern_counts::cell& c : w.counts.cells()) sum += of_target(c);
    return sum;
  }

  double standardised(const workspace& w, std::size_t g) const noexcept {
    double sum = 0, patients = 0;
    for (std::size_t k = 0; k < w.counts.cells().size(); ++k) {
      const double h = of_target(w.counts.cells()[k]);
      sum += h * w.outcome->of_cell[k][g];
      patients += h;
    }
    return sum / patients;
  }

  // Of the events or, beside a model of them, of what it leaves.
  weighted_mean weighted(const workspace& w, std::size_t g) const noexcept {
    double sum = 0, weights = 0;
    for (std::size_t k = 0; k < w.counts.cells().size(); ++k) {
      const pattern_counts::cell& c = w.counts.cells()[k];
      if (!(c.patients(g) > 0)) continue;
      const double weight = balancing_weight(how_, w.propensity->of_cell[k], g);
      sum += weight * (c.with[g] - (outcome_ ? c.patients(g) * w.outcome->of_cell[k][g] : 0.0));
      weights += weight * c.patients(g);
    }
    return {sum / weights, weights};
  }

  void add_influences(const cohort& data, const workspace& w, std::size_t g, std::vector<pair>& out) const {
    const auto& cells = w.counts.cells();  // every pattern has patients
    const double patients = target_patients(w), standard = outcome_ ? standardised(w, g) : 0.0;
    const weighted_mean rest = propensity_ ? weighted(w, g) : weighted_mean{0, 1};
    // How the risk moves with the coefficients of either model.
    std::vector<double> by_outcome(outcome_ ? outcome_->columns() : 0), by_propensity(propensity_ ? propensity_->columns() : 0);
    const auto left = [&](std::size_t k, double y) {
      return y - (outcome_ ? outcome_->chance_of(k)[g] : 0.0) - rest.mean;
    };
    for (std::size_t k = 0; k < cells.size(); ++k) {
      const pattern_counts::cell& c = cells[k];
      const double weight = propensity_ ? balancing_weight(how_, propensity_->chance_of(k), g) : 0.0;
      if (outcome_) {
        const double m = outcome_->chance_of(k)[g];
        outcome_->add_design(k, g, m * (1 - m) * (of_target(c) / patients - weight * c.patients(g) / rest.weights), by_outcome);
      }
      if (!propensity_ || !(c.patients(g) > 0)) continue;
      const double slope = balancing_slope(how_, propensity_->chance_of(k), g) *
                           (c.with[g] * left(k, 1) + c.without[g] * left(k, 0)) / rest.weights;
      by_propensity[0] += slope;
      for (std::size_t j = 1; j < by_propensity.size(); ++j) by_propensity[j] += slope * patterns_.x(k)[j - 1];
    }
    if (outcome_) outcome_->solve(by_outcome);
    if (propensity_) propensity_->solve(by_propensity);
    for (std::size_t i = 0; i < out.size(); ++i) {
      const std::size_t k = patterns_.of_row(i), own = static_cast<std::size_t>(data.group()[i]);
      const double y = data.response()[i];
      double& sum = out[i][g];
      const bool target = how_.target == adjusted_for::all || (how_.target == adjusted_for::other) == (own == 1);
      if (outcome_)
        sum += outcome_->influence(by_outcome, k, own, y) +
               (target ? (outcome_->chance_of(k)[g] - standard) / patients : 0.0);
      if (propensity_)
        sum += propensity_->influence(by_propensity, k, own) +
               (own == g ? balancing_weight(how_, propensity_->chance_of(k), g) * left(k, y) / rest.weights : 0.0);
    }
  }

  adjustment how_;
  covariate_patterns patterns_;
  bool frequency_is_one_;
  std::vector<std::uint32_t> place_;
  std::unique_ptr<outcome_model> outcome_;
  std::unique_ptr<propensity_model> propensity_;
};

template <class Formula>
class adjusted_risk_statistic final : public statistic, public group_means {
 public:
  adjusted_risk_statistic(const cohort& data, const adjustment& how) : data_(&data), risks_(data, how) {}

  const statistic_spec& describe() const noexcept override { return Formula::spec; }
  short_forms reads() const noexcept override { return risks_.reads(); }
  adjusted_risks::pair observed() const override {
    const auto w = risks_.make_workspace();
    adjusted_risks::pair risk;
    risks_({data_->frequency(), data_->group(), false}, *w, risk);
    return risk;
  }
  std::unique_ptr<workspace> make_workspace() const override {
    return std::make_unique<room>(risks_.make_workspace());
  }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    adjusted_risks::pair risk;
    if (!risks_(what, *static_cast<room&>(scratch).own, risk)) return write_empty_group(out);
    return write_estimate(Formula::value(risk), not_a_number, out);
  }

  bool leave_one_out(span<double> out) const override {
    std::vector<adjusted_risks::pair> influence;
    if (out.size() <= most_refitted_rows || !risks_.influences(*data_, influence)) return false;
    const adjusted_risks::pair risk = observed();
    const adjusted_risks::pair slope = Formula::slope(risk);
    const double value = Formula::value(risk);
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = value - slope[0] * influence[i][0] - slope[1] * influence[i][1];
    return true;
  }

 private:
  struct room final : workspace {
    explicit room(std::unique_ptr<adjusted_risks::workspace> given) : own(std::move(given)) {}
    std::unique_ptr<adjusted_risks::workspace> own;
  };

  const cohort* data_;
  adjusted_risks risks_;
};

}  // namespace her2mod
