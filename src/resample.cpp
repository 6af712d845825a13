// Statistics and the engine.

#include "convert.h"
#include "executor.h"
#include "jackknife.h"

#include <algorithm>
#include <cmath>
#include <thread>

#include <her2mod/resample/enumeration.hpp>
#include <her2mod/resample/imputation.hpp>
#include <her2mod/resample/permutation.hpp>
#include <her2mod/stat/prepare.hpp>

namespace {

using namespace her2mod;

constexpr double most_arrangements = 1e9;

// Values, one row a replicate, and how many failed for which reason.
template <class Plan>
Rcpp::List run_plan(const r::job& job, const Plan& plan, double first, double count,
                    std::size_t patients, int outputs, int threads) {
  r::session_executor host(static_cast<std::size_t>(threads));
  const replicate_range range{static_cast<std::uint64_t>(first) - 1, static_cast<std::size_t>(count)};
  const auto columns = static_cast<std::size_t>(outputs);
  if (columns < 1 || columns > job.stat->describe().n_outputs)
    throw input_error("A statistic was asked for outputs that it does not have.");
  const auto evaluate = [&](double* values) {
    return r::interruptible([&] { return evaluate_into(values, *job.stat, plan, range, patients, host, columns); });
  };
  const auto answer = [](const Rcpp::NumericMatrix& values, const failure_ledger& ledger) {
    return Rcpp::List::create(Rcpp::Named("values") = values, Rcpp::Named("failures") = r::to_counts(ledger));
  };
  if (columns == 1) {  // R's own memory
    Rcpp::NumericMatrix values(Rcpp::no_init(static_cast<int>(range.count), 1));
    return answer(values, evaluate(values.begin()));
  }
  std::vector<double> values(range.count * columns);
  const failure_ledger ledger = evaluate(values.data());
  return answer(r::to_matrix(values, columns), ledger);
}

// Replicates of a plan as columns: the weights (or labels) of every row.
template <class Plan, class Matrix, class Field>
Matrix list_draws(const Plan& plan, std::size_t rows, double first, int count, const Field& field) {
  typename Plan::state state(plan);
  Matrix out(static_cast<int>(rows), count);
  for (int b = 0; b < count; ++b) {
    const draw d = plan.make(static_cast<std::uint64_t>(first) - 1 + static_cast<std::uint64_t>(b), state);
    for (std::size_t i = 0; i < rows; ++i) out(static_cast<int>(i), b) = field(d, i);
  }
  return out;
}

}  // namespace

// The registry as a data frame.
// [[Rcpp::export(rng = false)]]
Rcpp::DataFrame cpp_statistics() {
  Rcpp::CharacterVector name, title, endpoint, scale, role, parameter;
  Rcpp::NumericVector null, lowest, highest;
  Rcpp::IntegerVector sign, outputs;
  constexpr const char* endpoints[] = {"binary", "numeric", "categorical", "survival"};
  for (const auto& entry : registry()) {
    const statistic_spec& spec = *entry.spec;
    name.push_back(entry.name);
    title.push_back(spec.title);
    endpoint.push_back(endpoints[static_cast<int>(spec.endpoint)]);
    scale.push_back(spec.scale == analysis_scale::log ? "log" : "identity");
    role.push_back(spec.role == statistic_role::test ? "test" : "effect");
    sign.push_back(spec.sign);
    outputs.push_back(static_cast<int>(spec.n_outputs));
    null.push_back(spec.null);
    lowest.push_back(spec.lowest);
    highest.push_back(spec.highest);
    parameter.push_back(spec.parameter);
  }
  return Rcpp::DataFrame::create(
      Rcpp::Named("name") = name, Rcpp::Named("title") = title, Rcpp::Named("endpoint") = endpoint,
      Rcpp::Named("role") = role, Rcpp::Named("scale") = scale, Rcpp::Named("sign") = sign,
      Rcpp::Named("null") = null, Rcpp::Named("lowest") = lowest, Rcpp::Named("highest") = highest,
      Rcpp::Named("outputs") = outputs, Rcpp::Named("parameter") = parameter,
      Rcpp::Named("stringsAsFactors") = false);
}

