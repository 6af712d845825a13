#pragma once

// Permutation within strata: the group labels of a stratum's rows are dealt out anew, each order
// equally likely. Rows must be single units.

#include <vector>

#include <her2mod/base/draw.hpp>
#include <her2mod/resample/blocks.hpp>
#include <her2mod/rng/shuffle.hpp>
#include <her2mod/rng/streams.hpp>

namespace her2mod {

class permutation_plan {
 public:
  permutation_plan(const cohort& data, std::uint64_t seed)
      : data_(&data), streams_(seed, purpose::permutation), blocks_(blocks_by_stratum(data)) {
    if (data.units() != static_cast<double>(data.rows()))
      throw input_error("A permutation needs one row for each unit.");
  }

  class state {
   public:
    explicit state(const permutation_plan& plan)
        : streams_(plan.streams_), label_(plan.data_->rows()), dealt_(plan.data_->rows()) {}

   private:
    friend class permutation_plan;
    streams streams_;
    std::vector<std::int32_t> label_;
    std::vector<std::int32_t> dealt_;
  };

  draw make(std::uint64_t replicate, state& s) const {
    xoshiro256pp generator = s.streams_.open(replicate);
    // Always from the observed labels, so that a replicate does not depend on the one before.
    for (const row_block& block : blocks_) {
      const std::size_t n = block.rows.size();
      for (std::size_t i = 0; i < n; ++i) s.dealt_[i] = data_->group()[block.rows[i]];
      shuffle(generator, span<std::int32_t>(s.dealt_.data(), n));
      for (std::size_t i = 0; i < n; ++i) s.label_[block.rows[i]] = s.dealt_[i];
    }
    return {data_->frequency(), s.label_};
  }

 private:
  const cohort* data_;
  streams streams_;
  std::vector<row_block> blocks_;
};

}  // namespace her2mod
