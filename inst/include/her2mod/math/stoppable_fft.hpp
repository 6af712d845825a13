#pragma once

// Eigen's transform (kissfft) of long real series, with heartbeats. It has no place for them, but
// reads each number of its input once, between its butterflies: the input is made of numbers that
// beat when read. So the steps that come before and after the complex transform of half the length
// are written out here; they are Eigen's, operation by operation, and so are the results.

#include <complex>
#include <cstddef>
#include <unsupported/Eigen/FFT>
#include <vector>

#include <her2mod/base/heartbeat.hpp>

namespace her2mod {

// To be given to Eigen::FFT in place of its own.
class stoppable_fft : public Eigen::internal::kissfft_impl<double> {
 public:
  using plain = Eigen::internal::kissfft_impl<double>;

  // Of the series whose every second number is an imaginary part; then the two are told apart.
  void fwd(Complex* to, const double* from, int length) {
    if (!is_long(length)) return plain::fwd(to, from, length);
    const int half = length / 2;
    std::vector<beating> pairs(static_cast<std::size_t>(half));
    for (beating& pair : pairs) {
      pair.value = {from[0], from[1]};
      from += 2;
    }
    transform(to, pairs, false);
    const Complex* turn = real_twiddles(half / 2);
    const Complex first = to[0].real() + to[0].imag(), middle = to[0].real() - to[0].imag();
    for (int k = 1; k <= half / 2; ++k) {
      const Complex a = to[k], b = std::conj(to[half - k]);
      const Complex sum = a + b, turned = (a - b) * turn[k - 1];
      to[k] = (sum + turned) * 0.5;
      to[half - k] = std::conj(sum - turned) * 0.5;
    }
    to[0] = first;
    to[half] = middle;
  }

  // The way back.
  void inv(double* to, const Complex* from, int length) {
    if (!is_long(length)) return plain::inv(to, from, length);
    const int half = length / 2;
    const Complex* turn = real_twiddles(half / 2);
    std::vector<beating> pairs(static_cast<std::size_t>(half));
    pairs[0].value = {from[0].real() + from[half].real(), from[0].real() - from[half].real()};
    for (int k = 1; k <= half / 2; ++k) {
      const Complex a = from[k], b = std::conj(from[half - k]);
      const Complex sum = a + b, turned = (a - b) * std::conj(turn[k - 1]);
      pairs[static_cast<std::size_t>(k)].value = sum + turned;
      pairs[static_cast<std::size_t>(half - k)].value = std::conj(sum - turned);
    }
    transform(reinterpret_cast<Complex*>(to), pairs, true);
  }

 private:
  struct beating {
    Complex value;
    operator Complex() const {
      heartbeat(100);
      return value;
    }
  };

  // Shorter ones take less than 0.1 s and are some 15% faster without; and these steps are for
  // multiples of 4.
  static bool is_long(int length) noexcept { return length >= 1 << 21 && length % 4 == 0; }

  void transform(Complex* to, const std::vector<beating>& from, bool inverse) {
    heartbeat(40 * from.size());  // tables of sines and cosines are made
    get_plan(static_cast<int>(from.size()), inverse).work(0, to, from.data(), 1, 1);
    heartbeat(20 * from.size());
  }
};

}  // namespace her2mod
