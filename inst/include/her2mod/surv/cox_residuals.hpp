#pragma once

// Residuals of a Cox model, of one unit of a row's weight, in scaled covariates.
//
// With the means m_l = (S1 - (l/K) D1) / (S - (l/K) D) of the terms at a block (cox_terms.hpp), a
// death's Schoenfeld residual is x_i - m, m their mean over l (Schoenfeld D 1982,
// doi:10.1093/biomet/69.1.239), and a row's score residual (Therneau TM, Grambsch PM, Fleming TR
// 1990, doi:10.1093/biomet/77.1.147) is
//   death_i (x_i - m) - exp(x_i' beta) sum over blocks at risk, and l, of h_l (x_i - m_l),
// with h_l (1 - l/K) in place of h_l at the block of its own death. Times the inverse of the
// information it is what the estimate would lose, to first order, without this unit (dfbeta).

#include <cmath>
#include <cstddef>
#include <vector>

#include <her2mod/surv/cox_likelihood.hpp>

namespace her2mod {

// What every block has: the mean m, and sums over l of h_l m_l and of h_l (1 - l/K) m_l.
struct cox_block_means {
  std::vector<double> mean, hazard_mean, death_hazard_mean; // block by block, p each
};

template <bool Entries> cox_block_means block_means(const cox_view& v, cox_workspace& w) {
  const std::size_t p = v.p;
  cox_block_means out;
  for (auto* of : {&out.mean, &out.hazard_mean, &out.death_hazard_mean})
    of->assign(v.blocks.size() * p, 0.0);
  const auto move_row = [&](std::uint32_t i, double sign) {
    for (std::size_t j = 0; j < p; ++j)
      w.sums.add(j, sign * w.theta[i] * v.x[i * p + j]);
    w.sums.add(p, sign * w.theta[i]);
    w.sums.count(sign > 0);
  };
  const auto at_block = [&](std::size_t b) {
    const cox_block& block = v.blocks[b];
    const double* const s = w.sums.values();
    double* const d = w.dying.data();
    std::fill(w.dying.begin(), w.dying.end(), 0.0);
    for (std::uint32_t i = block.begin; i < block.deaths_end; ++i) {
      for (std::size_t j = 0; j < p; ++j)
        d[j] += w.theta[i] * v.x[i * p + j];
      d[p] += w.theta[i];
    }
    w.hazard[b] = w.death_hazard[b] = 0;
    for_each_term(block, s[p], d[p], [&](double h, double f, double r) {
      w.hazard[b] += h;
      w.death_hazard[b] += (1 - f) * h;
      for (std::size_t j = 0; j < p; ++j) {
        const double m = (s[j] - f * d[j]) * r;
        out.mean[b * p + j] += m / block.terms;
        out.hazard_mean[b * p + j] += h * m;
        out.death_hazard_mean[b * p + j] += (1 - f) * h * m;
      }
    });
  };
  sweep_risk_sets<Entries>(
      v, [&] { w.sums.clear(); }, [&](std::uint32_t i) { move_row(i, 1); },
      [&](std::uint32_t i) { move_row(i, -1); }, at_block);
  return out;
}

inline cox_block_means block_means(const cox_view& v, const double* beta, cox_workspace& w) {
  exponentiate<0>(v, beta, w.theta.data());
  return v.entry_block ? block_means<true>(v, w) : block_means<false>(v, w);
}

// x_i - m of the deaths, in the order of the view, p each.
inline std::vector<double> schoenfeld_residuals(const cox_view& v, const double* beta,
                                                cox_workspace& w) {
  const cox_block_means means = block_means(v, beta, w);
  std::vector<double> out;
  for (std::size_t b = 0; b < v.blocks.size(); ++b)
    for (std::uint32_t i = v.blocks[b].begin; i < v.blocks[b].deaths_end; ++i)
      for (std::size_t j = 0; j < v.p; ++j)
        out.push_back(v.x[i * v.p + j] - means.mean[b * v.p + j]);
  return out;
}

// Row by row of the view, p each.
inline std::vector<double> score_residuals(const cox_view& v, const double* beta,
                                           cox_workspace& w) {
  const cox_block_means means = block_means(v, beta, w);
  const std::size_t p = v.p;
  std::vector<double> out(v.n * p);
  std::vector<split_sum> through(v.blocks.size() * p), so_far(p);
  for (std::size_t b = 0; b < v.blocks.size(); ++b)
    for (std::uint32_t i = v.blocks[b].begin; i < v.blocks[b].deaths_end; ++i)
      for (std::size_t j = 0; j < p; ++j)
        out[i * p + j] = v.x[i * p + j] - means.mean[b * p + j];
  for (std::size_t b = 0; b < v.blocks.size(); ++b) {
    if (v.blocks[b].stratum_begin == b)
      std::fill(so_far.begin(), so_far.end(), split_sum());
    for (std::size_t j = 0; j < p; ++j) {
      so_far[j].add(means.hazard_mean[b * p + j]);
      through[b * p + j] = so_far[j];
    }
  }
  const auto mean_hazard = [&](std::uint32_t i, std::size_t b, bool dies, std::size_t j) {
    const std::uint32_t begin = v.blocks[b].stratum_begin,
                        entry = v.entry_block ? v.entry_block[i] : begin;
    const std::size_t end = dies ? b : b + 1;
    const split_sum none, to = end == begin ? none : through[(end - 1) * p + j];
    const double own = dies ? means.death_hazard_mean[b * p + j] : 0.0;
    return to.since(entry == begin ? none : through[(entry - 1) * p + j]) + own;
  };
  const auto each_row = [&](std::uint32_t i, double hazard, std::size_t b, bool dies) {
    const double risk = w.theta[i] / v.weight[i];
    for (std::size_t j = 0; j < p; ++j)
      out[i * p + j] -= risk * (v.x[i * p + j] * hazard - mean_hazard(i, b, dies, j));
  };
  if (v.entry_block)
    for_each_hazard<true>(v, w, each_row);
  else
    for_each_hazard<false>(v, w, each_row);
  return out;
}

} // namespace her2mod
