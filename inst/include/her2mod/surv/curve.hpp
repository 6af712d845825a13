#pragma once

// A group's whole curve, at every time at which one of its patients had the event or was censored:
// at risk y, events d, censored c; Kaplan-Meier's S and Greenwood's sum (kaplan_meier.hpp), and the
// Nelson-Aalen cumulative hazard sum d / y with variance sum d / y^2 (Aalen O 1978, Ann Statist 6:701,
// doi:10.1214/aos/1176344247).

#include <vector>

#include <her2mod/surv/event_table.hpp>
#include <her2mod/surv/kaplan_meier.hpp>

namespace her2mod {

struct survival_curve {
  std::vector<double> time, at_risk, events, censored, survival, greenwood, hazard, hazard_variance;
};

// `table` has no strata.
inline survival_curve curve_of(const event_table& table, std::size_t g) {
  const cohort& data = table.data();
  const row_list& list = table.of_group(g);
  survival_curve curve;
  std::size_t times = 0;
  for (std::size_t i = 0; i < list.row.size(); ++i)
    times += i == 0 || data.response()[list.row[i]] != data.response()[list.row[i - 1]] ? 1 : 0;
  // Of 10^6 patients growing would cost more than adding up.
  for (auto* column : {&curve.time, &curve.at_risk, &curve.events, &curve.censored, &curve.survival, &curve.greenwood,
                       &curve.hazard, &curve.hazard_variance})
    column->reserve(times);
  double at_risk = 0, s = 1, greenwood = 0, hazard = 0, variance = 0;
  if (!table.truncated())
    for (const std::uint32_t row : list.row) at_risk += data.frequency()[row];
  std::size_t entered = 0;
  for (std::size_t i = 0; i < list.row.size();) {
    const double t = data.response()[list.row[i]];
    for (; table.truncated() && entered < list.by_entry.size() && data.entry()[list.by_entry[entered]] < t; ++entered)
      at_risk += data.frequency()[list.by_entry[entered]];
    double events = 0, censored = 0;
    for (; i < list.row.size() && data.response()[list.row[i]] == t; ++i)
      (data.event()[list.row[i]] == 1 ? events : censored) += data.frequency()[list.row[i]];
    const double after = at_risk - events;
    s *= after / at_risk;
    greenwood += events > 0 ? events / (at_risk * after) : 0;
    hazard += events / at_risk;
    variance += events / (at_risk * at_risk);
    curve.time.push_back(t);
    curve.at_risk.push_back(at_risk);
    curve.events.push_back(events);
    curve.censored.push_back(censored);
    curve.survival.push_back(s);
    curve.greenwood.push_back(greenwood);
    curve.hazard.push_back(hazard);
    curve.hazard_variance.push_back(variance);
    at_risk = after - censored;
  }
  return curve;
}

// Restricted mean and its variance from a curve.
inline std::pair<double, double> restricted_mean_of(span<const double> time, span<const double> at_risk,
                                                    span<const double> events, double tau) {
  const restricted_steps steps(time, tau);
  std::vector<double> after(time.size()), survival(time.size());
  for (std::size_t j = 0; j < time.size(); ++j) after[j] = at_risk[j] - events[j];
  const km_steps numbers{at_risk, after, steps.width.size()};
  const double mean = restricted_mean(steps, numbers, survival);
  return {mean, restricted_mean_variance(steps, numbers, survival)};
}

}  // namespace her2mod
