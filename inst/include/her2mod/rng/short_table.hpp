#pragma once

// Outcomes by a few bits each, so that one word has several; none is rounded to so few.
//
// Outcomes have whole cells of a table of 2^Bits, as many as their probability covers; what is left of
// them shares the other cells, which are open: there another word adds 64 - Bits bits, and the 64 are looked
// up in the cumulated remainders. So probabilities are whole multiples of 2^-64.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace her2mod {

template <int Bits>
class short_table {
 public:
  static constexpr int bits = Bits;
  static constexpr std::uint16_t open = 0x8080;

  // units: of 2^-64, with sum 1. An outcome is known by its code, which is not `open`.
  short_table(const std::vector<std::uint64_t>& units, const std::vector<std::uint16_t>& codes) {
    std::size_t cells = 0;
    std::uint64_t end = 0;
    for (std::size_t i = 0; i < units.size(); ++i) {
      for (std::uint64_t whole = units[i] / cell_units; whole > 0; --whole) cell_[cells++] = codes[i];
      if (units[i] % cell_units == 0) continue;
      last_.push_back((end += units[i] % cell_units) - 1);
      code_.push_back(codes[i]);
    }
    first_open_ = cells;
    std::fill(cell_.begin() + static_cast<std::ptrdiff_t>(cells), cell_.end(), open);
  }

  static constexpr std::uint64_t piece(std::uint64_t word) noexcept { return word & ((1u << Bits) - 1); }

  // The code that the lowest bits stand for, or `open`.
  std::uint16_t operator[](std::uint64_t word) const noexcept { return cell_[piece(word)]; }

  // The same, by another word where it is open.
  template <class Generator>
  std::uint16_t closer(std::uint64_t word, Generator& generator) const {
    if ((*this)[word] != open) return (*this)[word];
    const std::uint64_t place = (piece(word) - first_open_) * cell_units + (generator() >> Bits);
    std::size_t i = 0;  // one by one: most of what is left is of the first
    while (last_[i] < place) ++i;
    return code_[i];
  }

  // The probability that the table has of a code.
  double implied(std::uint16_t code) const {
    double units = static_cast<double>(std::count(cell_.begin(), cell_.end(), code)) * cell_units;
    for (std::size_t i = 0; i < code_.size(); ++i)
      if (code_[i] == code) units += static_cast<double>(last_[i] - (i > 0 ? last_[i - 1] : ~std::uint64_t{0}));
    return std::ldexp(units, -64);
  }

 private:
  static constexpr std::uint64_t cell_units = std::uint64_t{1} << (64 - Bits);

  std::array<std::uint16_t, 1u << Bits> cell_;
  std::size_t first_open_;
  std::vector<std::uint16_t> code_;  // of what has less than a cell
  std::vector<std::uint64_t> last_;  // and its last place among the open cells' words
};

}  // namespace her2mod
