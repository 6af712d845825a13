#pragma once

// MaxCombo: the largest |U / sqrt(V)| of several Fleming-Harrington tests, by default of (rho, gamma) =
// (0, 0), (0, 1), (1, 0) and (1, 1); risk sets within strata (Lin RS and others 2020, Stat Biopharm Res
// 12:187, doi:10.1080/19466315.2019.1697738). Each is studentised by its own hypergeometric variance in
// every replicate.

#include <algorithm>
#include <cmath>

#include <her2mod/base/inference.hpp>
#include <her2mod/stat/statistic.hpp>
#include <her2mod/surv/logrank.hpp>

namespace her2mod {

class maxcombo final : public statistic {
 public:
  static constexpr statistic_spec spec{"maxcombo", "MaxCombo statistic", endpoint_kind::survival,
                                       analysis_scale::identity, 1, 1, statistic_role::test, 0, 0, infinity,
                                       "rho, gamma, ..."};

  maxcombo(const cohort& data, std::vector<logrank_weight> tests)
      : tests_(std::move(tests)), table_((require_two_groups(data), data), risk_sets::within_strata) {
    room own(table_, tests_.size());
    own.counts.fill(table_, {data.frequency(), data.group(), false});
    own.pooled.pool(own.counts);
    weigh(own);
    observed_ = own.weight;
  }

  const statistic_spec& describe() const noexcept override { return spec; }
  short_forms reads() const noexcept override { return {true, true, true}; }
  std::unique_ptr<workspace> make_workspace() const override {
    return std::make_unique<room>(table_, tests_.size());
  }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& own = static_cast<room&>(scratch);
    own.counts.fill(table_, what);
    if (own.counts.has_empty_group()) return write_empty_group(out);
    own.pooled.pool(own.counts);
    // Permuting labels leaves the pooled curve as it is.
    const bool fixed = !what.members.empty();
    if (!fixed) weigh(own);
    return write_estimate(largest(own, fixed ? observed_ : own.weight), 0, out);
  }

 private:
  struct room final : workspace {
    room(const event_table& table, std::size_t tests)
        : counts(table), pooled(table), weight(table.events() * tests), score(tests), variance(tests) {}
    risk_counts counts;
    pooled_weights pooled;
    std::vector<double> weight;  // of all tests at an event time, event time after event time
    std::vector<double> score, variance;
  };

  void weigh(room& own) const noexcept {
    for (std::size_t k = 0; k < tests_.size(); ++k) {
      own.pooled.weigh(table_, tests_[k]);
      for (std::size_t j = 0; j < table_.events(); ++j) own.weight[j * tests_.size() + k] = own.pooled.weight[j];
    }
  }

  double largest(room& own, const std::vector<double>& weight) const noexcept {
    const std::size_t n = tests_.size();
    std::fill(own.score.begin(), own.score.end(), 0.0);
    std::fill(own.variance.begin(), own.variance.end(), 0.0);
    const double* w = weight.data();
    for (std::size_t j = 0; j < table_.events(); ++j, w += n) {
      const logrank_sums at = logrank_term(own.counts[1], own.pooled, j);
      for (std::size_t k = 0; k < n; ++k) {
        own.score[k] += w[k] * at.score;
        own.variance[k] += w[k] * w[k] * at.variance;
      }
    }
    double most = -1;
    for (std::size_t k = 0; k < n; ++k)
      if (own.variance[k] > 0) most = std::max(most, std::fabs(own.score[k]) / std::sqrt(own.variance[k]));
    return most < 0 ? not_a_number : most;
  }

  std::vector<logrank_weight> tests_;
  event_table table_;
  std::vector<double> observed_;
};

}  // namespace her2mod
