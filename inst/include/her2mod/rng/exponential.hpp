#pragma once

// A standard exponential variate by comparisons of integers alone, so that no platform's logarithm
// has a say in it. Von Neumann J (1951) National Bureau of Standards Applied Mathematics Series
// 12:36; Devroye L (1986) chapter IV.2, doi:10.1007/978-1-4613-8643-8.
//
// Words are uniform on 0 to N - 1. After a first word m, at least j more words go on descending,
// m > w_1 > ... > w_j, with probability C(m, j) / N^j; so an even number of them do with
// probability
//   sum_j (-1)^j C(m, j) / N^j = (1 - 1/N)^m,
// and m is kept with that. Averaged over m, a trial fails with probability (1 - 1/N)^N. With t
// failed trials before it, t N + m is therefore exactly geometric, and x = t + (m + 1) / N has
//   P(x > k / N) = (1 - 1/N)^k,  k = 0, 1, ...,  and mean 1.
// Here N = 2^53: P(x > k / N) is exp(-k / N) to a relative error of x 2^-54. A double holds every
// x up to 1 exactly and rounds the others to nearest. x is never 0.

#include <cstdint>

namespace her2mod {

// Whether an even number of words from draw() go on descending from `first`.
template <class Draw>
bool descends_evenly(std::uint64_t first, Draw&& draw) {
  bool even = true;
  std::uint64_t last = first;
  for (std::uint64_t word = draw(); word < last; word = draw()) {
    last = word;
    even = !even;
  }
  return even;
}

// 4.3 words on average, as many as the comparisons ask for.
template <class Generator>
double draw_exponential(Generator& generator) {
  const auto draw = [&] { return generator() >> 11; };
  double failed = 0;
  std::uint64_t first = draw();
  while (!descends_evenly(first, draw)) {
    failed += 1;
    first = draw();
  }
  // The product is exact: fused with the sum or not, the result is the same.
  return failed + static_cast<double>(first + 1) * 0x1p-53;
}

}  // namespace her2mod
