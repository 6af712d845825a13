// Every named interval and test of two proportions, as one table.

#include "interruptible.h"
#include "proportion_answers.h"

#include <string>
#include <vector>

namespace {

using namespace her2mod;
using namespace her2mod::r;

// How the work grows: with the digits asked for, with the number of tables, or with that many
// searches over the tables.
enum class cost { small, tables, searches };

struct method {
  const char* term;
  const char* name;
  int group;  // 0 or 1 for a proportion, -1 else
  cost grows;
  answer (*compute)(const request&);
};

#define HER2MOD_PROPORTION(name, limits)                            \
  {"proportion", name, 0, cost::small, proportion<limits, false>},  \
  {"proportion", name, 1, cost::small, proportion<limits, true>}

const std::vector<method>& methods() {
  static const std::vector<method> all{
      HER2MOD_PROPORTION("wilson", one_wilson),
      HER2MOD_PROPORTION("wilson-cc", one_wilson_cc),
      HER2MOD_PROPORTION("clopper-pearson", one_clopper_pearson),
      HER2MOD_PROPORTION("jeffreys", one_jeffreys),
      HER2MOD_PROPORTION("agresti-coull", one_agresti_coull),
      HER2MOD_PROPORTION("midp", one_midp),
      {"risk_difference", "wald", -1, cost::small, wald},
      {"risk_difference", "agresti-caffo", -1, cost::small, agresti_caffo},
      {"risk_difference", "newcombe", -1, cost::small, newcombe<false>},
      {"risk_difference", "newcombe-cc", -1, cost::small, newcombe<true>},
      {"risk_difference", "miettinen-nurminen", -1, cost::small, miettinen_nurminen},
      {"risk_difference", "mee", -1, cost::small, mee},
      {"risk_difference", "exact-score", -1, cost::searches, exact_difference<false>},
      {"risk_difference", "exact-score-central", -1, cost::searches, exact_difference<true>},
      {"risk_difference", "bootstrap-exact-percentile", -1, cost::small, bootstrap_exact<false>},
      {"risk_difference", "bootstrap-exact-bca", -1, cost::small, bootstrap_exact<true>},
      {"risk_ratio", "katz", -1, cost::small, katz},
      {"risk_ratio", "koopman", -1, cost::small, score_ratio<risk_ratio_score, false>},
      {"risk_ratio", "miettinen-nurminen", -1, cost::small, score_ratio<risk_ratio_score, true>},
      {"risk_ratio", "exact-score", -1, cost::searches, exact_ratio<false>},
      {"risk_ratio", "exact-score-central", -1, cost::searches, exact_ratio<true>},
      {"odds_ratio", "woolf", -1, cost::small, woolf},
      {"odds_ratio", "fisher-conditional", -1, cost::small, conditional<2>},
      {"odds_ratio", "midp-conditional", -1, cost::small, conditional<1>},
      {"odds_ratio", "cornfield", -1, cost::small, score_ratio<odds_ratio_score, false>},
      {"odds_ratio", "miettinen-nurminen", -1, cost::small, score_ratio<odds_ratio_score, true>},
      {"test", "pearson", -1, cost::small, z_test<pearson_statistic>},
      {"test", "yates", -1, cost::small, z_test<yates_statistic>},
      {"test", "n-1", -1, cost::small, z_test<n_minus_1_statistic>},
      {"test", "lr", -1, cost::small, z_test<likelihood_ratio_statistic>},
      {"test", "wald", -1, cost::small, wald_test},
      {"test", "unpooled-z", -1, cost::small, z_test<unpooled_statistic>},
      {"test", "fisher", -1, cost::small, fisher},
      {"test", "fisher-central", -1, cost::small, fisher_central},
      {"test", "fisher-midp", -1, cost::small, fisher_midp},
      {"test", "barnard", -1, cost::tables, barnard<z_variance::pooled>},
      {"test", "barnard-unpooled", -1, cost::tables, barnard<z_variance::unpooled>},
      {"test", "boschloo", -1, cost::tables, boschloo},
  };
  return all;
}

#undef HER2MOD_PROPORTION

const char* cost_name(cost c) {
  switch (c) {
    case cost::tables: return "tables";
    case cost::searches: return "searches";
    default: return "small";
  }
}

// NaN is the core's "no such number"; R's word for it is NA.
double na_if_nan(double x) { return std::isnan(x) ? NA_REAL : x; }

}  // namespace

// The methods, one row each; `group` is NA but for one proportion.
// [[Rcpp::export(rng = false)]]
Rcpp::DataFrame cpp_proportion_methods() {
  std::vector<std::string> term, name, grows;
  Rcpp::IntegerVector group;
  for (const method& m : methods()) {
    term.push_back(m.term);
    name.push_back(m.name);
    grows.push_back(cost_name(m.grows));
    group.push_back(m.group < 0 ? NA_INTEGER : m.group + 1);
  }
  return Rcpp::DataFrame::create(Rcpp::Named("term") = term, Rcpp::Named("method") = name,
                                 Rcpp::Named("group") = group, Rcpp::Named("cost") = grows,
                                 Rcpp::Named("stringsAsFactors") = false);
}

// Rows `which` (from 1) of the methods for one table: estimate, limits, statistic, p-value.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_two_proportions(double x0, double n0, double x1, double n1, double level,
                                        const std::string& alternative,
                                        const std::vector<int>& which) {
  const request q{checked({x0, n0, x1, n1}), level, r::to_alternative(alternative)};
  Rcpp::NumericMatrix out(static_cast<int>(which.size()), 5);
  interruptible([&] {
    for (std::size_t i = 0; i < which.size(); ++i) {
      const answer a = methods().at(static_cast<std::size_t>(which[i] - 1)).compute(q);
      const double values[] = {a.estimate, a.ci.low, a.ci.high, a.statistic, a.p_value};
      for (int j = 0; j < 5; ++j) out(static_cast<int>(i), j) = na_if_nan(values[j]);
    }
  });
  Rcpp::colnames(out) =
      Rcpp::CharacterVector::create("estimate", "conf.low", "conf.high", "statistic", "p.value");
  return out;
}

// p-values of rows `which` for many tables: one row a table.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_two_proportion_p(const std::vector<double>& x0,
                                         const std::vector<double>& n0,
                                         const std::vector<double>& x1,
                                         const std::vector<double>& n1,
                                         const std::string& alternative,
                                         const std::vector<int>& which) {
  Rcpp::NumericMatrix out(static_cast<int>(x0.size()), static_cast<int>(which.size()));
  interruptible([&] {
    for (std::size_t i = 0; i < x0.size(); ++i) {
      heartbeat(1000 * which.size());
      const request q{checked({x0[i], n0[i], x1[i], n1[i]}), 0.95, r::to_alternative(alternative)};
      for (std::size_t j = 0; j < which.size(); ++j)
        out(static_cast<int>(i), static_cast<int>(j)) = na_if_nan(
            methods().at(static_cast<std::size_t>(which[j] - 1)).compute(q).p_value);
    }
  });
  return out;
}
