// Logistic regression: the rows of a data frame to the core's columns, and its results to lists.

#include "interruptible.h"
#include "profile_rows.h"

#include <algorithm>
#include <vector>

#include <her2mod/math/logistic_model.hpp>
#include <her2mod/stat/adjustment.hpp>

namespace {

using namespace her2mod;

// The columns of `rows`, which must outlive a model of them.
struct given_columns {
  column<double> trials, events;
  std::vector<column<double>> covariates;
  logistic_columns all;

  explicit given_columns(const Rcpp::List& rows)
      : trials(r::to_numbers(rows["trials"])), events(r::to_numbers(rows["events"])), all{trials, events, {}} {
    for (const SEXP x : Rcpp::List(rows["covariates"])) covariates.push_back(r::to_numbers(Rcpp::NumericVector(x)));
    for (const auto& x : covariates) all.covariates.push_back(x);
  }
};

logistic_model make_model(const given_columns& given, const Rcpp::List& options) {
  return logistic_model(given.all, Rcpp::as<bool>(options["firth"]) ? logistic_penalty::firth : logistic_penalty::none);
}

Rcpp::NumericMatrix square(const std::vector<double>& values, std::size_t p) {
  return Rcpp::NumericMatrix(static_cast<int>(p), static_cast<int>(p), values.begin());
}

}  // namespace

// `rows`: trials, events, covariates (a list), and cluster (codes from 0, or NULL). `options`: firth,
// whole, robust, n_clusters, and, for profile likelihood, drop (half a quantile of chi-squared). The
// intercept comes first.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_logistic_fit(const Rcpp::List& rows, const Rcpp::List& options) {
  return r::interruptible([&] {
    const given_columns given(rows);
    logistic_model model = make_model(given, options);
    const std::size_t p = model.size();
    constexpr const char* ends[] = {"finite", "separated", "constant", "unsettled"};
    Rcpp::List out = Rcpp::List::create(
        Rcpp::Named("end") = ends[static_cast<int>(model.end())], Rcpp::Named("coefficients") = model.coefficients(),
        Rcpp::Named("variance") = square(model.variance(), p),
        Rcpp::Named("loglik") = Rcpp::NumericVector::create(model.null_value(), model.value()),
        Rcpp::Named("score_test") = model.score_test(), Rcpp::Named("rank") = static_cast<int>(model.rank()));
    if (Rcpp::as<bool>(options["robust"])) {
      column<std::int32_t> cluster;
      if (!Rf_isNull(rows["cluster"])) cluster = r::to_codes(rows["cluster"]);
      out["robust"] = square(model.robust_variance(cluster, Rcpp::as<std::size_t>(options["n_clusters"]),
                                                   Rcpp::as<bool>(options["whole"])), p);
    }
    if (!Rf_isNull(options["drop"])) {
      out["profile"] = r::profile_rows(model, model.coefficients(), Rcpp::as<double>(options["drop"]));
    }
    return out;
  });
}

// The likelihood-ratio statistic of each value of one covariate's coefficient (from 1; 0 is the intercept).
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_logistic_ratio(const Rcpp::List& rows, const Rcpp::List& options, int coefficient,
                                       const Rcpp::NumericVector& values) {
  return r::interruptible([&] {
    const given_columns given(rows);
    logistic_model model = make_model(given, options);
    Rcpp::NumericVector out(values.size());
    std::transform(values.begin(), values.end(), out.begin(), [&](double b) {
      return model.ratio_test(static_cast<std::size_t>(coefficient), b);
    });
    return out;
  });
}

// The two groups' adjusted risks, or restricted means, of a job's own rows.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_adjusted_means(const Rcpp::List& given) {
  return r::interruptible([&] {
    const r::job job(given);
    const auto* const means = dynamic_cast<const group_means*>(job.stat.get());
    if (!means) throw input_error("The statistic is not adjusted.");
    const std::array<double, 2> mean = means->observed();
    return Rcpp::NumericVector::create(mean[0], mean[1]);
  });
}
