#pragma once

// Replicate i leaves out one patient of row i; in a clustered cohort, cluster i with all its rows. A
// row of frequency f stands for f identical leave-one-out values; whoever sums over the replicates
// weights them by f.

#include <vector>

#include <her2mod/base/cohort.hpp>
#include <her2mod/base/draw.hpp>
#include <her2mod/resample/engine.hpp>

namespace her2mod {

class jackknife_plan {
 public:
  explicit jackknife_plan(const cohort& data) : data_(&data) {
    if (!data.clustered()) return;
    members_.resize(static_cast<std::size_t>(data.n_clusters()));
    for (std::size_t row = 0; row < data.rows(); ++row)
      members_[static_cast<std::size_t>(data.cluster()[row])].push_back(row);
  }

  std::size_t size() const noexcept { return data_->clustered() ? members_.size() : data_->rows(); }
  std::uint64_t grain() const noexcept { return 1; }
  static constexpr bool numbered = false;

  class state {
   public:
    explicit state(const jackknife_plan& plan, short_forms = {}) : weight_(plan.data_->frequency()) {}

   private:
    friend class jackknife_plan;
    std::vector<double> weight_;
    std::size_t dropped_ = 0;
  };

  draw make(std::uint64_t replicate, state& s) const {
    for_each_row(s.dropped_, [&](std::size_t row) { s.weight_[row] = data_->frequency()[row]; });
    s.dropped_ = static_cast<std::size_t>(replicate);
    for_each_row(s.dropped_, [&](std::size_t row) { s.weight_[row] -= data_->clustered() ? s.weight_[row] : 1; });
    return {s.weight_, data_->group(), false};
  }

 private:
  template <class Use>
  void for_each_row(std::size_t unit, const Use& use) const {
    if (!data_->clustered()) return use(unit);
    for (const std::size_t row : members_[unit]) use(row);
  }

  const cohort* data_;
  std::vector<std::vector<std::size_t>> members_;
};

// The estimate without each unit: in closed form where the statistic has one.
inline std::vector<double> leave_one_out(const statistic& stat, const cohort& data, executor& host) {
  const jackknife_plan plan(data);
  std::vector<double> values(plan.size());
  if (!data.clustered() && stat.leave_one_out(values)) return values;
  return evaluate_replicates(stat, plan, {0, plan.size()}, data.rows(), host, 1).values;
}

}  // namespace her2mod
