#pragma once

// P(|B(x)| <= c sqrt(x (1 - x)) for all a <= x <= b) of a Brownian bridge B: exact to rounding,
// but for an interval that is next to nothing (weighted_bridge_supremum_code.hpp).

#include <her2mod/base/compiled.hpp>

namespace her2mod {

// 0 < a <= b < 1, c > 0.
HER2MOD_INLINE double weighted_bridge_inside(double a, double b, double c);

}  // namespace her2mod

#ifndef HER2MOD_COMPILED
#include <her2mod/math/weighted_bridge_supremum_code.hpp>
#endif
