// Counts of patients before there is a cohort.

#include "convert.h"

// Patients n and, of a response of 0 and 1, events x in each cell, stratum * n_groups + group. The
// columns are as a cohort has them; unlike there, a row may stand for no patient.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_count_cells(const Rcpp::List& rows, int n_groups, int n_strata) {
  using namespace her2mod;
  const auto has = [&](const char* name) { return rows.containsElementNamed(name); };
  const column<std::int32_t> group = r::to_codes(rows["group"]);
  const column<double> response = r::to_numbers(rows["response"]);
  column<std::int32_t> stratum;
  column<double> frequency;
  if (has("stratum")) stratum = r::to_codes(rows["stratum"]);
  if (has("frequency")) frequency = r::to_numbers(rows["frequency"]);
  Rcpp::NumericVector n(n_groups * n_strata), x(n_groups * n_strata);
  for (std::size_t row = 0; row < group.size(); ++row) {
    const int cell = (stratum.empty() ? 0 : stratum[row] * n_groups) + group[row];
    const double patients = frequency.empty() ? 1 : frequency[row];
    n[cell] += patients;
    x[cell] += patients * response[row];
  }
  return Rcpp::List::create(Rcpp::Named("x") = x, Rcpp::Named("n") = n);
}
