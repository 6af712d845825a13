#pragma once

// The chance of the event given group and covariates, by logistic regression, of draws; and what it
// would be if everybody were in one group. Columns: intercept, covariates, group, its interactions; of
// columns that depend on each other it is the later one that is set aside.

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <her2mod/math/logistic_replicate.hpp>
#include <her2mod/stat/covariate_patterns.hpp>

namespace her2mod {

class outcome_model {
 public:
  // In each cell the chance in group 0 and 1; of each pattern a row a group.
  struct workspace : logistic_rows<std::array<double, 2>> {
    workspace(std::size_t patterns, std::size_t p) : logistic_rows(2 * patterns, p) {}
  };

  // `interactions`: of the group with each covariate.
  outcome_model(const covariate_patterns& patterns, const pattern_counts& all, bool interactions, bool firth)
      : patterns_(patterns),
        interactions_(interactions),
        columns_(2 + (interactions ? 2 : 1) * patterns.columns()),
        replicate_(first_fit(all, firth)) {
    for (std::size_t k = 0; k < patterns.size(); ++k) start_chance_.push_back(at(replicate_.start().data(), k));
  }
  outcome_model(const outcome_model&) = delete;
  outcome_model& operator=(const outcome_model&) = delete;

  bool finite() const noexcept { return replicate_.finite(); }
  std::size_t columns() const noexcept { return columns_; }
  workspace make_workspace() const { return workspace(patterns_.size(), columns_); }

  // The chances of every cell of the draw; false where events are separated, or where the group's effect (or
  // how it differs with a covariate) cannot be told from the covariates'.
  bool fit(const pattern_counts& counts, workspace& w) const noexcept {
    const logistic_view view = fill(counts, w);
    if (!replicate_.fit(view, w.chance.data(), w.replicate)) return false;
    const std::size_t c = patterns_.columns();
    const auto& aside = w.replicate.fit.newton.aside;
    if (aside[1 + c]) return false;
    if (interactions_)
      for (std::size_t j = 0; j < c; ++j)
        if (aside[2 + c + j] && !aside[1 + j]) return false;
    w.of_cell.clear();
    for (const pattern_counts::cell& cell : counts.cells()) w.of_cell.push_back(at(w.replicate.at(), cell.pattern));
    return true;
  }

  // Of the cohort's own estimate.
  const std::array<double, 2>& chance_of(std::size_t pattern) const noexcept { return start_chance_[pattern]; }
  // Adds factor x (design of the pattern in a group).
  void add_design(std::size_t pattern, std::size_t group, double factor, std::vector<double>& sum) const noexcept {
    const std::size_t c = patterns_.columns();
    const double* const x = patterns_.x(pattern);
    const double g = static_cast<double>(group);
    sum[0] += factor;
    for (std::size_t j = 0; j < c; ++j) sum[1 + j] += factor * x[j];
    sum[1 + c] += factor * g;
    if (interactions_)
      for (std::size_t j = 0; j < c; ++j) sum[2 + c + j] += factor * g * x[j];
  }
  // What a patient adds to the sum g' beta, to first order; `solved` is I^-1 g.
  double influence(const std::vector<double>& solved, std::size_t pattern, std::size_t group,
                   double event) const noexcept {
    const std::size_t c = patterns_.columns();
    const double* const x = patterns_.x(pattern);
    double sum = solved[0] + (group == 1 ? solved[1 + c] : 0.0);
    for (std::size_t j = 0; j < c; ++j)
      sum += x[j] * (solved[1 + j] + (interactions_ && group == 1 ? solved[2 + c + j] : 0.0));
    return sum * (event - start_chance_[pattern][group]);
  }
  void solve(std::vector<double>& g) const noexcept { replicate_.solve(g.data(), g.data()); }

 private:
  logistic_replicate first_fit(const pattern_counts& all, bool firth) {
    start_chance_.assign(patterns_.size(), {0.5, 0.5});
    workspace w = make_workspace();
    logistic_replicate found(fill(all, w), firth);
    start_chance_.clear();
    return found;
  }

  logistic_view fill(const pattern_counts& counts, workspace& w) const noexcept {
    const std::size_t c = patterns_.columns();
    std::size_t i = 0;
    for (const pattern_counts::cell& cell : counts.cells())
      for (const std::size_t g : {0u, 1u}) {
        if (!(cell.patients(g) > 0)) continue;
        double* const row = &w.x[i * columns_];
        const double* const x = patterns_.x(cell.pattern);
        const double group = static_cast<double>(g);
        row[0] = 1;
        for (std::size_t j = 0; j < c; ++j) row[1 + j] = x[j];
        row[1 + c] = group;
        if (interactions_)
          for (std::size_t j = 0; j < c; ++j) row[2 + c + j] = group * x[j];
        w.events[i] = cell.with[g];
        w.trials[i] = cell.patients(g);
        w.chance[i] = start_chance_[cell.pattern][g];
        ++i;
      }
    return {i, columns_, w.x.data(), w.trials.data(), w.events.data()};
  }

  std::array<double, 2> at(const double* beta, std::size_t pattern) const noexcept {
    const std::size_t c = patterns_.columns();
    const double* const x = patterns_.x(pattern);
    double eta = beta[0], more = beta[1 + c];
    for (std::size_t j = 0; j < c; ++j) eta += beta[1 + j] * x[j];
    if (interactions_)
      for (std::size_t j = 0; j < c; ++j) more += beta[2 + c + j] * x[j];
    return {1 / (1 + std::exp(-eta)), 1 / (1 + std::exp(-(eta + more)))};
  }

  const covariate_patterns& patterns_;
  bool interactions_;
  std::size_t columns_;
  std::vector<std::array<double, 2>> start_chance_;
  logistic_replicate replicate_;
};

}  // namespace her2mod
