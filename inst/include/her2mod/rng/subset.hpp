#pragma once

// k of n indices, each of the C(n, k) subsets equally likely.
//
// choose_subset(): uniform indices one after another, of which the repeats are passed over. A new
// index is uniform over those not yet chosen, whatever they are. n log(n / (n - k)) indices on
// average. They come in pairs, both from one word, as in bounded.hpp. Longer tuples take fewer words
// but more time: a pair stays in registers.
//
// subset_sampler: each index is chosen independently, with the probability a/256 next to k/n: 64 of
// them by at most eight words, combined by AND and OR as the binary digits of a say. Given how many
// there are, all subsets of that size are equally likely; about sqrt(n) of them are then added, as
// above, or taken away, each of the chosen equally likely.

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

class subset_sampler {
 public:
  subset_sampler(std::size_t n, std::size_t k) : n_(n), k_(k) {
    if (n >= 64) share_ = static_cast<unsigned>((512 * k + n) / (2 * n));
    if (share_ > 255) share_ = 255;
  }

  std::size_t size() const noexcept { return k_; }
  std::size_t words() const noexcept { return (n_ + 63) / 64; }

  // Writes the k members, in no order, and as the bits of `chosen`, which has words() words. `members`
  // has room for n.
  template <class Generator>
  void operator()(Generator& generator, std::uint32_t* members, std::uint64_t* chosen) const {
    std::size_t size = 0;
    for (std::size_t i = 0; i < words(); ++i) {
      chosen[i] = bits(generator) & all_bits(i);
      size = list(chosen[i], 64 * i, members, size);
    }
    for (; size > k_; --size) {
      std::uint32_t& gone = members[draw_below(generator, size)];
      chosen[gone / 64] &= ~bit(gone);
      gone = members[size - 1];
    }
    choose_subset(generator, n_, k_ - size, [&](std::uint64_t index) {
      const bool fresh = (chosen[index / 64] & bit(index)) == 0;
      if (!fresh) return false;
      chosen[index / 64] |= bit(index);
      members[size++] = static_cast<std::uint32_t>(index);
      return true;
    });
  }

  // Writes the others, in order, and returns how many they are.
  std::size_t others(const std::uint64_t* chosen, std::uint32_t* to) const noexcept {
    std::size_t size = 0;
    for (std::size_t i = 0; i < words(); ++i) size = list(~chosen[i] & all_bits(i), 64 * i, to, size);
    return size;
  }

 private:
  // The indices of a word's bits, appended to the members.
  static std::size_t list(std::uint64_t word, std::size_t first, std::uint32_t* members,
                          std::size_t size) noexcept {
    for (; word != 0; word &= word - 1)
      members[size++] = static_cast<std::uint32_t>(first) + static_cast<std::uint32_t>(__builtin_ctzll(word));
    return size;
  }

  static std::uint64_t bit(std::uint64_t index) noexcept { return std::uint64_t{1} << (index % 64); }
  // Those of a word's bits that are indices.
  std::uint64_t all_bits(std::size_t word) const noexcept {
    return 64 * (word + 1) <= n_ ? ~std::uint64_t{0} : bit(n_) - 1;
  }

  // 64 bits, each 1 with probability share_ / 256.
  template <class Generator>
  std::uint64_t bits(Generator& generator) const {
    std::uint64_t word = 0;
    for (unsigned rest = share_ | 256; rest != 1; rest >>= 1) {
      if (word == 0 && (rest & 1) == 0) continue;  // trailing zeros change nothing
      word = (rest & 1) != 0 ? word | generator() : word & generator();
    }
    return word;
  }

  std::size_t n_, k_;
  unsigned share_ = 0;  // of 256
};

}  // namespace her2mod
