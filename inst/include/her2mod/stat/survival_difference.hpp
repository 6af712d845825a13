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

  survival_difference_formula(const curve_times& times, double time)
      : until_{events_until(times[0], time), events_until(times[1], time), events_until(times[2], time)},
        only_last_(until_[2], 0.0) {
    if (!only_last_.empty()) only_last_.back() = 1;
  }

  reason operator()(const risk_counts& counts, curve_choice which, scratch& own,
                    span<double> out) const noexcept {
    std::array<double, 2> s{1, 1};
    double variance = 0;
    for (std::size_t g = 0; g < 2; ++g) {
      const km_steps steps = steps_of(counts[g], until_[which[g]]);
      survival_after(steps, own.survival[g]);
      if (steps.count > 0) s[g] = own.survival[g][steps.count - 1];
      if (out.size() > 1) variance += s[g] * s[g] * greenwood_sum(steps);
    }
    return write_estimate(value(s), std::sqrt(variance), out);
  }

  curve_sum sum_over_curve() const noexcept { return {only_last_.empty() ? 1.0 : 0.0, only_last_}; }
  static double value(const std::array<double, 2>& s) noexcept { return s[1] - s[0]; }

 private:
  std::array<std::size_t, 3> until_;
  std::vector<double> only_last_;
};

using survival_difference = survival_statistic<survival_difference_formula>;

}  // namespace her2mod
