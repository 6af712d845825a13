#pragma once

// Cox's model of the group (0 or 1, the first covariate) and the cohort's covariates, sorted once.

#include <vector>

#include <her2mod/base/cohort.hpp>
#include <her2mod/surv/cox_replicate.hpp>

namespace her2mod {

struct group_cox {
  std::vector<double> indicator;
  cox_data data;

  explicit group_cox(const cohort& rows)
      : indicator(rows.group().begin(), rows.group().end()), data(columns(rows), cox_ties::efron) {}

 private:
  cox_columns columns(const cohort& rows) const {
    cox_columns given;
    given.time = rows.response();
    given.event = rows.event();
    given.entry = rows.entry();
    if (rows.n_strata() > 1) given.stratum = rows.stratum();
    if (!rows.frequency().is_constant()) given.frequency = rows.frequency();
    given.covariates.push_back(indicator);
    for (const column<double>& covariate : rows.covariates()) given.covariates.push_back(covariate);
    return given;
  }
};

// More rows than these are left out to first order (cox_replicate::without_each()): one by one they
// would take a time that grows with their square, and their influences are small.
constexpr std::size_t most_refitted_rows = 5000;

}  // namespace her2mod
