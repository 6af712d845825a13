#pragma once

// The one list of statistics: a line each. Glue, documentation and contract tests read it.

#include <memory>
#include <string>
#include <vector>

#include <her2mod/stat/adjusted_hazard_ratio.hpp>
#include <her2mod/stat/adjusted_odds_ratio.hpp>
#include <her2mod/stat/adjusted_risk_difference.hpp>
#include <her2mod/stat/adjusted_risk_ratio.hpp>
#include <her2mod/stat/adjusted_rmst_difference.hpp>
#include <her2mod/stat/chi_squared.hpp>
#include <her2mod/stat/chi_squared_in_strata.hpp>
#include <her2mod/stat/fleming_harrington.hpp>
#include <her2mod/stat/kruskal_wallis.hpp>
#include <her2mod/stat/kruskal_wallis_in_strata.hpp>
#include <her2mod/stat/log_hazard_ratio.hpp>
#include <her2mod/stat/logrank.hpp>
#include <her2mod/stat/logrank_quadratic.hpp>
#include <her2mod/stat/maxcombo.hpp>
#include <her2mod/stat/maxcombo_quadratic.hpp>
#include <her2mod/stat/mean_difference.hpp>
#include <her2mod/stat/mean_ratio.hpp>
#include <her2mod/stat/median_difference.hpp>
#include <her2mod/stat/median_survival_difference.hpp>
#include <her2mod/stat/odds_ratio.hpp>
#include <her2mod/stat/prepare.hpp>
#include <her2mod/stat/quantile_difference.hpp>
#include <her2mod/stat/risk_difference.hpp>
#include <her2mod/stat/risk_ratio.hpp>
#include <her2mod/stat/rmst_difference.hpp>
#include <her2mod/stat/rmst_ratio.hpp>
#include <her2mod/stat/standardised_difference.hpp>
#include <her2mod/stat/standardised_distance.hpp>
#include <her2mod/stat/statistic.hpp>
#include <her2mod/stat/studentised.hpp>
#include <her2mod/stat/survival_difference.hpp>
#include <her2mod/stat/win_probability.hpp>

