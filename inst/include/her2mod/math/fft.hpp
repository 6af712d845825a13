#pragma once

// The discrete Fourier transform of a real series, from Eigen, with heartbeats:
//   half_spectrum: y_k = sum_j x_j e^(-2 pi i j k / n), k = 0, ..., n / 2,
//   real_series:   x_j = (1 / n) sum_k y_k e^(2 pi i j k / n), with y_(n-k) the conjugate of y_k.

#include <complex>
#include <cstddef>
#include <vector>

#include <her2mod/base/compiled.hpp>

namespace her2mod {

// The smallest 2^a or 3 * 2^a that is at least `size`, and at least 4: lengths that go fast.
inline std::size_t transform_length(std::size_t size) noexcept {
  std::size_t length = 4;
  while (length < size) length *= 2;
  return length >= 16 && length / 4 * 3 >= size ? length / 4 * 3 : length;
}

HER2MOD_INLINE std::vector<std::complex<double>> half_spectrum(const std::vector<double>& series);

// `half` holds y_0, ..., y_(length / 2), and `length` is even.
HER2MOD_INLINE std::vector<double> real_series(const std::vector<std::complex<double>>& half,
                                               std::size_t length);

}  // namespace her2mod

#ifndef HER2MOD_COMPILED
#include <her2mod/math/fft_code.hpp>
#endif
