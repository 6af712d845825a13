#pragma once

// Log hazard ratio of Cox's model with the group alone, Efron's rule for ties, risk sets within
// strata; standard error 1 / sqrt(information). See surv/cox_two_groups.hpp. Infinite where one group
// has no events that count.

#include <her2mod/stat/group_cox.hpp>
#include <her2mod/stat/statistic.hpp>
#include <her2mod/surv/cox_two_groups.hpp>

namespace her2mod {

class log_hazard_ratio final : public statistic {
 public:
  static constexpr statistic_spec spec{"log_hazard_ratio", "log hazard ratio", endpoint_kind::survival,
                                       analysis_scale::identity, -1, 2, statistic_role::effect};

  explicit log_hazard_ratio(const cohort& data)
      : table_((require_two_groups(data), data), risk_sets::within_strata), walk_(table_) {
    room own(table_);
    own.counts.fill(table_, {data.frequency(), data.group(), false});
    for (std::size_t j = 0; j < table_.events(); ++j) {
      double events = 0;
      for (std::size_t g = 0; g < 2; ++g) events += own.counts[g].at_risk[j] - own.counts[g].after[j];
      events_.push_back(events);
    }
    start_ = own.cox.fit(own.counts, {}, 0);
  }

  const statistic_spec& describe() const noexcept override { return spec; }
  short_forms reads() const noexcept override { return {true, true, true}; }
  std::unique_ptr<workspace> make_workspace() const override { return std::make_unique<room>(table_); }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& own = static_cast<room&>(scratch);
    if (!what.times.empty() && !what.relabelled && !table_.truncated()) {
      std::uint64_t units = 0;
      const double ratio = own.cox.fit(walk_, what.times, start_, units);
      if (units >> 32 == 0 || (units & 0xffffffffu) == 0) return write_empty_group(out);
      return write(ratio, own, out);
    }
    own.counts.fill(table_, what);
    if (own.counts.has_empty_group()) return write_empty_group(out);
    const span<const double> events = what.whole ? span<const double>() : span<const double>(events_);
    const double ratio = own.cox.fit(own.counts, events, what.relabelled ? 0.0 : start_);
    return write(ratio, own, out);
  }

  bool leave_one_out(span<double> out) const override {
    if (out.size() <= most_refitted_rows) return false;
    const group_cox prepared(table_.data());
    return cox_replicate(prepared.data, 0).without_each(out);
  }

 private:
  struct room final : workspace {
    explicit room(const event_table& table) : counts(table) {}
    risk_counts counts;
    cox_two_groups cox;
  };

  static reason write(double ratio, const room& own, span<double> out) noexcept {
    return write_estimate(ratio, out.size() > 1 ? 1 / std::sqrt(own.cox.information(ratio)) : 0.0, out);
  }

  event_table table_;
  unit_walk walk_;
  std::vector<double> events_;  // at each event time, as observed
  double start_ = 0;
};

}  // namespace her2mod
