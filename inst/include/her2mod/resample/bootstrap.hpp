#pragma once

// Ordinary bootstrap within each stratum and group: the units of a block are drawn with
// replacement, as many as the block has, so group and stratum sizes stay as observed. A row's
// weight is how often its units were drawn.

#include <algorithm>
#include <vector>

#include <her2mod/base/draw.hpp>
#include <her2mod/resample/blocks.hpp>
#include <her2mod/rng/bounded.hpp>
#include <her2mod/rng/streams.hpp>

namespace her2mod {

class bootstrap_plan {
 public:
  bootstrap_plan(const cohort& data, std::uint64_t seed)
      : data_(&data), streams_(seed, purpose::bootstrap) {
    for (row_block& rows : blocks_by_stratum_and_group(data)) blocks_.emplace_back(data, std::move(rows));
  }

  // One thread's copy of what changes from draw to draw.
  class state {
   public:
    explicit state(const bootstrap_plan& plan)
        : streams_(plan.streams_), weight_(plan.data_->rows(), 0.0) {}

   private:
    friend class bootstrap_plan;
    streams streams_;
    std::vector<double> weight_;
  };

  // Replicates are numbered from 0.
  draw make(std::uint64_t replicate, state& s) const {
    xoshiro256pp generator = s.streams_.open(replicate);
    std::fill(s.weight_.begin(), s.weight_.end(), 0.0);
    for (const block& b : blocks_) b.resample(generator, s.weight_.data());
    return {s.weight_, data_->group()};
  }

 private:
  class block {
   public:
    block(const cohort& data, row_block rows)
        : rows_(std::move(rows.rows)),
          units_(static_cast<std::size_t>(rows.units)),
          batch_(static_cast<std::uint64_t>(rows.units)) {
      if (units_ == rows_.size()) return;
      // Unit k belongs to the first row whose cumulated frequency exceeds k.
      std::uint64_t total = 0;
      for (const std::size_t row : rows_)
        end_.push_back(total += static_cast<std::uint64_t>(data.frequency()[row]));
    }

    void resample(xoshiro256pp& generator, double* weight) const {
      if (end_.empty()) {
        draw_indices(generator, batch_, units_,
                     [&](std::uint64_t unit) { weight[rows_[unit]] += 1.0; });
      } else if (end_.size() == 2) {
        std::size_t first = 0;
        const std::uint64_t end = end_[0];
        draw_indices(generator, batch_, units_, [&](std::uint64_t unit) { first += unit < end; });
        weight[rows_[0]] = static_cast<double>(first);
        weight[rows_[1]] = static_cast<double>(units_ - first);
      } else {
        draw_indices(generator, batch_, units_, [&](std::uint64_t unit) {
          const auto row = std::upper_bound(end_.begin(), end_.end(), unit) - end_.begin();
          weight[rows_[static_cast<std::size_t>(row)]] += 1.0;
        });
      }
    }

   private:
    std::vector<std::size_t> rows_;
    std::size_t units_;
    bounded_batch<std::uint64_t> batch_;
    std::vector<std::uint64_t> end_;  // empty when each row is one unit
  };

  const cohort* data_;
  streams streams_;
  std::vector<block> blocks_;
};

}  // namespace her2mod
