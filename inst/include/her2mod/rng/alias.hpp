#pragma once

// Draws from a finite distribution, one word and one comparison a draw.
// Walker AJ (1977) ACM Trans Math Softw 3:253, doi:10.1145/355744.355749; the table is built as in
// Vose MD (1991) IEEE Trans Softw Eng 17:972, doi:10.1109/32.92917.
//
// The probabilities are rounded once, to whole units of 2^-53 with sum 1; all else is arithmetic of
// integers and exact. 2^b columns, at least as many as outcomes, hold equally many units each: the
// units of one outcome, which is the column's own, and of one other, its alias. A word's first b
// bits are the column; the word as a whole, compared with the column's cut, tells the two apart.
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

class alias_table {
 public:
  // mass: finite, none negative, not all 0; outcome i has probability mass[i] / sum of the masses.
  explicit alias_table(span<const double> mass) : outcomes_(mass.size()) {
    std::vector<std::uint64_t> units = rounded(mass);
    while ((std::size_t{1} << bits_) < outcomes_) ++bits_;
    units.resize(std::size_t{1} << bits_, 0);
    fill_columns(units);
  }

  // The outcome that a word stands for.
  std::size_t pick(std::uint64_t word) const noexcept {
    const std::size_t own = static_cast<std::size_t>(word >> (64 - bits_));
    const column& c = columns_[own];
    return word < c.cut ? own : c.alias;
  }

  template <class Generator>
  std::size_t operator()(Generator& generator) const {
    return pick(generator());
  }

  // The probabilities that the table has, exactly; every partial sum of them is exact too.
  std::vector<double> implied() const {
    std::vector<double> probability(columns_.size(), 0.0);
    for (std::size_t own = 0; own < columns_.size(); ++own) {
      const column& c = columns_[own];
      const std::uint64_t kept = (c.cut - start(own)) / words_a_unit;
      probability[own] += static_cast<double>(kept) / unit_scale;
      probability[c.alias] += static_cast<double>(units_a_column() - kept) / unit_scale;
    }
    probability.resize(outcomes_);
    return probability;
  }

 private:
  // Words from the column's start to its cut are the column's own outcome. A full column has none
  // of its own and is its own alias: the last one's cut would otherwise be 2^64.
  struct column {
    std::uint64_t cut;
    std::size_t alias;
  };

  static constexpr std::uint64_t all_units = std::uint64_t{1} << 53;
  static constexpr double unit_scale = 0x1p53;
  static constexpr std::uint64_t words_a_unit = std::uint64_t{1} << 11;

  std::uint64_t units_a_column() const noexcept { return all_units >> bits_; }
  std::uint64_t start(std::size_t own) const noexcept {
    return static_cast<std::uint64_t>(own) << (64 - bits_);
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

  // Vose's: a column with too few units is filled up from one with too many. There is one as long
  // as there is the other, for the sums are exact.
  void fill_columns(std::vector<std::uint64_t>& units) {
    const std::uint64_t full = units_a_column();
    columns_.resize(units.size());
    std::vector<std::size_t> poor, rich;
    for (std::size_t own = 0; own < units.size(); ++own) {
      columns_[own] = {start(own), own};
      (units[own] < full ? poor : rich).push_back(own);
    }
    while (!poor.empty()) {
      const std::size_t own = poor.back(), giver = rich.back();
      poor.pop_back();
      columns_[own] = {start(own) + units[own] * words_a_unit, giver};
      units[giver] -= full - units[own];
      if (units[giver] < full) {
        rich.pop_back();
        poor.push_back(giver);
      }
    }
  }

  std::size_t outcomes_;
  int bits_ = 1;
  std::vector<column> columns_;
};

}  // namespace her2mod
