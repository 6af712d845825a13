#pragma once

// Residuals of a Cox model, of one unit of a row's weight, in scaled covariates.
//
// With the means m_l = (S1 - (l/K) D1) / (S - (l/K) D) of the terms at a block (cox_terms.hpp), a
// death's Schoenfeld residual is x_i - m, m their mean over l (Schoenfeld D 1982,
// doi:10.1093/biomet/69.1.239), and a row's score residual (Therneau TM, Grambsch PM, Fleming TR 1990,
// doi:10.1093/biomet/77.1.147) is
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
  std::vector<double> mean, hazard_mean, death_hazard_mean;  // block by block, p each
};

template <bool Entries>
cox_block_means block_means(const cox_view& v, cox_workspace& w) {
  const std::size_t p = v.p;
  cox_block_means out;
  for (auto* of : {&out.mean, &out.hazard_mean, &out.death_hazard_mean})
    of->assign(v.blocks.size() * p, 0.0);
  const auto move_row = [&](std::uint32_t i, double sign) {
    for (std::size_t j = 0; j < p; ++j) w.sums.add(j, sign * w.theta[i] * v.x[i * p + j]);
    w.sums.add(p, sign * w.theta[i]);
    w.sums.count(sign > 0);
  };
  const auto at_block = [&](std::size_t b) {
    const cox_block& block = v.blocks[b];
    const double* const s = w.sums.values();
    double* const d = w.dying.data();
    std::fill(w.dying.begin(), w.dying.end(), 0.0);
    for (std::uint32_t i = block.begin; i < block.deaths_end; ++i) {
      for (std::size_t j = 0; j < p; ++j) d[j] += w.theta[i] * v.x[i * p + j];
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
inline std::vector<double> schoenfeld_residuals(const cox_view& v, const double* beta, cox_workspace& w) {
  const cox_block_means means = block_means(v, beta, w);
  std::vector<double> out;
  for (std::size_t b = 0; b < v.blocks.size(); ++b)
    for (std::uint32_t i = v.blocks[b].begin; i < v.blocks[b].deaths_end; ++i)
      for (std::size_t j = 0; j < v.p; ++j) out.push_back(v.x[i * v.p + j] - means.mean[b * v.p + j]);
  return out;
}

// Row by row of the view, p each.
inline std::vector<double> score_residuals(const cox_view& v, const double* beta, cox_workspace& w) {
  const cox_block_means means = block_means(v, beta, w);
  const std::size_t p = v.p;
  std::vector<double> out(v.n * p), through(v.blocks.size() * p), so_far(p);
  for (std::size_t i = 0; i < v.n; ++i) w.theta[i] /= v.weight[i];
  double hazard = 0;
  const auto subtract = [&](std::uint32_t i, std::size_t stratum_begin, double own, const double* own_mean) {
    const std::uint32_t entry = v.entry_block ? v.entry_block[i] : static_cast<std::uint32_t>(stratum_begin);
    const bool late = entry > stratum_begin;
    const double h = hazard - (late ? w.through[entry - 1] : 0.0) + own;
    for (std::size_t j = 0; j < p; ++j) {
      const double means_before = so_far[j] - (late ? through[(entry - 1) * p + j] : 0.0);
      const double mean = means_before + (own_mean ? own_mean[j] : 0.0);
      out[i * p + j] -= w.theta[i] * (v.x[i * p + j] * h - mean);
    }
  };
  for (std::size_t b = 0; b < v.blocks.size(); ++b) {
    const cox_block& block = v.blocks[b];
    if (block.stratum_begin == b) {
      hazard = 0;
      std::fill(so_far.begin(), so_far.end(), 0.0);
    }
    for (std::uint32_t i = block.begin; i < block.deaths_end; ++i) {
      for (std::size_t j = 0; j < p; ++j) out[i * p + j] = v.x[i * p + j] - means.mean[b * p + j];
      subtract(i, block.stratum_begin, w.death_hazard[b], &means.death_hazard_mean[b * p]);
    }
    hazard += w.hazard[b];
    w.through[b] = hazard;
    for (std::size_t j = 0; j < p; ++j) through[b * p + j] = so_far[j] += means.hazard_mean[b * p + j];
    const bool last = b + 1 == v.blocks.size() || v.blocks[b + 1].stratum_begin == b + 1;
    const std::uint32_t end = last ? block.stop : v.blocks[b + 1].begin;
    for (std::uint32_t i = block.deaths_end; i < end; ++i) subtract(i, block.stratum_begin, 0.0, nullptr);
  }
  return out;
}

}  // namespace her2mod
