#pragma once

// Draws from a finite distribution, one word a draw: the outcome in whose part of all words it lies.
//
// The probabilities are rounded once, to whole units of 2^-53 with sum 1; all else is arithmetic of
// integers and exact. A word's first bits name a cell of a table; where all words of the cell are of
// one outcome, the table says which, and otherwise the outcomes' ends are searched (inversion with a
// guide: Devroye L 1986, section III.2.4, doi:10.1007/978-1-4613-8643-8). There are some 64 cells an
// outcome, so that searches are rare, and no branch is taken by chance.
//
// An outcome's probability is off by less than 2^-50. One of mass 0 is never drawn; one of less
// than 2^-53 may not be.

#include <algorithm>
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
    const std::vector<std::uint64_t> units = rounded(mass);
    std::uint64_t end = 0;
    for (std::size_t i = 0; i < units.size(); ++i) {
      if (units[i] == 0) continue;
      end += units[i] * words_a_unit;  // of the last one 2^64, which is 0
      last_.push_back(end - 1);
      outcome_.push_back(static_cast<std::uint32_t>(i));
    }
    while (bits_ < most_bits && (std::size_t{1} << bits_) < 64 * last_.size()) ++bits_;
    fill_cells();
  }

  // The outcome that a word stands for.
  std::size_t pick(std::uint64_t word) const noexcept {
    const std::uint32_t known = cell_[static_cast<std::size_t>(word >> (64 - bits_))];
    return known != open ? known : search(word);
  }

  template <class Generator>
  std::size_t operator()(Generator& generator) const {
    return pick(generator());
  }

  // The probabilities that the table has, exactly; every partial sum of them is exact too.
  std::vector<double> implied() const {
    std::vector<double> probability(outcomes_, 0.0);
    std::uint64_t begin = 0;
    for (std::size_t k = 0; k < last_.size(); begin = last_[k] + 1, ++k)
      probability[outcome_[k]] = static_cast<double>((last_[k] - begin) / words_a_unit + 1) / unit_scale;
    return probability;
  }

 private:
  static constexpr std::uint64_t all_units = std::uint64_t{1} << 53;
  static constexpr double unit_scale = 0x1p53;
  static constexpr std::uint64_t words_a_unit = std::uint64_t{1} << 11;
  static constexpr int most_bits = 16;
  static constexpr std::uint32_t open = ~std::uint32_t{0};

  std::uint32_t search(std::uint64_t word) const noexcept {
    const auto at = std::lower_bound(last_.begin(), last_.end(), word);
    return outcome_[static_cast<std::size_t>(at - last_.begin())];
  }

  void fill_cells() {
    cell_.resize(std::size_t{1} << bits_);
    std::size_t k = 0;  // the outcome of the cell's first word
    for (std::size_t c = 0; c < cell_.size(); ++c) {
      const std::uint64_t first = static_cast<std::uint64_t>(c) << (64 - bits_);
      while (last_[k] < first) ++k;
      cell_[c] = last_[k] >= first + (~std::uint64_t{0} >> bits_) ? outcome_[k] : open;
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
  std::vector<std::uint64_t> last_;     // the last word of each outcome that has any
  std::vector<std::uint32_t> outcome_;  // which one that is
  std::vector<std::uint32_t> cell_;
};

}  // namespace her2mod