namespace her2mod {

inline double one_parameter(const parameter_list& given) {
  if (given.size() != 1) throw input_error("This statistic takes one number.");
  return given[0];
}

template <class Statistic>
std::unique_ptr<statistic> make_statistic(const cohort& data, const parameter_list& given) {
  if (!given.empty()) throw input_error("This statistic takes no numbers.");
  return std::make_unique<Statistic>(data);
}

// Of several groups: with strata, compared within them.
template <class Whole, class InStrata>
std::unique_ptr<statistic> make_in_strata(const cohort& data, const parameter_list& given) {
  if (data.n_strata() > 1) return make_statistic<InStrata>(data, given);
  return make_statistic<Whole>(data, given);
}

inline std::unique_ptr<statistic> make_quantile_difference(const cohort& data,
                                                           const parameter_list& given) {
  return std::make_unique<quantile_difference>(data, one_parameter(given));
}

// A time: of the survival difference, or tau.
template <class Statistic>
std::unique_ptr<statistic> make_at_time(const cohort& data, const parameter_list& given) {
  const double time = one_parameter(given);
  if (!(time >= 0) || !std::isfinite(time)) throw input_error("A time must be finite and not negative.");
  return std::make_unique<Statistic>(data, time);
}

// Adjusted where the cohort has covariates.
inline std::unique_ptr<statistic> make_log_hazard_ratio(const cohort& data, const parameter_list& given) {
  if (!given.empty()) throw input_error("This statistic takes no numbers.");
  if (data.covariates().empty()) return std::make_unique<log_hazard_ratio>(data);
  return std::make_unique<adjusted_hazard_ratio>(data);
}

// The time and, perhaps, whether to studentise.
template <class Statistic>
std::unique_ptr<statistic> make_at_time_over_error(const cohort& data, const parameter_list& given) {
  if (given.size() != 2) return make_at_time<Statistic>(data, given);
  if (given[1] != 0 && given[1] != 1) throw input_error("Whether to studentise is 0 or 1.");
  auto plain = make_at_time<Statistic>(data, {given[0]});
  return given[1] == 0 ? std::move(plain) : std::make_unique<studentised>(std::move(plain));
}

// Of two groups a score, of more a quadratic form.
template <class Score>
std::unique_ptr<statistic> make_weighted_logrank(const cohort& data, logrank_weight which, bool over_error) {
  if (data.n_groups() > 2) return std::make_unique<logrank_quadratic>(data, Score::spec.name, which, over_error);
  return std::make_unique<Score>(data, which, over_error);
}

// The family's number, rho, gamma, t*, and whether to studentise; all of them, or none.
inline std::unique_ptr<statistic> make_logrank(const cohort& data, const parameter_list& given) {
  if (given.empty()) return make_weighted_logrank<logrank>(data, {}, false);
  if (given.size() != 5 || !(given[0] >= 0) || given[0] > 6) throw input_error("There is no such log-rank test.");
  const logrank_weight which{static_cast<logrank_family>(static_cast<int>(given[0])), given[1], given[2], given[3]};
  return make_weighted_logrank<logrank>(data, which, given[4] != 0);
}

inline logrank_weight fleming_harrington_weight(double rho, double gamma) {
  if (!(rho >= 0) || !(gamma >= 0)) throw input_error("rho and gamma must not be negative.");
  return {logrank_family::fleming_harrington, rho, gamma};
}

// rho, gamma, and whether to studentise.
inline std::unique_ptr<statistic> make_fleming_harrington(const cohort& data, const parameter_list& given) {
  if (given.size() != 3) throw input_error("A Fleming-Harrington test takes rho and gamma.");
  return make_weighted_logrank<fleming_harrington>(data, fleming_harrington_weight(given[0], given[1]), given[2] != 0);
}

// Pairs of rho and gamma; none of them stands for the usual four. Of two groups the largest |Z|, of more the
// largest quadratic form.
inline std::unique_ptr<statistic> make_maxcombo(const cohort& data, const parameter_list& given) {
  const parameter_list pairs = given.empty() ? parameter_list{0, 0, 0, 1, 1, 0, 1, 1} : given;
  if (pairs.size() % 2 != 0) throw input_error("MaxCombo takes pairs of rho and gamma.");
  std::vector<logrank_weight> tests;
  for (std::size_t i = 0; i < pairs.size(); i += 2) tests.push_back(fleming_harrington_weight(pairs[i], pairs[i + 1]));
  if (data.n_groups() > 2) return std::make_unique<maxcombo_quadratic>(data, std::move(tests));
  return std::make_unique<maxcombo>(data, std::move(tests));
}

inline std::unique_ptr<statistic> make_standardised_difference(const cohort& data,
                                                               const parameter_list& given) {
  const bool balance = !given.empty() && one_parameter(given) != 0;
  return std::make_unique<standardised_difference>(
      data, standardised_difference_formula{standardisation_of(data, balance)});
}

// Estimator, population, interactions, Firth's penalty.
template <class Statistic>
std::unique_ptr<statistic> make_adjusted(const cohort& data, const parameter_list& given) {
  if (given.size() != 4) throw input_error("An adjusted effect takes four numbers.");
  return std::make_unique<Statistic>(data, to_adjustment(given));
}

// The same, and tau.
inline std::unique_ptr<statistic> make_adjusted_rmst(const cohort& data, const parameter_list& given) {
  if (given.size() != 5 || !(given[4] > 0) || !std::isfinite(given[4]))
    throw input_error("An adjusted RMST difference takes four numbers and a positive time.");
  return std::make_unique<adjusted_rmst_difference>(data, to_adjustment(given), given[4]);
}

HER2MOD_INLINE const std::vector<registry_entry>& registry() {
  static const std::vector<registry_entry> entries{
      // catalogue: begin
      {"risk_difference", &risk_difference_formula::spec, &make_statistic<risk_difference>},
      {"risk_ratio", &risk_ratio_formula::spec, &make_statistic<risk_ratio>},
      {"odds_ratio", &odds_ratio_formula::spec, &make_statistic<odds_ratio>},
      {"mean_difference", &mean_difference_formula::spec, &make_statistic<mean_difference>},
      {"mean_ratio", &mean_ratio_formula::spec, &make_statistic<mean_ratio>},
      {"median_difference", &median_difference::spec, &make_statistic<median_difference>},
      {"quantile_difference", &quantile_difference::spec, &make_quantile_difference},
      {"standardised_difference", &standardised_difference_formula::spec, &make_standardised_difference},
      {"standardised_distance", &standardised_distance::spec, &make_statistic<standardised_distance>},
      {"win_probability", &win_probability::spec, &make_statistic<win_probability>},
      {"kruskal_wallis", &kruskal_wallis::spec, &make_in_strata<kruskal_wallis, kruskal_wallis_in_strata>},
      {"chi_squared", &chi_squared::spec, &make_in_strata<chi_squared, chi_squared_in_strata>},
      {"survival_difference", &survival_difference_formula::spec, &make_at_time_over_error<survival_difference>},
      {"rmst_difference", &rmst_difference_formula::spec, &make_at_time_over_error<rmst_difference>},
      {"rmst_ratio", &rmst_ratio_formula::spec, &make_at_time_over_error<rmst_ratio>},
      {"median_survival_difference", &median_survival_difference_formula::spec,
       &make_statistic<median_survival_difference>},
      {"log_hazard_ratio", &log_hazard_ratio::spec, &make_log_hazard_ratio},
      {"logrank", &logrank::spec, &make_logrank},
      {"fleming_harrington", &fleming_harrington::spec, &make_fleming_harrington},
      {"maxcombo", &maxcombo::spec, &make_maxcombo},
      {"adjusted_risk_difference", &adjusted_risk_difference_formula::spec, &make_adjusted<adjusted_risk_difference>},
      {"adjusted_risk_ratio", &adjusted_risk_ratio_formula::spec, &make_adjusted<adjusted_risk_ratio>},
      {"adjusted_odds_ratio", &adjusted_odds_ratio_formula::spec, &make_adjusted<adjusted_odds_ratio>},
      {"adjusted_rmst_difference", &adjusted_rmst_difference::spec, &make_adjusted_rmst},
      // catalogue: end
  };
  return entries;
}

HER2MOD_INLINE std::unique_ptr<statistic> prepare(const std::string& name, const cohort& data,
                                                  const parameter_list& given) {
  for (const registry_entry& entry : registry())
    if (name == entry.name) return entry.make(data, given);
  throw input_error("There is no statistic named '" + name + "'.");
}

}  // namespace her2mod
