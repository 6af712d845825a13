#pragma once

// P(chi2_n > x) by its finite sum: n = 1 or 2 in closed form, and up from there by twos,
//   P(chi2_(n+2) > x) = P(chi2_n > x) + (x/2)^(n/2) exp(-x/2) / G(n/2 + 1), G the gamma function.
// No term is negative, so all digits stay.

#include <cmath>

namespace her2mod {

struct chi2_point {
  double tail, density;
};

inline chi2_point chi2_at(int n, double x) noexcept {
  constexpr double half_root_pi = 0.88622692545275801365;  // G(3/2)
  const bool odd = n % 2 == 1;
  const double half = x / 2, root = std::sqrt(half), exponential = std::exp(-half);
  double tail = odd ? std::erfc(root) : exponential;
  double last = odd ? exponential / (2 * half_root_pi * root) : exponential;  // density times 2
  for (int m = odd ? 1 : 2; m < n; m += 2) {
    last *= half / (m * 0.5);
    tail += last;
  }
  return {tail, last / 2};
}

inline double chi2_upper(int n, double x) noexcept { return chi2_at(n, x).tail; }

// The x with P(chi2_n > x) = P(chi2_n > q) P(chi2_n > y). The logarithm of the tail bends downwards
// for n > 2, is straight for n = 2 and bends upwards for n = 1, so from q + y on Newton's steps go
// one way; rounding apart, which is all there is where the tails are nearly 1.
inline double chi2_beyond(int n, double q, double y) noexcept {
  double x = q + y;
  if (n == 2) return x;
  const double least = std::fmax(q, y);
  const double wanted = chi2_upper(n, q) * chi2_upper(n, y);
  for (int step = 0; step < 50; ++step) {
    const chi2_point at = chi2_at(n, x);
    const double change = std::log(at.tail / wanted) * at.tail / at.density;
    if (!std::isfinite(change)) break;
    x = std::fmax(x + change, least);
    if (std::fabs(change) <= 1e-6 * x) break;  // the next one would be its square
  }
  return x;
}

}  // namespace her2mod
