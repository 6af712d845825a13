#pragma once

// The discrete Fourier transform of a real series, from Eigen:
//   half_spectrum: y_k = sum_j x_j e^(-2 pi i j k / n), k = 0, ..., n / 2,
//   real_series:   x_j = (1 / n) sum_k y_k e^(2 pi i j k / n), with y_(n-k) the conjugate of y_k.

#include <complex>
#include <cstddef>
#include <unsupported/Eigen/FFT>
#include <vector>

namespace her2mod {

// The smallest 2^a or 3 * 2^a that is at least `size`, and at least 4: lengths that go fast.
inline std::size_t transform_length(std::size_t size) noexcept {
  std::size_t length = 4;
  while (length < size) length *= 2;
  return length >= 16 && length / 4 * 3 >= size ? length / 4 * 3 : length;
}

// How long a transform takes, in nanoseconds, nearly.
inline std::size_t transform_time(std::size_t length) noexcept { return 50 * length; }

inline std::vector<std::complex<double>> half_spectrum(const std::vector<double>& series) {
  Eigen::FFT<double> fft(Eigen::FFT<double>::impl_type(), Eigen::FFT<double>::HalfSpectrum);
  std::vector<std::complex<double>> spectrum;
  fft.fwd(spectrum, series);
  return spectrum;
}

// `half` holds y_0, ..., y_(length / 2), and `length` is even.
inline std::vector<double> real_series(const std::vector<std::complex<double>>& half,
                                       std::size_t length) {
  Eigen::FFT<double> fft(Eigen::FFT<double>::impl_type(), Eigen::FFT<double>::HalfSpectrum);
  std::vector<double> series;
  fft.inv(series, half, static_cast<Eigen::Index>(length));
  return series;
}

}  // namespace her2mod
