#pragma once

// The weighted log-rank statistic of two groups, risk sets within strata: U, observed less expected
// events of group 1, with standard error sqrt(V); or, studentised, U / sqrt(V). See surv/logrank.hpp.

#include <utility>

#include <her2mod/stat/statistic.hpp>
#include <her2mod/surv/logrank.hpp>

namespace her2mod {

class weighted_logrank : public statistic {
 public:
  weighted_logrank(const cohort& data, const statistic_spec& spec, logrank_weight which, bool studentised)
      : spec_((require_two_groups(data), spec)),
        which_(which),
        studentised_(studentised),
        table_(data, risk_sets::within_strata) {
    room own(table_);
    own.counts.fill(table_, {data.frequency(), data.group(), false});
    own.pooled.pool(own.counts);
    own.pooled.weigh(table_, which_);
    score_ = logrank_scores(table_, own.pooled);
  }

  const statistic_spec& describe() const noexcept override { return spec_; }
  short_forms reads() const noexcept override { return {true, true, true}; }
  std::unique_ptr<workspace> make_workspace() const override { return std::make_unique<room>(table_); }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    if (!what.members.empty() && !studentised_ && out.size() == 1)
      return write_estimate(sum_of_scores(what), 0, out);
    auto& own = static_cast<room&>(scratch);
    own.counts.fill(table_, what);
    if (own.counts.has_empty_group()) return write_empty_group(out);
    own.pooled.pool(own.counts);
    own.pooled.weigh(table_, which_);
    const logrank_sums sums = sum_logrank(own.counts[1], own.pooled);
    if (studentised_) return write_estimate(sums.score / std::sqrt(sums.variance), 1, out);
    return write_estimate(sums.score, std::sqrt(sums.variance), out);
  }

  std::optional<linear_form> linear() const override {
    if (studentised_) return std::nullopt;
    return linear_form{score_, [](double sum) { return sum; }};
  }

 private:
  struct room final : workspace {
    explicit room(const event_table& table) : counts(table), pooled(table) {}
    risk_counts counts;
    pooled_weights pooled;
  };

  // The scores of all patients add up to 0.
  double sum_of_scores(const draw& what) const noexcept {
    double sum = 0;
    for (const std::uint32_t row : what.members) sum += score_[row];
    return what.listed == 1 ? sum : -sum;
  }

  const statistic_spec& spec_;
  logrank_weight which_;
  bool studentised_;
  event_table table_;
  std::vector<double> score_;
};

}  // namespace her2mod
