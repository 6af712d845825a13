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

  restricted_mean_effect(const event_table& table, double tau) : steps_(table.time(), tau) {}

  restricted_means operator()(const risk_counts& counts, scratch& own, bool with_variance) const noexcept {
    restricted_means of{};
    for (std::size_t g = 0; g < 2; ++g) {
      const km_steps numbers = steps_of(counts[g], steps_.width.size());
      survival_after(numbers, own.survival[g]);
      of.mean[g] = restricted_mean(steps_, own.survival[g]);
      if (with_variance) of.variance[g] = restricted_mean_variance(steps_, numbers, own.survival[g]);
    }
    return of;
  }

  curve_sum sum_over_curve() const noexcept { return {steps_.before, steps_.width}; }

 private:
  restricted_steps steps_;
};

}  // namespace her2mod
