#pragma once

// MaxCombo: the largest |U / sqrt(V)| of several Fleming-Harrington tests, by default of (rho, gamma) =
// (0, 0), (0, 1), (1, 0) and (1, 1); risk sets within strata (Lin RS and others 2020, Stat Biopharm Res
// 12:187, doi:10.1080/19466315.2019.1697738). Each is studentised by its own hypergeometric variance in
// every replicate.

#include <algorithm>
#include <cmath>

#include <her2mod/base/inference.hpp>
#include <her2mod/stat/statistic.hpp>
#include <her2mod/surv/permuted_logrank.hpp>

namespace her2mod {

class maxcombo final : public statistic {
 public:
  static constexpr statistic_spec spec{"maxcombo", "MaxCombo statistic", endpoint_kind::survival,
                                       analysis_scale::identity, 1, 1, statistic_role::test, 0, 0, infinity,
                                       "rho, gamma, ..."};

  maxcombo(const cohort& data, std::vector<logrank_weight> tests)
      : tests_(std::move(tests)),
        table_((require_two_groups(data), data), risk_sets::within_strata),
        permuted_(as_observed()) {}

  const statistic_spec& describe() const noexcept override { return spec; }
  short_forms reads() const noexcept override { return {true, true, true}; }
  std::unique_ptr<workspace> make_workspace() const override {
    return std::make_unique<room>(table_, tests_.size());
  }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& own = static_cast<room&>(scratch);
    if (!what.members.empty()) {
      permuted_(what, own.permuted);
      return write_estimate(largest(own.permuted.sums), 0, out);
    }
    own.counts.fill(table_, what);
    if (own.counts.has_empty_group()) return write_empty_group(out);
    own.pooled.pool(own.counts);
    weigh(own);
    add_up(own);
    return write_estimate(largest(own.sums), 0, out);
  }

 private:
  struct room final : workspace {
    room(const event_table& table, std::size_t tests)
        : counts(table), pooled(table), weight(table.events() * tests), sums(tests), permuted(table, tests) {}
    risk_counts counts;
    pooled_weights pooled;
    std::vector<double> weight;  // of all tests at an event time, event time after event time
    std::vector<logrank_sums> sums;
    permuted_logrank::scratch permuted;
  };

  permuted_logrank as_observed() const {
    const cohort& data = table_.data();
    room own(table_, tests_.size());
    own.counts.fill(table_, {data.frequency(), data.group(), false});
    own.pooled.pool(own.counts);
    weigh(own);
    return permuted_logrank(table_, own.pooled, own.weight, tests_.size());
  }

  void weigh(room& own) const noexcept {
    for (std::size_t k = 0; k < tests_.size(); ++k) {
      own.pooled.weigh(table_, tests_[k]);
      for (std::size_t j = 0; j < table_.events(); ++j) own.weight[j * tests_.size() + k] = own.pooled.weight[j];
    }
  }

  void add_up(room& own) const noexcept {
    std::fill(own.sums.begin(), own.sums.end(), logrank_sums{});
    const double* w = own.weight.data();
    for (std::size_t j = 0; j < table_.events(); ++j, w += own.sums.size()) {
      const logrank_sums at = logrank_term(own.counts[1], own.pooled, j);
      for (std::size_t k = 0; k < own.sums.size(); ++k) {
        own.sums[k].score += w[k] * at.score;
        own.sums[k].variance += w[k] * w[k] * at.variance;
      }
    }
  }

  static double largest(const std::vector<logrank_sums>& tests) noexcept {
    double most = -1;
    for (const logrank_sums& t : tests)
      if (t.variance > 0) most = std::max(most, std::fabs(t.score) / std::sqrt(t.variance));
    return most < 0 ? not_a_number : most;
  }

  std::vector<logrank_weight> tests_;
  event_table table_;
  permuted_logrank permuted_;
};

}  // namespace her2mod
