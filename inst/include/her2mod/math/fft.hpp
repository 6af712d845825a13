#pragma once

// The discrete Fourier transform of a real series, from Eigen, with heartbeats:
//   half_spectrum: y_k = sum_j x_j e^(-2 pi i j k / n), k = 0, ..., n / 2,
//   real_series:   x_j = (1 / n) sum_k y_k e^(2 pi i j k / n), with y_(n-k) the conjugate of y_k.

#include <complex>
#include <cstddef>
#include <vector>

#include <her2mod/math/stoppable_fft.hpp>

namespace her2mod {

// The smallest 2^a or 3 * 2^a that is at least `size`, and at least 4: lengths that go fast.
inline std::size_t transform_length(std::size_t size) noexcept {
  std::size_t length = 4;
  while (length < size) length *= 2;
  return length >= 16 && length / 4 * 3 >= size ? length / 4 * 3 : length;
}

using real_fft = Eigen::FFT<double, stoppable_fft>;

inline std::vector<std::complex<double>> half_spectrum(const std::vector<double>& series) {
  real_fft fft(stoppable_fft(), real_fft::HalfSpectrum);
  std::vector<std::complex<double>> spectrum;
  fft.fwd(spectrum, series);
  return spectrum;
}

// `half` holds y_0, ..., y_(length / 2), and `length` is even.
inline std::vector<double> real_series(const std::vector<std::complex<double>>& half,
                                       std::size_t length) {
  real_fft fft(stoppable_fft(), real_fft::HalfSpectrum);
  std::vector<double> series;
  fft.inv(series, half, static_cast<Eigen::Index>(length));
  return series;
}

}  // namespace her2mod
