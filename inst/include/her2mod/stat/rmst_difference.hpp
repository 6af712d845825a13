#pragma once

// Difference in restricted mean survival time, in units of time.

#include <her2mod/base/inference.hpp>
#include <her2mod/stat/restricted_mean_effect.hpp>

namespace her2mod {

class rmst_difference_formula {
 public:
  static constexpr statistic_spec spec{"rmst_difference", "restricted mean survival time difference",
                                       endpoint_kind::survival, analysis_scale::identity, -1, 2,
                                       statistic_role::effect, 0, -infinity, infinity, "tau"};
  using scratch = two_curves;

  rmst_difference_formula(const curve_times& time, double tau) : means_(time, tau) {}

  reason operator()(const risk_counts& counts, curve_choice which, scratch& own,
                    span<double> out) const noexcept {
    const restricted_means m = means_(counts, which, own, out.size() > 1);
    return write_estimate(value(m.mean), std::sqrt(m.variance[1] + m.variance[0]), out);
  }

  drawn_means means(const event_table& table) const { return means_.means(table); }
  curve_sum sum_over_curve() const noexcept { return means_.sum_over_curve(); }
  static double value(const std::array<double, 2>& mean) noexcept { return mean[1] - mean[0]; }

 private:
  restricted_mean_effect means_;
};

using rmst_difference = survival_statistic<rmst_difference_formula>;

}  // namespace her2mod
