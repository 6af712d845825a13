#pragma once

// P(max_k |Z_k| > c) and P(max_k Z_k > c) of a normal vector Z with mean 0 and a correlation matrix
// that may be singular, as that of MaxCombo is (Karrison 2016,
// doi:10.1177/1536867X1601600308).

#include <vector>

#include <her2mod/base/compiled.hpp>
#include <her2mod/base/inference.hpp>

namespace her2mod {

struct tail_probability {
  double p;
  double error;  // an estimate of |p - truth|: of the quadrature, or 3 standard errors
  int rank;
};

// P(max_k |Z_k| > c) for two.sided, P(max Z_k > c) for greater, P(min Z_k < c) for less;
// `correlation` row by row.
HER2MOD_INLINE tail_probability normal_maximum_tail(const std::vector<double>& correlation, double c,
                                                    alternative side);

}  // namespace her2mod

#ifndef HER2MOD_COMPILED
#include <her2mod/math/normal_maximum_code.hpp>
#endif
