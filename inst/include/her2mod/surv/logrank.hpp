#pragma once

// The log-rank family of two groups. With numbers at risk y = y0 + y1, events d = d0 + d1 and weights w
// at event times (within strata),
//
//   U = sum w (d1 - d y1 / y),   V = sum w^2 d (y1 y0 / y^2) (y - d) / (y - 1)
//
// (Mantel N 1966, Cancer Chemother Rep 50:163; Klein JP, Moeschberger ML 2003, section 7.3,
// doi:10.1007/b97377): U is observed less expected events of group 1, V its hypergeometric variance,
// whose last factor whole weights keep at or below 1; where fractional weights leave less than one
// event at a time it is taken as 1. A time at which nobody is left, or which only one group lives to
// see, adds exactly 0 to both.
// As a sum over patients, U = sum over group 1 of the scores
//
//   a_i = w(t_i) event_i - sum_{t_j <= t_i} w_j d_j / y_j
//
// (less what went before an entry time), which labels do not change: its permutation distribution is
// that of a linear statistic.

#include <cstddef>
#include <vector>

#include <her2mod/surv/logrank_weight.hpp>
#include <her2mod/surv/risk_counts.hpp>

namespace her2mod {

struct logrank_sums {
  double score = 0, variance = 0;
};

// Pooled numbers of two groups, and weights, of a draw.
struct pooled_weights {
  explicit pooled_weights(const event_table& table)
      : at_risk(table.events()), after(table.events()), weight(table.events()) {}

  void pool(const risk_counts& counts) noexcept {
    for (std::size_t j = 0; j < at_risk.size(); ++j) {
      at_risk[j] = counts[0].at_risk[j];
      after[j] = counts[0].after[j];
    }
    for (std::size_t g = 1; g < counts.groups(); ++g)
      for (std::size_t j = 0; j < at_risk.size(); ++j) {
        at_risk[j] += counts[g].at_risk[j];
        after[j] += counts[g].after[j];
      }
  }
  void weigh(const event_table& table, const logrank_weight& which) noexcept {
    for (std::size_t s = 0; s < table.strata(); ++s) {
      const std::size_t begin = table.stratum_begin()[s], count = table.stratum_begin()[s + 1] - begin;
      const span<const double> y(at_risk), z(after), time(table.time());
      fill_logrank_weights(which, time.subspan(begin, count), y.subspan(begin, count), z.subspan(begin, count),
                           span<double>(weight).subspan(begin, count));
    }
  }

  std::vector<double> at_risk, after, weight;
};

// The part of one event time, with a weight of 1, of both groups together and of the one whose observed
// less expected it is: at risk, and after the events.
inline logrank_sums logrank_term(double y, double z, double y1, double z1) noexcept {
  const double d = y - z;
  if (!(d > 0) || !(z > 0)) return {};
  const double d1 = y1 - z1, share = y1 / y;
  return {(d1 * y - d * y1) / y, d * share * (1 - share) * (d > 1 ? z / (y - 1) : 1.0)};
}

inline logrank_sums logrank_term(const risk_counts::group_counts& group, const pooled_weights& pooled,
                                 std::size_t j) noexcept {
  return logrank_term(pooled.at_risk[j], pooled.after[j], group.at_risk[j], group.after[j]);
}

inline logrank_sums sum_logrank(const risk_counts::group_counts& group, const pooled_weights& pooled) noexcept {
  logrank_sums sums;
  for (std::size_t j = 0; j < pooled.weight.size(); ++j) {
    const logrank_sums at = logrank_term(group, pooled, j);
    const double w = pooled.weight[j];
    sums.score += w * at.score;
    sums.variance += w * w * at.variance;
  }
  return sums;
}

// The score of each of the cohort's rows, for its observed frequencies.
inline std::vector<double> logrank_scores(const event_table& table, const pooled_weights& pooled) {
  const cohort& data = table.data();
  std::vector<double> score(data.rows());
  const row_list& all = table.pooled();
  for (std::size_t s = 0, i = 0; s < table.strata(); ++s) {
    const std::size_t begin = table.stratum_begin()[s], end = table.stratum_begin()[s + 1];
    const auto hazard = [&](std::size_t j) {
      return pooled.weight[j] * (pooled.at_risk[j] - pooled.after[j]) / pooled.at_risk[j];
    };
    std::size_t j = begin;
    double passed = 0;
    const std::size_t first = i;
    for (; i < all.end[s]; ++i) {
      const std::uint32_t row = all.row[i];
      for (; j < end && table.time()[j] <= data.response()[row]; ++j) passed += hazard(j);
      score[row] = -passed;
      if (data.event()[row] == 1) score[row] += pooled.weight[j - 1];
    }
    if (!table.truncated()) continue;
    j = begin;
    passed = 0;
    for (std::size_t k = first; k < all.end[s]; ++k) {
      const std::uint32_t row = all.by_entry[k];
      for (; j < end && table.time()[j] <= data.entry()[row]; ++j) passed += hazard(j);
      score[row] += passed;
    }
  }
  return score;
}

}  // namespace her2mod
