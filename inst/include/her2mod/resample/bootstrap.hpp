#pragma once

// The bootstrap: units are drawn within their blocks (resample/units.hpp), each block as many as it
// has, so group and stratum sizes stay as observed; with clusters, the number of clusters does. A
// row's weight is how often its patients were drawn.

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <her2mod/base/draw.hpp>
#include <her2mod/resample/multiplicity.hpp>
#include <her2mod/rng/streams.hpp>

namespace her2mod {

enum class scheme { ordinary, balanced, fractional };

class bootstrap_plan {
 public:
  class state;

  bootstrap_plan(const cohort& data, std::uint64_t seed, scheme how = scheme::ordinary)
      : data_(&data), how_(how), streams_(seed, purpose_of(how)), units_(drawn_units(data)) {
    std::uint64_t patients = 0;
    bool fixed = how == scheme::ordinary;
    bytes_ = how == scheme::ordinary;
    drawn_block::tables shared;
    for (const unit_block& b : units_.blocks) {
      blocks_.emplace_back(b, units_.frequency, shared);
      patients += blocks_.back().patients();
      fixed = fixed && blocks_.back().outcomes() > 0;
      bytes_ = bytes_ && blocks_.back().single_patients();
    }
    if (fixed && blocks_.size() <= most_shared_) {
      bytes_ = false;
      shared_ = true;
      outcomes_ = count_outcomes();
      groups_apart_ = blocks_are_groups();
    }
    rows_are_units_ = units_.in_row_order();
    round_ = std::clamp<std::uint64_t>(largest_round_ / std::max<std::uint64_t>(patients, 1), 2, 100);
  }

  // Replicates in a balanced round.
  std::uint64_t round() const noexcept { return round_; }

  // Work is best cut into whole numbers of so many replicates, counted from replicate 0.
  std::uint64_t grain() const noexcept {
    return how_ == scheme::balanced ? round_ : shared_ ? sharing : 1;
  }

  static constexpr bool numbered = true;
  // Where a replicate takes a few half words, opening a stream would cost more than the draw: so many
  // share one.
  static constexpr std::uint64_t sharing = 256;

  // Where every block has one or two units, draws can be numbered, and one of few is best evaluated
  // once: 0 to outcomes() - 1, or 0 outcomes where there are too many.
  std::size_t outcomes() const noexcept { return outcomes_; }
  // The numbers of replicates first, ..., first + count - 1.
  void number(std::uint64_t first, std::size_t count, state& s, std::uint32_t* numbers) const {
    while (count > 0) {
      const std::uint32_t* drawn = shared_outcomes(first, s);
      const std::size_t here = std::min(count, static_cast<std::size_t>(sharing - first % sharing));
      std::fill(numbers, numbers + here, 0u);
      for (const drawn_block& b : blocks_) {
        for (std::size_t i = 0; i < here; ++i)
          numbers[i] = static_cast<std::uint32_t>(numbers[i] * b.outcomes() + drawn[i]);
        drawn += sharing;
      }
      first += here;
      numbers += here;
      count -= here;
    }
  }
  draw make_outcome(std::size_t number, state& s) const {
    for (std::size_t b = blocks_.size(); b-- > 0; number /= blocks_[b].outcomes())
      blocks_[b].set(number % blocks_[b].outcomes(), s.count_.data());
    to_rows(s.count_, s.weight_);
    return {s.weight_, data_->group(), false};
  }

  // Where each of two groups is a block of its own: how many different draws of it there are. Otherwise
  // 0. Draw k of group 1 is make_outcome(k), and of group 0 make_outcome(k * outcomes_apart()[1]).
  std::array<std::size_t, 2> outcomes_apart() const noexcept {
    if (!groups_apart_) return {0, 0};
    return {blocks_[0].outcomes(), blocks_[1].outcomes()};
  }
  // The difference of what group 1's draw and group 0's are worth, for all replicates of a shared stream.
  void subtract(std::uint64_t stream, state& s, const std::array<std::vector<double>, 2>& worth, double* out) const {
    xoshiro256pp generator = s.streams_.open(stream);
    const double *reference = worth[0].data(), *other = worth[1].data();
    blocks_[0].draw_outcomes(generator, sharing, [=](std::size_t i, std::size_t k) { out[i] = reference[k]; });
    blocks_[1].draw_outcomes(generator, sharing, [=](std::size_t i, std::size_t k) { out[i] = other[k] - out[i]; });
  }

  // One thread's copy of what changes from draw to draw.
  class state {
   public:
    explicit state(const bootstrap_plan& plan, short_forms wanted = {})
        : streams_(plan.streams_),
          as_times_(wanted.times && plan.bytes_ && plan.rows_are_units_) {
      const std::size_t units = plan.units_.size();
      if (plan.how_ == scheme::fractional)
        share_.resize(units);
      else if (plan.bytes_)
        times_.resize(units);
      else
        count_.resize(units);
      for (const drawn_block& b : plan.blocks_)
        if (!count_.empty()) of_patient_.resize(std::max(of_patient_.size(), b.counted()));
      if (!as_times_) weight_.resize(plan.data_->rows());
    }

   private:
    friend class bootstrap_plan;
    streams streams_;
    bool as_times_;
    std::vector<std::uint32_t> count_;
    std::vector<std::uint8_t> times_, of_patient_;
    std::vector<double> share_;
    std::vector<double> weight_;
    std::vector<std::uint32_t> outcome_;  // of each block, in the replicates of the current stream
    std::optional<std::uint64_t> stream_;
    std::vector<std::vector<std::uint32_t>> slots_;       // of each block, in the current round
    std::optional<std::uint64_t> current_round_;
  };

