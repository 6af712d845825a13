#pragma once

// The one list of statistics: a line each. Glue, documentation and contract tests read it.

#include <memory>
#include <string>
#include <vector>

#include <her2mod/stat/chi_squared.hpp>
#include <her2mod/stat/kruskal_wallis.hpp>
#include <her2mod/stat/mean_difference.hpp>
#include <her2mod/stat/mean_ratio.hpp>
#include <her2mod/stat/median_difference.hpp>
#include <her2mod/stat/odds_ratio.hpp>
#include <her2mod/stat/quantile_difference.hpp>
#include <her2mod/stat/risk_difference.hpp>
#include <her2mod/stat/risk_ratio.hpp>
#include <her2mod/stat/standardised_difference.hpp>
#include <her2mod/stat/standardised_distance.hpp>
#include <her2mod/stat/statistic.hpp>
#include <her2mod/stat/win_probability.hpp>

namespace her2mod {

// The numbers a constructor takes, in the order of the spec's `parameter`.
using parameter_list = std::vector<double>;

struct registry_entry {
  const char* name;
  const statistic_spec* spec;
  std::unique_ptr<statistic> (*make)(const cohort&, const parameter_list&);
};

inline double one_parameter(const parameter_list& given) {
  if (given.size() != 1) throw input_error("This statistic takes one number.");
  return given[0];
}

template <class Statistic>
std::unique_ptr<statistic> make_statistic(const cohort& data, const parameter_list& given) {
  if (!given.empty()) throw input_error("This statistic takes no numbers.");
  return std::make_unique<Statistic>(data);
}

inline std::unique_ptr<statistic> make_quantile_difference(const cohort& data,
                                                           const parameter_list& given) {
  return std::make_unique<quantile_difference>(data, one_parameter(given));
}

inline std::unique_ptr<statistic> make_standardised_difference(const cohort& data,
                                                               const parameter_list& given) {
  const bool balance = !given.empty() && one_parameter(given) != 0;
  return std::make_unique<standardised_difference>(
      data, standardised_difference_formula{standardisation_of(data, balance)});
}

inline const std::vector<registry_entry>& registry() {
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
      {"kruskal_wallis", &kruskal_wallis::spec, &make_statistic<kruskal_wallis>},
      {"chi_squared", &chi_squared::spec, &make_statistic<chi_squared>},
      // catalogue: end
  };
  return entries;
}

inline std::unique_ptr<statistic> prepare(const std::string& name, const cohort& data,
                                          const parameter_list& given = {}) {
  for (const registry_entry& entry : registry())
    if (name == entry.name) return entry.make(data, given);
  throw input_error("There is no statistic named '" + name + "'.");
}

}  // namespace her2mod
