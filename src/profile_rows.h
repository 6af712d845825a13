#pragma once

// Profile likelihood of every coefficient of a model, one row each: the interval's ends and the
// likelihood-ratio statistic of 0. NA where a coefficient is unknown, or its profile cannot be followed:
// that of one is no reason to withhold the others'.

#include "convert.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/inference.hpp>

namespace her2mod::r {

// `drop`: half a quantile of chi-squared on 1.
template <class Model>
Rcpp::NumericMatrix profile_rows(Model& model, const std::vector<double>& coefficients, double drop) {
  const int p = static_cast<int>(coefficients.size());
  Rcpp::NumericMatrix out(p, 3);
  std::fill(out.begin(), out.end(), NA_REAL);
  for (int row = 0; row < p; ++row) {
    const auto j = static_cast<std::size_t>(row);
    if (std::isnan(coefficients[j]))
      continue;
    try {
      out(row, 2) = model.ratio_test(j);
      const interval ends = model.profile_interval(j, drop);
      out(row, 0) = std::isnan(ends.low) ? NA_REAL : ends.low;
      out(row, 1) = std::isnan(ends.high) ? NA_REAL : ends.high;
    } catch (const numeric_error&) {
    }
  }
  return out;
}

} // namespace her2mod::r
