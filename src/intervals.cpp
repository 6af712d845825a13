// Intervals and p-values from numbers.

#include "convert.h"

#include <algorithm>

#include <her2mod/exact/ideal_studentized.hpp>
#include <her2mod/infer/bootstrap_interval.hpp>
#include <her2mod/infer/monte_carlo.hpp>

namespace {

using namespace her2mod;

std::vector<binomial_sample> to_samples(const std::vector<double>& x, const std::vector<double>& n) {
  std::vector<binomial_sample> samples;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (n[i] > 0) samples.push_back({x[i], n[i]});
  return samples;
}

}  // namespace

// Quantiles of replicates (which need not be sorted), and the share below an estimate.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_replicate_summary(std::vector<double> replicates, double estimate,
                                 const std::vector<double>& probabilities) {
  if (replicates.empty()) throw input_error("There are no replicates to summarise.");
  std::sort(replicates.begin(), replicates.end());
  std::vector<double> quantiles;
  for (const double q : probabilities) quantiles.push_back(replicate_quantile(replicates, q));
  return Rcpp::List::create(Rcpp::Named("quantiles") = quantiles,
                            Rcpp::Named("mid_share") = mid_distribution(replicates, estimate));
}

// The error probabilities at both ends of a BCa interval.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_bca_tails(double mid_share, double acceleration, double tail) {
  const bca_tails tails = adjusted_tails(mid_share, acceleration, tail);
  return Rcpp::NumericVector::create(Rcpp::Named("below") = tails.below,
                                     Rcpp::Named("above") = tails.above);
}

// The exact bootstrap distribution of a two-group binary effect: low[i] = min{t: P(T* <= t) >=
// below[i]}, high[i] = max{t: P(T* >= t) >= above[i]}, and its moments. x0, n0, x1, n1 by stratum.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_ideal_bootstrap(const std::string& statistic, const std::vector<double>& x0,
                               const std::vector<double>& n0, const std::vector<double>& x1,
                               const std::vector<double>& n1, double estimate,
                               const std::vector<double>& below, const std::vector<double>& above) {
  const ideal_bootstrap ideal(to_samples(x0, n0), to_samples(x1, n1), r::to_link(statistic));
  std::vector<double> low, high;
  for (const double q : below) low.push_back(ideal.low(q));
  for (const double q : above) high.push_back(ideal.high(q));
  return Rcpp::List::create(
      Rcpp::Named("low") = low, Rcpp::Named("high") = high, Rcpp::Named("mean") = ideal.mean(),
      Rcpp::Named("standard_error") = ideal.standard_error(),
      Rcpp::Named("mid_share") = ideal.mid_distribution(estimate),
      Rcpp::Named("undefined") = ideal.undefined(), Rcpp::Named("infinite") = ideal.infinite());
}

// The same for (T* - T) / SE*.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_ideal_studentized(const std::string& statistic,
                                          const std::vector<double>& x0,
                                          const std::vector<double>& n0,
                                          const std::vector<double>& x1,
                                          const std::vector<double>& n1, double estimate,
                                          double tail) {
  const risk_link link = r::to_link(statistic);
  const ideal_studentized t(resampled_risk(to_samples(x0, n0), link),
                            resampled_risk(to_samples(x1, n1), link), link, estimate);
  return Rcpp::NumericVector::create(Rcpp::Named("low") = t.low(tail),
                                     Rcpp::Named("high") = t.high(tail));
}

// The exact permutation distribution of group 1's events, given each stratum's sizes and events.
// [[Rcpp::export(rng = false)]]
Rcpp::DataFrame cpp_permutation_null(const std::vector<double>& n0, const std::vector<double>& n1,
                                     const std::vector<double>& events) {
  mass_window total;
  point_mass(0, total);
  for (std::size_t i = 0; i < n0.size(); ++i) {
    mass_window stratum;
    hypergeometric_mass(static_cast<long>(n0[i]), static_cast<long>(n1[i]),
                        static_cast<long>(events[i]), stratum);
    total = convolve(total, stratum);
  }
  std::vector<double> x1;
  for (long k = total.first; k <= total.last(); ++k) x1.push_back(static_cast<double>(k));
  return Rcpp::DataFrame::create(Rcpp::Named("x1") = x1, Rcpp::Named("probability") = total.mass);
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_monte_carlo_p(double exceeding, double replicates, double level) {
  const monte_carlo_p p = monte_carlo_p_value(exceeding, replicates, level);
  return Rcpp::NumericVector::create(Rcpp::Named("p.value") = p.p_value,
                                     Rcpp::Named("conf.low") = p.ci.low,
                                     Rcpp::Named("conf.high") = p.ci.high);
}
