#pragma once

// The chance of being in group 1 given the covariates, by logistic regression, of draws.

#include <cstddef>
#include <vector>

#include <her2mod/math/logistic_replicate.hpp>
#include <her2mod/stat/adjustment.hpp>
#include <her2mod/stat/covariate_patterns.hpp>

namespace her2mod {

class propensity_model {
 public:
  using workspace = logistic_rows<chances>;

  // `all`: of the cohort.
  propensity_model(const covariate_patterns& patterns, const pattern_counts& all, bool firth)
      : patterns_(patterns), columns_(patterns.columns() + 1), replicate_(first_fit(all, firth)) {
    for (std::size_t k = 0; k < patterns.size(); ++k) start_chance_.push_back(at(replicate_.start().data(), k).of);
  }
  propensity_model(const propensity_model&) = delete;
  propensity_model& operator=(const propensity_model&) = delete;

  bool finite() const noexcept { return replicate_.finite(); }
  std::size_t columns() const noexcept { return columns_; }
  workspace make_workspace() const { return workspace(patterns_.size(), columns_); }

  // The chance of every cell of the draw; false where the groups are separated.
  bool fit(const pattern_counts& counts, workspace& w) const noexcept {
    const logistic_view view = fill(counts, w);
    if (!replicate_.fit(view, w.chance.data(), w.replicate)) return false;
    w.of_cell.clear();
    for (const pattern_counts::cell& c : counts.cells()) w.of_cell.push_back(at(w.replicate.at(), c.pattern));
    return true;
  }

  // Of the cohort's own estimate: the chance of a pattern, and what a patient of group 1 or 0 adds to the
  // sum g' beta, to first order.
  chances chance_of(std::size_t pattern) const noexcept { return at(replicate_.start().data(), pattern); }
  double influence(const std::vector<double>& solved, std::size_t pattern, std::size_t group) const noexcept {
    double sum = solved[0];
    const double* const x = patterns_.x(pattern);
    for (std::size_t j = 1; j < columns_; ++j) sum += solved[j] * x[j - 1];
    return sum * (static_cast<double>(group) - start_chance_[pattern]);
  }
  void solve(std::vector<double>& g) const noexcept { replicate_.solve(g.data(), g.data()); }

 private:
  logistic_replicate first_fit(const pattern_counts& all, bool firth) {
    start_chance_.assign(patterns_.size(), 0.5);
    workspace w = make_workspace();
    logistic_replicate found(fill(all, w), firth);
    start_chance_.clear();
    return found;
  }

  logistic_view fill(const pattern_counts& counts, workspace& w) const noexcept {
    std::size_t i = 0;
    for (const pattern_counts::cell& c : counts.cells()) {
      double* const row = &w.x[i * columns_];
      const double* const x = patterns_.x(c.pattern);
      row[0] = 1;
      for (std::size_t j = 1; j < columns_; ++j) row[j] = x[j - 1];
      w.events[i] = c.patients(1);
      w.trials[i] = c.patients(0) + c.patients(1);
      w.chance[i] = start_chance_[c.pattern];
      ++i;
    }
    return {i, columns_, w.x.data(), w.trials.data(), w.events.data()};
  }

  chances at(const double* beta, std::size_t pattern) const noexcept {
    const double* const x = patterns_.x(pattern);
    double eta = beta[0];
    for (std::size_t j = 1; j < columns_; ++j) eta += beta[j] * x[j - 1];
    return chances(eta);
  }

  const covariate_patterns& patterns_;
  std::size_t columns_;
  std::vector<double> start_chance_;
  logistic_replicate replicate_;
};

}  // namespace her2mod
