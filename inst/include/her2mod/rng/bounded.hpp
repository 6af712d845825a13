#pragma once

// Unbiased integers in [0, bound), several from one random word.
//
// One bound (Lemire 2019, doi:10.1145/3230636): the high word of word * bound is the integer, and
// the low word, which is what is left of the randomness, decides on rejection. The low word is
// itself a uniform fraction of 2^w, so it can be multiplied by the next bound: k integers come
// from one word as long as bound^k fits in it (Brackett-Rozinsky, Lemire 2024,
// doi:10.1002/spe.3369). The k-tuple is exactly uniform when words with a last low word below
// 2^w mod bound^k are rejected.
//
// Templates over the word so that a test can enumerate every word of a small one.

#include <cstddef>
#include <cstdint>
#include <limits>

namespace her2mod {

template <class Word>
struct wide_word;
template <>
struct wide_word<std::uint8_t> {
  using type = std::uint16_t;
};
template <>
struct wide_word<std::uint16_t> {
  using type = std::uint32_t;
};
template <>
struct wide_word<std::uint64_t> {
  __extension__ using type = unsigned __int128;
};

// A fixed bound, and how many integers below it one word yields.
template <class Word>
class bounded_batch {
 public:
  // bound >= 1. The product is kept well below the word's range, so that rejections are rare.
  explicit bounded_batch(Word bound) noexcept : bound_(bound), product_(bound) {
    constexpr int spare_bits = std::numeric_limits<Word>::digits / 8;
    const Word limit = static_cast<Word>(std::numeric_limits<Word>::max() >> spare_bits);
    while (size_ < max_size && product_ <= limit / bound) {
      product_ = static_cast<Word>(product_ * bound);
      ++size_;
    }
    threshold_ = static_cast<Word>(static_cast<Word>(Word{0} - product_) % product_);
  }

  static constexpr std::size_t max_size = 16;
  std::size_t size() const noexcept { return size_; }

  // Splits one word into size() integers; false when the word must be rejected.
  bool split(Word word, Word* out) const noexcept {
    using wide = typename wide_word<Word>::type;
    for (std::size_t i = 0; i < size_; ++i) {
      const wide scaled = static_cast<wide>(static_cast<wide>(word) * bound_);
      out[i] = static_cast<Word>(scaled >> std::numeric_limits<Word>::digits);
      word = static_cast<Word>(scaled);
    }
    return word >= threshold_;
  }

 private:
  Word bound_;
  Word product_;
  Word threshold_ = 0;
  std::size_t size_ = 1;
};

// Calls use(index) for each of `count` indices below the batch's bound.
template <class Generator, class Use>
void draw_indices(Generator& generator, const bounded_batch<std::uint64_t>& batch,
                  std::size_t count, Use&& use) {
  std::uint64_t index[bounded_batch<std::uint64_t>::max_size];
  while (count > 0) {
    while (!batch.split(generator(), index)) {
    }
    const std::size_t taken = count < batch.size() ? count : batch.size();
    for (std::size_t i = 0; i < taken; ++i) use(index[i]);
    count -= taken;
  }
}

// One integer below a bound that changes from call to call (as in a shuffle).
template <class Generator>
std::uint64_t draw_below(Generator& generator, std::uint64_t bound) noexcept {
  using wide = typename wide_word<std::uint64_t>::type;
  wide scaled = static_cast<wide>(generator()) * bound;
  if (static_cast<std::uint64_t>(scaled) < bound) {
    const std::uint64_t threshold = (0 - bound) % bound;
    while (static_cast<std::uint64_t>(scaled) < threshold)
      scaled = static_cast<wide>(generator()) * bound;
  }
  return static_cast<std::uint64_t>(scaled >> 64);
}

}  // namespace her2mod
