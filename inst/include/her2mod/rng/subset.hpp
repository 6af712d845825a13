#pragma once

// k of n indices, each of the C(n, k) subsets equally likely.
//
// choose_subset(): uniform indices one after another, of which the repeats are passed over. A new
// index is uniform over those not yet chosen, whatever they are. n log(n / (n - k)) indices on
// average. They come in pairs, both from one word, as in bounded.hpp. Longer tuples take fewer words
// but more time: a pair stays in registers.
//
// subset_sampler: each index is chosen independently, with a probability p a little over k/n, by
// drawing how far on the next chosen one is (rng/gaps.hpp). Given how many there are, all subsets of
// that size are equally likely. Fewer than k (once in 15) are drawn anew, which is decided by their
// number alone; of more, some are taken away, each of the chosen equally likely.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

#include <her2mod/rng/bounded.hpp>
#include <her2mod/rng/gaps.hpp>

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
  static constexpr std::size_t spare = geometric_gaps::spare;

  subset_sampler(std::size_t n, std::size_t k) : n_(n), k_(k) {
    const auto size = static_cast<double>(n), chosen = static_cast<double>(k);
    const double share = (chosen + 1.5 * std::sqrt(chosen * (1 - chosen / size))) / size;
    if (n >= 64 && share >= geometric_gaps::least && share <= geometric_gaps::most)
      gaps_ = std::make_shared<const geometric_gaps>(share);
  }

  std::size_t size() const noexcept { return k_; }
  std::size_t words() const noexcept { return (n_ + 63) / 64; }

  // Writes the k members, in no order. `members` has room for n + spare; `marks` for words(), of which
  // nothing is read.
  template <class Generator>
  void operator()(Generator& generator, std::uint32_t* members, std::uint64_t* marks) const {
    if (!gaps_) return choose_singly(generator, members, marks);
    std::size_t size;
    do size = gaps_->fill(generator, static_cast<std::uint32_t>(n_), members);
    while (size < k_);
    take_away(generator, members, size);
  }

  // Writes the others, in order, in place of the members.
  std::size_t others(std::uint32_t* members, std::uint64_t* marks) const noexcept {
    std::fill(marks, marks + words(), std::uint64_t{0});
    for (std::size_t i = 0; i < k_; ++i) marks[members[i] / 64] |= bit(members[i]);
    std::size_t size = 0;
    for (std::uint32_t index = 0; index < n_; ++index) {
      members[size] = index;
      size += (marks[index / 64] & bit(index)) == 0 ? 1 : 0;
    }
    return size;
  }

 private:
  template <class Generator>
  void choose_singly(Generator& generator, std::uint32_t* members, std::uint64_t* marks) const {
    std::fill(marks, marks + words(), std::uint64_t{0});
    choose_subset(generator, n_, k_, [&](std::uint64_t index) {
      const bool fresh = (marks[index / 64] & bit(index)) == 0;
      marks[index / 64] |= bit(index);
      *members = static_cast<std::uint32_t>(index);
      members += fresh ? 1 : 0;
      return fresh;
    });
  }

  // Until k are left: one after another, by half a word, as draw_below() does by a whole one.
  template <class Generator>
  void take_away(Generator& words, std::uint32_t* members, std::size_t size) const {
    Generator generator = words;  // in registers: what is written could be a part of it
    while (size > k_) {
      std::uint64_t word = generator();
      for (int half = 0; half < 2 && size > k_; ++half, word >>= 32) {
        const std::uint64_t scaled = (word & 0xffffffffu) * size;
        const auto left = static_cast<std::uint32_t>(scaled), bound = static_cast<std::uint32_t>(size);
        if (left < bound && left < (0 - bound) % bound) continue;
        members[scaled >> 32] = members[--size];
      }
    }
    words = generator;
  }

  static std::uint64_t bit(std::uint64_t index) noexcept { return std::uint64_t{1} << (index % 64); }

  std::size_t n_, k_;
  std::shared_ptr<const geometric_gaps> gaps_;
};

}  // namespace her2mod
