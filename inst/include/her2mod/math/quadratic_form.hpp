#pragma once

// Mahalanobis' squared length of a vector with a covariance matrix that may be singular.

#include <cstddef>
#include <vector>

#include <her2mod/base/compiled.hpp>

namespace her2mod {

// d' S+ d with the generalised inverse of the symmetric matrix S (row by row), or infinity where d
// points, by more than rounding, in a direction in which S has no variance.
HER2MOD_INLINE double squared_length(const std::vector<double>& d, const std::vector<double>& covariance);

// In how many directions S has variance: the degrees of freedom of d' S+ d.
HER2MOD_INLINE std::size_t rank_of(const std::vector<double>& covariance);

}  // namespace her2mod

#ifndef HER2MOD_COMPILED
#include <her2mod/math/quadratic_form_code.hpp>
#endif
