#pragma once

// What fft.hpp declares.

#include <complex>
#include <cstddef>
#include <vector>

#include <her2mod/math/fft.hpp>
#include <her2mod/math/stoppable_fft.hpp>

namespace her2mod {

using real_fft = Eigen::FFT<double, stoppable_fft>;

HER2MOD_INLINE std::vector<std::complex<double>> half_spectrum(const std::vector<double>& series) {
  real_fft fft(stoppable_fft(), real_fft::HalfSpectrum);
  std::vector<std::complex<double>> spectrum;
  fft.fwd(spectrum, series);
  return spectrum;
}

HER2MOD_INLINE std::vector<double> real_series(const std::vector<std::complex<double>>& half,
                                               std::size_t length) {
  real_fft fft(stoppable_fft(), real_fft::HalfSpectrum);
  std::vector<double> series;
  fft.inv(series, half, static_cast<Eigen::Index>(length));
  return series;
}

}  // namespace her2mod
