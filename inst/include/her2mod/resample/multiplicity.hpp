#pragma once

// How often each unit of a block is drawn: the three schemes of the bootstrap.
//
// ordinary    n patients with replacement from the block's n: multinomial counts.
// balanced    as ordinary, but in a round of m replicates each patient is drawn m times in all
//             (Davison AC and others 1986, Biometrika 73:555, doi:10.1093/biomet/73.3.555).
// fractional  n times Dirichlet(1, ..., 1) weights: all positive, so no level is ever lost
//             (Rubin DB 1981, Ann Stat 9:130, doi:10.1214/aos/1176345338).
// n is the number of patients in the block (the sum of its units' frequencies), or of its clusters.
// A block of two units draws one binomial, from a table, by half a word. Ordinary counts come as bytes
// where every unit is one patient; a row of f patients has those of f rows of one patient, added up.

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <her2mod/base/bytes.hpp>
#include <her2mod/exact/mass.hpp>
#include <her2mod/resample/units.hpp>
#include <her2mod/rng/bounded.hpp>
#include <her2mod/rng/discrete_table.hpp>
#include <her2mod/rng/exponential.hpp>
#include <her2mod/rng/multinomial.hpp>
#include <her2mod/rng/shuffle.hpp>
#include <her2mod/rng/xoshiro256pp.hpp>

namespace her2mod {

// Of n patients, how many are of the first of two units, less the least that has a chance.
struct binomial_table {
  std::uint32_t lowest;
  discrete_table table;
  std::size_t size;

  static std::shared_ptr<const binomial_table> make(std::uint64_t n, double share) {
    mass_window window;
    binomial_mass(static_cast<long>(n), share, window, 1e-20);  // the rest is less than the table can hold
    return std::make_shared<const binomial_table>(
        binomial_table{static_cast<std::uint32_t>(window.first), discrete_table(span<const double>(window.mass)),
                       window.mass.size()});
  }
};

class drawn_block {
 public:
  // What blocks share: of about the same size, and of the same two units.
  struct tables {
    std::map<double, std::shared_ptr<const poisson_pairs>> counts;
    std::map<std::pair<std::uint64_t, double>, std::shared_ptr<const binomial_table>> binomials;
  };

  drawn_block(const unit_block& block, const column<double>& frequency, tables& shared)
      : first_(block.first), count_(block.count), patients_(patients_of(block, frequency)), batch_(patients_) {
    if (count_ == 2) {
      auto& table = shared.binomials[{patients_, frequency[first_]}];
      if (!table) table = binomial_table::make(patients_, frequency[first_] / static_cast<double>(patients_));
      binomial_ = table;
    }
    if (count_ > 2 && patients_ >= uniform_multinomial::fewest &&
        (patients_ == count_ || patients_ <= most_counted))
      share_table(shared);
    if (patients_ == count_) return;
    // Patient k belongs to the first unit whose cumulated frequency exceeds k.
    std::uint64_t total = 0;
    for (std::size_t u = 0; u < count_; ++u)
      end_.push_back(total += static_cast<std::uint64_t>(frequency[first_ + u]));
  }

  std::uint64_t patients() const noexcept { return patients_; }
  bool single_patients() const noexcept { return patients_ == count_; }
  // Patients whose counts come first.
  std::size_t counted() const noexcept { return multinomial_ ? static_cast<std::size_t>(patients_) : 0; }

  // Ordinary draws of a block of one or two units, by their number: 0 to outcomes() - 1. 0 outcomes: a
  // larger block.
  std::size_t outcomes() const noexcept {
    return count_ > 2 ? 0 : count_ == 2 ? binomial_->size : 1;
  }
  // use(i, outcome) for each of an even number of draws.
  template <class Use>
  void draw_outcomes(xoshiro256pp& generator, std::size_t count, Use&& use) const {
    if (count_ == 2) return binomial_->table.draw(generator, count, use);
    for (std::size_t i = 0; i < count; ++i) use(i, 0);
  }
  template <class Count>
  void set(std::size_t outcome, Count* count) const noexcept {
    Count* own = count + first_;
    own[0] = static_cast<Count>(count_ == 1 ? patients_ : binomial_->lowest + outcome);
    if (count_ == 2) own[1] = static_cast<Count>(patients_ - own[0]);
  }

