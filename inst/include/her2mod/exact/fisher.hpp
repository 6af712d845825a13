#pragma once

// Fisher's exact test: group 1's events X given both margins.
//
//   less            P(X <= x)
//   greater         P(X >= x)
//   minimum likelihood   sum of P(k) over all k with P(k) <= P(x), ties within 1e-7 relative
//   central         twice the smaller one-sided p, at most 1
//   mid-p           the same p with only half of P(x)
// Agresti A (2002) Categorical Data Analysis, section 3.5, doi:10.1002/0471249688.

#include <algorithm>

#include <her2mod/base/inference.hpp>
#include <her2mod/base/table2x2.hpp>
#include <her2mod/exact/mass.hpp>

namespace her2mod {

struct fisher_p_values {
  double less, greater;
  double minimum_likelihood;
  double observed;  // P(x)

  double central() const noexcept { return std::min(1.0, 2 * std::min(less, greater)); }
  double by(alternative side) const noexcept {
    switch (side) {
      case alternative::less: return less;
      case alternative::greater: return greater;
      default: return minimum_likelihood;
    }
  }
  double mid(alternative side) const noexcept { return by(side) - observed / 2; }
};

// The three sums from a window of masses.
inline fisher_p_values sum_tails(const mass_window& null, long x) {
  const double observed = null.at(x);
  const double limit = observed * (1 + tie_tolerance);
  fisher_p_values p{0, 0, 0, observed};
  for (std::size_t i = 0; i < null.mass.size(); ++i) {
    const long k = null.first + static_cast<long>(i);
    const double mass = null.mass[i];
    if (k <= x) p.less += mass;
    if (k >= x) p.greater += mass;
    if (mass <= limit) p.minimum_likelihood += mass;
  }
  p.less = std::min(1.0, p.less);
  p.greater = std::min(1.0, p.greater);
  p.minimum_likelihood = std::min(1.0, p.minimum_likelihood);
  return p;
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
