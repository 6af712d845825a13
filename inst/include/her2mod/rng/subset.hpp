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

#include <algorithm>
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
  // has room for n + 3.
  template <class Generator>
  void operator()(Generator& generator, std::uint32_t* members, std::uint64_t* chosen) const {
    draw_bits(generator, chosen);
    std::size_t size = 0;
    for (std::size_t i = 0; i < words(); ++i) size = list(chosen[i] &= all_bits(i), 64 * i, members, size);
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

  // Writes the others, in order, to where there is room for n + 3, and returns how many they are.
  std::size_t others(const std::uint64_t* chosen, std::uint32_t* to) const noexcept {
    std::size_t size = 0;
    for (std::size_t i = 0; i < words(); ++i) size = list(~chosen[i] & all_bits(i), 64 * i, to, size);
    return size;
  }

 private:
  // The indices of a word's bits, appended to the members; four at a time, as it is chance how many
  // there are.
  static std::size_t list(std::uint64_t word, std::size_t first, std::uint32_t* members,
                          std::size_t size) noexcept {
    const auto base = static_cast<std::uint32_t>(first);
    const auto next = [&] {
      const int index = __builtin_ctzll(word | bit(63));
      word &= word - 1;
      return base + static_cast<std::uint32_t>(index);
    };
    const std::size_t end = size + number_of_bits(word);
    for (std::uint32_t* to = members + size; to < members + end; to += 4) {
      to[0] = next();
      to[1] = next();
      to[2] = next();
      to[3] = next();
    }
    return end;
  }

  static std::size_t number_of_bits(std::uint64_t word) noexcept {
    constexpr std::uint64_t pairs = 0x3333333333333333u, bytes = 0x0f0f0f0f0f0f0f0fu;
    word -= (word >> 1) & 0x5555555555555555u;
    word = (word & pairs) + ((word >> 2) & pairs);
    return static_cast<std::size_t>((((word + (word >> 4)) & bytes) * 0x0101010101010101u) >> 56);
  }

  static std::uint64_t bit(std::uint64_t index) noexcept { return std::uint64_t{1} << (index % 64); }
  // Those of a word's bits that are indices.
  std::uint64_t all_bits(std::size_t word) const noexcept {
    return 64 * (word + 1) <= n_ ? ~std::uint64_t{0} : bit(n_) - 1;
  }

  // Bits that are 1 with probability share_ / 256, digit after digit of it from its last 1.
  template <class Generator>
  void draw_bits(Generator& words_of, std::uint64_t* chosen) const {
    std::fill(chosen, chosen + words(), std::uint64_t{0});
    if (share_ == 0) return;
    Generator generator = words_of;  // in registers: what is written could be a part of it
    unsigned rest = share_ | 256;    // a mark above the first digit
    while ((rest & 1) == 0) rest >>= 1;
    for (; rest != 1; rest >>= 1) {
      if ((rest & 1) != 0)
        for (std::size_t i = 0; i < words(); ++i) chosen[i] |= generator();
      else
        for (std::size_t i = 0; i < words(); ++i) chosen[i] &= generator();
    }
    words_of = generator;
  }

  std::size_t n_, k_;
  unsigned share_ = 0;  // of 256
};

}  // namespace her2mod
