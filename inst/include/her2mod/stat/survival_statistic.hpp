#pragma once

// What the statistics of two survival curves have in common: times sorted once, and for each draw the
// numbers at risk. A `Formula` is made of the event table and has
//   spec                                       what the statistic is
//   scratch(event_table)                       a thread's memory
//   operator()(counts, scratch, out) -> reason of the numbers at risk of both groups
//
// Curves are of all patients: strata keep resampling within them, and do not change the estimate.

#include <algorithm>
#include <array>
#include <utility>

#include <her2mod/stat/statistic.hpp>
#include <her2mod/surv/kaplan_meier.hpp>
#include <her2mod/surv/risk_counts.hpp>
#include <her2mod/surv/tied_times.hpp>

namespace her2mod {

template <class Formula>
class survival_statistic final : public statistic {
 public:
  template <class... Parameters>
  explicit survival_statistic(const cohort& data, Parameters... given)
      : table_((require_two_groups(data), data), risk_sets::pooled), formula_(table_, given...) {}

  const statistic_spec& describe() const noexcept override { return Formula::spec; }
  short_forms reads() const noexcept override { return {true, true}; }
  std::unique_ptr<workspace> make_workspace() const override { return std::make_unique<room>(table_); }

  reason evaluate(const draw& what, workspace& given, span<double> out) const noexcept override {
    auto& own = static_cast<room&>(given);
    own.counts.fill(table_, what);
    if (own.counts.has_empty_group()) return write_empty_group(out);
    return formula_(own.counts, own.scratch, out);
  }

 private:
  struct room final : workspace {
    explicit room(const event_table& table) : counts(table), scratch(table) {}
    risk_counts counts;
    typename Formula::scratch scratch;
  };

  event_table table_;
  Formula formula_;
};

// S after each event time, of both groups.
struct two_curves {
  explicit two_curves(const event_table& table) {
    for (auto& s : survival) s.resize(table.events());
  }
  std::array<std::vector<double>, 2> survival;
};

inline km_steps steps_of(const risk_counts::group_counts& g, std::size_t count) noexcept {
  return {g.at_risk, g.after, count};
}

// How many event times are at most t.
inline std::size_t events_until(const event_table& table, double t) {
  std::size_t count = 0;
  while (count < table.events() && not_after(table.time()[count], t)) ++count;
  return count;
}

}  // namespace her2mod
