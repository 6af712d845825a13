#pragma once

// Every registered statistic in each form that its parameter gives it, and data that it takes.

#include <her2mod/stat/registry.hpp>
#include <random>
#include <string>
#include <vector>

#include "cohorts.hpp"

struct registered_form {
  std::string name;
  her2mod::parameter_list given;

  std::unique_ptr<her2mod::statistic> prepare(const her2mod::cohort& data) const {
    return her2mod::prepare(name, data, given);
  }
  std::string title() const { return given.empty() ? name : name + std::to_string(given[0]); }
};

inline std::vector<registered_form> registered_forms() {
  std::vector<registered_form> forms;
  for (const auto& entry : her2mod::registry()) {
    const std::string parameter = entry.spec->parameter;
    if (parameter != "prob") forms.push_back({entry.name, {}});
    if (parameter == "balance") forms.push_back({entry.name, {1}});
    if (parameter == "prob")
      for (const double prob : {0.1, 0.25, 0.5, 0.9}) forms.push_back({entry.name, {prob}});
  }
  return forms;
}

// Responses with ties, none of them negative.
inline double random_response(std::mt19937_64& random, her2mod::endpoint_kind endpoint) {
  if (endpoint == her2mod::endpoint_kind::binary) return below(random, 2);
  if (endpoint == her2mod::endpoint_kind::categorical) return below(random, 4);
  return below(random, 2) == 0 ? below(random, 6) : below(random, 100) / 7.0;
}

inline std::vector<counted_row> random_rows_for(const registered_form& form,
                                                std::mt19937_64& random, const row_mix& mix) {
  for (const auto& entry : her2mod::registry())
    if (form.name == entry.name)
      return random_rows(random, mix, [&](std::mt19937_64& generator) {
        return random_response(generator, entry.spec->endpoint);
      });
  return {};
}

inline her2mod::draw observed_draw(const her2mod::cohort& data) {
  return {data.frequency(), data.group(), false};
}

struct evaluated {
  her2mod::reason why;
  double value, error;
};

// With as many outputs as there are: the error of a statistic that has none is -99.
inline evaluated evaluate(const her2mod::statistic& stat, const her2mod::draw& what) {
  const auto scratch = stat.make_workspace();
  std::vector<double> out(stat.describe().n_outputs, -99);
  const her2mod::reason why = stat.evaluate(what, *scratch, out);
  return {why, out[0], out.size() > 1 ? out[1] : -99};
}