  // Replicates are numbered from 0.
  draw make(std::uint64_t replicate, state& s) const {
    switch (how_) {
      case scheme::fractional: draw_fractional(replicate, s); break;
      case scheme::balanced: draw_balanced(replicate, s); break;
      default: bytes_ ? draw_bytes(replicate, s) : draw_ordinary(replicate, s);
    }
    if (s.as_times_) return {{}, data_->group(), false, {}, 0, s.times_};
    return {s.weight_, data_->group(), false, {}, 0, {}, how_ != scheme::fractional};
  }

 private:
  static constexpr std::size_t most_shared_ = 64;  // blocks
  static constexpr std::size_t most_outcomes_ = 1u << 17;
  static constexpr std::uint64_t largest_round_ = 1u << 20;  // patients of a balanced round

  static purpose purpose_of(scheme how) noexcept {
    return how == scheme::ordinary   ? purpose::bootstrap
           : how == scheme::balanced ? purpose::balanced_bootstrap
                                     : purpose::fractional_bootstrap;
  }

  std::size_t count_outcomes() const noexcept {
    std::size_t number = 1;
    for (const drawn_block& b : blocks_) {
      if (b.outcomes() > most_outcomes_ / number) return 0;
      number *= b.outcomes();
    }
    return number;
  }

  // Whether block 0 is all of group 0, and block 1 all of group 1, the only other.
  bool blocks_are_groups() const noexcept {
    if (blocks_.size() != 2 || data_->n_groups() != 2) return false;
    for (std::size_t u = 0; u < units_.size(); ++u)
      if (units_.group[u] != (u < units_.blocks[1].first ? 0 : 1)) return false;
    return true;
  }

  void draw_ordinary(std::uint64_t replicate, state& s) const {
    if (shared_) {
      const std::uint32_t* drawn = shared_outcomes(replicate, s);
      for (const drawn_block& b : blocks_) b.set(*drawn, s.count_.data()), drawn += sharing;
    } else {
      xoshiro256pp generator = s.streams_.open(replicate);
      for (const drawn_block& b : blocks_) b.ordinary(generator, s.count_.data(), s.of_patient_.data());
    }
    to_rows(s.count_, s.weight_);
  }

  void draw_bytes(std::uint64_t replicate, state& s) const {
    xoshiro256pp generator = s.streams_.open(replicate);
    for (const drawn_block& b : blocks_) b.ordinary(generator, s.times_.data());
    if (!s.as_times_) to_rows(s.times_, s.weight_);
  }

  // The first block's outcome in a replicate; those of the others follow, one every `sharing`.
  const std::uint32_t* shared_outcomes(std::uint64_t replicate, state& s) const {
    if (s.stream_ != replicate / sharing) {
      xoshiro256pp generator = s.streams_.open(replicate / sharing);
      s.outcome_.resize(sharing * blocks_.size());
      std::uint32_t* own = s.outcome_.data();
      for (const drawn_block& b : blocks_) {
        b.draw_outcomes(generator, sharing,
                        [=](std::size_t i, std::size_t k) { own[i] = static_cast<std::uint32_t>(k); });
        own += sharing;
      }
      s.stream_ = replicate / sharing;
    }
    return s.outcome_.data() + replicate % sharing;
  }

  void draw_fractional(std::uint64_t replicate, state& s) const {
    xoshiro256pp generator = s.streams_.open(replicate);
    for (const drawn_block& b : blocks_) b.fractional(generator, s.share_.data());
    to_rows(s.share_, s.weight_);
  }

  // A round's stream deals all of its slots; a replicate takes its own.
  void draw_balanced(std::uint64_t replicate, state& s) const {
    const std::uint64_t current = replicate / round_;
    if (s.current_round_ != current) {
      xoshiro256pp generator = s.streams_.open(current);
      s.slots_.clear();
      for (const drawn_block& b : blocks_)
        s.slots_.push_back(b.round(generator, static_cast<std::size_t>(round_)));
      s.current_round_ = current;
    }
    std::fill(s.count_.begin(), s.count_.end(), 0u);
    for (std::size_t b = 0; b < blocks_.size(); ++b) {
      const std::uint64_t n = blocks_[b].patients(), first = replicate % round_ * n;
      for (std::uint64_t i = first; i < first + n; ++i) ++s.count_[s.slots_[b][i]];
    }
    to_rows(s.count_, s.weight_);
  }

  // A drawn row counts its patients; a drawn cluster brings all of its rows' patients.
  template <class Multiplicity>
  void to_rows(const std::vector<Multiplicity>& times, std::vector<double>& weight) const {
    if (rows_are_units_)
      for (std::size_t row = 0; row < weight.size(); ++row)
        weight[row] = static_cast<double>(times[row]);
    else
      for (std::size_t row = 0; row < weight.size(); ++row)
        weight[row] = static_cast<double>(times[units_.unit_of(row)]);
    if (data_->clustered())
      for (std::size_t row = 0; row < weight.size(); ++row) weight[row] *= data_->frequency()[row];
  }

  const cohort* data_;
  scheme how_;
  streams streams_;
  resampling_units units_;
  std::vector<drawn_block> blocks_;
  bool shared_ = false;  // several replicates share a stream
  bool groups_apart_ = false;
  std::size_t outcomes_ = 0;
  std::uint64_t round_ = 2;
  bool rows_are_units_ = false;  // in their own order
  bool bytes_ = false;           // every unit is one patient
};

}  // namespace her2mod
