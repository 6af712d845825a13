#pragma once

// What the statistics of two survival curves have in common: times sorted once, and for each draw the
// numbers at risk. A `Formula` is made of the times of three curves, and has
//   spec                                     what the statistic is
//   scratch(event_table)                     a thread's memory
//   operator()(counts, which, scratch, out) -> reason of the numbers at risk of both groups; those of
//                                            group g are at the event times curve_times[which[g]]
// and, where each group enters by a sum over its curve alone,
//   sum_over_curve() -> {constant, coefficients}, and value({sum of group 0, of group 1}): then leaving
//   one out has a closed form (surv/delete_one.hpp), but for left truncation.
//
// Curves are of all patients: strata keep resampling within them, and do not change the estimate.

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include <her2mod/base/inference.hpp>
#include <her2mod/stat/statistic.hpp>
#include <her2mod/surv/delete_one.hpp>
#include <her2mod/surv/kaplan_meier.hpp>
#include <her2mod/surv/own_counts.hpp>
#include <her2mod/surv/risk_counts.hpp>
#include <her2mod/surv/tied_times.hpp>

namespace her2mod {

// Event times: group 0's own, group 1's own, and all.
using curve_times = std::array<std::vector<double>, 3>;
using curve_choice = std::array<std::size_t, 2>;
constexpr curve_choice each_its_own{0, 1}, both_pooled{2, 2};

template <class Formula>
class survival_statistic final : public statistic {
 public:
  template <class... Parameters>
  explicit survival_statistic(const cohort& data, Parameters... given)
      : table_((require_two_groups(data), data), risk_sets::pooled),
        own_(own_lists(table_)),
        formula_(curve_times{own_times(table_, own_[0]), own_times(table_, own_[1]), table_.time()}, given...) {}

  const statistic_spec& describe() const noexcept override { return Formula::spec; }
  short_forms reads() const noexcept override { return {true, true, true}; }
  std::unique_ptr<workspace> make_workspace() const override { return std::make_unique<room>(table_); }

  reason evaluate(const draw& what, workspace& given, span<double> out) const noexcept override {
    auto& own = static_cast<room&>(given);
    const bool apart = !what.relabelled && what.members.empty();
    if (apart)
      for (std::size_t g = 0; g < 2; ++g) own.counts.fill_group(own_[g], what, g);
    else
      own.counts.fill(table_, what);
    if (own.counts.has_empty_group()) return write_empty_group(out);
    return formula_(own.counts, apart ? each_its_own : both_pooled, own.scratch, out);
  }

  bool leave_one_out([[maybe_unused]] span<double> out) const override {
    if constexpr (has_sum<Formula>::value) {
      if (table_.truncated()) return false;
      leave_out_of_sums(out);
      return true;
    }
    return false;
  }

 private:
  template <class F, class = void>
  struct has_sum : std::false_type {};
  template <class F>
  struct has_sum<F, std::void_t<decltype(&F::sum_over_curve)>> : std::true_type {};

  void leave_out_of_sums(span<double> out) const {
    const cohort& data = table_.data();
    risk_counts counts(table_);
    counts.fill(table_, {data.frequency(), data.group(), false});
    const auto sum = formula_.sum_over_curve();
    std::vector<curve_without_one> without;
    std::array<double, 2> all{};
    for (std::size_t g = 0; g < 2; ++g) {
      const km_steps steps{counts[g].at_risk, counts[g].after, sum.coefficient.size()};
      without.emplace_back(steps, sum.coefficient);
      all[g] = sum.constant + sum_of_curve(steps, sum.coefficient);
    }
    const std::vector<std::size_t> seen = event_times_seen(table_);
    for (std::size_t row = 0; row < data.rows(); ++row) {
      const auto g = static_cast<std::size_t>(data.group()[row]);
      std::array<double, 2> rest = all;
      rest[g] = sum.constant + without[g](seen[row], data.event()[row] == 1);
      out[row] = counts[g].units > 1 ? formula_.value(rest) : not_a_number;
    }
  }

  struct room final : workspace {
    explicit room(const event_table& table) : counts(table), scratch(table) {}
    risk_counts counts;
    typename Formula::scratch scratch;
  };

  event_table table_;
  std::array<row_list, 2> own_;  // the groups' rows, with their own event times
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
inline std::size_t events_until(const std::vector<double>& time, double t) {
  std::size_t count = 0;
  while (count < time.size() && not_after(time[count], t)) ++count;
  return count;
}

}  // namespace her2mod
