#pragma once

// The log-rank family of any number of groups: for each group observed less expected events, and
// their covariance
//
//   V_gh = sum w^2 d (y - d) / (y - 1) (y_g / y) (1{g = h} - y_h / y)
//
// (Klein JP, Moeschberger ML 2003, section 7.3, doi:10.1007/b97377), several weights at once; and the
// covariance of scores under different weights, which has w_k w_l in place of w^2 (Karrison TG 2016,
// Stata J 16:678, doi:10.1177/1536867X1601600308, of two groups).

#include <vector>

#include <her2mod/base/span.hpp>
#include <her2mod/surv/logrank.hpp>

namespace her2mod {

struct logrank_tests {
  std::vector<std::vector<double>> score;     // of each weight, a value a group
  std::vector<std::vector<double>> variance;  // of each weight, row by row
  // Of all scores, weight after weight and without group 0, which follows from the others; row by row.
  std::vector<double> joint;
  std::vector<double> observed, expected;     // events of each group, with a weight of 1
};

// Adds an event time: `weight` of each test, and `spread` times the covariance of one draw among groups.
inline void add_joint(span<const double> weight, double spread, span<const double> share,
                      std::vector<double>& joint) noexcept {
  const std::size_t others = share.size() - 1, size = weight.size() * others;
  for (std::size_t k = 0; k < weight.size(); ++k)
    for (std::size_t l = 0; l <= k; ++l) {
      const double both = weight[k] * weight[l] * spread;
      for (std::size_t g = 0; g < others; ++g)
        for (std::size_t h = 0; h < others; ++h)
          joint[(k * others + g) * size + l * others + h] += both * share[g + 1] * ((g == h ? 1.0 : 0.0) - share[h + 1]);
    }
}

// What lies above the diagonal from what lies below.
inline void mirror(std::vector<double>& square, std::size_t size) noexcept {
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t j = 0; j < i; ++j) square[j * size + i] = square[i * size + j];
}

// `counts`: as observed.
inline logrank_tests test_logrank(const event_table& table, const risk_counts& counts,
                                  const std::vector<logrank_weight>& weights) {
  const std::size_t groups = table.groups(), n = weights.size(), scores = n * (groups - 1);
  pooled_weights pooled(table);
  pooled.pool(counts);
  std::vector<std::vector<double>> weight;
  for (const logrank_weight& which : weights) {
    pooled.weigh(table, which);
    weight.push_back(pooled.weight);
  }
  logrank_tests tests{std::vector<std::vector<double>>(n, std::vector<double>(groups)),
                      std::vector<std::vector<double>>(n, std::vector<double>(groups * groups)),
                      std::vector<double>(scores * scores), std::vector<double>(groups), std::vector<double>(groups)};
  std::vector<double> share(groups), excess(groups), here(n);
  for (std::size_t j = 0; j < table.events(); ++j) {
    const double y = pooled.at_risk[j], d = y - pooled.after[j];
    const double spread = y > 1 ? d * (pooled.after[j] / (y - 1)) : 0.0;
    for (std::size_t g = 0; g < groups; ++g) {
      share[g] = counts[g].at_risk[j] / y;
      const double own = counts[g].at_risk[j] - counts[g].after[j];
      excess[g] = own - d * share[g];
      tests.observed[g] += own;
      tests.expected[g] += d * share[g];
    }
    for (std::size_t k = 0; k < n; ++k) {
      const double w = here[k] = weight[k][j];
      for (std::size_t g = 0; g < groups; ++g) {
        tests.score[k][g] += w * excess[g];
        for (std::size_t h = 0; h < groups; ++h)
          tests.variance[k][g * groups + h] += w * w * spread * share[g] * ((g == h ? 1.0 : 0.0) - share[h]);
      }
    }
    add_joint(here, spread, share, tests.joint);
  }
  mirror(tests.joint, scores);
  return tests;
}

}  // namespace her2mod
