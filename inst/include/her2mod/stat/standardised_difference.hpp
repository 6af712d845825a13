#pragma once

// Standardised difference of means, in two forms.
//
// hedges: g = J (m1 - m0) / s, s the pooled standard deviation with f = n0 + n1 - 2 degrees of
//   freedom, J = Gamma(f/2) / (sqrt(f/2) Gamma((f-1)/2)) the exact correction of its bias
//   (Hedges LV 1981, J Educ Stat 6:107, doi:10.3102/10769986006002107); standard error
//   J sqrt((n0 + n1) / (n0 n1) + d^2 / (2 f)), d = g / J.
// balance: d = (m1 - m0) / sqrt((s0^2 + s1^2) / 2), as in tables of baseline balance; s_g^2 has
//   divisor n_g - 1 or, for a response of 0 and 1, n_g, which makes it p (1 - p)
//   (Austin PC 2009, Stat Med 28:3083, doi:10.1002/sim.3697); standard error
//   sqrt((n0 + n1) / (n0 n1) + d^2 / (2 (n0 + n1))).
// With no spread at all: 0 where the means are equal, else -Inf or Inf.

#include <cmath>

#include <her2mod/base/inference.hpp>
#include <her2mod/math/gamma_ratio.hpp>
#include <her2mod/stat/moments.hpp>

namespace her2mod {

enum class standardisation { hedges, balance_numeric, balance_binary };

struct standardised_difference_formula {
  static constexpr statistic_spec spec{
      "standardised_difference", "standardised difference", endpoint_kind::numeric,
      analysis_scale::identity, -1, 2,
      statistic_role::effect, 0, -infinity, infinity, "balance"};
  static constexpr sums_about about = sums_about::means;
  static constexpr squares_of squares = squares_of::each;
  bool linear() const noexcept { return form == standardisation::hedges; }
  static void check(const cohort&) noexcept {}

  standardisation form = standardisation::hedges;

  double value(const two_sums& g) const noexcept {
    if (form == standardisation::hedges) {
      const double f = g[0].weight + g[1].weight - 2;
      return correction(f) * ratio(g, pooled_deviance(g) / f);
    }
    const double less = form == standardisation::balance_binary ? 0 : 1;
    return ratio(g, (g[0].deviance() / (g[0].weight - less) +
                              g[1].deviance() / (g[1].weight - less)) / 2);
  }

  effect estimate(const two_sums& g) const noexcept {
    const double result = value(g), n = g[0].weight + g[1].weight, f = n - 2;
    const double scale = form == standardisation::hedges ? correction(f) : 1.0, d = result / scale;
    const double freedom = form == standardisation::hedges ? f : n;
    const double sizes = n / (g[0].weight * g[1].weight);
    return {result, scale * std::sqrt(sizes + d * d / (2 * freedom))};
  }

 private:
  // From the squares of both groups together, which is all that a permutation knows.
  static double pooled_deviance(const two_sums& g) noexcept {
    const weighted_sum all = g[0] + g[1];
    const double rest = all.squares - g[0].sum * g[0].offset() - g[1].sum * g[1].offset();
    return beyond_rounding(rest, all.squares, all.weight);
  }
  static double ratio(const two_sums& g, double variance) noexcept {
    const double difference = difference_of_means(g);
    const double size = std::fabs(g[0].mean()) + std::fabs(g[1].mean());
    const double rounding = rounding_of(g[0].weight + g[1].weight) * size;
    if (variance == 0 && std::fabs(difference) <= rounding) return 0.0;
    return difference / std::sqrt(variance);
  }
  static double correction(double f) noexcept {
    return f > 1 ? gamma_ratio_half(f / 2) / std::sqrt(f / 2) : not_a_number;
  }
};

using standardised_difference = moment_statistic<standardised_difference_formula>;

inline standardisation standardisation_of(const cohort& data, bool balance) {
  if (!balance) return standardisation::hedges;
  for (const double y : data.response())
    if (y != 0 && y != 1) return standardisation::balance_numeric;
  return standardisation::balance_binary;
}

}  // namespace her2mod
