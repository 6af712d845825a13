// Intervals and p-values from numbers.

#include "interruptible.h"

#include <algorithm>

#include <her2mod/base/stoppable_sort.hpp>
#include <her2mod/exact/ideal_studentized.hpp>
#include <her2mod/infer/bootstrap_interval.hpp>
#include <her2mod/infer/bootstrap_p.hpp>
#include <her2mod/infer/interval_error.hpp>

namespace {

using namespace her2mod;

std::vector<binomial_sample> to_samples(const std::vector<double>& x, const std::vector<double>& n) {
  std::vector<binomial_sample> samples;
  for (std::size_t i = 0; i < x.size(); ++i)
    if (n[i] > 0) samples.push_back({x[i], n[i]});
  return samples;
}

// Replicates come sorted where many subsets of them are summarised.
void sort_unless_sorted(std::vector<double>& values) {
  if (std::is_sorted(values.begin(), values.end())) return;
  r::interruptible([&] { stoppable_sort(values.begin(), values.end()); });
}

interval_type to_interval_type(const std::string& name) {
  if (name == "perc") return interval_type::perc;
  if (name == "basic") return interval_type::basic;
  if (name == "norm") return interval_type::norm;
  if (name == "stud") return interval_type::stud;
  if (name == "bca") return interval_type::bca;
  throw input_error("There is no interval type '" + name + "'.");
}

}  // namespace

// Monte Carlo errors of an interval's two ends, as shown, and of its p-value. `place`: which replicate
// each is (for "stud" a studentized one), from 1; so many groups take turns to be left out.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_interval_errors(const std::string& type,
                                        const Rcpp::NumericVector& replicates,
                                        const Rcpp::IntegerVector& place, int groups,
                                        double estimate, double error, double acceleration,
                                        double null, double tail, const std::string& alternative,
                                        bool log_scale) {
  std::vector<grouped_replicate> grouped;
  grouped.reserve(static_cast<std::size_t>(replicates.size()));
  for (R_xlen_t i = 0; i < replicates.size(); ++i)
    grouped.push_back({replicates[i], (place[i] - 1) % groups});
  const interval_basis basis{estimate, error, acceleration,
                             null,     tail,  r::to_alternative(alternative)};
  const interval_numbers errors = r::interruptible([&] {
    return interval_errors(to_interval_type(type), std::move(grouped), groups, basis,
                           [&](double end) { return log_scale ? std::exp(end) : end; });
  });
  return {errors.low, errors.high, errors.p};
}

// Quantiles of replicates (which need not be sorted), and the share below an estimate.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_replicate_summary(std::vector<double> replicates, double estimate,
                                 const std::vector<double>& probabilities) {
  if (replicates.empty()) throw input_error("There are no replicates to summarise.");
  sort_unless_sorted(replicates);
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

// The p-value that inverts an interval made of quantiles of replicates (for "stud", of studentized
// ones).
// [[Rcpp::export(rng = false)]]
double cpp_replicate_p(const std::string& type, std::vector<double> replicates, double estimate,
                       double error, double mid_share, double acceleration, double null,
                       const std::string& alternative) {
  sort_unless_sorted(replicates);
  replicate_summary summary;
  summary.mid_share = mid_share;
  return interval_p_value(to_interval_type(type), replicates, summary,
                          {estimate, error, acceleration, null, not_a_number,
                           r::to_alternative(alternative)});
}

// The same for an exact distribution with P(T* <= .) = lower and P(T* >= .) = upper at the value
// that the type asks of.
// [[Rcpp::export(rng = false)]]
double cpp_share_p(const std::string& type, double lower, double upper, double mid_share,
                   double acceleration, const std::string& alternative) {
  const auto side = r::to_alternative(alternative);
  const tail_shares shares{lower, upper};
  if (type == "bca") return bca_p_value(shares, mid_share, acceleration, side);
  return tails_p_value(type == "perc" ? shares : mirrored(shares), side);
}

// [[Rcpp::export(rng = false)]]
double cpp_norm_p(double estimate, double mean, double sd, double null,
                  const std::string& alternative) {
  return norm_p_value(estimate, mean, sd, null, r::to_alternative(alternative));
}

// The exact bootstrap distribution of a two-group binary effect: low[i] = min{t: P(T* <= t) >=
// below[i]}, high[i] = max{t: P(T* >= t) >= above[i]}, the shares P(T* <= at[i]) and P(T* >= at[i]), and
// its moments. x0, n0, x1, n1 by stratum.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_ideal_bootstrap(const std::string& statistic, const std::vector<double>& x0,
                               const std::vector<double>& n0, const std::vector<double>& x1,
                               const std::vector<double>& n1, double estimate,
                               const std::vector<double>& below, const std::vector<double>& above,
                               const std::vector<double>& at) {
  return r::interruptible([&] {
    const ideal_bootstrap ideal(to_samples(x0, n0), to_samples(x1, n1), r::to_link(statistic));
    Rcpp::List out = r::describe_exact(ideal, estimate, below, above, at);
    out["undefined"] = ideal.undefined();
    out["infinite"] = ideal.infinite();
    return out;
  });
}

// The same for (T* - T) / SE*: both ends at `tail`, and the shares at a value `at`.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_ideal_studentized(const std::string& statistic,
                                          const std::vector<double>& x0,
                                          const std::vector<double>& n0,
                                          const std::vector<double>& x1,
                                          const std::vector<double>& n1, double estimate,
                                          double tail, double at) {
  return r::interruptible([&] {
    const risk_link link = r::to_link(statistic);
    const ideal_studentized t(resampled_risk(to_samples(x0, n0), link),
                              resampled_risk(to_samples(x1, n1), link), link, estimate);
    return Rcpp::NumericVector::create(Rcpp::Named("low") = t.low(tail),
                                       Rcpp::Named("high") = t.high(tail),
                                       Rcpp::Named("at_most") = t.at_most(at),
                                       Rcpp::Named("at_least") = t.at_least(at));
  });
}
