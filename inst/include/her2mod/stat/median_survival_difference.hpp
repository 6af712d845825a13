#pragma once

// Difference in median survival, m1 - m0, in units of time. Where a curve stays above 0.5 its median
// is later than all that was seen: the difference is +Inf if that is group 1's, -Inf if it is group
// 0's, and undefined if both have none. Such replicates keep their place in the order.

#include <her2mod/stat/survival_statistic.hpp>

namespace her2mod {

class median_survival_difference_formula {
 public:
  static constexpr statistic_spec spec{"median_survival_difference", "median survival difference",
                                       endpoint_kind::survival, analysis_scale::identity, -1, 1,
                                       statistic_role::effect, 0};
  using scratch = two_curves;

  explicit median_survival_difference_formula(curve_times time) : time_(std::move(time)) {}

  reason operator()(const risk_counts& counts, curve_choice which, scratch& own,
                    span<double> out) const noexcept {
    std::array<double, 2> median;
    for (std::size_t g = 0; g < 2; ++g) {
      const std::vector<double>& time = time_[which[g]];
      const km_steps steps = steps_of(counts[g], time.size());
      survival_after(steps, own.survival[g]);
      median[g] = time_below(0.5, steps, time, own.survival[g], counts[g].follow_up);
    }
    return write_estimate(value(median), 0, out);
  }

  // The level that the curves fall to, and the event times of both groups.
  std::pair<double, span<const double>> fall() const noexcept { return {0.5, time_[2]}; }
  static double value(const std::array<double, 2>& median) noexcept { return median[1] - median[0]; }

 private:
  curve_times time_;
};

using median_survival_difference = survival_statistic<median_survival_difference_formula>;

}  // namespace her2mod
