#pragma once

// Fisher's exact test: group 1's events X given both margins.
//
//   less            P(X <= x)
//   greater         P(X >= x)
//   minimum likelihood   sum of P(k) over all k with P(k) <= P(x), ties within 1e-7 relative
//   central         twice the smaller one-sided p, at most 1
//   mid-p           the same p with only half of P(x); 1 where the margins allow one table only
// Agresti A (2002) Categorical Data Analysis, section 3.5, doi:10.1002/0471249688.

#include <algorithm>
#include <vector>

#include <her2mod/base/inference.hpp>
#include <her2mod/base/table2x2.hpp>
#include <her2mod/exact/mass.hpp>

namespace her2mod {

struct fisher_p_values {
  double less, greater;
  double minimum_likelihood;
  double observed;  // P(x)

  // `share`: how much of P(x) counts, 1 or, for mid-p, 1/2.
  double central(alternative side = alternative::two_sided, double share = 1.0) const noexcept {
    const double low = less - (1 - share) * observed, high = greater - (1 - share) * observed;
    switch (side) {
      case alternative::less: return low;
      case alternative::greater: return high;
      default: return std::min(1.0, 2 * std::min(low, high));
    }
  }
  double by(alternative side) const noexcept {
    switch (side) {
      case alternative::less: return less;
      case alternative::greater: return greater;
      default: return minimum_likelihood;
    }
  }
  // With one possible table there is nothing to halve against: p = 1.
  double mid(alternative side) const noexcept { return observed < 1 ? by(side) - observed / 2 : 1.0; }
};

// The sums from a window of masses, which rise to a mode and fall: the values at most as likely as
// the observed one are a tail on each side.
inline fisher_p_values sum_tails(const mass_window& null, long x) {
  const std::vector<double>& mass = null.mass;
  const double observed = null.at(x);
  if (observed == 0) return {0, 0, 0, 0};
  const double limit = observed * (1 + tie_tolerance);
  const auto at = static_cast<std::size_t>(x - null.first);
  double below = 0, above = 0, low_tail = 0, high_tail = 0;
  for (std::size_t i = 0; i < at; ++i) below += mass[i];
  for (std::size_t i = mass.size() - 1; i > at; --i) above += mass[i];
  std::size_t low_end = 0, high_begin = mass.size();
  while (low_end < mass.size() && mass[low_end] <= limit) low_tail += mass[low_end++];
  while (high_begin > low_end && mass[high_begin - 1] <= limit) high_tail += mass[--high_begin];
  return {std::min(1.0, below + observed), std::min(1.0, above + observed),
          std::min(1.0, low_tail + high_tail), observed};
}

inline fisher_p_values fisher_test(const table2x2& t, mass_window& scratch) {
  hypergeometric_mass(static_cast<long>(t.n0), static_cast<long>(t.n1),
                      static_cast<long>(t.events()), scratch);
  return sum_tails(scratch, static_cast<long>(t.x1));
}

inline fisher_p_values fisher_test(const table2x2& t) {
  mass_window scratch;
  return fisher_test(t, scratch);
}

}  // namespace her2mod
