#pragma once

// Gamma(x) / Gamma(x - 1/2), x > 1/2, without the overflow of either.

#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/policies/policy.hpp>

namespace her2mod {

// Nothing that a replicate calls may throw.
using quiet = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::pole_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>>;

inline double gamma_ratio_half(double x) noexcept {
  return boost::math::tgamma_delta_ratio(x, -0.5, quiet{});
}

}  // namespace her2mod
