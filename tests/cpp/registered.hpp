#pragma once

// Every registered statistic in each form that its parameter gives it, and data that it takes.

#include <her2mod/stat/prepare.hpp>
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
  std::string title() const {
    std::string all = name;
    for (const double number : given)
      all += " " + std::to_string(number);
    return all;
  }
};

// All that the parameter of an entry can be.
inline std::vector<her2mod::parameter_list> parameters_of(const std::string& name,
                                                          const std::string& parameter) {
  if (parameter.empty())
    return {{}};
  if (parameter == "balance")
    return {{}, {1}};
  if (parameter == "prob")
    return {{0.1}, {0.25}, {0.5}, {0.9}};
  if (parameter == "time")
    return {{0.4}, {3}, {20}};
  if (parameter == "tau")
    return {{0.4}, {7.3}, {20}};
  if (name == "fleming_harrington")
    return {{0, 1, 0}, {0.5, 2, 0}, {1, 1, 1}};
  if (name == "maxcombo")
    return {{}, {0, 0.5, 1, 0}};
  // The log-rank test's: family, rho, gamma, t*, studentised.
  return {{},
          {0, 0, 0, 0, 1},
          {1, 0, 0, 0, 0},
          {2, 0, 0, 0, 0},
          {3, 0, 0, 0, 0},
          {4, 0, 0, 0, 1},
          {6, 0, 0, 3, 0},
          {6, 0, 0, 99, 1}};
}

// But for those that need covariates: test_adjusted.cpp is about them.
inline bool needs_covariates(const her2mod::statistic_spec& spec) {
  return std::string(spec.parameter).find("adjust") == 0;
}

inline std::vector<registered_form> registered_forms() {
  std::vector<registered_form> forms;
  for (const auto& entry : her2mod::registry())
    if (!needs_covariates(*entry.spec))
      for (const her2mod::parameter_list& given : parameters_of(entry.name, entry.spec->parameter))
        forms.push_back({entry.name, given});
  return forms;
}

inline her2mod::endpoint_kind endpoint_of(const registered_form& form) {
  for (const auto& entry : her2mod::registry())
    if (form.name == entry.name)
      return entry.spec->endpoint;
  throw her2mod::input_error(form.name);
}

// Responses with ties, none of them negative.
inline double random_response(std::mt19937_64& random, her2mod::endpoint_kind endpoint) {
  if (endpoint == her2mod::endpoint_kind::binary)
    return below(random, 2);
  if (endpoint == her2mod::endpoint_kind::categorical)
    return below(random, 4);
  return below(random, 2) == 0 ? below(random, 6) : below(random, 100) / 7.0;
}

// Four of five times end in the event.
inline void add_events(std::mt19937_64& random, std::vector<counted_row>& rows) {
  for (counted_row& r : rows)
    r.event = below(random, 5) > 0 ? 1 : 0;
}

// Entry times before the rows' own, some of them at 0 and some at others' times.
inline void add_entries(std::mt19937_64& random, std::vector<counted_row>& rows) {
  for (counted_row& r : rows) {
    r.response += 1.0 / 8;
    r.entry = below(random, 3) == 0 ? 0 : below(random, 3) / 8.0 * std::min(r.response, 4.0);
  }
}

inline std::vector<counted_row> random_rows_for(const registered_form& form,
                                                std::mt19937_64& random, const row_mix& mix) {
  const her2mod::endpoint_kind endpoint = endpoint_of(form);
  std::vector<counted_row> rows = random_rows(random, mix, [&](std::mt19937_64& generator) {
    return random_response(generator, endpoint);
  });
  if (endpoint == her2mod::endpoint_kind::survival)
    add_events(random, rows);
  return rows;
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
