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

// Every time becomes the smallest of its run. False where no two different times are tied, and nothing changed.
// `times` are finite.
inline bool tie_times(std::vector<double>& times) {
  std::vector<std::uint32_t> order(times.size());
  std::iota(order.begin(), order.end(), 0u);
  order_by(order, [&](std::uint32_t i) { return times[i]; });
  double size = 0, different = 0, before = std::numeric_limits<double>::infinity();
  for (const std::uint32_t i : order) {
    if (times[i] == before) continue;
    before = times[i];
    size += std::fabs(before);
    ++different;
  }
  const double mean = size / different, tolerance = std::sqrt(std::numeric_limits<double>::epsilon());
  bool tied = false;
  double smallest = 0;
  before = -std::numeric_limits<double>::infinity();
  for (const std::uint32_t i : order) {
    double& time = times[i];
    const double gap = time - before;
    before = time;
    if (!(gap <= tolerance || gap / mean <= tolerance))
      smallest = time;
    else if (time != smallest)
      tied = true;
    time = smallest;
  }
  return tied;
}

}  // namespace her2mod
