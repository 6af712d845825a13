#pragma once

// Profile likelihood of one coefficient: its value with the others at their best. The interval
// holds what a likelihood-ratio test does not reject: l_max - l(b) <= q / 2, q the chi-squared
// quantile (Venzon DJ, Moolgavkar SH 1988, doi:10.2307/2347496). Where the likelihood is monotone
// one end is infinite, and the other is counted from the supremum.

#include <cmath>
#include <cstddef>
#include <functional>
#include <utility>

#include <her2mod/base/error.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/math/newton.hpp>
#include <her2mod/math/roots.hpp>

namespace her2mod {

class profile {
public:
  // As for maximise().
  using function = std::function<double(const double*, double*, double*, double*)>;

  // `top`: at the maximum, or where the value rises no more.
  profile(const newton_state& top, std::size_t coordinate, function evaluate)
      : top_(top), now_(top), coordinate_(coordinate), evaluate_(std::move(evaluate)) {}

  // The highest value with the coordinate at b, nearest from where the last call ended.
  double value(double b) {
    now_.aside = top_.aside;
    now_.aside[coordinate_] = 1;
    now_.at[coordinate_] = b;
    if (maximise(now_, evaluate_, false) == newton_end::stopped)
      throw numeric_error("A profile likelihood could not be computed.");
    return now_.value;
  }

  // Where the value has fallen by `drop`, below (direction -1) or above (1); infinite where it
  // never does.
  double limit(double drop, int direction, double step) {
    const double start = top_.at[coordinate_];
    const auto excess = [&](double b) { return top_.value - drop - value(b); };
    now_ = top_;
    double near = start, far = start;
    for (int doubled = 0;; ++doubled, step *= 2) {
      if (doubled == 30)
        return direction * infinity;
      far = start + direction * step;
      const double beyond = excess(far);
      if (!(beyond < 0))
        break;
      near = far;
    }
    return find_root(excess, std::fmin(near, far), std::fmax(near, far));
  }

private:
  const newton_state& top_;
  newton_state now_;
  std::size_t coordinate_;
  function evaluate_;
};

} // namespace her2mod
