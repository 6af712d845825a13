#pragma once

// Restricted means of two groups by Kaplan-Meier curves of weighted patients (Xie J, Liu C 2005,
// doi:10.1002/sim.2174): the weights are those of adjustment.hpp, of a propensity model that is fitted
// anew in every draw.

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include <her2mod/base/inference.hpp>
#include <her2mod/stat/propensity_model.hpp>
#include <her2mod/surv/kaplan_meier.hpp>

namespace her2mod {

class weighted_curves {
 public:
  using pair = std::array<double, 2>;

  struct workspace {
    pattern_counts counts;
    propensity_model::workspace propensity;
    std::vector<pair> weight;                        // of each pattern's patient, in group 0 and 1
    std::array<std::vector<double>, 2> dying, left;  // at each event time; censored before the next

    workspace(std::size_t patterns, std::size_t columns, std::size_t times)
        : counts(patterns), propensity(patterns, columns), weight(patterns),
          dying{std::vector<double>(times), std::vector<double>(times)}, left(dying) {}
  };

  weighted_curves(const cohort& data, const adjustment& how, double tau)
      : how_(how), patterns_(data), time_(event_times(data, tau)), steps_(time_, tau) {
    for (std::size_t i = 0; i < data.rows(); ++i) {
      const double t = data.response()[i];
      const auto seen = std::upper_bound(time_.begin(), time_.end(), t) - time_.begin();
      place_.push_back(4 * patterns_.of_row(i));
      seen_.push_back(static_cast<std::uint32_t>(seen));
      dies_.push_back(data.event()[i] == 1 && t < tau);
    }
    pattern_counts all(patterns_.size());
    all.fill(place_, {data.frequency(), data.group(), false});
    propensity_ = std::make_unique<propensity_model>(patterns_, all, how.firth);
  }
  weighted_curves(const weighted_curves&) = delete;
  weighted_curves& operator=(const weighted_curves&) = delete;

  std::unique_ptr<workspace> make_workspace() const {
    return std::make_unique<workspace>(patterns_.size(), propensity_->columns(), time_.size() + 1);
  }

  // Writes the two means; NaN where the groups are separated. False where a group has no patients.
  bool operator()(const draw& what, workspace& w, pair& mean) const noexcept {
    if (!take(what, w, mean)) return false;
    if (!std::isnan(mean[0]))
      for (const std::size_t g : {0u, 1u})
        mean[g] = area(w, g, [](std::size_t, double, double) {});
    return true;
  }

  // How far each row's patient moves the two means, to first order: of the curve itself
  //   sum of A_j d_j / (y_j z_j) over the event times that the patient survives, less A_i / y_i of the one that
  //   he does not,
  // times the patient's weight, A_j the area under the curve from t_j to tau; and by way of the propensity model.
  bool influences(const cohort& data, std::vector<pair>& out) const {
    const auto w = make_workspace();
    pair mean;
    if (!propensity_->finite() || !take({data.frequency(), data.group(), false}, *w, mean) || std::isnan(mean[0]))
      return false;
    out.resize(data.rows());
    for (const std::size_t g : {0u, 1u}) add_influences(data, *w, g, out);
    return true;
  }

 private:
  // In order.
  static std::vector<double> event_times(const cohort& data, double tau) {
    if (data.truncated()) throw input_error("Weighted curves take no entry times.");
    std::vector<double> time;
    for (std::size_t i = 0; i < data.rows(); ++i)
      if (data.event()[i] == 1 && data.response()[i] < tau) time.push_back(data.response()[i]);
    stoppable_sort(time.begin(), time.end(), [](double a, double b) { return a < b; });
    time.erase(std::unique(time.begin(), time.end()), time.end());
    return time;
  }

