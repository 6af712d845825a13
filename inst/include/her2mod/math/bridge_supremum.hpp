#pragma once

// P(|B(x)| <= c for all a <= x <= b) of a Brownian bridge B on [0, 1], exactly.

#include <her2mod/base/compiled.hpp>

namespace her2mod {

// 0 <= a <= b <= 1, c > 0.
HER2MOD_INLINE double bridge_inside(double a, double b, double c);

}  // namespace her2mod

#ifndef HER2MOD_COMPILED
#include <her2mod/math/bridge_supremum_code.hpp>
#endif
