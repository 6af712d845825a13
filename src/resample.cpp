// Statistics and the engine.

#include "convert.h"
#include "executor.h"
#include "jackknife.h"

#include <thread>

#include <her2mod/infer/bootstrap_interval.hpp>
#include <her2mod/resample/bootstrap.hpp>
#include <her2mod/resample/engine.hpp>
#include <her2mod/resample/jackknife.hpp>
#include <her2mod/resample/permutation.hpp>
#include <her2mod/stat/registry.hpp>

namespace {

using namespace her2mod;

Rcpp::List as_list(const replicates& result, std::size_t outputs) {
  return Rcpp::List::create(Rcpp::Named("values") = r::to_matrix(result.values, outputs),
                            Rcpp::Named("reasons") = r::to_factor_codes(result.reasons),
                            Rcpp::Named("failures") = r::to_counts(result.ledger()));
}

template <class Plan>
Rcpp::List run_plan(const statistic& stat, const Plan& plan, replicate_range range, std::size_t rows,
                    int threads) {
  r::session_executor host(static_cast<std::size_t>(threads));
  const replicates result =
      r::interruptible([&] { return evaluate_replicates(stat, plan, range, rows, host); });
  return as_list(result, stat.describe().n_outputs);
}

}  // namespace

// The registry as a data frame.
// [[Rcpp::export(rng = false)]]
Rcpp::DataFrame cpp_statistics() {
  Rcpp::CharacterVector name, title, endpoint, scale;
  Rcpp::IntegerVector sign;
  for (const auto& entry : registry()) {
    name.push_back(entry.spec->name);
    title.push_back(entry.spec->title);
    endpoint.push_back("binary");
    scale.push_back(entry.spec->scale == analysis_scale::log ? "log" : "identity");
    sign.push_back(entry.spec->sign);
  }
  return Rcpp::DataFrame::create(Rcpp::Named("name") = name, Rcpp::Named("title") = title,
                                 Rcpp::Named("endpoint") = endpoint, Rcpp::Named("scale") = scale,
                                 Rcpp::Named("sign") = sign,
                                 Rcpp::Named("stringsAsFactors") = false);
}

// One evaluation with given weights and labels (labels from 0).
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_evaluate(const Rcpp::List& data, const std::string& statistic,
                        const std::vector<double>& weight, const std::vector<int>& label) {
  const cohort rows = r::to_cohort(data);
  if (weight.size() != rows.rows() || label.size() != rows.rows())
    throw input_error("Weights and labels must have one value a row.");
  const auto stat = prepare(statistic, rows);
  const auto scratch = stat->make_workspace();
  replicates one{std::vector<double>(stat->describe().n_outputs), std::vector<reason>(1)};
  const std::vector<std::int32_t> labels(label.begin(), label.end());
  one.reasons[0] = stat->evaluate({weight, labels}, *scratch, one.values);
  return as_list(one, stat->describe().n_outputs);
}

// Replicates first, ..., first + count - 1, numbered from 1.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_bootstrap(const Rcpp::List& data, const std::string& statistic, double seed,
                         double first, double count, int threads) {
  const cohort rows = r::to_cohort(data);
  const auto stat = prepare(statistic, rows);
  const bootstrap_plan plan(rows, static_cast<std::uint64_t>(seed));
  return run_plan(*stat, plan,
                  {static_cast<std::uint64_t>(first) - 1, static_cast<std::size_t>(count)},
                  static_cast<std::size_t>(rows.units()), threads);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_permutation(const Rcpp::List& data, const std::string& statistic, double seed,
                           double first, double count, int threads) {
  const cohort rows = r::to_cohort(data);
  const auto stat = prepare(statistic, rows);
  const permutation_plan plan(rows, static_cast<std::uint64_t>(seed));
  return run_plan(*stat, plan,
                  {static_cast<std::uint64_t>(first) - 1, static_cast<std::size_t>(count)},
                  rows.rows(), threads);
}

// Leave-one-out values, one a row, and the acceleration they give.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_jackknife(const Rcpp::List& data, const std::string& statistic) {
  const cohort rows = r::to_cohort(data);
  const auto stat = prepare(statistic, rows);
  r::session_executor host(1);
  const replicates result = r::interruptible([&] { return leave_one_out(*stat, rows, host); });
  Rcpp::List out = as_list(result, stat->describe().n_outputs);
  out["acceleration"] = r::acceleration_of(result, rows, stat->describe().n_outputs);
  return out;
}

// [[Rcpp::export(rng = false)]]
int cpp_hardware_threads() {
  const unsigned threads = std::thread::hardware_concurrency();
  return threads == 0 ? 1 : static_cast<int>(threads);
}
