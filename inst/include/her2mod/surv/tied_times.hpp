#pragma once

// Which times of a study are one and the same. Times that come from arithmetic (dates, months,
// sqrt(2)^2) may differ by rounding alone; which of them are tied must not depend on that. The rule
// is that of survival's aeqSurv(): with the different times in order, neighbours are tied if
//   t_(i+1) - t_(i) <= e   or   (t_(i+1) - t_(i)) / mean |t| <= e,   e = 1.49e-8,
// and every time of a run of such neighbours becomes its smallest. (Therneau TM, Grambsch PM 2000,
// Modeling Survival Data, doi:10.1007/978-1-4757-3294-8.)

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <her2mod/base/radix_order.hpp>

namespace her2mod {

// Whether `time`, of a study, is at most `t`, which somebody wrote: 0.3 means 0.1 + 0.2 as well.
inline bool not_after(double time, double t) noexcept {
  return time - t <= std::sqrt(std::numeric_limits<double>::epsilon()) * std::max(1.0, t);
}

// The smallest time of each run, in increasing order, and whether any two different times are tied.
struct time_grid {
  std::vector<double> time;
  bool tied = false;

  double snapped(double t) const noexcept {
    return *(std::upper_bound(time.begin(), time.end(), t) - 1);
  }
};

// By radix, the smallest first.
inline void sort_numbers(std::vector<double>& values) {
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0u);
  order_by(order, [&](std::uint32_t i) { return values[i]; });
  std::vector<double> sorted(values.size());
  for (std::size_t i = 0; i < order.size(); ++i) sorted[i] = values[order[i]];
  values.swap(sorted);
}

// `times` are finite.
inline time_grid grid_of_times(std::vector<double> times) {
  sort_numbers(times);
  times.erase(std::unique(times.begin(), times.end()), times.end());
  double size = 0;
  for (const double t : times) size += std::fabs(t);
  const double mean = size / static_cast<double>(times.size());
  const double tolerance = std::sqrt(std::numeric_limits<double>::epsilon());
  time_grid grid;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double step = i == 0 ? std::numeric_limits<double>::infinity() : times[i] - times[i - 1];
    if (step <= tolerance || step / mean <= tolerance)
      grid.tied = true;
    else
      grid.time.push_back(times[i]);
  }
  return grid;
}

}  // namespace her2mod
