#pragma once

// Are hazards proportional? The score test of b_j = 0 in the hazard ratios exp(x_j (beta_j + b_j
// g(t))) (Grambsch PM, Therneau TM 1994, doi:10.1093/biomet/81.3.515, without their approximation
// of the variances by a constant one, as R package survival 3 has it).
//
// With V_l the covariance of x in a term at time t, and u its weight:
//   score of b    = sum over deaths of w g(t) (x_i - m)
//   information   = sum over terms of u V_l times 1 (beta, beta), g (beta, b) and g^2 (b, b).

#include <cstddef>
#include <vector>

#include <her2mod/surv/cox_likelihood.hpp>
#include <her2mod/surv/cox_moments.hpp>

namespace her2mod {

struct cox_zph {
  std::vector<double> score;              // p
  std::vector<double> plain, once, twice; // packed: times 1, g and g^2
};

// `g` of each block.
inline cox_zph test_hazards(const cox_view& v, const double* beta, const std::vector<double>& g) {
  const std::size_t p = v.p, products = packed_size(p);
  cox_zph out;
  out.score.assign(p, 0.0);
  for (auto* of : {&out.plain, &out.once, &out.twice})
    of->assign(products, 0.0);
  std::vector<double> theta(v.n);
  exponentiate<0>(v, beta, theta.data());
  for (std::size_t b = 0; b < v.blocks.size(); ++b)
    for (std::uint32_t i = v.blocks[b].begin; i < v.blocks[b].deaths_end; ++i)
      for (std::size_t j = 0; j < p; ++j)
        out.score[j] += g[b] * v.weight[i] * v.x[i * p + j];
  for_each_term_mean(
      v, theta, p + products,
      [&](std::uint32_t i, double* row) { fill_products(v.x + i * p, p, row); },
      [&](std::size_t b, double unit, const double* mean) {
        for (std::size_t j = 0; j < p; ++j) {
          out.score[j] -= g[b] * unit * mean[j];
          for (std::size_t k = 0; k <= j; ++k) {
            const std::size_t at = packed_at(j, k);
            const double covariance = unit * (mean[p + at] - mean[j] * mean[k]);
            out.plain[at] += covariance;
            out.once[at] += g[b] * covariance;
            out.twice[at] += g[b] * g[b] * covariance;
          }
        }
      });
  return out;
}

} // namespace her2mod
