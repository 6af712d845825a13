// Competing risks: curves of a group, and Gray's test.

#include "interruptible.h"

#include <her2mod/surv/cumulative_incidence.hpp>
#include <her2mod/surv/gray.hpp>

namespace {

using namespace her2mod;

// A list with time, state, group, stratum (codes from 0) and n_causes, n_groups, n_strata; perhaps
// weight and entry. What it points to is R's, and is there for as long as the list is.
struct held_rows {
  Rcpp::NumericVector time, weight, entry;
  Rcpp::IntegerVector state, group, stratum;
  competing_rows rows;

  explicit held_rows(const Rcpp::List& given)
      : time(given["time"]),
        state(given["state"]),
        group(given["group"]),
        stratum(given["stratum"]) {
    const auto count = [&](const char* name) {
      return static_cast<std::size_t>(Rcpp::as<int>(given[name]));
    };
    const auto codes = [](const Rcpp::IntegerVector& v) {
      return span<const std::int32_t>(v.begin(), static_cast<std::size_t>(v.size()));
    };
    const auto numbers = [](const Rcpp::NumericVector& v) {
      return span<const double>(v.begin(), static_cast<std::size_t>(v.size()));
    };
    for (const auto& [name, held] : {std::pair{"weight", &weight}, {"entry", &entry}})
      if (given.containsElementNamed(name) && !Rf_isNull(given[name])) *held = Rcpp::NumericVector(given[name]);
    rows = {numbers(time),
            codes(state),
            codes(group),
            codes(stratum),
            count("n_causes"),
            count("n_groups"),
            count("n_strata"),
            numbers(weight),
            numbers(entry)};
    check_competing(rows);
  }
};

}  // namespace

// The curves of group `group` (from 0): a data frame a cause.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_cumulative_incidence(const Rcpp::List& data, int group) {
  const held_rows held(data);
  const competing_curves curves =
      r::interruptible([&] { return curves_of_group(held.rows, static_cast<std::size_t>(group)); });
  Rcpp::List causes;
  for (std::size_t k = 0; k < curves.causes.size(); ++k)
    causes.push_back(Rcpp::DataFrame::create(
        Rcpp::Named("time") = curves.time, Rcpp::Named("n.risk") = curves.at_risk,
        Rcpp::Named("n.event") = curves.events[k], Rcpp::Named("n.censor") = curves.censored,
        Rcpp::Named("event_free") = curves.survival,
        Rcpp::Named("estimate") = curves.causes[k].incidence,
        Rcpp::Named("aalen") = curves.causes[k].variance_aalen,
        Rcpp::Named("jackknife") = curves.causes[k].variance_jackknife));
  return causes;
}

// Gray's test of one cause, from 0.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_gray_test(const Rcpp::List& data, int cause, double rho) {
  const held_rows held(data);
  const gray_result test =
      r::interruptible([&] { return gray_test(held.rows, static_cast<std::size_t>(cause), rho); });
  return Rcpp::List::create(Rcpp::Named("statistic") = test.statistic, Rcpp::Named("df") = test.df,
                            Rcpp::Named("score") = test.score,
                            Rcpp::Named("covariance") = test.covariance);
}
