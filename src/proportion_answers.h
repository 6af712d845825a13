#pragma once

// One function for each named interval and test of two proportions: from a request to its row.

#include "jackknife.h"

#include <algorithm>
#include <vector>

#include <her2mod/exact/conditional_odds.hpp>
#include <her2mod/exact/fisher.hpp>
#include <her2mod/exact/ideal_bootstrap.hpp>
#include <her2mod/exact/score_exact.hpp>
#include <her2mod/exact/score_interval.hpp>
#include <her2mod/exact/unconditional.hpp>
#include <her2mod/infer/bootstrap_interval.hpp>
#include <her2mod/infer/two_proportions.hpp>
#include <her2mod/stat/risk_difference.hpp>

namespace her2mod {
namespace r {

struct request {
  table2x2 table;
  double level;
  alternative side;

  double z() const { return normal_critical(tail_error(level, side)); }
  interval cut(interval ci, double lowest, double highest) const {
    return open_ends(ci, side, lowest, highest);
  }
};

struct answer {
  double estimate = not_a_number;
  interval ci{not_a_number, not_a_number};
  double statistic = not_a_number;
  double p_value = not_a_number;
};

// A z statistic with its normal p. An infinite z comes from a standard error of 0, which no p-value
// can be read from.
inline answer with_z(answer a, double z, alternative side) {
  a.statistic = z;
  a.p_value = std::isinf(z) ? not_a_number : normal_p_value(z, side);
  return a;
}

// The number of tables with these group sizes, which the unconditional methods go through.
inline void check_tables(const table2x2& t) {
  constexpr double most = 2.6e7;
  if ((t.n0 + 1) * (t.n1 + 1) > most)
    throw input_error(
        "The unconditional exact methods are limited to 26 million tables, (n0 + 1)(n1 + 1); "
        "in groups this large the score methods agree with them to the digits shown.");
}

// --- risk difference --------------------------------------------------------------------------

inline answer difference(const request& q, interval ci, double z) {
  // A symmetric interval may reach beyond the differences that exist.
  ci = {std::max(ci.low, -1.0), std::min(ci.high, 1.0)};
  return with_z({risk_difference_score::observed(q.table), q.cut(ci, -1, 1)}, z, q.side);
}

inline answer wald(const request& q) {
  return difference(q, wald_limits(risk_difference_effect(q.table), q.z()), unpooled_statistic(q.table));
}

inline answer agresti_caffo(const request& q) {
  const effect e = agresti_caffo_difference(q.table);
  return difference(q, wald_limits(e, q.z()), e.value / e.standard_error);
}

template <bool Corrected>
answer newcombe(const request& q) {
  return difference(q, newcombe_limits(q.table, q.z(), Corrected),
                    newcombe_statistic(q.table, Corrected));
}

inline answer miettinen_nurminen(const request& q) {
  return difference(q, risk_difference_score_interval(q.table, q.level, q.side, true),
                    n_minus_1_statistic(q.table));
}

inline answer mee(const request& q) {
  return difference(q, risk_difference_score_interval(q.table, q.level, q.side, false),
                    pearson_statistic(q.table));
}

// The p-value that an exact score interval inverts: the same region at no difference.
template <class Line>
double exact_score_p(const request& q, bool central) {
  const auto p = [&](tails which) {
    const table_region region = score_region<Line>(q.table, Line::null_value, which);
    return nuisance_supremum(region, Line::line(Line::null_value)).find();
  };
  switch (q.side) {
    case alternative::less: return p(tails::lower);
    case alternative::greater: return p(tails::upper);
    default:
      return central ? std::min(1.0, 2 * std::min(p(tails::lower), p(tails::upper)))
                     : p(tails::both);
  }
}

template <bool Central>
answer exact_difference(const request& q) {
  check_tables(q.table);
  return {risk_difference_score::observed(q.table),
          q.cut(risk_difference_exact_interval(q.table, q.level, q.side, Central), -1, 1),
          pearson_statistic(q.table), exact_score_p<risk_difference_line>(q, Central)};
}

inline double difference_acceleration(const table2x2& t) {
  // One row for the events and one for the others of each group, where there are any.
  std::vector<std::int32_t> group;
  std::vector<double> frequency, response;
  const auto add = [&](std::int32_t g, double count, double event) {
    if (count == 0) return;
    group.push_back(g);
    frequency.push_back(count);
    response.push_back(event);
  };
  add(0, t.x0, 1);
  add(0, t.n0 - t.x0, 0);
  add(1, t.x1, 1);
  add(1, t.n1 - t.x1, 0);
  const std::vector<std::int32_t> one_stratum(group.size(), 0);
  const cohort rows(group, 2, one_stratum, 1, frequency, response);
  const risk_difference stat(rows);
  serial_executor host;
  return acceleration_of(leave_one_out(stat, rows, host), rows);
}

template <bool Bca>
answer bootstrap_exact(const request& q) {
  const table2x2& t = q.table;
  const double estimate = risk_difference_score::observed(t), tail = tail_error(q.level, q.side);
  const ideal_bootstrap ideal({{t.x0, t.n0}}, {{t.x1, t.n1}}, risk_link::identity);
  bca_tails at{tail, tail};
  if (Bca) {
    at = adjusted_tails(ideal.mid_distribution(estimate), difference_acceleration(t), tail);
    // Without variation the distribution is one point; elsewhere no adjustment is no interval.
    const bool one_point = ideal.standard_error() == 0;
    if (one_point) at = {tail, tail};
    if (std::isnan(at.below) || std::isnan(at.above)) return {estimate};
  }
  return {estimate, q.cut({ideal.low(at.below), ideal.high(at.above)}, -1, 1), not_a_number,
          not_a_number};
}

// --- risk ratio and odds ratio ----------------------------------------------------------------

template <class Score>
answer ratio(const request& q, interval ci, double z) {
  return with_z({Score::observed(q.table), q.cut(ci, 0, infinity)}, z, q.side);
}

inline answer katz(const request& q) {
  const effect e = log_risk_ratio_effect(q.table);
  return ratio<risk_ratio_score>(q, ratio_limits(e, q.z()), log_ratio_statistic(q.table, e));
}

inline answer woolf(const request& q) {
  const effect e = log_odds_ratio_effect(q.table);
  return ratio<odds_ratio_score>(q, ratio_limits(e, q.z()), log_ratio_statistic(q.table, e));
}

template <class Score, bool Corrected>
answer score_ratio(const request& q) {
  return ratio<Score>(q, ratio_score_interval<Score>(q.table, q.level, q.side, Corrected),
                      Corrected ? n_minus_1_statistic(q.table) : pearson_statistic(q.table));
}

template <bool Central>
answer exact_ratio(const request& q) {
  check_tables(q.table);
  return {risk_ratio_score::observed(q.table),
          q.cut(risk_ratio_exact_interval(q.table, q.level, q.side, Central), 0, infinity),
          pearson_statistic(q.table), exact_score_p<risk_ratio_line>(q, Central)};
}

// observed_share in halves: 2 for the exact interval, 1 for mid-p.
template <int Halves>
answer conditional(const request& q) {
  const conditional_odds odds(q.table);
  constexpr double share = Halves / 2.0;
  return {odds.estimate(), q.cut(odds.limits(q.level, q.side, share), 0, infinity), not_a_number,
          fisher_test(q.table).central(q.side, share)};
}

// --- tests ------------------------------------------------------------------------------------

template <double (*Statistic)(const table2x2&) noexcept>
answer z_test(const request& q) {
  return with_z({}, Statistic(q.table), q.side);
}

inline answer wald_test(const request& q) {
  return with_z({}, log_ratio_statistic(q.table, log_odds_ratio_effect(q.table)), q.side);
}

inline answer p_only(double p) {
  answer a;
  a.p_value = p;
  return a;
}

inline answer fisher(const request& q) { return p_only(fisher_test(q.table).by(q.side)); }
inline answer fisher_central(const request& q) { return p_only(fisher_test(q.table).central(q.side)); }
inline answer fisher_midp(const request& q) { return p_only(fisher_test(q.table).mid(q.side)); }

template <z_variance Kind>
answer barnard(const request& q) {
  check_tables(q.table);
  answer a = p_only(barnard_p_value(q.table, Kind, q.side));
  a.statistic = Kind == z_variance::pooled ? pearson_statistic(q.table) : unpooled_statistic(q.table);
  return a;
}

inline answer boschloo(const request& q) {
  check_tables(q.table);
  answer a = p_only(boschloo_p_value(q.table, q.side));
  a.statistic = fisher_test(q.table).by(q.side);
  return a;
}

// --- one proportion ---------------------------------------------------------------------------

struct one_sample {
  double x, n, z, tail;
};

using one_sample_limits = interval (*)(const one_sample&);

inline interval one_wilson(const one_sample& s) { return wilson_limits(s.x, s.n, s.z); }
inline interval one_wilson_cc(const one_sample& s) { return wilson_cc_limits(s.x, s.n, s.z); }
inline interval one_clopper_pearson(const one_sample& s) { return clopper_pearson_limits(s.x, s.n, s.tail); }
inline interval one_jeffreys(const one_sample& s) { return jeffreys_limits(s.x, s.n, s.tail); }
inline interval one_agresti_coull(const one_sample& s) { return agresti_coull_limits(s.x, s.n, s.z); }
inline interval one_midp(const one_sample& s) { return midp_limits(s.x, s.n, s.tail); }

template <one_sample_limits Limits, bool Other>
answer proportion(const request& q) {
  const double x = Other ? q.table.x1 : q.table.x0, n = Other ? q.table.n1 : q.table.n0;
  answer a;
  a.estimate = x / n;
  a.ci = q.cut(Limits({x, n, q.z(), tail_error(q.level, q.side)}), 0, 1);
  return a;
}

}  // namespace r
}  // namespace her2mod
