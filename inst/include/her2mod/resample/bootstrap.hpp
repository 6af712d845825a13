#pragma once

// The bootstrap: units are drawn within their blocks (resample/units.hpp), each block as many as it
// has, so group and stratum sizes stay as observed; with clusters, the number of clusters does. A
// row's weight is how often its patients were drawn.

#include <algorithm>
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
    std::size_t words = 0;
    bool fixed = how == scheme::ordinary;
    bytes_ = how == scheme::ordinary;
    drawn_block::tables shared;
    for (const unit_block& b : units_.blocks) {
      blocks_.emplace_back(b, units_.frequency, shared);
      patients += blocks_.back().patients();
      fixed = fixed && blocks_.back().outcomes() > 0;
      bytes_ = bytes_ && blocks_.back().single_patients();
      words += blocks_.back().words();
    }
    if (fixed && words <= most_shared_words_) {
      bytes_ = false;
      fixed_words_ = words;
      outcomes_ = count_outcomes();
    }
    rows_are_units_ = units_.in_row_order();
    round_ = std::clamp<std::uint64_t>(largest_round_ / std::max<std::uint64_t>(patients, 1), 2, 100);
  }

  // Replicates in a balanced round.
  std::uint64_t round() const noexcept { return round_; }

  // Work is best cut into whole numbers of so many replicates, counted from replicate 0.
  std::uint64_t grain() const noexcept {
    return how_ == scheme::balanced ? round_ : fixed_words_ ? sharing_ : 1;
  }

  static constexpr bool numbered = true;
  // Where every block has one or two units, draws can be numbered, and one of few is best evaluated
  // once: 0 to outcomes() - 1, or 0 outcomes where there are too many.
  std::size_t outcomes() const noexcept { return outcomes_; }
  // The numbers of replicates first, ..., first + count - 1.
  void number(std::uint64_t first, std::size_t count, state& s, std::uint32_t* numbers) const {
    while (count > 0) {
      const std::uint64_t* words = shared_words(first, s);
      const std::size_t here = std::min(count, static_cast<std::size_t>(sharing_ - first % sharing_));
      std::fill(numbers, numbers + here, 0u);
      for (const drawn_block& b : blocks_) {
        if (b.words() == 0) continue;
        for (std::size_t i = 0; i < here; ++i)
          numbers[i] = static_cast<std::uint32_t>(numbers[i] * b.outcomes() + b.outcome(words[i * *fixed_words_]));
        ++words;
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
    std::vector<std::uint64_t> words_;  // of replicates that share a stream
    std::optional<std::uint64_t> sharing_;
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
  static constexpr std::uint64_t sharing_ = 64;         // replicates of fixed_words_ a stream
  static constexpr std::size_t most_shared_words_ = 64;
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

  void draw_ordinary(std::uint64_t replicate, state& s) const {
    if (fixed_words_) {
      const std::uint64_t* word = shared_words(replicate, s);
      for (const drawn_block& b : blocks_) b.set(b.words() == 0 ? 0 : b.outcome(*word++), s.count_.data());
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

  // Where a replicate takes a fixed and small number of words, opening a stream would cost more than
  // the draw: 64 replicates share one, each with its own words of it.
  const std::uint64_t* shared_words(std::uint64_t replicate, state& s) const {
    if (s.sharing_ != replicate / sharing_) {
      xoshiro256pp generator = s.streams_.open(replicate / sharing_);
      s.words_.resize(sharing_ * *fixed_words_);
      for (std::uint64_t& word : s.words_) word = generator();
      s.sharing_ = replicate / sharing_;
    }
    return s.words_.data() + replicate % sharing_ * *fixed_words_;
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
  std::optional<std::size_t> fixed_words_;
  std::size_t outcomes_ = 0;
  std::uint64_t round_ = 2;
  bool rows_are_units_ = false;  // in their own order
  bool bytes_ = false;           // every unit is one patient
};

}  // namespace her2mod
