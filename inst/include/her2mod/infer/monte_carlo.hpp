#pragma once

// What a Monte Carlo p-value is worth. b of R random arrangements are at least as extreme as the
// observed one:
//   p = (b + 1) / (R + 1), never 0 (Phipson, Smyth 2010, doi:10.2202/1544-6115.1585),
// and the exact (Clopper-Pearson) interval of b/R for the p-value that R = infinity would give.

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

}  // namespace her2mod
