// Cox regression: the rows of a data frame to the core's columns, and its results to lists.

#include "interruptible.h"
#include "profile_rows.h"

#include <algorithm>

#include <her2mod/surv/cox_model.hpp>

namespace {

using namespace her2mod;

// R values by which the core's columns stay alive.
struct given_columns {
  column<double> time, entry, frequency;
  column<std::int32_t> event, stratum;
  std::vector<column<double>> covariates;
  cox_columns columns;

  explicit given_columns(const Rcpp::List& rows) {
    const auto has = [&](const char* name) { return !Rf_isNull(rows[name]); };
    time = r::to_numbers(rows["time"]);
    event = r::to_codes(rows["event"]);
    if (has("entry"))
      entry = r::to_numbers(rows["entry"]);
    if (has("frequency"))
      frequency = r::to_numbers(rows["frequency"]);
    if (has("stratum"))
      stratum = r::to_codes(rows["stratum"]);
    for (const SEXP x : Rcpp::List(rows["covariates"]))
      covariates.push_back(r::to_numbers(Rcpp::NumericVector(x)));
    columns.time = time;
    columns.event = event;
    columns.entry = entry;
    columns.frequency = frequency;
    columns.stratum = stratum;
    for (const auto& x : covariates)
      columns.covariates.push_back(x);
  }
};

cox_model make_model(const given_columns& given, const Rcpp::List& options) {
  const auto ties =
      Rcpp::as<std::string>(options["ties"]) == "efron" ? cox_ties::efron : cox_ties::breslow;
  const auto penalty =
      Rcpp::as<std::string>(options["penalty"]) == "firth" ? cox_penalty::firth : cox_penalty::none;
  return cox_model(given.columns, ties, Rcpp::as<bool>(options["whole"]), penalty);
}

Rcpp::NumericMatrix square(const std::vector<double>& values, std::size_t p) {
  return Rcpp::NumericMatrix(static_cast<int>(p), static_cast<int>(p), values.begin());
}

Rcpp::NumericMatrix symmetric(const std::vector<double>& packed, std::size_t p) {
  std::vector<double> values(p * p);
  for (std::size_t j = 0; j < p; ++j)
    for (std::size_t k = 0; k <= j; ++k)
      values[j * p + k] = values[k * p + j] = packed[packed_at(j, k)];
  return square(values, p);
}

// Row by row to a matrix.
Rcpp::NumericMatrix by_rows(const std::vector<double>& values, std::size_t p) {
  const Rcpp::NumericMatrix columns(static_cast<int>(p), static_cast<int>(values.size() / p),
                                    values.begin());
  return Rcpp::transpose(columns);
}

} // namespace

// `rows`: time, event, covariates (a list), and entry, frequency, stratum (codes from 0), cluster
// (codes from 0; NULL where there are none). `options`: ties, penalty, whole, robust, n_clusters,
// and, for profile likelihood, drop (half a quantile of chi-squared).
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_cox_fit(const Rcpp::List& rows, const Rcpp::List& options) {
  return r::interruptible([&] {
    const given_columns given(rows);
    cox_model model = make_model(given, options);
    const std::size_t p = given.covariates.size();
    constexpr const char* ends[] = {"finite", "infinite", "no_events", "unsettled"};
    const std::vector<double> coefficients = model.coefficients();
    Rcpp::List out = Rcpp::List::create(
        Rcpp::Named("end") = ends[static_cast<int>(model.end())],
        Rcpp::Named("coefficients") = coefficients,
        Rcpp::Named("variance") = square(model.variance(), p),
        Rcpp::Named("loglik") = Rcpp::NumericVector::create(model.null_value(), model.value()),
        Rcpp::Named("score_test") = model.score_test(),
        Rcpp::Named("rank") = static_cast<int>(model.rank()),
        Rcpp::Named("dependent") = Rcpp::LogicalVector(model.dependent().begin(), model.dependent().end()));
    if (Rcpp::as<bool>(options["robust"])) {
      column<std::int32_t> cluster;
      if (!Rf_isNull(rows["cluster"]))
        cluster = r::to_codes(rows["cluster"]);
      out["robust"] =
          square(model.robust_variance(cluster, Rcpp::as<std::size_t>(options["n_clusters"])), p);
    }
    if (!Rf_isNull(options["drop"])) {
      const bool settled = model.end() != cox_end::unsettled;
      out["profile"] = r::profile_rows(model, settled ? coefficients : std::vector<double>(p, NA_REAL),
                                       Rcpp::as<double>(options["drop"]));
    }
    return out;
  });
}

// The likelihood-ratio statistic of each value of one coefficient (from 0).
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_cox_ratio(const Rcpp::List& rows, const Rcpp::List& options, int coefficient,
                                  const Rcpp::NumericVector& values) {
  return r::interruptible([&] {
    const given_columns given(rows);
    cox_model model = make_model(given, options);
    Rcpp::NumericVector out(values.size());
    std::transform(values.begin(), values.end(), out.begin(), [&](double b) {
      return model.ratio_test(static_cast<std::size_t>(coefficient), b);
    });
    return out;
  });
}

// dfbeta of every row; Schoenfeld residuals of every death, and which row (from 0) it is.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_cox_residuals(const Rcpp::List& rows, const Rcpp::List& options) {
  return r::interruptible([&] {
    const given_columns given(rows);
    cox_model model = make_model(given, options);
    const std::size_t p = given.covariates.size();
    Rcpp::IntegerVector death;
    for (const std::uint32_t row : model.data().order())
      if (given.event[row] != 0)
        death.push_back(static_cast<int>(row));
    return Rcpp::List::create(Rcpp::Named("dfbeta") = by_rows(model.dfbeta(given.time.size()), p),
                              Rcpp::Named("schoenfeld") = by_rows(model.schoenfeld(), p),
                              Rcpp::Named("death") = death);
  });
}

// The score test of proportional hazards with the function g of time, given for every row.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_cox_zph(const Rcpp::List& rows, const Rcpp::List& options,
                       const Rcpp::NumericVector& g) {
  return r::interruptible([&] {
    const given_columns given(rows);
    const cox_model model = make_model(given, options);
    const std::size_t p = given.covariates.size();
    const cox_zph test = model.hazards_test(r::to_numbers(g));
    return Rcpp::List::create(Rcpp::Named("score") = test.score,
                              Rcpp::Named("plain") = symmetric(test.plain, p),
                              Rcpp::Named("once") = symmetric(test.once, p),
                              Rcpp::Named("twice") = symmetric(test.twice, p));
  });
}
