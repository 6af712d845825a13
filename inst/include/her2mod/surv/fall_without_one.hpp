#pragma once

// Where a Kaplan-Meier curve falls to a level (time_below() of kaplan_meier.hpp) without one unit of
// its group, for every unit in O(log n) each. With the products of delete_one.hpp, without a unit that
// lives to see m event times
//
//   S(t_k) = G_(k+1)                for k < m,
//            G_m h F_(k+1) / F_n    from there on; h = h_m, n = m + 1 with an event, h = 1, n = m without,
//
// F the prefix products of the curve's own factors: both parts never rise, so each is searched by halving.

#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <her2mod/base/count_while.hpp>
#include <her2mod/surv/kaplan_meier.hpp>

namespace her2mod {

class fall_without_one {
 public:
  fall_without_one(double level, const km_steps& steps, span<const double> time)
      : level_(level), time_(time), own_(steps.count), without_(steps.count + 1, 1.0), with_(steps.count + 1, 1.0) {
    for (std::size_t j = 0; j < steps.count; ++j) {
      const double y = steps.at_risk[j], z = steps.after[j];
      // Nobody lives to see more where z is 0.
      without_[j + 1] = without_[j] * (y > 1 ? std::fmax(0.0, (z - 1) / (y - 1)) : 1.0);
      own_[j] = y > 1 ? z / (y - 1) : 1.0;
      with_[j + 1] = with_[j] * km_factor(steps, j);
    }
  }

  // `follow_up`: of the others.
  double operator()(std::size_t seen, bool event, double follow_up) const noexcept {
    constexpr double tolerance = 1.4901161193847656e-08;  // the root of the machine's precision
    const std::size_t first = steps_above(seen, event, level_ + tolerance);
    if (first == own_.size()) return std::numeric_limits<double>::infinity();
    const std::size_t next = steps_above(seen, event, level_ - tolerance);
    if (next == first) return time_[first];
    return (time_[first] + (next < own_.size() ? time_[next] : follow_up)) / 2;
  }

 private:
  // How many event times leave the curve above `s`.
  std::size_t steps_above(std::size_t seen, bool event, double s) const noexcept {
    const std::size_t early = count_while(without_.data() + 1, seen, [=](double v) { return v > s; });
    if (early < seen || seen == own_.size()) return early;
    const std::size_t from = event ? seen + 1 : seen;
    const double factor = without_[seen] * (event ? own_[seen] : 1.0);
    if (event && !(factor > s)) return seen;
    if (!(with_[from] > 0)) return own_.size();  // nobody else is left, and the curve stays
    const double bound = s * with_[from] / factor;
    return from + count_while(with_.data() + from + 1, own_.size() - from, [=](double v) { return v > bound; });
  }

  double level_;
  span<const double> time_;
  std::vector<double> own_;
  std::vector<double> without_, with_;  // G and F
};

}  // namespace her2mod
