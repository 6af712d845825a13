#pragma once

// The one list of statistics: a line each. Glue, documentation and contract tests read it.

#include <array>
#include <memory>
#include <string>

#include <her2mod/stat/odds_ratio.hpp>
#include <her2mod/stat/risk_difference.hpp>
#include <her2mod/stat/risk_ratio.hpp>
#include <her2mod/stat/statistic.hpp>

namespace her2mod {

struct registry_entry {
  const char* name;
  const statistic_spec* spec;
  std::unique_ptr<statistic> (*make)(const cohort&);
};

template <class Statistic>
std::unique_ptr<statistic> make_statistic(const cohort& data) {
  return std::make_unique<Statistic>(data);
}

inline const auto& registry() {
  static const std::array<registry_entry, 3> entries{{
      // catalogue: begin
      {"risk_difference", &risk_difference_formula::spec, &make_statistic<risk_difference>},
      {"risk_ratio", &risk_ratio_formula::spec, &make_statistic<risk_ratio>},
      {"odds_ratio", &odds_ratio_formula::spec, &make_statistic<odds_ratio>},
      // catalogue: end
  }};
  return entries;
}

inline std::unique_ptr<statistic> prepare(const std::string& name, const cohort& data) {
  for (const registry_entry& entry : registry())
    if (name == entry.name) return entry.make(data);
  throw input_error("There is no statistic named '" + name + "'.");
}

}  // namespace her2mod
