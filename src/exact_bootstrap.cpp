// Exact bootstrap distributions of quantiles and means.

#include "interruptible.h"

#include <her2mod/exact/mean_bootstrap.hpp>
#include <her2mod/exact/order_statistic.hpp>

namespace {

using namespace her2mod;

// The units of one group, stratum by stratum.
group_units units_of(const cohort& data, int group) {
  group_units strata;
  for (int s = 0; s < data.n_strata(); ++s) {
    heartbeat(2 * data.rows());
    std::vector<double> value, frequency;
    for (std::size_t i = 0; i < data.rows(); ++i)
      if (data.group()[i] == group && data.stratum()[i] == s) {
        value.push_back(data.response()[i]);
        frequency.push_back(data.frequency()[i]);
      }
    if (!value.empty()) strata.push_back(tally(value, frequency));
  }
  return strata;
}

Rcpp::List to_list(const discrete_distribution& d) {
  return Rcpp::List::create(Rcpp::Named("value") = d.value, Rcpp::Named("mass") = d.mass,
                            Rcpp::Named("resolution") = d.resolution);
}

discrete_distribution to_distribution(const Rcpp::List& given) {
  return {Rcpp::as<std::vector<double>>(given["value"]), Rcpp::as<std::vector<double>>(given["mass"]),
          Rcpp::as<double>(given["resolution"])};
}

}  // namespace

// The bootstrap distribution of each group's quantile.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_quantile_bootstrap(const Rcpp::List& data, double prob) {
  return r::interruptible([&] {
    const cohort rows = r::to_cohort(data);
    Rcpp::List groups;
    for (int g = 0; g < 2; ++g)
      groups.push_back(to_list(quantile_bootstrap(units_of(rows, g), prob).distribution()));
    return groups;
  });
}

// The bootstrap distribution of each group's mean (or its logarithm), each with `rounding`: how far a
// quantile of it may be off because values were rounded to a lattice.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_mean_bootstrap(const Rcpp::List& data, bool logarithm) {
  return r::interruptible([&] {
    const cohort rows = r::to_cohort(data);
    Rcpp::List groups;
    for (int g = 0; g < 2; ++g) {
      const mean_bootstrap mean(units_of(rows, g));
      Rcpp::List one = to_list(logarithm ? log_of(mean.distribution()) : mean.distribution());
      one["rounding"] = mean.rounding();
      groups.push_back(one);
    }
    return groups;
  });
}

// What intervals and p-values ask of the difference of two such distributions.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_discrete_difference(const Rcpp::List& group0, const Rcpp::List& group1,
                                   double estimate, const std::vector<double>& below,
                                   const std::vector<double>& above, const std::vector<double>& at) {
  return r::interruptible([&] {
    const discrete_difference exact(to_distribution(group0), to_distribution(group1));
    return r::describe_exact(exact, estimate, below, above, at);
  });
}
