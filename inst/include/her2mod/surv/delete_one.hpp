#pragma once

// A sum over a Kaplan-Meier curve, sum_j c_j S(t_j), without one unit of the group, for every unit
// in O(1) each: the restricted mean (c: widths of the steps) and S(t) itself (c: 1 at one event
// time).
//
// Let f_j = z_j / y_j be the curve's factors (y_j at risk, z_j after the events). Without a unit
// that lives to see the first m event times, the factors are
//   g_j = (z_j - 1) / (y_j - 1)   for j < m,
//   h_m = z_m / (y_m - 1)         at its own event, if it has one,
//   f_j                           from there on,
// and a factor is 1 where nobody else was at risk. So with prefix products G_m = g_0 ... g_(m-1),
// prefix sums P_m = sum_{j < m} c_j G_(j+1), and suffix sums B_k = f_k (c_k + B_(k+1)), which need
// no division,
//   the sum is P_m + G_m B_m, or, with an event, P_m + G_m h_m (c_m + B_(m+1)).
// (Left-truncated units are at risk only from an m of their own on: this does not hold for them.)

#include <cstddef>
#include <vector>

#include <her2mod/surv/event_table.hpp>
#include <her2mod/surv/kaplan_meier.hpp>

namespace her2mod {

class curve_without_one {
public:
  // As many event times as there are coefficients count.
  curve_without_one(const km_steps& steps, span<const double> coefficient)
      : coefficient_(coefficient), product_(coefficient.size() + 1, 1.0),
        before_(coefficient.size() + 1, 0.0), own_(coefficient.size()),
        after_(coefficient.size() + 1, 0.0) {
    const std::size_t n = coefficient.size();
    for (std::size_t j = 0; j < n; ++j) {
      const double y = steps.at_risk[j], z = steps.after[j];
      product_[j + 1] = product_[j] * (y > 1 ? (z - 1) / (y - 1) : 1.0);
      before_[j + 1] = before_[j] + coefficient[j] * product_[j + 1];
      own_[j] = y > 1 ? z / (y - 1) : 1.0;
    }
    for (std::size_t j = n; j-- > 0;)
      after_[j] = km_factor(steps, j) * (coefficient[j] + after_[j + 1]);
  }

  // `seen`: event times that the unit lives to see; `event`: whether the next one is its own.
  double operator()(std::size_t seen, bool event) const noexcept {
    const std::size_t n = coefficient_.size();
    if (seen >= n)
      return before_[n];
    const double rest = event ? own_[seen] * (coefficient_[seen] + after_[seen + 1]) : after_[seen];
    return before_[seen] + product_[seen] * rest;
  }

private:
  span<const double> coefficient_;
  std::vector<double> product_, before_, own_, after_;
};

// How many event times of its stratum each row's units live to see.
inline std::vector<std::size_t> event_times_seen(const event_table& table) {
  const cohort& data = table.data();
  const std::vector<double>& time = table.time();
  std::vector<std::size_t> seen(data.rows());
  std::size_t i = 0;
  for (std::size_t s = 0; s < table.strata(); ++s) {
    const std::size_t begin = table.stratum_begin()[s], end = table.stratum_begin()[s + 1];
    std::size_t j = begin;
    for (; i < table.pooled().end[s]; ++i) {
      const std::uint32_t row = table.pooled().row[i];
      while (j < end && time[j] < data.response()[row])
        ++j;
      const bool at_event = j < end && time[j] == data.response()[row];
      seen[row] = (data.event()[row] == 0 && at_event ? j + 1 : j) - begin;
    }
  }
  return seen;
}

} // namespace her2mod
