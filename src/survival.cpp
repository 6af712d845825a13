// Times, curves and log-rank tests of survival data.

#include "convert.h"

#include "interruptible.h"

#include <her2mod/infer/survival_band.hpp>
#include <her2mod/math/form_maximum.hpp>
#include <her2mod/math/normal_maximum.hpp>
#include <her2mod/math/quadratic_form.hpp>
#include <her2mod/surv/cox_two_groups.hpp>
#include <her2mod/surv/curve.hpp>
#include <her2mod/surv/logrank_groups.hpp>
#include <her2mod/surv/tied_times.hpp>

namespace {

using namespace her2mod;

Rcpp::List to_list(const survival_curve& curve) {
  return Rcpp::List::create(
      Rcpp::Named("time") = curve.time, Rcpp::Named("n.risk") = curve.at_risk,
      Rcpp::Named("n.event") = curve.events, Rcpp::Named("n.censor") = curve.censored,
      Rcpp::Named("survival") = curve.survival, Rcpp::Named("greenwood") = curve.greenwood,
      Rcpp::Named("cumulative_hazard") = curve.hazard,
      Rcpp::Named("hazard_variance") = curve.hazard_variance);
}

Rcpp::NumericMatrix square(const std::vector<double>& by_row) {
  const auto n = static_cast<int>(std::lround(std::sqrt(static_cast<double>(by_row.size()))));
  Rcpp::NumericMatrix out(n, n);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) out(i, j) = by_row[static_cast<std::size_t>(i * n + j)];
  return out;
}

Rcpp::List to_list(const logrank_tests& tests) {
  Rcpp::List score, variance;
  std::vector<double> length;
  std::vector<int> df;
  for (std::size_t k = 0; k < tests.score.size(); ++k) {
    score.push_back(tests.score[k]);
    variance.push_back(square(tests.variance[k]));
    length.push_back(squared_length(tests.score[k], tests.variance[k]));
    df.push_back(static_cast<int>(rank_of(tests.variance[k])));
  }
  return Rcpp::List::create(Rcpp::Named("score") = score, Rcpp::Named("variance") = variance,
                            Rcpp::Named("chi_squared") = length, Rcpp::Named("df") = df,
                            Rcpp::Named("joint") = square(tests.joint),
                            Rcpp::Named("observed") = tests.observed,
                            Rcpp::Named("expected") = tests.expected);
}

// With its standard error.
Rcpp::NumericVector log_hazard_ratio_of(const risk_counts& counts) {
  cox_two_groups cox;
  const double ratio = cox.fit(counts, {}, 0);
  const bool known = std::isfinite(ratio);
  return Rcpp::NumericVector::create(ratio, known ? 1 / std::sqrt(cox.information(ratio)) : not_a_number);
}

}  // namespace

// The values of `time` with ties by survival's rule; those of `also` (entry times) count as well.
// Where no two different times are tied, the vectors themselves.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_tied_times(Rcpp::NumericVector time, Rcpp::NumericVector also) {
  std::vector<double> all(time.begin(), time.end());
  all.insert(all.end(), also.begin(), also.end());
  if (tie_times(all)) {
    const auto end_of_time = all.begin() + time.size();
    time = Rcpp::NumericVector(all.begin(), end_of_time);
    also = Rcpp::NumericVector(end_of_time, all.end());
  }
  return Rcpp::List::create(Rcpp::Named("time") = time, Rcpp::Named("also") = also);
}

// Each group's curve, the log-rank tests, and, of two groups, the log hazard ratio. `weights`: a row a test, of its family's number, rho,
// gamma and t*.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_survival(const Rcpp::List& data, const Rcpp::NumericMatrix& weights) {
  const cohort rows = r::to_cohort(data);
  std::vector<logrank_weight> which;
  for (int k = 0; k < weights.nrow(); ++k)
    which.push_back({static_cast<logrank_family>(static_cast<int>(weights(k, 0))), weights(k, 1), weights(k, 2),
                     weights(k, 3)});
  const event_table pooled(rows, risk_sets::pooled);
  Rcpp::List curves;
  for (std::size_t g = 0; g < pooled.groups(); ++g) curves.push_back(to_list(curve_of(pooled, g)));
  Rcpp::List answer = Rcpp::List::create(Rcpp::Named("curves") = curves);
  if (rows.n_groups() < 2) return answer;
  const auto compare = [&](const event_table& table) {
    risk_counts counts(table);
    counts.fill(table, {rows.frequency(), rows.group(), false});
    answer["tests"] = to_list(test_logrank(table, counts, which));
    if (rows.n_groups() == 2) answer["log_hazard_ratio"] = log_hazard_ratio_of(counts);
  };
  if (rows.n_strata() == 1)
    compare(pooled);
  else
    compare(event_table(rows, risk_sets::within_strata));
  return answer;
}

// Restricted mean survival time and its variance.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_restricted_mean(const std::vector<double>& time, const std::vector<double>& at_risk,
                                        const std::vector<double>& events, double tau) {
  const auto [mean, variance] = restricted_mean_of(time, at_risk, events, tau);
  return Rcpp::NumericVector::create(mean, variance);
}

// P(max |Z| > c), or P(max Z > c) one-sided, of normal Z with a correlation matrix (row by row), and
// how far off it may be.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_normal_maximum(const std::vector<double>& correlation, double c, bool two_sided) {
  const tail_probability found = r::interruptible([&] {
    return normal_maximum_tail(correlation, c, two_sided ? alternative::two_sided : alternative::greater);
  });
  return Rcpp::NumericVector::create(found.p, found.error);
}

// P(min p <= a) of the p-values of `parts` quadratic forms of normal vectors with a joint covariance (row by row), and how
// far off it may be.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_form_maximum(const std::vector<double>& covariance, int parts, double a) {
  const tail_probability found =
      r::interruptible([&] { return form_maximum_tail(covariance, static_cast<std::size_t>(parts), a); });
  return Rcpp::NumericVector::create(found.p, found.error);
}

// A simultaneous band of one curve from one time to another; NaN outside. `n`: patients.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_survival_band(const std::vector<double>& time, const std::vector<double>& survival,
                             const std::vector<double>& greenwood, double n, double from, double to,
                             double level, bool equal_precision, const std::string& scale) {
  const band_scale on = scale == "plain"     ? band_scale::plain
                        : scale == "log-log" ? band_scale::log_log
                                             : band_scale::arcsine;
  const survival_band band = r::interruptible([&] {
    return band_of_curve(time, survival, greenwood, n, from, to, level,
                         equal_precision ? band_kind::equal_precision : band_kind::hall_wellner, on);
  });
  std::vector<double> low, high;
  for (const interval& limits : band.limits) {
    low.push_back(limits.low);
    high.push_back(limits.high);
  }
  return Rcpp::List::create(Rcpp::Named("low") = low, Rcpp::Named("high") = high,
                            Rcpp::Named("critical") = band.critical);
}
