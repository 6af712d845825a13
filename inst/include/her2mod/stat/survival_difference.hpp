#pragma once

// Survival difference at a time: S1(t) - S0(t) of the Kaplan-Meier curves, with Greenwood's standard
// error sqrt(S1^2 G1 + S0^2 G0).

#include <her2mod/stat/survival_statistic.hpp>

namespace her2mod {

class survival_difference_formula {
 public:
  static constexpr statistic_spec spec{"survival_difference", "survival difference",
                                       endpoint_kind::survival, analysis_scale::identity, -1, 2,
                                       statistic_role::effect, 0, -1, 1, "time"};
  using scratch = two_curves;

  survival_difference_formula(const event_table& table, double time)
      : until_(events_until(table, time)), only_last_(until_, 0.0) {
    if (until_ > 0) only_last_.back() = 1;
  }

  reason operator()(const risk_counts& counts, scratch& own, span<double> out) const noexcept {
    std::array<double, 2> s{1, 1};
    double variance = 0;
    for (std::size_t g = 0; g < 2; ++g) {
      const km_steps steps = steps_of(counts[g], until_);
      survival_after(steps, own.survival[g]);
      if (until_ > 0) s[g] = own.survival[g][until_ - 1];
      if (out.size() > 1) variance += s[g] * s[g] * greenwood_sum(steps);
    }
    return write_estimate(value(s), std::sqrt(variance), out);
  }

  curve_sum sum_over_curve() const noexcept { return {until_ > 0 ? 0.0 : 1.0, only_last_}; }
  static double value(const std::array<double, 2>& s) noexcept { return s[1] - s[0]; }

 private:
  std::size_t until_;
  std::vector<double> only_last_;
};

using survival_difference = survival_statistic<survival_difference_formula>;

}  // namespace her2mod
