#pragma once

// What gamma_ratio.hpp declares.

#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/policies/policy.hpp>

#include <her2mod/math/gamma_ratio.hpp>

namespace her2mod {

// Nothing that a replicate calls may throw.
using quiet = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::pole_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>>;

HER2MOD_INLINE double gamma_ratio_half(double x) noexcept {
  return boost::math::tgamma_delta_ratio(x, -0.5, quiet{});
}

}  // namespace her2mod
