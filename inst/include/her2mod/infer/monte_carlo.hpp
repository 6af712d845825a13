#pragma once

// What a Monte Carlo p-value is worth. b of R random arrangements are at least as extreme as the
// observed one:
//   p = (b + 1) / (R + 1), never 0 (Phipson, Smyth 2010, doi:10.2202/1544-6115.1585),
// and the exact (Clopper-Pearson) interval of b/R for the p-value that R = infinity would give.
//
// The mid-p counts half of the ties, of which the observed arrangement is one: with g arrangements
// more extreme and t tied,
//   mid-p = (g + (t + 1) / 2) / (R + 1).
// It is 1/2 on average under the null, the two one-sided ones add to 1, and it is never 0; but it
// may be below a level more often than the level says (Lancaster 1961,
// doi:10.1080/01621459.1961.10482105).

#include <her2mod/base/inference.hpp>
#include <her2mod/infer/proportion.hpp>

namespace her2mod {

struct monte_carlo_p {
  double p_value;
  interval ci;
};

inline monte_carlo_p monte_carlo_p_value(double exceeding, double replicates, double level) {
  return {(exceeding + 1) / (replicates + 1),
          clopper_pearson_limits(exceeding, replicates, (1 - level) / 2)};
}

constexpr double monte_carlo_mid_p(double more_extreme, double tied, double replicates) noexcept {
  return (more_extreme + (tied + 1) / 2) / (replicates + 1);
}

}  // namespace her2mod
