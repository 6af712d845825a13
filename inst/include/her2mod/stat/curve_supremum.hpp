#pragma once

// How far the curves of a draw are from those of all patients, at most, in Greenwood's standard errors
// of the latter: of each group sup |S* - S| / s over the event times from `from` to `to`, and of two
// groups, last, sup |D* - D| / sqrt(s0^2 + s1^2) of the difference D = S1 - S0. The (1 - alpha) quantile
// over bootstrap draws is the critical value of a band that is so many standard errors wide: the
// bootstrapped curve goes about S as S does about the truth (Akritas MG 1986, JASA 81:1032).

#include <algorithm>
#include <cmath>
#include <utility>

#include <her2mod/stat/statistic.hpp>
#include <her2mod/surv/kaplan_meier.hpp>
#include <her2mod/surv/risk_counts.hpp>

namespace her2mod {

class curve_supremum final : public statistic {
 public:
  curve_supremum(const cohort& data, double from, double to)
      : table_(data, risk_sets::pooled), groups_(table_.groups()) {
    const std::vector<double>& time = table_.time();
    begin_ = static_cast<std::size_t>(std::lower_bound(time.begin(), time.end(), from) - time.begin());
    end_ = static_cast<std::size_t>(std::upper_bound(time.begin(), time.end(), to) - time.begin());
    spec_.n_outputs = groups_ + (groups_ == 2 ? 1 : 0);
    room own(table_);
    own.counts.fill(table_, {data.frequency(), data.group(), false});
    take_curves(own);
    observed_ = own.survival;
    for (std::size_t g = 0; g < groups_; ++g) error_.push_back(standard_errors(own.counts[g], observed_[g]));
  }

  const statistic_spec& describe() const noexcept override { return spec_; }
  short_forms reads() const noexcept override { return {false, true}; }
  std::unique_ptr<workspace> make_workspace() const override { return std::make_unique<room>(table_); }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& own = static_cast<room&>(scratch);
    own.counts.fill(table_, what);
    take_curves(own);
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t j = begin_; j < end_; ++j) {
      double difference = 0, variance = 0;
      for (std::size_t g = 0; g < groups_; ++g) {
        const double off = own.survival[g][j] - observed_[g][j], error = error_[g][j];
        if (error > 0) raise(out, g, std::fabs(off) / error);
        difference += g == 1 ? off : -off;
        variance += error * error;
      }
      if (groups_ == 2 && variance > 0) raise(out, 2, std::fabs(difference) / std::sqrt(variance));
    }
    return reason::none;
  }

 private:
  struct room final : workspace {
    explicit room(const event_table& table)
        : counts(table), survival(table.groups(), std::vector<double>(table.events())) {}
    risk_counts counts;
    std::vector<std::vector<double>> survival;
  };

  static void raise(span<double> out, std::size_t k, double value) noexcept {
    if (k < out.size()) out[k] = std::max(out[k], value);
  }

  void take_curves(room& own) const noexcept {
    for (std::size_t g = 0; g < groups_; ++g)
      survival_after({own.counts[g].at_risk, own.counts[g].after, end_}, own.survival[g]);
  }

  std::vector<double> standard_errors(const risk_counts::group_counts& g, const std::vector<double>& s) const {
    std::vector<double> error(table_.events(), 0.0);
    double sum = 0;
    for (std::size_t j = 0; j < end_; ++j) {
      sum += greenwood_term(g.at_risk[j], g.after[j]);
      error[j] = s[j] * std::sqrt(sum);
    }
    return error;
  }

  statistic_spec spec_{"curve_supremum", "largest deviation of a curve", endpoint_kind::survival,
                       analysis_scale::identity, 1, 1, statistic_role::test};
  event_table table_;
  std::size_t groups_, begin_ = 0, end_ = 0;
  std::vector<std::vector<double>> observed_, error_;
};

}  // namespace her2mod