// One evaluation with given weights and labels (labels from 0); NULL takes the cohort's own. `outputs`:
// how many, from the first; 0 for all.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_evaluate(const Rcpp::List& given, SEXP weight = R_NilValue,
                        SEXP label = R_NilValue, int outputs = 0) {
  const r::job job(given);
  const column<double> weights = Rf_isNull(weight) ? job.rows.frequency() : r::to_numbers(weight);
  const column<std::int32_t> labels = Rf_isNull(label) ? job.rows.group() : r::to_codes(label);
  if (weights.size() != job.rows.rows() || labels.size() != job.rows.rows())
    throw input_error("Weights and labels must have one value a row.");
  const auto scratch = job.stat->make_workspace();
  std::vector<double> values(outputs > 0 ? static_cast<std::size_t>(outputs)
                                         : job.stat->describe().n_outputs);
  if (values.size() > job.stat->describe().n_outputs)
    throw input_error("A statistic was asked for outputs that it does not have.");
  const bool relabelled = !std::equal(labels.begin(), labels.end(), job.rows.group().begin());
  // A weight of 1 in every row is not listed, if it need not be.
  std::vector<std::uint8_t> ones;
  if (weights.is_constant() && weights[0] == 1 && !relabelled && job.stat->reads().times)
    ones.assign(weights.size(), 1);
  const bool whole =
      weights.is_constant() || std::all_of(weights.begin(), weights.end(), [](double w) { return w == std::floor(w); });
  const draw observed = ones.empty() ? draw{weights, labels, relabelled, {}, 0, {}, whole}
                                     : draw{{}, labels, false, {}, 0, ones};
  const reason why = job.stat->evaluate(observed, *scratch, values);
  return Rcpp::List::create(Rcpp::Named("values") = values,
                            Rcpp::Named("reason") = r::reason_names[static_cast<int>(why)]);
}