  bool take(const draw& what, workspace& w, pair& mean) const noexcept {
    w.counts.fill(place_, what);
    mean = {not_a_number, not_a_number};
    if (!(w.counts.patients(0) > 0) || !(w.counts.patients(1) > 0)) return false;
    if (!propensity_->fit(w.counts, w.propensity)) return true;
    mean = {0, 0};
    for (std::size_t k = 0; k < w.counts.cells().size(); ++k)
      for (const std::size_t g : {0u, 1u})
        w.weight[w.counts.cells()[k].pattern][g] = balancing_weight(how_, w.propensity.of_cell[k], g);
    for (const std::size_t g : {0u, 1u}) {
      std::fill(w.dying[g].begin(), w.dying[g].end(), 0.0);
      std::fill(w.left[g].begin(), w.left[g].end(), 0.0);
    }
    if (what.times.empty())
      add(what.weight, what.label, w);
    else
      add(what.times, what.label, w);
    return true;
  }

  template <class Number>
  void add(span<const Number> times, span<const std::int32_t> label, workspace& w) const noexcept {
    for (std::size_t i = 0; i < times.size(); ++i) {
      const auto patients = static_cast<double>(times[i]);
      if (!(patients > 0)) continue;
      const auto g = static_cast<std::size_t>(label[i]);
      (dies_[i] ? w.dying : w.left)[g][seen_[i]] += patients * w.weight[place_[i] / 4][g];
    }
  }

  // The restricted mean. Calls use(j, at risk, after) from the last event time to the first.
  template <class Use>
  double area(workspace& w, std::size_t g, const Use& use) const noexcept {
    const std::size_t n = time_.size();
    // Numbers at risk from the end, so that what is left is never what a subtraction leaves.
    double after = w.left[g][n];
    for (std::size_t j = n; j-- > 0;) {
      const double dying = w.dying[g][j + 1], at_risk = after + dying;
      w.dying[g][j + 1] = at_risk > 0 ? after / at_risk : 1.0;  // the curve's factor
      use(j, at_risk, after);
      after = at_risk + w.left[g][j];
    }
    double mean = steps_.before, s = 1;
    for (std::size_t j = 0; j < n; ++j) mean += (s *= w.dying[g][j + 1]) * steps_.width[j];
    return mean;
  }

  void add_influences(const cohort& data, workspace& w, std::size_t g, std::vector<pair>& out) const {
    const std::size_t n = time_.size();
    std::vector<double> at_risk(n), after(n), survival(n), rest(n);
    area(w, g, [&](std::size_t j, double y, double z) {
      at_risk[j] = y;
      after[j] = z;
    });
    double s = 1, sum = 0;
    for (std::size_t j = 0; j < n; ++j) survival[j] = s *= w.dying[g][j + 1];
    for (std::size_t j = n; j-- > 0;) rest[j] = sum += survival[j] * steps_.width[j];
    // Of a patient who is at risk at the first k event times.
    std::vector<double> through(n + 1);
    for (std::size_t j = 0; j < n; ++j)
      through[j + 1] = through[j] + rest[j] * greenwood_term(at_risk[j], after[j]);
    const auto own = [&](std::size_t i) {
      const std::size_t k = seen_[i];
      if (!dies_[i]) return through[k];
      return through[k - 1] - rest[k - 1] / at_risk[k - 1];
    };
    std::vector<double> by_propensity(propensity_->columns());
    for (std::size_t i = 0; i < data.rows(); ++i) {
      if (static_cast<std::size_t>(data.group()[i]) != g) continue;
      const std::size_t k = patterns_.of_row(i);
      const double slope = balancing_slope(how_, propensity_->chance_of(k), g) * data.frequency()[i] * own(i);
      by_propensity[0] += slope;
      for (std::size_t j = 1; j < by_propensity.size(); ++j) by_propensity[j] += slope * patterns_.x(k)[j - 1];
    }
    propensity_->solve(by_propensity);
    for (std::size_t i = 0; i < data.rows(); ++i) {
      const std::size_t k = patterns_.of_row(i), group = static_cast<std::size_t>(data.group()[i]);
      out[i][g] += propensity_->influence(by_propensity, k, group) +
                   (group == g ? balancing_weight(how_, propensity_->chance_of(k), g) * own(i) : 0.0);
    }
  }

  adjustment how_;
  covariate_patterns patterns_;
  std::vector<double> time_;
  restricted_steps steps_;
  std::vector<std::uint32_t> place_, seen_;
  std::vector<char> dies_;
  std::unique_ptr<propensity_model> propensity_;
};

}  // namespace her2mod
