#pragma once

// Loops over a number of coordinates that may be known to the compiler.

#include <cstddef>
#include <type_traits>
#include <utility>

namespace her2mod {

template <class Body, std::size_t... I>
inline void unroll(std::index_sequence<I...>, const Body& body) noexcept {
  (body(I), ...);
}

// body(0), ..., body(n - 1). With Fixed > 0, which is n then, written out: at -O2 compilers leave
// such a loop in loops over rows as it is.
template <std::size_t Fixed, class Body>
inline void each_of(std::size_t n, const Body& body) noexcept {
  if constexpr (Fixed > 0)
    unroll(std::make_index_sequence<Fixed>(), body);
  else
    for (std::size_t i = 0; i < n; ++i)
      body(i);
}

// Calls use(n as a constant) for n from Least to Most, and use(0) for any other: so the compiler unrolls what is done for
// every row.
template <std::size_t Least, std::size_t Most, class Use>
inline auto with_fixed(std::size_t n, const Use& use) noexcept {
  if constexpr (Least > Most)
    return use(std::integral_constant<std::size_t, 0>());
  else
    return n == Least ? use(std::integral_constant<std::size_t, Least>()) : with_fixed<Least + 1, Most>(n, use);
}

template <class Body, std::size_t... I>
inline void unroll_pairs(std::index_sequence<I...>, const Body& body) noexcept {
  // The row of the I-th place of a packed triangle.
  const auto row = [](std::size_t i) constexpr {
    std::size_t j = 0;
    while ((j + 1) * (j + 2) / 2 <= i)
      ++j;
    return j;
  };
  (body(I, std::integral_constant<std::size_t, row(I)>(), I - row(I) * (row(I) + 1) / 2), ...);
}

// body(place, j, k) for all k <= j < n, where `place` is where a packed triangle has (j, k).
template <std::size_t Fixed, class Body>
inline void each_pair(std::size_t n, const Body& body) noexcept {
  if constexpr (Fixed > 0) {
    unroll_pairs(std::make_index_sequence<Fixed*(Fixed + 1) / 2>(), body);
  } else {
    std::size_t place = 0;
    for (std::size_t j = 0; j < n; ++j)
      for (std::size_t k = 0; k <= j; ++k)
        body(place++, j, k);
  }
}

} // namespace her2mod
