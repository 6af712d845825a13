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
#include <her2mod/resample/jackknife_error.hpp>
#include <her2mod/stat/curve_supremum.hpp>
#include <her2mod/stat/inversion_bound.hpp>
#include <her2mod/stat/registry.hpp>

namespace her2mod {
namespace r {

inline alternative to_alternative(const std::string& name) {
  if (name == "two.sided") return alternative::two_sided;
  if (name == "less") return alternative::less;
  if (name == "greater") return alternative::greater;
  throw input_error("An alternative must be 'two.sided', 'less' or 'greater'.");
}

inline risk_link to_link(const std::string& statistic) {
  if (statistic == "risk_difference") return risk_link::identity;
  if (statistic == "risk_ratio") return risk_link::log;
  if (statistic == "odds_ratio") return risk_link::logit;
  throw input_error("There is no exact bootstrap of '" + statistic + "'.");
}

inline scheme to_scheme(const std::string& name) {
  if (name == "ordinary") return scheme::ordinary;
  if (name == "balanced") return scheme::balanced;
  if (name == "fractional") return scheme::fractional;
  throw input_error("A scheme must be 'ordinary', 'balanced' or 'fractional'.");
}

// The values of an R vector, where R holds them; one of another type is converted first. The last
// copy must go on the main thread, as R is told then.
template <class Vector, class T>
column<T> to_column(const Vector& given) {
  const auto keeper = std::make_shared<const Vector>(given);
  return {span<const T>(keeper->begin(), static_cast<std::size_t>(keeper->size())), keeper};
}
inline column<std::int32_t> to_codes(const Rcpp::IntegerVector& given) {
  return to_column<Rcpp::IntegerVector, std::int32_t>(given);
}
inline column<double> to_numbers(const Rcpp::NumericVector& given) {
  return to_column<Rcpp::NumericVector, double>(given);
}

// A list with columns group, stratum (from 0; without it all are in one), frequency (without it 1),
// response, and n_groups, n_strata; where patients come in clusters, cluster (from 0) and n_clusters;
// and, of survival times, event, perhaps entry, and covariates (a list).
inline cohort to_cohort(const Rcpp::List& data) {
  const auto has = [&](const char* name) { return data.containsElementNamed(name); };
  const auto count = [&](const char* name) { return Rcpp::as<int>(data[name]); };
  cohort_columns given;
  given.group = to_codes(data["group"]);
  given.n_groups = count("n_groups");
  given.response = to_numbers(data["response"]);
  const std::size_t n = given.group.size();
  given.stratum =
      has("stratum") ? to_codes(data["stratum"]) : column<std::int32_t>::constant(n, 0);
  given.n_strata = count("n_strata");
  given.frequency =
      has("frequency") ? to_numbers(data["frequency"]) : column<double>::constant(n, 1.0);
  if (has("cluster")) {
    given.cluster = to_codes(data["cluster"]);
    given.n_clusters = count("n_clusters");
  }
  if (has("event")) given.event = to_codes(data["event"]);
  if (has("entry")) given.entry = to_numbers(data["entry"]);
  if (has("covariates"))
    for (const SEXP covariate : Rcpp::List(data["covariates"]))
      given.covariates.push_back(to_numbers(Rcpp::NumericVector(covariate)));
  return cohort(std::move(given));
}

// A job: what to evaluate on which rows. A list with cohort, statistic (a name of the registry),
// parameters (its numbers), and, for the bootstrap, scheme and jackknife_error.
struct job {
  cohort rows;
  std::unique_ptr<statistic> stat;

  explicit job(const Rcpp::List& given) : rows(to_cohort(given["cohort"])) {
    stat = make(Rcpp::as<std::string>(given["statistic"]),
                Rcpp::as<std::vector<double>>(given["parameters"]));
    if (given.containsElementNamed("jackknife_error") && Rcpp::as<bool>(given["jackknife_error"]))
      stat = std::make_unique<jackknife_error>(std::move(stat), rows);
  }

 private:
  // Of the registry, or what inverting a test or a band of curves needs.
  std::unique_ptr<statistic> make(const std::string& name, const parameter_list& parameters) const {
    if (name == "shift_bound")
      return std::make_unique<inversion_bound>(rows, inverted_effect::shift);
    if (name == "ratio_bound")
      return std::make_unique<inversion_bound>(rows, inverted_effect::ratio);
    if (name == "curve_supremum" && parameters.size() == 3)
      return std::make_unique<curve_supremum>(rows, parameters[0], parameters[1], static_cast<curve_scale>(parameters[2]));
    return prepare(name, rows, parameters);
  }
};

// Replicate values as a matrix, one row a replicate, one column an output.
inline Rcpp::NumericMatrix to_matrix(const std::vector<double>& values, std::size_t outputs) {
  const std::size_t rows = values.size() / outputs;
  Rcpp::NumericMatrix out(static_cast<int>(rows), static_cast<int>(outputs));
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < outputs; ++j)
      out(static_cast<int>(i), static_cast<int>(j)) = values[i * outputs + j];
  return out;
}

constexpr const char* reason_names[n_reasons] = {"none", "empty_group", "undefined", "infinite"};

// The failure ledger, named by reason; "none" is no failure.
inline Rcpp::NumericVector to_counts(const failure_ledger& ledger) {
  Rcpp::NumericVector counts;
  for (std::size_t i = 1; i < n_reasons; ++i)
    counts.push_back(static_cast<double>(ledger[i]), reason_names[i]);
  return counts;
}

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
