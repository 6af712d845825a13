#pragma once

// Replicate i leaves out one unit of row i. A row of frequency f stands for f identical
// leave-one-out values; whoever sums over the replicates weights them by f.

#include <vector>

#include <her2mod/base/cohort.hpp>
#include <her2mod/base/draw.hpp>
#include <her2mod/resample/engine.hpp>

namespace her2mod {

class jackknife_plan {
 public:
  explicit jackknife_plan(const cohort& data) : data_(&data) {}

  class state {
   public:
    explicit state(const jackknife_plan& plan) : weight_(plan.data_->frequency()) {}

   private:
    friend class jackknife_plan;
    std::vector<double> weight_;
    std::size_t dropped_ = 0;
  };

  draw make(std::uint64_t replicate, state& s) const {
    s.weight_[s.dropped_] = data_->frequency()[s.dropped_];
    s.dropped_ = static_cast<std::size_t>(replicate);
    s.weight_[s.dropped_] -= 1;
    return {s.weight_, data_->group()};
  }

 private:
  const cohort* data_;
};

inline replicates leave_one_out(const statistic& stat, const cohort& data, executor& host) {
  return evaluate_replicates(stat, jackknife_plan(data), {0, data.rows()}, data.rows(), host);
}

}  // namespace her2mod