  // Into counts of any size, by way of those of patients.
  void ordinary(xoshiro256pp& generator, std::uint32_t* count, std::uint8_t* of_patient) const {
    if (count_ <= 2) return set(count_ == 1 ? 0 : binomial_->table(generator), count);
    if (!multinomial_) return draw_patients(generator, count + first_);
    (*multinomial_)(generator, of_patient);
    std::size_t begin = 0;
    for (std::size_t u = 0; u < count_; ++u) {
      const std::size_t end = end_.empty() ? u + 1 : static_cast<std::size_t>(end_[u]);
      count[first_ + u] = static_cast<std::uint32_t>(sum_of_bytes(of_patient + begin, end - begin));
      begin = end;
    }
  }
  // Where every unit is one patient.
  void ordinary(xoshiro256pp& generator, std::uint8_t* count) const {
    if (count_ <= 2) return set(count_ == 1 ? 0 : binomial_->table(generator), count);
    if (multinomial_) return (*multinomial_)(generator, count + first_);
    draw_patients(generator, count + first_);
  }

  void fractional(xoshiro256pp& generator, double* multiplicity) const {
    double* own = multiplicity + first_;
    double total = 0;
    std::uint64_t patient = 0;
    for (std::size_t u = 0; u < count_; ++u) {
      const std::uint64_t end = end_.empty() ? u + 1 : end_[u];
      double sum = 0;
      for (; patient < end; ++patient) sum += draw_exponential(generator);
      total += own[u] = sum;
    }
    // Divided first: a unit alone in its block has exactly its patients.
    for (std::size_t u = 0; u < count_; ++u) own[u] = own[u] / total * static_cast<double>(patients_);
  }

  // The units of `length` balanced replicates, one replicate after the other.
  std::vector<std::uint32_t> round(xoshiro256pp& generator, std::size_t length) const {
    std::vector<std::uint32_t> slots;
    slots.reserve(length * patients_);
    for (std::size_t k = 0; k < length; ++k)
      for (std::uint64_t patient = 0; patient < patients_; ++patient)
        slots.push_back(static_cast<std::uint32_t>(first_ + unit_of(patient)));
    shuffle(generator, span<std::uint32_t>(slots));
    return slots;
  }

 private:
  // Patients of rows that have several: a byte each a thread.
  static constexpr std::uint64_t most_counted = std::uint64_t{1} << 24;

  static std::uint64_t patients_of(const unit_block& block, const column<double>& frequency) {
    double sum = 0;
    for (std::size_t u = block.first; u < block.first + block.count; ++u) sum += frequency[u];
    if (sum > 2e9) throw input_error("A stratum's group has more than 2 billion units to draw.");
    return static_cast<std::uint64_t>(sum);
  }

  template <class Count>
  void draw_patients(xoshiro256pp& generator, Count* own) const {
    std::fill(own, own + count_, Count{0});
    if (end_.empty())
      draw_indices(generator, batch_, patients_, [own](std::uint64_t unit) { ++own[unit]; });
    else
      draw_indices(generator, batch_, patients_,
                   [&](std::uint64_t patient) { ++own[unit_of(patient)]; });
  }

  void share_table(tables& shared) {
    const auto n = static_cast<std::size_t>(patients_);
    auto& table = shared.counts[uniform_multinomial::mean_for(n)];
    if (!table) table = std::make_shared<poisson_pairs>(uniform_multinomial::mean_for(n));
    multinomial_.emplace(n, table);
  }

  std::size_t unit_of(std::uint64_t patient) const noexcept {
    if (end_.empty()) return static_cast<std::size_t>(patient);
    return static_cast<std::size_t>(std::upper_bound(end_.begin(), end_.end(), patient) - end_.begin());
  }

  std::size_t first_, count_;
  std::uint64_t patients_;
  bounded_batch<std::uint64_t> batch_;
  std::vector<std::uint64_t> end_;  // empty when each unit is one patient
  std::optional<uniform_multinomial> multinomial_;
  std::shared_ptr<const binomial_table> binomial_;
};

}  // namespace her2mod
