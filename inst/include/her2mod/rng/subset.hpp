#pragma once

// k of n indices, each of the C(n, k) subsets equally likely: uniform indices one after another,
// of which the repeats are passed over. A new index is uniform over those not yet chosen, whatever
// they are.
//
// n (1/n + 1/(n-1) + ... + 1/(n-k+1)) indices on average, about n log(n / (n - k)): 1.39 k for
// k = n / 2. Whoever needs more than half of n chooses the others.
//
// Indices come in pairs, both from one word, as in bounded.hpp. Longer tuples take fewer words but
// more time: a pair stays in registers.

#include <cstddef>
#include <cstdint>
#include <limits>

#include <her2mod/rng/bounded.hpp>

namespace her2mod {

// Splits one word into two integers below n; false when the word must be rejected. n^2 fits into
// a word.
template <class Word>
bool split_pair(Word word, Word n, Word& first, Word& second) noexcept {
  using wide = typename wide_word<Word>::type;
  constexpr int digits = std::numeric_limits<Word>::digits;
  const wide once = static_cast<wide>(static_cast<wide>(word) * n);
  const wide twice = static_cast<wide>(static_cast<wide>(static_cast<Word>(once)) * n);
  first = static_cast<Word>(once >> digits);
  second = static_cast<Word>(twice >> digits);
  const Word left = static_cast<Word>(twice), pairs = static_cast<Word>(n * n);
  return left >= pairs || left >= static_cast<Word>(static_cast<Word>(Word{0} - pairs) % pairs);
}

// k <= n < 2^32. mark(index) returns whether the index is new, and remembers it; a mark without a
// branch is the faster one, since repeats are not predictable. It is not called after the k-th new
// index.
template <class Generator, class Mark>
void choose_subset(Generator& generator, typename Generator::result_type n, std::size_t k,
                   Mark&& mark) {
  typename Generator::result_type first, second;
  const auto draw = [&] {
    while (!split_pair(generator(), n, first, second)) {
    }
  };
  // The last index apart: so no pair but the last asks whether k is reached.
  while (k >= 2) {
    draw();
    k -= mark(first) ? 1 : 0;
    k -= mark(second) ? 1 : 0;
  }
  while (k == 1) {
    draw();
    if (mark(first) || mark(second)) k = 0;
  }
}

}  // namespace her2mod
