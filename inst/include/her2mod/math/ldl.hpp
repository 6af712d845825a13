#pragma once

// Small symmetric matrices that are positive semidefinite, packed by rows of the lower triangle:
// (j, k), k <= j, lies at j (j + 1) / 2 + k. Nothing is allocated.
//
// A = L D L' without pivoting, so that where columns depend on each other it is the later one that
// is set aside, as people expect of a regression.

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace her2mod {

constexpr std::size_t packed_size(std::size_t p) noexcept { return p * (p + 1) / 2; }
constexpr std::size_t packed_at(std::size_t j, std::size_t k) noexcept {
  return j * (j + 1) / 2 + k;
}

// In place: D on the diagonal, L below it. Column j is set aside (its row and column count as zero)
// where `aside[j]` says so already, or where what the columns before it leave of its diagonal is at
// most `tolerance` of `scale[j]`; that is marked in `aside`. Returns how many columns are left.
inline std::size_t ldl_factor(double* a, std::size_t p, const double* scale, double tolerance,
                              std::uint8_t* aside) noexcept {
  std::size_t rank = 0;
  for (std::size_t j = 0; j < p; ++j) {
    double* const row = a + packed_at(j, 0);
    for (std::size_t k = 0; k < j; ++k) {
      if (aside[k] || aside[j]) {
        row[k] = 0;
        continue;
      }
      double sum = row[k];
      const double* const other = a + packed_at(k, 0);
      for (std::size_t m = 0; m < k; ++m)
        if (!aside[m])
          sum -= row[m] * other[m] * a[packed_at(m, m)];
      row[k] = sum / other[k];
    }
    double pivot = row[j];
    for (std::size_t k = 0; k < j; ++k)
      if (!aside[k])
        pivot -= row[k] * row[k] * a[packed_at(k, k)];
    if (!aside[j] && pivot > tolerance * scale[j] && std::isfinite(pivot)) {
      row[j] = pivot;
      ++rank;
    } else {
      aside[j] = 1;
      row[j] = 0;
    }
  }
  return rank;
}

// x = A^-1 b; 0 for what was set aside. `x` may be `b`.
inline void ldl_solve(const double* factor, std::size_t p, const std::uint8_t* aside,
                      const double* b, double* x) noexcept {
  for (std::size_t j = 0; j < p; ++j) {
    double sum = aside[j] ? 0.0 : b[j];
    for (std::size_t k = 0; k < j; ++k)
      sum -= factor[packed_at(j, k)] * x[k];
    x[j] = aside[j] ? 0.0 : sum;
  }
  for (std::size_t j = 0; j < p; ++j)
    x[j] = aside[j] ? 0.0 : x[j] / factor[packed_at(j, j)];
  for (std::size_t j = p; j-- > 0;)
    for (std::size_t k = j + 1; k < p; ++k)
      x[j] -= factor[packed_at(k, j)] * x[k];
}

// A^-1, p by p; rows and columns of zeros for what was set aside.
inline void ldl_inverse(const double* factor, std::size_t p, const std::uint8_t* aside,
                        double* inverse) noexcept {
  for (std::size_t j = 0; j < p; ++j) {
    double* const column = inverse + j * p;
    for (std::size_t k = 0; k < p; ++k)
      column[k] = k == j ? 1.0 : 0.0;
    ldl_solve(factor, p, aside, column, column);
  }
}

// y = L^-1 x: with A = L D L', y' D^-1 y = x' A^-1 x.
inline void ldl_half_solve(const double* factor, std::size_t p, const double* x,
                           double* y) noexcept {
  for (std::size_t j = 0; j < p; ++j) {
    double sum = x[j];
    for (std::size_t k = 0; k < j; ++k)
      sum -= factor[packed_at(j, k)] * y[k];
    y[j] = sum;
  }
}

} // namespace her2mod
