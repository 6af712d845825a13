#pragma once

// Restricted mean survival time up to tau, compared: difference mu1 - mu0, or the logarithm of the
// ratio mu1 / mu0 with the delta method's standard error sqrt(var1 / mu1^2 + var0 / mu0^2)
// (Uno H and others 2014, J Clin Oncol 32:2380, doi:10.1200/JCO.2014.55.2208).

#include <her2mod/stat/survival_statistic.hpp>

namespace her2mod {

struct restricted_means {
  std::array<double, 2> mean, variance;
};

class restricted_mean_effect {
 public:
  using scratch = two_curves;

  restricted_mean_effect(const curve_times& time, double tau)
      : tau_(tau),
        steps_{restricted_steps(time[0], tau), restricted_steps(time[1], tau), restricted_steps(time[2], tau)} {}

  restricted_means operator()(const risk_counts& counts, curve_choice which, scratch& own,
                              bool with_variance) const noexcept {
    restricted_means of{};
    for (std::size_t g = 0; g < 2; ++g) {
      const restricted_steps& steps = steps_[which[g]];
      const km_steps numbers = steps_of(counts[g], steps.width.size());
      of.mean[g] = restricted_mean(steps, numbers, own.survival[g]);
      if (with_variance) of.variance[g] = restricted_mean_variance(steps, numbers, own.survival[g]);
    }
    return of;
  }

  drawn_means means(const event_table& table) const { return drawn_means(table, tau_); }

  curve_sum sum_over_curve() const noexcept { return {steps_[2].before, steps_[2].width}; }

 private:
  double tau_;
  std::array<restricted_steps, 3> steps_;
};

}  // namespace her2mod
