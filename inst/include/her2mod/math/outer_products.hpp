#pragma once

// A sum of w x x' over vectors x of few numbers, its lower triangle.

#include <cstddef>
#include <utility>

#include <her2mod/base/double_pair.hpp>
#include <her2mod/base/unrolled.hpp>
#include <her2mod/math/ldl.hpp>

namespace her2mod {

// Of P numbers: pairs of a row side by side. The last pair of an even row goes beyond the diagonal, and at an odd P beyond
// x, where there must be a number; what comes of it is not used.
template <std::size_t P>
class outer_products {
public:
  outer_products(std::size_t, double*) noexcept {}

  void add(double w, const double* x) noexcept { add_rows(std::make_index_sequence<P>(), w, x); }

  // Into a packed triangle.
  template <class Use>
  void each(const Use& use) const noexcept {
    each_pair<P>(P, [&](std::size_t at, std::size_t j, std::size_t k) { use(at, sum_[before(j) + k / 2][k % 2]); });
  }

private:
  // Pairs of the rows before.
  static constexpr std::size_t before(std::size_t row) noexcept {
    return (row / 2) * (row / 2 + 1) + (row % 2) * (row / 2 + 1);
  }
  template <std::size_t... J>
  void add_rows(std::index_sequence<J...>, double w, const double* x) noexcept {
    (add_row<J>(std::make_index_sequence<J / 2 + 1>(), w * x[J], x), ...);
  }
  template <std::size_t J, std::size_t... K>
  void add_row(std::index_sequence<K...>, double scaled, const double* x) noexcept {
    ((sum_[before(J) + K] += scaled * load_pair(x + 2 * K)), ...);
  }

  double_pair sum_[before(P)] = {};
};

// Of any number, in memory that is given.
template <>
class outer_products<0> {
public:
  outer_products(std::size_t p, double* packed) noexcept : p_(p), sum_(packed) {
    for (std::size_t at = 0; at < packed_size(p); ++at)
      sum_[at] = 0;
  }

  void add(double w, const double* x) noexcept {
    each_pair<0>(p_, [&](std::size_t at, std::size_t j, std::size_t k) { sum_[at] += w * x[j] * x[k]; });
  }

  template <class Use>
  void each(const Use& use) const noexcept {
    for (std::size_t at = 0; at < packed_size(p_); ++at)
      use(at, sum_[at]);
  }

private:
  std::size_t p_;
  double* sum_;
};

}  // namespace her2mod
