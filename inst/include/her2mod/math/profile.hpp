#pragma once

// Profile likelihood of one coefficient: its value with the others at their best. The interval
// holds what a likelihood-ratio test does not reject: l_max - l(b) <= q / 2, q the chi-squared
// quantile (Venzon DJ, Moolgavkar SH 1988, doi:10.2307/2347496). Where the likelihood is monotone
// one end is infinite, and the other is counted from the supremum.

#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/math/newton.hpp>
#include <her2mod/math/roots.hpp>

namespace her2mod {

class profile {
public:
  // As for maximise().
  using function = std::function<double(const double*, double*, double*, double*)>;

  // `top`: at the maximum, or, of an `open` likelihood, where the value rises no more.
  profile(const newton_state& top, std::size_t coordinate, function evaluate, bool open)
      : top_(top), now_(top), coordinate_(coordinate), evaluate_(std::move(evaluate)), open_(open) {}

  // The highest value with the coordinate at b, nearest from where the last call ended.
  double value(double b) { return open_ ? best_of_starts(b) : value_from(now_.at, b); }

  // Where the value has fallen by `drop`, below (direction -1) or above (1); infinite where it
  // never does, not a number where it cannot be followed.
  double limit(double drop, int direction, double step) {
    const auto excess = [&](double b) { return top_.value - drop - value(b); };
    now_ = top_;
    before_.clear();
    const double start = start_within(excess);
    double near = start, near_excess = open_ ? excess(start) : -drop, far = start, beyond = 0;
    std::vector<double> near_at = now_.at;
    for (int doubled = 0;; ++doubled, step *= 2) {
      if (doubled == 30)
        return direction * infinity;
      far = start + direction * step;
      beyond = excess(far);
      if (!(beyond < 0))
        break;
      // Concave, and flat on the other side of 0 as far out as the start was: it stays so.
      if (open_ && beyond < flat_loss - drop && std::fabs(far - start) > 64 + 4 * std::fabs(start))
        return direction * infinity;
      near = far;
      near_excess = beyond;
      near_at = now_.at;
    }
    now_.at = near_at;
    // What was found at the ends of the bracket is not asked for again.
    const auto within = [&](double b) { return b == near ? near_excess : b == far ? beyond : excess(b); };
    const double end = find_root(within, std::fmin(near, far), std::fmax(near, far));
    // A jump is where the maximum of the others was lost, and no end.
    return open_ && std::fabs(within(end)) > 1e-3 * drop ? not_a_number : end;
  }

private:
  static constexpr double flat_loss = 1e-7;

  // Where an open likelihood was left may be so far out that sums lose their digits.
  template <class Excess>
  double start_within(const Excess& excess) {
    const double top = top_.at[coordinate_];
    for (const double far : {30.0, 1000.0})
      if (open_ && std::fabs(top) > far && excess(std::copysign(far, top)) < 0)
        return std::copysign(far, top);
    return top;
  }

  double value_from(const std::vector<double>& start, double b) {
    now_.at = start;
    now_.at[coordinate_] = b;
    now_.aside = top_.aside;
    now_.aside[coordinate_] = 1;
    if (maximise(now_, evaluate_, false) == newton_end::stopped && !open_)
      throw numeric_error("A profile likelihood could not be computed.");
    return now_.value;
  }

  // Far out an open likelihood is flat, and nothing leads back from there: so from the last place, from its
  // continuation from the one before (coordinates that run off together do so in proportion), and from 0.
  double best_of_starts(double b) {
    const std::vector<double> last = now_.at, zero(now_.size());
    std::vector<double> next = last;
    if (!before_.empty() && before_[coordinate_] != last[coordinate_]) {
      const double ratio = (b - last[coordinate_]) / (last[coordinate_] - before_[coordinate_]);
      for (std::size_t j = 0; j < next.size(); ++j)
        next[j] += ratio * (last[j] - before_[j]);
    }
    double best = -infinity;
    std::vector<double> at = last;
    for (const std::vector<double>& start : {last, next, zero}) {
      const double reached = value_from(start, b);
      if (reached > best) {
        best = reached;
        at = now_.at;
      }
    }
    before_ = last;
    now_.at = at;
    return now_.value = best;
  }

  const newton_state& top_;
  newton_state now_;
  std::size_t coordinate_;
  function evaluate_;
  bool open_;
  std::vector<double> before_; // where the last call but one ended
};

} // namespace her2mod
