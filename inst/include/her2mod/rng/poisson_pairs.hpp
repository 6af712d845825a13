#pragma once

// Poisson counts of one mean, eight from a word.
//
// Twelve bits of a word stand for a pair of counts: a table of 4096 cells says which, where all words
// that start so agree; otherwise (0.9% of the cells) another word adds 52 bits, and the 64 are looked
// up in the cumulated probabilities of the pairs, likeliest first. So the table does not round: all
// probabilities together are off by about 2^-50, the rounding of their computation, and 2^-64 each.
// Counts are at most 24: the rest has a probability below 2^-80.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <her2mod/base/bytes.hpp>
#include <her2mod/base/error.hpp>

namespace her2mod {

class poisson_pairs {
 public:
  // 1/256 <= mean <= 1.
  explicit poisson_pairs(double mean) {
    if (!(mean >= 1.0 / 256 && mean <= 1)) throw input_error("The mean of a small Poisson count is 1/256 to 1.");
    tabulate_pairs(mean);
    tabulate_cells();
  }

  // Writes n counts and returns their sum.
  template <class Generator>
  std::size_t fill(Generator& words, std::uint8_t* out, std::size_t n) const {
    Generator generator = words;  // in registers: bytes written could be parts of it
    std::size_t sum = 0;
    while (n >= 8) {
      // Eight words side by side: no byte of their sum exceeds 8 * 24.
      std::uint64_t side_by_side = 0;
      for (std::size_t left = std::min<std::size_t>(n / 8, 8); left > 0; --left, n -= 8, out += 8) {
        const std::uint64_t counts = eight(generator);
        put_bytes(counts, out);
        side_by_side += counts;
      }
      sum += sum_of_bytes(side_by_side);
    }
    if (n > 0) {
      const std::uint64_t counts = eight(generator) & ((std::uint64_t{1} << (8 * n)) - 1);
      for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::uint8_t>(counts >> (8 * i));
      sum += sum_of_bytes(counts);
    }
    words = generator;
    return sum;
  }

  // The pairs, first + 256 second, with the probabilities that the table has.
  std::vector<std::pair<unsigned, double>> implied() const {
    std::vector<std::pair<unsigned, double>> result;
    std::uint64_t begin = 0;
    for (std::size_t i = 0; i < pair_.size(); ++i) {
      result.emplace_back(pair_[i], std::ldexp(static_cast<double>(last_[i] - begin) + 1, -64));
      begin = last_[i] + 1;
    }
    return result;
  }

 private:
  static constexpr int bits_ = 12;
  static constexpr unsigned most_ = 24;         // patients' counts: bytes below 128
  static constexpr std::uint16_t open_ = 0x80;  // a cell with several pairs

  template <class Generator>
  std::uint64_t eight(Generator& generator) const {
    constexpr std::uint64_t opens = 0x8080808080808080u, piece = (1u << bits_) - 1;
    const std::uint64_t word = generator();
    const std::uint64_t counts =
        static_cast<std::uint64_t>(cell_[word & piece]) |
        static_cast<std::uint64_t>(cell_[(word >> bits_) & piece]) << 16 |
        static_cast<std::uint64_t>(cell_[(word >> (2 * bits_)) & piece]) << 32 |
        static_cast<std::uint64_t>(cell_[(word >> (3 * bits_)) & piece]) << 48;
    return (counts & opens) == 0 ? counts : look_closer(word, generator);
  }

  template <class Generator>
  std::uint64_t look_closer(std::uint64_t word, Generator& generator) const {
    std::uint64_t counts = 0;
    for (int k = 0; k < 4; ++k, word >>= bits_) {
      const std::uint64_t piece = word & ((1u << bits_) - 1);
      const std::uint16_t known = cell_[piece];
      const std::uint16_t pair =
          known == open_ ? pair_at(piece << (64 - bits_) | generator() >> bits_) : known;
      counts |= static_cast<std::uint64_t>(pair) << (16 * k);
    }
    return counts;
  }

  std::uint16_t pair_at(std::uint64_t word) const noexcept {
    const auto at = std::lower_bound(last_.begin(), last_.end(), word);
    return pair_[static_cast<std::size_t>(at - last_.begin())];
  }

  void tabulate_pairs(double mean) {
    // Only sums, products and quotients: the same on every machine.
    std::array<double, most_ + 1> single{1};
    double total = 1;
    for (unsigned k = 1; k <= most_; ++k) total += single[k] = single[k - 1] * mean / k;
    std::vector<std::pair<double, std::uint16_t>> pairs;
    for (unsigned a = 0; a <= most_; ++a)
      for (unsigned b = 0; b <= most_; ++b)
        pairs.emplace_back(single[a] / total * (single[b] / total), static_cast<std::uint16_t>(a + 256 * b));
    std::stable_sort(pairs.begin(), pairs.end(), [](const auto& x, const auto& y) { return x.first > y.first; });

    std::vector<std::uint64_t> units;
    std::uint64_t sum = 0;
    for (const auto& pair : pairs) {
      const auto own = static_cast<std::uint64_t>(std::ldexp(pair.first, 64));
      if (own == 0) break;
      units.push_back(own);
      pair_.push_back(pair.second);
      sum += own;
    }
    units[0] += std::uint64_t{0} - sum;  // what rounding has left of 2^64
    std::uint64_t end = 0;
    for (const std::uint64_t own : units) last_.push_back((end += own) - 1);
  }

  void tabulate_cells() {
    std::size_t i = 0;  // the pair of the cell's first word
    for (std::uint64_t c = 0; c < cell_.size(); ++c) {
      const std::uint64_t first = c << (64 - bits_), last = first + (~std::uint64_t{0} >> bits_);
      while (last_[i] < first) ++i;
      cell_[c] = last_[i] >= last ? pair_[i] : open_;
    }
  }

  std::array<std::uint16_t, 1u << bits_> cell_;
  std::vector<std::uint16_t> pair_;  // likeliest first
  std::vector<std::uint64_t> last_;  // the last word of each
};

}  // namespace her2mod