// Replicates first, ..., first + count - 1, numbered from 1.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_bootstrap(const Rcpp::List& given, double seed, double first, double count,
                         int outputs, int threads) {
  const r::job job(given);
  const bootstrap_plan plan(job.rows, static_cast<std::uint64_t>(seed), r::to_scheme(given["scheme"]));
  return run_plan(job, plan, first, count, static_cast<std::size_t>(job.rows.units()), outputs, threads);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_permutation(const Rcpp::List& given, double seed, double first, double count,
                           int outputs, int threads) {
  const r::job job(given);
  const permutation_plan plan(job.rows, static_cast<std::uint64_t>(seed));
  return run_plan(job, plan, first, count, job.rows.rows(), outputs, threads);
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_imputation(const Rcpp::List& given, double seed, double first, double count, int outputs,
                          int threads) {
  const r::job job(given);
  if (!job.stat->reads().imputed) throw input_error("This statistic does not read imputed times.");
  const imputation_plan plan(job.rows, static_cast<std::uint64_t>(seed));
  return run_plan(job, plan, first, count, job.rows.rows(), outputs, threads);
}

// How many arrangements of the labels there are, and the values at a range of them, from 1.
// [[Rcpp::export(rng = false)]]
double cpp_arrangements(const Rcpp::List& data) { return enumeration_plan::count(r::to_cohort(data)); }

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_enumeration(const Rcpp::List& given, double first, double count, int outputs,
                           int threads) {
  const r::job job(given);
  const enumeration_plan plan(job.rows, most_arrangements);
  return run_plan(job, plan, first, count, job.rows.rows(), outputs, threads);
}

// [[Rcpp::export(rng = false)]]
Rcpp::IntegerMatrix cpp_enumeration_labels(const Rcpp::List& data, double first, int count) {
  const cohort rows = r::to_cohort(data);
  const enumeration_plan plan(rows, most_arrangements);
  return list_draws<enumeration_plan, Rcpp::IntegerMatrix>(
      plan, rows.rows(), first, count, [](const draw& d, std::size_t i) { return d.label[i]; });
}

// The weights of replicates of a bootstrap, one column a replicate.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_bootstrap_weights(const Rcpp::List& data, const std::string& scheme,
                                          double seed, double first, int count) {
  const cohort rows = r::to_cohort(data);
  const bootstrap_plan plan(rows, static_cast<std::uint64_t>(seed), r::to_scheme(scheme));
  return list_draws<bootstrap_plan, Rcpp::NumericMatrix>(
      plan, rows.rows(), first, count, [](const draw& d, std::size_t i) { return d.weight[i]; });
}

// The labels (from 0) of replicates of a permutation, one column a replicate.
// [[Rcpp::export(rng = false)]]
Rcpp::IntegerMatrix cpp_permutation_labels(const Rcpp::List& data, double seed, double first,
                                           int count) {
  const cohort rows = r::to_cohort(data);
  const permutation_plan plan(rows, static_cast<std::uint64_t>(seed));
  return list_draws<permutation_plan, Rcpp::IntegerMatrix>(
      plan, rows.rows(), first, count, [](const draw& d, std::size_t i) { return d.label[i]; });
}

// The labels (from 0), times and events of replicates of an imputation, one column a replicate.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_imputed_rows(const Rcpp::List& data, double seed, double first, int count) {
  const cohort rows = r::to_cohort(data);
  const imputation_plan plan(rows, static_cast<std::uint64_t>(seed));
  const std::size_t n = rows.rows();
  return Rcpp::List::create(
      Rcpp::Named("label") = list_draws<imputation_plan, Rcpp::IntegerMatrix>(
          plan, n, first, count, [](const draw& d, std::size_t i) { return d.label[i]; }),
      Rcpp::Named("time") = list_draws<imputation_plan, Rcpp::NumericMatrix>(
          plan, n, first, count, [](const draw& d, std::size_t i) { return d.time[i]; }),
      Rcpp::Named("event") = list_draws<imputation_plan, Rcpp::IntegerMatrix>(
          plan, n, first, count, [](const draw& d, std::size_t i) { return d.event[i]; }));
}

// Whether imputation takes each stratum's own distributions of censoring.
// [[Rcpp::export(rng = false)]]
bool cpp_censoring_within_strata(const Rcpp::List& data) {
  return imputation_plan::censoring_within_strata(r::to_cohort(data));
}

// The number of replicates of a balanced round.
// [[Rcpp::export(rng = false)]]
double cpp_balanced_round(const Rcpp::List& data) {
  const cohort rows = r::to_cohort(data);
  return static_cast<double>(bootstrap_plan(rows, 0, scheme::balanced).round());
}

// Leave-one-out values, one a row (or cluster), and the acceleration they give.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_jackknife(const Rcpp::List& given, int threads) {
  const r::job job(given);
  r::session_executor host(static_cast<std::size_t>(threads));
  const std::vector<double> left_out =
      r::interruptible([&] { return leave_one_out(*job.stat, job.rows, host); });
  return Rcpp::List::create(Rcpp::Named("values") = left_out,
                            Rcpp::Named("acceleration") = r::acceleration_of(left_out, job.rows));
}

// The same acceleration from leave-one-out values that R has computed.
// [[Rcpp::export(rng = false)]]
double cpp_acceleration(const Rcpp::List& data, const std::vector<double>& left_out) {
  return r::acceleration_of(left_out, r::to_cohort(data));
}

// Whether clusters hold rows of several groups, so that they are drawn within strata only.
// [[Rcpp::export(rng = false)]]
bool cpp_mixed_clusters(const Rcpp::List& data) {
  return unnumbered_units(r::to_cohort(data)).mixed();
}

// [[Rcpp::export(rng = false)]]
int cpp_hardware_threads() {
  const unsigned threads = std::thread::hardware_concurrency();
  return threads == 0 ? 1 : static_cast<int>(threads);
}
