#pragma once

// The mean of a function over the unit cube by 16 shifted Kronecker sequences with the roots of
// primes, folded. The shifts are fixed: the same function has the same mean. The error is 3 standard
// errors of the sequences' means.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <her2mod/math/quadrature.hpp>

namespace her2mod {

// Shift `number` of coordinate `dimension`, of the counter-based generator SplitMix64
// (doi:10.1145/2714064.2660195).
inline double fixed_shift(std::uint64_t number, std::uint64_t dimension) noexcept {
  std::uint64_t x = (number * 4096 + dimension + 1) * 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

class folded_sequence {
 public:
  folded_sequence(std::size_t dimensions, std::uint64_t shift)
      : step_(dimensions), at_(dimensions), point_(dimensions) {
    for (std::size_t d = 0, prime = 2; d < dimensions; ++prime) {
      bool is_prime = true;
      for (std::size_t q = 2; q * q <= prime; ++q) is_prime = is_prime && prime % q != 0;
      if (!is_prime) continue;
      step_[d] = std::sqrt(double(prime)) - std::floor(std::sqrt(double(prime)));
      at_[d] = fixed_shift(shift, d);
      ++d;
    }
  }

  // Within (0, 1).
  const std::vector<double>& next() {
    for (std::size_t d = 0; d < step_.size(); ++d) {
      at_[d] += step_[d];
      at_[d] -= std::floor(at_[d]);
      point_[d] = std::min(std::max(std::fabs(2 * at_[d] - 1), 1e-16), 1 - 1e-16);
    }
    return point_;
  }

 private:
  std::vector<double> step_, at_, point_;
};

// Until the error is `target` times the mean, or 8192 points of each sequence are done.
template <class F>
quadrature_result shifted_mean(const F& f, std::size_t dimensions, double target) {
  constexpr std::size_t shifts = 16;
  constexpr double first = 256, most = 8192;
  std::vector<folded_sequence> sequences;
  for (std::size_t s = 0; s < shifts; ++s) sequences.emplace_back(dimensions, s);
  std::array<double, shifts> sums{};
  quadrature_result found{0, 0};
  double done = 0;
  for (double points = first; points <= most; points *= 2) {
    for (std::size_t s = 0; s < shifts; ++s)
      for (double i = done; i < points; ++i) sums[s] += f(sequences[s].next());
    done = points;
    double mean = 0, square = 0;
    for (const double sum : sums) mean += sum / points / shifts;
    for (const double sum : sums) square += (sum / points - mean) * (sum / points - mean);
    found = {mean, 3 * std::sqrt(square / (shifts - 1) / shifts)};
    if (found.error <= target * mean) break;
  }
  return found;
}

}  // namespace her2mod
