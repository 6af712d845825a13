#pragma once

// The one place that knows both worlds: R values to the core's and back.

#include <Rcpp.h>

#include <her2mod/base/cohort.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/base/table2x2.hpp>
#include <her2mod/exact/ideal_bootstrap.hpp>
#include <her2mod/resample/engine.hpp>
#include <her2mod/stat/statistic.hpp>

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

// A list with columns group, stratum (from 0), frequency, response, and n_groups, n_strata.
inline cohort to_cohort(const Rcpp::List& data) {
  return cohort(Rcpp::as<std::vector<std::int32_t>>(data["group"]), Rcpp::as<int>(data["n_groups"]),
                Rcpp::as<std::vector<std::int32_t>>(data["stratum"]),
                Rcpp::as<int>(data["n_strata"]),
                Rcpp::as<std::vector<double>>(data["frequency"]),
                Rcpp::as<std::vector<double>>(data["response"]));
}

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

inline Rcpp::CharacterVector reason_labels() {
  Rcpp::CharacterVector labels;
  for (const char* name : reason_names) labels.push_back(name);
  return labels;
}

// The failure ledger, named by reason; "none" is no failure.
inline Rcpp::NumericVector to_counts(const failure_ledger& ledger) {
  Rcpp::NumericVector counts;
  for (std::size_t i = 1; i < n_reasons; ++i)
    counts.push_back(static_cast<double>(ledger[i]), reason_names[i]);
  return counts;
}

inline Rcpp::IntegerVector to_factor_codes(const std::vector<reason>& reasons) {
  Rcpp::IntegerVector codes(static_cast<R_xlen_t>(reasons.size()));
  for (std::size_t i = 0; i < reasons.size(); ++i)
    codes[static_cast<R_xlen_t>(i)] = static_cast<int>(reasons[i]) + 1;
  codes.attr("levels") = reason_labels();
  codes.attr("class") = "factor";
  return codes;
}

}  // namespace r
}  // namespace her2mod
