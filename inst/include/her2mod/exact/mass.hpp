#pragma once

// Probabilities of log-concave counts (binomial, hypergeometric, noncentral hypergeometric) by
// recurrence from the mode:
//   f(k + 1) = f(k) r(k),  r decreasing,
// outward from f(mode) = 1 until the mass underflows, then divided by the sum. All terms are
// positive, so every probability and every sum over a tail keeps its relative accuracy, however
// small; no factorials, no logarithms.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <her2mod/base/heartbeat.hpp>

namespace her2mod {

// Masses of first, first + 1, ...; those outside the window are negligible.
struct mass_window {
  long first = 0;
  std::vector<double> mass;

  long last() const noexcept { return first + static_cast<long>(mass.size()) - 1; }
  double at(long k) const noexcept {
    return k < first || k > last() ? 0.0 : mass[static_cast<std::size_t>(k - first)];
  }
};

constexpr double negligible_mass = 1e-290;

// up(k) = f(k + 1) / f(k) and down(k) = f(k) / f(k + 1) for low <= k < high.
template <class Up, class Down>
void fill_from_mode(long low, long high, long mode, const Up& up, const Down& down,
                    mass_window& out, double negligible = negligible_mass) {
  // Downward into the front of the buffer and reversed into place, then upward behind it. The
  // buffer grows with the window, not with the support, and is kept between calls.
  std::size_t size = 0;
  const auto append = [&](double m) {
    if (size == out.mass.size()) out.mass.resize(2 * size + 64);
    out.mass[size++] = m;
  };
  append(1.0);
  double mass = 1.0, total = 1.0;
  for (long k = mode; k > low; --k) {
    mass *= down(k - 1);
    if (mass < negligible) break;
    total += mass;
    append(mass);
  }
  out.first = mode - static_cast<long>(size - 1);
  std::reverse(out.mass.begin(), out.mass.begin() + static_cast<std::ptrdiff_t>(size));
  mass = 1.0;
  for (long k = mode; k < high; ++k) {
    mass *= up(k);
    if (mass < negligible) break;
    total += mass;
    append(mass);
  }
  out.mass.resize(size);
  const double scale = 1 / total;
  for (double& m : out.mass) m *= scale;
}

inline void point_mass(long k, mass_window& out) {
  out.first = k;
  out.mass.assign(1, 1.0);
}

inline long binomial_mode(long n, double p) {
  const double mode = std::floor(static_cast<double>(n + 1) * p);
  return mode > static_cast<double>(n) ? n : static_cast<long>(mode);
}

inline void binomial_mass(long n, double p, mass_window& out, double negligible = negligible_mass) {
  if (p <= 0) return point_mass(0, out);
  if (p >= 1) return point_mass(n, out);
  const double odds = p / (1 - p);
  const auto ratio = [n](long k) { return static_cast<double>(n - k) / static_cast<double>(k + 1); };
  fill_from_mode(
      0, n, binomial_mode(n, p), [&](long k) { return ratio(k) * odds; },
      [&](long k) { return 1 / (ratio(k) * odds); }, out, negligible);
}

// The binomial masses of one n for many p: the p-free part of the ratio is kept.
class binomial_family {
 public:
  explicit binomial_family(long n) : n_(n), up_(static_cast<std::size_t>(n)), down_(up_.size()) {
    for (std::size_t k = 0; k < up_.size(); ++k) {
      up_[k] = static_cast<double>(n - static_cast<long>(k)) / static_cast<double>(k + 1);
      down_[k] = 1 / up_[k];
    }
  }

  long n() const noexcept { return n_; }

  // Masses below `negligible` times the largest are left out.
  void fill(double p, mass_window& out, double negligible = negligible_mass) const {
    if (p <= 0) return point_mass(0, out);
    if (p >= 1) return point_mass(n_, out);
    const double odds = p / (1 - p), inverse = (1 - p) / p;
    fill_from_mode(
        0, n_, binomial_mode(n_, p),
        [&](long k) { return up_[static_cast<std::size_t>(k)] * odds; },
        [&](long k) { return down_[static_cast<std::size_t>(k)] * inverse; }, out, negligible);
  }

 private:
  long n_;
  std::vector<double> up_, down_;
};

// Events in group 1 given the margins, with odds ratio psi:
//   f(k) proportional to C(n1, k) C(n0, m - k) psi^k.
inline void noncentral_hypergeometric_mass(long n0, long n1, long m, double psi, mass_window& out) {
  const long low = m > n0 ? m - n0 : 0, high = m < n1 ? m : n1;
  const double size1 = static_cast<double>(n1), rest = static_cast<double>(n0 - m);
  const double events = static_cast<double>(m);
  // Numerator and denominator of f(k + 1) / f(k).
  const auto over = [=](double k) { return psi * (size1 - k) * (events - k); };
  const auto under = [=](double k) { return (k + 1) * (rest + k + 1); };
  long mode = low, above = high;  // the first k whose ratio is below 1, by bisection
  while (mode < above) {
    const long middle = mode + (above - mode) / 2;
    if (over(static_cast<double>(middle)) < under(static_cast<double>(middle)))
      above = middle;
    else
      mode = middle + 1;
  }
  fill_from_mode(
      low, high, mode,
      [&](long k) { return over(static_cast<double>(k)) / under(static_cast<double>(k)); },
      [&](long k) { return under(static_cast<double>(k)) / over(static_cast<double>(k)); }, out);
}

inline void hypergeometric_mass(long n0, long n1, long m, mass_window& out) {
  noncentral_hypergeometric_mass(n0, n1, m, 1.0, out);
}

// The distribution of the sum of two independent counts.
inline mass_window convolve(const mass_window& a, const mass_window& b) {
  mass_window sum;
  sum.first = a.first + b.first;
  sum.mass.assign(a.mass.size() + b.mass.size() - 1, 0.0);
  for (std::size_t i = 0; i < a.mass.size(); ++i) {
    if (i % 64 == 0) heartbeat(64 * b.mass.size());
    for (std::size_t j = 0; j < b.mass.size(); ++j) sum.mass[i + j] += a.mass[i] * b.mass[j];
  }
  return sum;
}

}  // namespace her2mod
