#pragma once

// The weighted log-rank statistic of two groups, risk sets within strata: U, observed less expected
// events of group 1, with standard error sqrt(V); or, studentised, U / sqrt(V). See surv/logrank.hpp.

#include <utility>

#include <her2mod/base/inference.hpp>
#include <her2mod/stat/statistic.hpp>
#include <her2mod/surv/logrank_without_one.hpp>
#include <her2mod/surv/permuted_logrank.hpp>

namespace her2mod {

class weighted_logrank : public statistic {
 public:
  weighted_logrank(const cohort& data, const statistic_spec& spec, logrank_weight which, bool studentised)
      : spec_((require_two_groups(data), spec)),
        which_(which),
        studentised_(studentised),
        table_(data, risk_sets::within_strata),
        observed_(as_observed()),
        permuted_(table_, observed_, observed_.weight, 1),
        score_(logrank_scores(table_, observed_)) {}

  const statistic_spec& describe() const noexcept override { return spec_; }
  short_forms reads() const noexcept override { return {true, true, true}; }
  std::unique_ptr<workspace> make_workspace() const override { return std::make_unique<room>(table_); }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    if (!what.members.empty() && !studentised_ && out.size() == 1)
      return write_estimate(sum_of_scores(what), 0, out);
    auto& own = static_cast<room&>(scratch);
    if (!what.members.empty()) {
      permuted_(what, own.permuted);
      return write(own.permuted.sums[0], out);
    }
    own.counts.fill(table_, what);
    if (own.counts.has_empty_group()) return write_empty_group(out);
    own.pooled.pool(own.counts);
    own.pooled.weigh(table_, which_);
    return write(sum_logrank(own.counts[1], own.pooled), out);
  }

  std::optional<linear_form> linear() const override {
    if (studentised_) return std::nullopt;
    return linear_form{score_, [](double sum) { return sum; }};
  }

  bool leave_one_out(span<double> out) const override {
    if (studentised_ || !logrank_without_one::exists(table_, which_)) return false;
    const cohort& data = table_.data();
    risk_counts counts(table_);
    counts.fill(table_, {data.frequency(), data.group(), false});
    const logrank_without_one without(table_, counts, which_);
    const std::vector<std::size_t> seen = event_times_seen(table_);
    for (std::uint32_t row = 0; row < data.rows(); ++row) {
      const auto s = static_cast<std::size_t>(table_.stratum(row)), g = static_cast<std::size_t>(data.group()[row]);
      out[row] = counts[g].units > 1 ? without(s, seen[row], data.event()[row] == 1, g) : not_a_number;
    }
    return true;
  }

 private:
  struct room final : workspace {
    explicit room(const event_table& table) : counts(table), pooled(table), permuted(table, 1) {}
    risk_counts counts;
    pooled_weights pooled;
    permuted_logrank::scratch permuted;
  };

  pooled_weights as_observed() const {
    const cohort& data = table_.data();
    room own(table_);
    own.counts.fill(table_, {data.frequency(), data.group(), false});
    own.pooled.pool(own.counts);
    own.pooled.weigh(table_, which_);
    return std::move(own.pooled);
  }

  // Without variance a studentised score is 0/0, whatever rounding has left of it.
  reason write(const logrank_sums& sums, span<double> out) const noexcept {
    if (!studentised_) return write_estimate(sums.score, std::sqrt(sums.variance), out);
    return write_estimate(sums.variance > 0 ? sums.score / std::sqrt(sums.variance) : not_a_number, 1, out);
  }

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
  pooled_weights observed_;
  permuted_logrank permuted_;
  std::vector<double> score_;
};

}  // namespace her2mod
