#pragma once

// One test of the log-rank family of several groups as a quadratic form U' V- U, summed up over event
// times in room that is there already. The reference group is left out: it follows from the others.

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include <her2mod/math/ldl.hpp>
#include <her2mod/surv/risk_counts.hpp>

namespace her2mod {

struct logrank_form {
  explicit logrank_form(std::size_t groups)
      : excess(groups - 1),
        covariance(packed_size(groups - 1)),
        share(groups - 1),
        diagonal(groups - 1),
        aside(groups - 1) {}

  void clear() noexcept {
    std::fill(excess.begin(), excess.end(), 0.0);
    std::fill(covariance.begin(), covariance.end(), 0.0);
  }

  // Event time j with weight w: y at risk, `after` the events. Whether the hypergeometric covariance is
  // added, too.
  void add(const risk_counts& counts, std::size_t j, double y, double after, double w, bool hypergeometric) noexcept {
    const double d = y - after;
    if (!(d > 0)) return;
    const double spread = hypergeometric && y > 1 ? w * w * d * (after / (y - 1)) : 0.0;
    for (std::size_t g = 0; g < excess.size(); ++g) {
      const auto& group = counts[g + 1];
      share[g] = group.at_risk[j] / y;
      excess[g] += w * (group.at_risk[j] - group.after[j] - d * share[g]);
      for (std::size_t h = 0; h <= g; ++h)
        covariance[packed_at(g, h)] += spread * share[g] * ((g == h ? 1.0 : 0.0) - share[h]);
    }
  }

  // Not a number where there is no variance in any direction. The covariance is used up.
  double squared_length() noexcept {
    const std::size_t p = excess.size();
    for (std::size_t g = 0; g < p; ++g) diagonal[g] = covariance[packed_at(g, g)];
    std::fill(aside.begin(), aside.end(), std::uint8_t{0});
    if (ldl_factor(covariance.data(), p, diagonal.data(), 1e-10, aside.data()) == 0)
      return std::numeric_limits<double>::quiet_NaN();
    ldl_half_solve(covariance.data(), p, excess.data(), share.data());
    double length = 0;
    for (std::size_t g = 0; g < p; ++g)
      if (!aside[g]) length += share[g] * share[g] / covariance[packed_at(g, g)];
    return length;
  }

  std::vector<double> excess, covariance, share, diagonal;
  std::vector<std::uint8_t> aside;
};

}  // namespace her2mod
