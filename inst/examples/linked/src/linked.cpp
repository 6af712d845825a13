#include "trimmed_mean_difference.hpp"

#include <Rcpp.h>

#include <string>
#include <vector>

#include <her2mod/resample/bootstrap.hpp>
#include <her2mod/resample/engine.hpp>
#include <her2mod/resample/permutation.hpp>

namespace {

// The core's rows: groups are 0 and 1; here one stratum, one patient a row.
her2mod::cohort to_cohort(const std::vector<double>& response,
                          const std::vector<int>& group) {
  const std::size_t n = group.size();
  return her2mod::cohort({group.begin(), group.end()}, 2, std::vector<std::int32_t>(n), 1,
                         std::vector<double>(n, 1.0), response);
}

// R numbers replicates from 1, the core from 0.
std::vector<double> run(const her2mod::statistic& stat, const her2mod::cohort& rows,
                        const std::string& plan, double seed, double first, int count) {
  const her2mod::replicate_range range{static_cast<std::uint64_t>(first) - 1,
                                       static_cast<std::size_t>(count)};
  const auto key = static_cast<std::uint64_t>(seed);
  her2mod::serial_executor host;
  const auto evaluate = [&](const auto& how) {
    return her2mod::evaluate_replicates(stat, how, range, rows.rows(), host, 1).values;
  };
  return plan == "permutation" ? evaluate(her2mod::permutation_plan(rows, key))
                               : evaluate(her2mod::bootstrap_plan(rows, key));
}

}  // namespace

// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_trimmed_replicates(const std::vector<double>& response,
                                           const std::vector<int>& group, double trim,
                                           const std::string& plan, double seed, double first,
                                           int count) {
  const her2mod::cohort rows = to_cohort(response, group);
  return run(her2linked::trimmed_mean_difference(rows, trim), rows, plan, seed, first, count);
}
