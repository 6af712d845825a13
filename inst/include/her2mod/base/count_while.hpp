#pragma once

// How many of n ordered values from the first on satisfy a condition that holds up to some place and
// not from there on. No branch depends on the values, as where they are random none can be foretold.

#include <cstddef>

namespace her2mod {

template <class Holds>
std::size_t count_while(const double* first, std::size_t n, const Holds& holds) noexcept {
  const double* begin = first;
  while (n > 1) {
    const std::size_t half = n / 2;
    begin += half * static_cast<std::size_t>(holds(begin[half - 1]));
    n -= half;
  }
  return static_cast<std::size_t>(begin - first) + (n == 1 && holds(*begin) ? 1 : 0);
}

}  // namespace her2mod
