#include "convert.h"

#include <her2mod/resample/jackknife_error.hpp>
#include <her2mod/stat/curve_supremum.hpp>
#include <her2mod/stat/inversion_bound.hpp>
#include <her2mod/stat/prepare.hpp>

namespace her2mod {
namespace r {

namespace {

template <class Vector, class T>
column<T> to_column(const Vector& given) {
  const auto keeper = std::make_shared<const Vector>(given);
  return {span<const T>(keeper->begin(), static_cast<std::size_t>(keeper->size())), keeper};
}

// Of the registry, or what inverting a test or a band of curves needs.
std::unique_ptr<statistic> make(const std::string& name, const cohort& rows, const parameter_list& parameters) {
  if (name == "shift_bound") return std::make_unique<inversion_bound>(rows, inverted_effect::shift);
  if (name == "ratio_bound") return std::make_unique<inversion_bound>(rows, inverted_effect::ratio);
  if (name == "curve_supremum" && parameters.size() == 2)
    return std::make_unique<curve_supremum>(rows, parameters[0], parameters[1]);
  return prepare(name, rows, parameters);
}

}  // namespace

alternative to_alternative(const std::string& name) {
  if (name == "two.sided") return alternative::two_sided;
  if (name == "less") return alternative::less;
  if (name == "greater") return alternative::greater;
  throw input_error("An alternative must be 'two.sided', 'less' or 'greater'.");
}

risk_link to_link(const std::string& statistic) {
  if (statistic == "risk_difference") return risk_link::identity;
  if (statistic == "risk_ratio") return risk_link::log;
  if (statistic == "odds_ratio") return risk_link::logit;
  throw input_error("There is no exact bootstrap of '" + statistic + "'.");
}

scheme to_scheme(const std::string& name) {
  if (name == "ordinary") return scheme::ordinary;
  if (name == "balanced") return scheme::balanced;
  if (name == "fractional") return scheme::fractional;
  throw input_error("A scheme must be 'ordinary', 'balanced' or 'fractional'.");
}

column<std::int32_t> to_codes(const Rcpp::IntegerVector& given) {
  return to_column<Rcpp::IntegerVector, std::int32_t>(given);
}
column<double> to_numbers(const Rcpp::NumericVector& given) {
  return to_column<Rcpp::NumericVector, double>(given);
}

cohort to_cohort(const Rcpp::List& data) {
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

job::job(const Rcpp::List& given) : rows(to_cohort(given["cohort"])) {
  stat = make(Rcpp::as<std::string>(given["statistic"]), rows,
              Rcpp::as<std::vector<double>>(given["parameters"]));
  if (given.containsElementNamed("jackknife_error") && Rcpp::as<bool>(given["jackknife_error"]))
    stat = std::make_unique<jackknife_error>(std::move(stat), rows);
}

Rcpp::NumericMatrix to_matrix(const std::vector<double>& values, std::size_t outputs) {
  const std::size_t rows = values.size() / outputs;
  Rcpp::NumericMatrix out(static_cast<int>(rows), static_cast<int>(outputs));
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < outputs; ++j)
      out(static_cast<int>(i), static_cast<int>(j)) = values[i * outputs + j];
  return out;
}

Rcpp::NumericVector to_counts(const failure_ledger& ledger) {
  Rcpp::NumericVector counts;
  for (std::size_t i = 1; i < n_reasons; ++i)
    counts.push_back(static_cast<double>(ledger[i]), reason_names[i]);
  return counts;
}

}  // namespace r
}  // namespace her2mod
