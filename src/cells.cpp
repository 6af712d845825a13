// Patients before there is a cohort: their counts and their order.

#include <numeric>
#include <vector>

#include <her2mod/base/stoppable_sort.hpp>

#include "convert.h"
#include "interruptible.h"

namespace {

// What a comparison reads, of numbers and codes alike.
struct key {
  const double* number;
  const int* code;
  double at(int row) const { return number ? number[row] : code[row]; }
};

std::vector<key> to_keys(const Rcpp::List& columns) {
  std::vector<key> keys;
  for (R_xlen_t k = 0; k < columns.size(); ++k) {
    const SEXP column = columns[k];
    keys.push_back(TYPEOF(column) == REALSXP ? key{REAL(column), nullptr} : key{nullptr, INTEGER(column)});
  }
  return keys;
}

}  // namespace

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

// The order of rows by columns of numbers or codes, none of them missing; ties as they come. It is R's order(), which takes
// several times the memory of its answer.
// [[Rcpp::export(rng = false)]]
Rcpp::IntegerVector cpp_row_order(const Rcpp::List& columns) {
  using namespace her2mod;
  const std::vector<key> keys = to_keys(columns);
  Rcpp::IntegerVector order(Rf_xlength(columns[0]));
  std::iota(order.begin(), order.end(), 0);
  r::interruptible([&] {
    stoppable_sort(order.begin(), order.end(), [&](int a, int b) {
      for (const key& by : keys) {
        const double left = by.at(a), right = by.at(b);
        if (left != right) return left < right;
      }
      return a < b;
    });
  });
  for (int& row : order) ++row;
  return order;
}
