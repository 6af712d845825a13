#pragma once

// Two doubles side by side, for loops that at -O2 compilers leave one by one.

#include <cstring>

namespace her2mod {

using double_pair = double __attribute__((vector_size(16)));

inline double_pair load_pair(const double* at) noexcept {
  double_pair pair;
  std::memcpy(&pair, at, sizeof pair);
  return pair;
}

}  // namespace her2mod
