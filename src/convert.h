#pragma once

// The one place that knows both worlds: R values to the core's and back.

#include <Rcpp.h>

#include <memory>

#include <her2mod/base/cohort.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/base/table2x2.hpp>
#include <her2mod/exact/ideal_bootstrap.hpp>
#include <her2mod/resample/bootstrap.hpp>
#include <her2mod/resample/engine.hpp>
#include <her2mod/stat/statistic.hpp>

namespace her2mod {
namespace r {

alternative to_alternative(const std::string& name);
risk_link to_link(const std::string& statistic);
scheme to_scheme(const std::string& name);

// The values of an R vector, where R holds them; one of another type is converted first. The last
// copy must go on the main thread, as R is told then.
column<std::int32_t> to_codes(const Rcpp::IntegerVector& given);
column<double> to_numbers(const Rcpp::NumericVector& given);

// A list with columns group, stratum (from 0; without it all are in one), frequency (without it 1),
// response, and n_groups, n_strata; where patients come in clusters, cluster (from 0) and n_clusters;
// and, of survival times, event, perhaps entry, and covariates (a list).
cohort to_cohort(const Rcpp::List& data);

// A job: what to evaluate on which rows. A list with cohort, statistic (a name of the registry),
// parameters (its numbers), and, for the bootstrap, scheme and jackknife_error.
struct job {
  cohort rows;
  std::unique_ptr<statistic> stat;

  explicit job(const Rcpp::List& given);
};

// Replicate values as a matrix, one row a replicate, one column an output.
Rcpp::NumericMatrix to_matrix(const std::vector<double>& values, std::size_t outputs);

constexpr const char* reason_names[n_reasons] = {"none", "empty_group", "undefined", "infinite"};

// The failure ledger, named by reason; "none" is no failure.
Rcpp::NumericVector to_counts(const failure_ledger& ledger);

// What an interval or a p-value asks of an exact distribution.
template <class Distribution>
Rcpp::List describe_exact(const Distribution& exact, double estimate,
                          const std::vector<double>& below, const std::vector<double>& above,
                          const std::vector<double>& at) {
  std::vector<double> low, high, lower, upper;
  for (const double q : below) low.push_back(exact.low(q));
  for (const double q : above) high.push_back(exact.high(q));
  for (const double t : at) {
    lower.push_back(exact.at_most(t));
    upper.push_back(exact.at_least(t));
  }
  return Rcpp::List::create(Rcpp::Named("low") = low, Rcpp::Named("high") = high,
                            Rcpp::Named("at_most") = lower, Rcpp::Named("at_least") = upper,
                            Rcpp::Named("mean") = exact.mean(),
                            Rcpp::Named("standard_error") = exact.standard_error(),
                            Rcpp::Named("mid_share") = exact.mid_distribution(estimate));
}

}  // namespace r
}  // namespace her2mod
