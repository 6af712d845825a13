#pragma once

// Gamma(x) / Gamma(x - 1/2), x > 1/2, without the overflow of either.

#include <her2mod/base/compiled.hpp>

namespace her2mod {

HER2MOD_INLINE double gamma_ratio_half(double x) noexcept;

}  // namespace her2mod

#ifndef HER2MOD_COMPILED
#include <her2mod/math/gamma_ratio_code.hpp>
#endif
