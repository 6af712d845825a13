#pragma once

// A linear system, solved as in a textbook.

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

namespace naive {

// By elimination with pivots; NaN where the matrix is singular.
template <class Real>
std::vector<Real> solve(std::vector<std::vector<Real>> a, std::vector<Real> b) {
  const std::size_t p = b.size();
  for (std::size_t j = 0; j < p; ++j) {
    std::size_t best = j;
    for (std::size_t i = j; i < p; ++i)
      if (std::fabs(a[i][j]) > std::fabs(a[best][j]))
        best = i;
    std::swap(a[j], a[best]);
    std::swap(b[j], b[best]);
    for (std::size_t i = 0; i < p; ++i) {
      if (i == j)
        continue;
      const Real times = a[i][j] / a[j][j];
      for (std::size_t k = 0; k < p; ++k)
        a[i][k] -= times * a[j][k];
      b[i] -= times * b[j];
    }
  }
  for (std::size_t j = 0; j < p; ++j)
    b[j] /= a[j][j];
  return b;
}

}  // namespace naive
