#pragma once

// One test of the log-rank family of several groups as a quadratic form U' V- U, summed up over event
// times in room that is there already.

#include <vector>

#include <her2mod/math/block_form.hpp>
#include <her2mod/surv/risk_counts.hpp>

namespace her2mod {

struct logrank_form {
  explicit logrank_form(std::size_t groups) : block(groups, 1), share(groups) {}

  // Event time j with weight w: y at risk, `after` the events. Whether the hypergeometric covariance is
  // added, too.
  void add(const risk_counts& counts, std::size_t j, double y, double after, double w, bool hypergeometric) noexcept {
    const double d = y - after;
    if (!(d > 0)) return;
    const double spread = hypergeometric && y > 1 ? w * w * d * (after / (y - 1)) : 0.0;
    for (std::size_t g = 1; g < share.size(); ++g) {
      const auto& group = counts[g];
      share[g] = group.at_risk[j] / y;
      block.excess(g) += w * (group.at_risk[j] - group.after[j] - d * share[g]);
      for (std::size_t h = 1; h <= g; ++h)
        block.covariance(g, h) += spread * share[g] * ((g == h ? 1.0 : 0.0) - share[h]);
    }
  }

  block_form block;
  std::vector<double> share;  // of each group among those at risk
};

}  // namespace her2mod
