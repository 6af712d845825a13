#pragma once

// Poisson counts of one mean, eight from a word: thirteen bits of it stand for a pair of counts
// (rng/short_table.hpp). All probabilities together are off by about 2^-50, the rounding of their
// computation, and 2^-64 each. Counts are at most 24: the rest has a probability below 2^-80.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <her2mod/base/bytes.hpp>
#include <her2mod/base/error.hpp>
#include <her2mod/rng/short_table.hpp>

namespace her2mod {

class poisson_pairs {
 public:
  // 1/256 <= mean <= 1.
  explicit poisson_pairs(double mean) : poisson_pairs(pairs_of(mean)) {}

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
    for (unsigned a = 0; a <= most_; ++a)
      for (unsigned b = 0; b <= most_; ++b) {
        const auto code = static_cast<std::uint16_t>(a + 256 * b);
        result.emplace_back(code, table_.implied(code));
      }
    return result;
  }

 private:
  static constexpr int bits_ = 13;
  static constexpr unsigned most_ = 24;  // patients' counts: bytes below 128

  struct pair_law {
    std::vector<std::uint64_t> units;
    std::vector<std::uint16_t> codes;  // likeliest first
  };
  explicit poisson_pairs(const pair_law& law) : table_(law.units, law.codes) {}

  template <class Generator>
  std::uint64_t eight(Generator& generator) const {
    constexpr std::uint64_t unknown = 0x8080808080808080u;
    const std::uint64_t word = generator();
    const std::uint64_t counts = four_pairs([&](int k) { return table_[word >> (k * bits_)]; });
    if ((counts & unknown) == 0) return counts;
    Generator aside = generator;  // one that is referred to would not stay in registers
    const std::uint64_t closer = four_pairs([&](int k) { return table_.closer(word >> (k * bits_), aside); });
    generator = aside;
    return closer;
  }

  template <class Pair>
  static std::uint64_t four_pairs(const Pair& pair) {
    std::uint64_t counts = pair(0);
    counts |= static_cast<std::uint64_t>(pair(1)) << 16;
    counts |= static_cast<std::uint64_t>(pair(2)) << 32;
    counts |= static_cast<std::uint64_t>(pair(3)) << 48;
    return counts;
  }

  static pair_law pairs_of(double mean) {
    if (!(mean >= 1.0 / 256 && mean <= 1)) throw input_error("The mean of a small Poisson count is 1/256 to 1.");
    // Only sums, products and quotients: the same on every machine.
    std::array<double, most_ + 1> single{1};
    double total = 1;
    for (unsigned k = 1; k <= most_; ++k) total += single[k] = single[k - 1] * mean / k;
    std::vector<std::pair<double, std::uint16_t>> pairs;
    for (unsigned a = 0; a <= most_; ++a)
      for (unsigned b = 0; b <= most_; ++b)
        pairs.emplace_back(single[a] / total * (single[b] / total), static_cast<std::uint16_t>(a + 256 * b));
    std::stable_sort(pairs.begin(), pairs.end(), [](const auto& x, const auto& y) { return x.first > y.first; });

    pair_law law;
    std::uint64_t sum = 0;
    for (const auto& pair : pairs) {
      sum += law.units.emplace_back(static_cast<std::uint64_t>(std::ldexp(pair.first, 64)));
      law.codes.push_back(pair.second);
    }
    law.units[0] += std::uint64_t{0} - sum;  // what rounding has left of 2^64
    return law;
  }

  short_table<bits_> table_;
};

}  // namespace her2mod
