#pragma once

// What the statistics of two survival curves have in common: times sorted once, and for each draw the
// numbers at risk. A `Formula` is made of the times of three curves, and has
//   spec                                     what the statistic is
//   scratch(event_table)                     a thread's memory
//   operator()(counts, which, scratch, out) -> reason of the numbers at risk of both groups; those of
//                                            group g are at the event times curve_times[which[g]]
// and, where each group enters by one number of its curve alone, value({of group 0, of group 1}), with
//   sum_over_curve() -> {constant, coefficients}: that number is a sum over the curve, or
//   fall() -> {level, event times of all}: it is the time at which the curve falls to the level;
//   then leaving one out has a closed form (surv/delete_one.hpp, surv/fall_without_one.hpp), but for left truncation.
//
// A formula that also has means(event_table) -> drawn_means gives, where no standard error is wanted, value() of
// these of the draws that they read.
//
// Curves are of all patients: strata keep resampling within them, and do not change the estimate.

#include <algorithm>
#include <array>
#include <optional>
#include <type_traits>
#include <utility>

#include <her2mod/base/inference.hpp>
#include <her2mod/stat/statistic.hpp>
#include <her2mod/surv/delete_one.hpp>
#include <her2mod/surv/drawn_means.hpp>
#include <her2mod/surv/fall_without_one.hpp>
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
        formula_(curve_times{own_times(table_, own_[0]), own_times(table_, own_[1]), table_.time()}, given...) {
    if constexpr (has_means<Formula>::value) means_.emplace(formula_.means(table_));
  }

  const statistic_spec& describe() const noexcept override { return Formula::spec; }
  short_forms reads() const noexcept override { return {true, true, true}; }
  std::unique_ptr<workspace> make_workspace() const override { return std::make_unique<room>(table_); }

  reason evaluate(const draw& what, workspace& given, span<double> out) const noexcept override {
    auto& own = static_cast<room&>(given);
    if constexpr (has_means<Formula>::value) {
      std::array<double, 2> mean;
      if (out.size() == 1 && means_->reads(what) && (*means_)(what, own.drawn, mean))
        return write_estimate(formula_.value(mean), 0, out);
    }
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
    if constexpr (has_fall<Formula>::value) {
      if (table_.truncated()) return false;
      leave_out_of_falls(out);
      return true;
    }
    return false;
  }

 private:
  template <class F, class = void>
  struct has_sum : std::false_type {};
  template <class F>
  struct has_sum<F, std::void_t<decltype(&F::sum_over_curve)>> : std::true_type {};

  template <class F, class = void>
  struct has_means : std::false_type {};
  template <class F>
  struct has_means<F, std::void_t<decltype(&F::means)>> : std::true_type {};

  template <class F, class = void>
  struct has_fall : std::false_type {};
  template <class F>
  struct has_fall<F, std::void_t<decltype(&F::fall)>> : std::true_type {};

  risk_counts observed_counts() const {
    risk_counts counts(table_);
    counts.fill(table_, {table_.data().frequency(), table_.data().group(), false});
    return counts;
  }

  // `number`: of the group's curve without a unit of a row, from the event times that it lives to see.
  template <class Without>
  void leave_out(const risk_counts& counts, const std::array<double, 2>& all, span<double> out, const Without& number) const {
    const cohort& data = table_.data();
    const std::vector<std::size_t> seen = event_times_seen(table_);
    for (std::size_t row = 0; row < data.rows(); ++row) {
      const auto g = static_cast<std::size_t>(data.group()[row]);
      std::array<double, 2> rest = all;
      rest[g] = number(g, row, seen[row]);
      out[row] = counts[g].units > 1 ? formula_.value(rest) : not_a_number;
    }
  }

  void leave_out_of_falls(span<double> out) const {
    const cohort& data = table_.data();
    const risk_counts counts = observed_counts();
    const auto [level, time] = formula_.fall();
    std::vector<fall_without_one> without;
    std::array<double, 2> all{};
    const std::array<last_units, 2> last{last_of(table_.of_group(0)), last_of(table_.of_group(1))};
    std::vector<double> survival(time.size());
    for (std::size_t g = 0; g < 2; ++g) {
      const km_steps steps = steps_of(counts[g], time.size());
      survival_after(steps, survival);
      all[g] = time_below(level, steps, time, survival, counts[g].follow_up);
      without.emplace_back(level, steps, time);
    }
    leave_out(counts, all, out, [&](std::size_t g, std::size_t row, std::size_t seen) {
      const double follow_up = row == last[g].row ? last[g].before : counts[g].follow_up;
      return without[g](seen, data.event()[row] == 1, follow_up);
    });
  }

  // The row of a group's last unit, and the time of the one before.
  struct last_units {
    std::size_t row;
    double before;
  };
  last_units last_of(const row_list& list) const {
    const cohort& data = table_.data();
    last_units last{data.rows(), 0};
    for (std::size_t i = list.row.size(); i-- > 0;) {
      const std::uint32_t row = list.row[i];
      const double units = data.frequency()[row];
      if (!(units > 0)) continue;
      if (last.row < data.rows() || units > 1) return {last.row < data.rows() ? last.row : row, data.response()[row]};
      last.row = row;
    }
    return last;
  }

  void leave_out_of_sums(span<double> out) const {
    const cohort& data = table_.data();
    const risk_counts counts = observed_counts();
    const auto sum = formula_.sum_over_curve();
    std::vector<curve_without_one> without;
    std::array<double, 2> all{};
    for (std::size_t g = 0; g < 2; ++g) {
      const km_steps steps{counts[g].at_risk, counts[g].after, sum.coefficient.size()};
      without.emplace_back(steps, sum.coefficient);
      all[g] = sum.constant + sum_of_curve(steps, sum.coefficient);
    }
    leave_out(counts, all, out, [&](std::size_t g, std::size_t row, std::size_t seen) {
      return sum.constant + without[g](seen, data.event()[row] == 1);
    });
  }

  struct nothing {
    explicit nothing(const event_table&) {}
  };
  struct room final : workspace {
    explicit room(const event_table& table) : counts(table), drawn(table), scratch(table) {}
    risk_counts counts;
    std::conditional_t<has_means<Formula>::value, drawn_means::scratch, nothing> drawn;
    typename Formula::scratch scratch;
  };

  event_table table_;
  std::array<row_list, 2> own_;  // the groups' rows, with their own event times
  Formula formula_;
  std::optional<drawn_means> means_;
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
