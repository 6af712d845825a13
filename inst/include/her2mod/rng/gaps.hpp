#pragma once

// Which of n trials succeed, each with probability p: by the gaps between those that do, which are
// geometric, five from a word (rng/short_table.hpp).
//
// Gaps of more than the table's are only known to be longer, and how much is drawn again: they have no
// memory. All probabilities together are off by about 2^-50, the rounding of their computation, and
// 2^-64 each.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/rng/short_table.hpp>

namespace her2mod {

class geometric_gaps {
 public:
  static constexpr double least = 1.0 / 64, most = 0.75;  // of p: more than that have long gaps, or none
  static constexpr std::size_t spare = 5;

  explicit geometric_gaps(double p) : table_(tabulate(p)) {}

  // Writes those of the trials 0 to n - 1 that succeed, in order, and returns how many they are. `out` has
  // room for n + spare. n < 2^31.
  template <class Generator>
  std::size_t fill(Generator& words, std::uint32_t n, std::uint32_t* out) const {
    Generator generator = words;  // in registers: what is written could be a part of it
    const std::uint32_t* const begin = out;
    std::uint32_t last = ~std::uint32_t{0};  // the last trial that is decided: at first the one before 0
    while (last + 1 < n) {
      const std::uint64_t word = generator();
      const std::uint32_t before = last;
      out[0] = last += table_[word];
      out[1] = last += table_[word >> bits_];
      out[2] = last += table_[word >> 2 * bits_];
      out[3] = last += table_[word >> 3 * bits_];
      out[4] = last += table_[word >> 4 * bits_];
      if (last - before < table_.open) {  // no five gaps are as long as what stands for an open cell
        out += 5;
      } else {
        last = before;
        Generator aside = generator;  // one that is referred to would not stay in registers
        out = look_closer(word, aside, last, out);
        generator = aside;
      }
    }
    while (out != begin && out[-1] >= n) --out;
    words = generator;
    return static_cast<std::size_t>(out - begin);
  }

  // Probabilities that the table has: that the first success is trial 0, 1, ..., and, last, a later one.
  std::vector<double> implied() const {
    std::vector<double> result;
    for (std::uint16_t code = 1; code <= table_.longer; ++code) result.push_back(table_.implied(code));
    return result;
  }

 private:
  static constexpr int bits_ = 12;

  // Codes are how many trials it takes, and the last code of all a gap that is longer.
  struct gap_table : short_table<bits_> {
    std::uint32_t longer;
  };

  template <class Generator>
  std::uint32_t* look_closer(std::uint64_t word, Generator& generator, std::uint32_t& last, std::uint32_t* out) const {
    for (int k = 0; k < 5; ++k, word >>= bits_) {
      const std::uint32_t trials = table_.closer(word, generator);
      const std::uint32_t success = trials == table_.longer ? 0 : 1;
      last += trials - 1 + success;
      *out = last;
      out += success;
    }
    return out;
  }

  static gap_table tabulate(double p) {
    if (!(p >= least && p <= most)) throw input_error("The probability of a success is 1/64 to 3/4.");
    // Only products: the same on every machine.
    std::vector<std::uint64_t> units;
    std::vector<std::uint16_t> codes;
    std::uint64_t sum = 0;
    const auto append = [&](double mass) {
      sum += units.emplace_back(static_cast<std::uint64_t>(std::ldexp(mass, 64)));
      codes.push_back(static_cast<std::uint16_t>(units.size()));
    };
    double beyond = 1;  // the probability of no success so far
    for (; beyond > 0x1p-40; beyond *= 1 - p) append(beyond * p);
    append(beyond);
    units[0] += std::uint64_t{0} - sum;  // what rounding has left of 2^64
    return {short_table<bits_>(units, codes), codes.back()};
  }

  gap_table table_;
};

}  // namespace her2mod
