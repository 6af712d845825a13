#pragma once

// Draws from a finite distribution, one or two of a word.
//
// The probabilities are rounded once, to whole units of 2^-53 with sum 1; all else is arithmetic of
// integers and exact. All words are shared out to columns of 2^k words; a column is its own outcome's up
// to a limit, and another's beyond it (Walker AJ 1977, ACM Trans Math Softw 3:253,
// doi:10.1145/355744.355749). So a draw is one look-up and one comparison, and no branch is taken by
// chance. Half a word names column and outcome too, unless it is the upper half of the limit.
//
// An outcome's probability is off by less than 2^-50. One of mass 0 is never drawn; one of less
// than 2^-53 may not be.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/span.hpp>

namespace her2mod {

class discrete_table {
 public:
  // mass: finite, none negative, not all 0; outcome i has probability mass[i] / sum of the masses.
  explicit discrete_table(span<const double> mass) : outcomes_(mass.size()) {
    while ((std::size_t{1} << bits_) < outcomes_) ++bits_;
    share_out(rounded(mass));
  }

  // The outcome that a word stands for.
  std::size_t pick(std::uint64_t word) const noexcept {
    const auto column = static_cast<std::size_t>(word >> (64 - bits_));
    return word < limit_[column] ? column : cell_[column].other;
  }

  template <class Generator>
  std::size_t operator()(Generator& generator) const {
    return pick(generator());
  }

  // use(i, outcome) for each of an even number of draws, two of a word.
  template <class Generator, class Use>
  void draw(Generator& words, std::size_t count, Use&& use) const {
    Generator generator = words;  // in registers: what is written could be a part of it
    const cell* const cells = cell_.data();
    const int shift = 32 - bits_;
    for (std::size_t i = 0; i < count; i += 2) {
      const std::uint64_t word = generator();
      const auto first = static_cast<std::uint32_t>(word >> 32), second = static_cast<std::uint32_t>(word);
      const cell a = cells[first >> shift], b = cells[second >> shift];
      if (first == a.limit || second == b.limit) {
        use(i, pick(std::uint64_t{first} << 32 | generator() >> 32));
        use(i + 1, pick(std::uint64_t{second} << 32 | generator() >> 32));
      } else {
        use(i, either(first < a.limit, first >> shift, a.other));
        use(i + 1, either(second < b.limit, second >> shift, b.other));
      }
    }
    words = generator;
  }

  // The probabilities that the table has, exactly; every partial sum of them is exact too.
  std::vector<double> implied() const {
    std::vector<std::uint64_t> units(outcomes_, 0);
    const std::uint64_t column_units = all_units >> bits_;
    for (std::size_t c = 0; c < cell_.size(); ++c) {
      const std::uint64_t own = limit_[c] / words_a_unit - c * column_units;
      if (own > 0) units[c] += own;
      if (own < column_units) units[cell_[c].other] += column_units - own;
    }
    std::vector<double> probability;
    for (const std::uint64_t own : units) probability.push_back(static_cast<double>(own) / unit_scale);
    return probability;
  }

 private:
  static constexpr std::uint64_t all_units = std::uint64_t{1} << 53;
  static constexpr double unit_scale = 0x1p53;
  static constexpr std::uint64_t words_a_unit = std::uint64_t{1} << 11;

  struct cell {
    std::uint32_t limit;  // its upper half
    std::uint32_t other;
  };

  // Without a branch, which compilers would make of ?: here.
  static std::uint32_t either(bool first, std::uint32_t a, std::uint32_t b) noexcept {
    return b ^ ((a ^ b) & (0 - static_cast<std::uint32_t>(first)));
  }

  // What an outcome has beyond a column goes to columns whose own have less. A full column's `other` is
  // its own outcome.
  void share_out(std::vector<std::uint64_t> units) {
    const std::uint64_t room = all_units >> bits_;
    units.resize(std::size_t{1} << bits_);
    std::vector<std::uint32_t> scarce, ample;
    for (std::uint32_t c = 0; c < units.size(); ++c) {
      (units[c] < room ? scarce : ample).push_back(c);
      cell_.push_back({0, c});
    }
    std::vector<std::uint64_t> own(units.size(), 0);
    while (!scarce.empty()) {
      const std::uint32_t c = scarce.back(), from = ample.back();
      scarce.pop_back();
      own[c] = units[c];
      cell_[c].other = from;
      units[from] -= room - units[c];
      if (units[from] >= room) continue;
      ample.pop_back();
      scarce.push_back(from);
    }
    for (std::size_t c = 0; c < own.size(); ++c) {
      limit_.push_back((c * room + own[c]) * words_a_unit);
      cell_[c].limit = static_cast<std::uint32_t>(limit_[c] >> 32);
    }
  }

  // Sum with the rounding errors of its additions added up apart: right to 2^-53 whatever the
  // number of masses. Neumaier A (1974) Z Angew Math Mech 54:39, doi:10.1002/zamm.19740540106.
  static double total(span<const double> mass) {
    double sum = 0, lost = 0;
    for (const double m : mass) {
      if (!(m >= 0)) throw input_error("A mass of a distribution must be a number of at least 0.");
      const double next = sum + m;
      lost += sum >= m ? (sum - next) + m : (m - next) + sum;
      sum = next;
    }
    if (!(sum > 0)) throw input_error("The masses of a distribution must not all be 0.");
    const double right = sum + lost;  // not a number, if the sum is infinite
    if (!(right <= std::numeric_limits<double>::max()))
      throw input_error("The masses of a distribution must have a finite sum.");
    return right;
  }

  // What one outcome loses in rounding is carried to the next, so that the units sum to all of
  // them but for the few that the division by the total costs; the largest mass bears those.
  static std::vector<std::uint64_t> rounded(span<const double> mass) {
    const double sum = total(mass);
    std::vector<std::uint64_t> units(mass.size());
    std::uint64_t missing = all_units;
    std::size_t largest = 0;
    double carry = 0;
    for (std::size_t i = 0; i < mass.size(); ++i) {
      const double share = mass[i] / sum * unit_scale;
      units[i] = static_cast<std::uint64_t>(share);
      carry += share - static_cast<double>(units[i]);
      if (carry >= 1) {
        carry -= 1;
        ++units[i];
      }
      missing -= units[i];
      if (units[i] > units[largest]) largest = i;
    }
    units[largest] += missing;  // modulo 2^64, should it be negative
    return units;
  }

  std::size_t outcomes_;
  int bits_ = 1;
  std::vector<cell> cell_;            // of each column
  std::vector<std::uint64_t> limit_;  // words below it are of the column's own outcome
};

}  // namespace her2mod
