#pragma once

// Weights of the log-rank family, from the pooled numbers at risk y and events d at event times:
//
//   log-rank            1
//   Gehan-Wilcoxon      y                                     (Gehan EA 1965, doi:10.1093/biomet/52.1-2.203)
//   Tarone-Ware         sqrt(y)                               (Tarone RE, Ware J 1977, doi:10.1093/biomet/64.1.156)
//   Peto-Peto           S~,  S~(t_j) = prod_{i <= j} (1 - d_i / (y_i + 1))
//                                                             (Peto R, Peto J 1972, doi:10.2307/2344317)
//   modified Peto-Peto  S~ y / (y + 1)                        (Andersen PK, Gill RD 1982, doi:10.1214/aos/1176345976)
//   Fleming-Harrington  S^rho (1 - S)^gamma, S just before t_j
//                                                             (Fleming TR, Harrington DP 1991, doi:10.1002/9781118150672)
//   modestly weighted   1 / max(S, S(t*)), S just before t_j  (Magirr D, Burman CF 2019, doi:10.1002/sim.8186)
//
// S is the pooled Kaplan-Meier curve (of the stratum). FH(1, 0) is not Peto-Peto.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <her2mod/base/span.hpp>
#include <her2mod/surv/tied_times.hpp>

namespace her2mod {

enum class logrank_family {
  logrank, gehan, tarone_ware, peto_peto, modified_peto_peto, fleming_harrington, modestly_weighted
};

struct logrank_weight {
  logrank_family family = logrank_family::logrank;
  double rho = 0, gamma = 0;  // Fleming-Harrington
  double t_star = 0;          // modestly weighted
};

// Powers that are nearly always 0 or 1; 0^0 is 1.
inline double power_of(double base, double exponent) noexcept {
  return exponent == 0 ? 1.0 : exponent == 1 ? base : std::pow(base, exponent);
}

// One stratum's event times. Writes a weight for each.
inline void fill_logrank_weights(const logrank_weight& which, span<const double> time, span<const double> at_risk,
                                 span<const double> after, span<double> weight) noexcept {
  if (which.family == logrank_family::logrank) {
    std::fill(weight.begin(), weight.end(), 1.0);
    return;
  }
  double before = 1;  // the pooled curve just before the event time
  const bool modest = which.family == logrank_family::modestly_weighted;
  double floor = 1;
  if (modest)
    for (std::size_t j = 0; j < time.size() && not_after(time[j], which.t_star); ++j)
      if (at_risk[j] > 0) floor *= after[j] / at_risk[j];
  for (std::size_t j = 0; j < at_risk.size(); ++j) {
    const double y = at_risk[j], d = y - after[j];
    const double now = y > 0 ? before * (after[j] / y) : before;
    switch (which.family) {
      case logrank_family::logrank: break;  // above
      case logrank_family::gehan: weight[j] = y; break;
      case logrank_family::tarone_ware: weight[j] = std::sqrt(y); break;
      case logrank_family::peto_peto:
      case logrank_family::modified_peto_peto:
        before *= 1 - d / (y + 1);
        weight[j] = which.family == logrank_family::peto_peto ? before : before * y / (y + 1);
        continue;
      case logrank_family::fleming_harrington:
        weight[j] = power_of(before, which.rho) * power_of(1 - before, which.gamma);
        break;
      // Without events the curve may have come to 0 before.
      case logrank_family::modestly_weighted: weight[j] = d > 0 ? 1 / (before > floor ? before : floor) : 0; break;
    }
    before = now;
  }
}

}  // namespace her2mod
