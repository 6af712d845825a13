#pragma once

// Cox's partial log-likelihood (1972, doi:10.1111/j.2517-6161.1972.tb00899.x), its score and its
// information, from one pass over the risk sets and one over the rows.
//
// With the hazards h of cox_terms.hpp, let H_i be the sum of h over the blocks at which row i is at
// risk (of its own death's block, that of the dying). Then
//   score       = sum over deaths w_i x_i - sum over rows theta_i H_i x_i,
//   information = sum over rows theta_i H_i x_i x_i' - sum over terms a_l (S1 - f D1)(S1 - f D1)',
// with S1 and D1 the sums of theta x over the risk set and the deaths. The first sums need no S1 at
// an event, and the sum of theta x x' over a risk set is never made.
//
// Where hazards are too far apart for that, cox_wide.hpp has the same.
//
// Everything is in the scaled covariates of the view.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/unrolled.hpp>
#include <her2mod/math/ldl.hpp>
#include <her2mod/math/outer_products.hpp>
#include <her2mod/surv/cox_risk_sets.hpp>
#include <her2mod/surv/cox_terms.hpp>
#include <her2mod/surv/cox_wide.hpp>

namespace her2mod {

struct cox_workspace {
  std::vector<double> theta;                // of each row
  std::vector<double> hazard, death_hazard; // of each block
  std::vector<split_sum> through;           // of a stratum's blocks up to this one
  std::vector<double> at_risk, dying, left, squares, products;
  running_sums sums;

  cox_workspace(std::size_t n, std::size_t p, std::size_t blocks)
      : theta(n), hazard(blocks), death_hazard(blocks), through(blocks), at_risk(p + 1),
        dying(p + 1), left(p), squares(packed_size(p)), products(packed_size(p)), sums(p + 1) {}
  explicit cox_workspace(const cox_data& data)
      : cox_workspace(data.rows(), data.covariates(), data.blocks().size()) {}
};

// theta of all rows.
template <std::size_t Fixed>
[[gnu::flatten]] void exponentiate(const cox_view& v, const double* beta, double* theta) noexcept {
  const std::size_t p = Fixed ? Fixed : v.p;
  for (std::size_t i = 0; i < v.n; ++i) {
    const double* const x = v.x + i * p;
    double eta = 0;
    each_of<Fixed>(p, [&](std::size_t j) { eta += x[j] * beta[j]; });
    theta[i] = v.weight[i] * std::exp(eta);
  }
}

// The hazards of each block into the workspace, the terms' squares into `squares`, and the sum of
// the terms' logarithms as result.
template <std::size_t Fixed, bool Entries>
[[gnu::flatten]] double sum_risk_sets(const cox_view& v, cox_workspace& w,
                                      outer_products<Fixed>& squares) noexcept {
  const std::size_t p = Fixed ? Fixed : v.p;
  double fixed_s[Fixed + 1] = {}, fixed_d[Fixed + 1] = {}, fixed_left[Fixed + 1] = {};
  double* const s = Fixed ? fixed_s : w.at_risk.data();
  double* const d = Fixed ? fixed_d : w.dying.data();
  double* const left = Fixed ? fixed_left : w.left.data();
  log_product logs;
  const auto clear = [p](double* sums) {
    for (std::size_t j = 0; j <= p; ++j)
      sums[j] = 0;
  };
  const auto add_row = [&](double* sums, std::uint32_t i) {
    const double* const x = v.x + i * p;
    const double theta = w.theta[i];
    each_of<Fixed>(p, [&](std::size_t j) { sums[j] += theta * x[j]; });
    sums[p] += theta;
  };
  const auto move_row = [&](std::uint32_t i, double sign) {
    const double* const x = v.x + i * p;
    for (std::size_t j = 0; j < p; ++j)
      w.sums.add(j, sign * w.theta[i] * x[j]);
    w.sums.add(p, sign * w.theta[i]);
    w.sums.count(sign > 0);
  };
  sweep_risk_sets<Entries>(
      v,
      [&] {
        clear(s);
        if constexpr (Entries)
          w.sums.clear();
      },
      [&](std::uint32_t i) {
        if constexpr (Entries)
          move_row(i, 1);
        else
          add_row(s, i);
      },
      [&](std::uint32_t i) { move_row(i, -1); },
      [&](std::size_t b) {
        const cox_block& block = v.blocks[b];
        if constexpr (Entries) {
          const double* const now = w.sums.values();
          for (std::size_t j = 0; j <= p; ++j)
            s[j] = now[j];
        }
        const bool tied = block.terms != 1;
        if (tied) {
          clear(d);
          for (std::uint32_t i = block.begin; i < block.deaths_end; ++i)
            add_row(d, i);
        }
        const tied_terms t = add_terms(block, s[p], tied ? d[p] : 0.0, logs);
        w.hazard[b] = t.hazard;
        w.death_hazard[b] = t.death_hazard;
        add_squares<Fixed>(t, tied, s, d, p, left, squares);
      });
  return logs.value();
}

// Calls use(row, H_row, block, whether it dies there), strata and times in order. A row whose entry
// is as late as its time gets 0.
template <bool Entries, class Use>
void for_each_hazard(const cox_view& v, cox_workspace& w, const Use& use) noexcept {
  split_sum sum;
  const auto since_entry = [&](std::uint32_t i, const cox_block& block) {
    if constexpr (Entries) {
      const std::uint32_t entry = v.entry_block[i];
      return entry == block.stratum_begin ? sum.value() : sum.since(w.through[entry - 1]);
    } else {
      return sum.high;
    }
  };
  for (std::size_t b = 0; b < v.blocks.size(); ++b) {
    const cox_block& block = v.blocks[b];
    if (block.stratum_begin == b)
      sum = {};
    const bool last = b + 1 == v.blocks.size() || v.blocks[b + 1].stratum_begin == b + 1;
    const std::uint32_t end = last ? block.stop : v.blocks[b + 1].begin;
    for (std::uint32_t i = block.begin; i < block.deaths_end; ++i)
      use(i, since_entry(i, block) + w.death_hazard[b], b, true);
    if constexpr (Entries) {
      sum.add(w.hazard[b]);
      w.through[b] = sum;
    } else {
      sum.high += w.hazard[b];
    }
    for (std::uint32_t i = block.deaths_end; i < end; ++i)
      use(i, since_entry(i, block), b, false);
  }
}

// Returns the log-likelihood; NaN or an infinity where hazards are too far apart. `information` is packed;
// `total` is the diagonal of its first sum, beside which a pivot is rounding or not.
template <std::size_t Fixed, bool Entries>
[[gnu::flatten]] double cox_evaluate_as(const cox_view& v, const double* beta, cox_workspace& w,
                                        double* score, double* information,
                                        double* total) noexcept {
  const std::size_t p = Fixed ? Fixed : v.p;
  outer_products<Fixed> squares(p, w.squares.data()), products(p, w.products.data());
  double fixed_gone[Fixed + 1] = {};
  double* const gone = Fixed ? fixed_gone : w.at_risk.data();
  exponentiate<Fixed>(v, beta, w.theta.data());
  double value = -sum_risk_sets<Fixed, Entries>(v, w, squares);
  for (std::size_t j = 0; j < p; ++j)
    gone[j] = 0;
  for_each_hazard<Entries>(v, w, [&](std::uint32_t i, double hazard, std::size_t, bool) {
    const double* const x = v.x + i * p;
    const double expected = w.theta[i] * hazard;
    each_of<Fixed>(p, [&](std::size_t j) { gone[j] += expected * x[j]; });
    products.add(expected, x);
  });
  for (std::size_t j = 0; j < p; ++j) {
    value += beta[j] * v.death_sum[j];
    score[j] = v.death_sum[j] - gone[j];
  }
  products.each([&](std::size_t at, double sum) { information[at] = sum; });
  for (std::size_t j = 0; j < p; ++j)
    total[j] = information[packed_at(j, j)];
  squares.each([&](std::size_t at, double sum) { information[at] -= sum; });
  return value;
}

template <std::size_t Fixed>
double cox_evaluate_as(const cox_view& v, const double* beta, cox_workspace& w, double* score,
                       double* information, double* total) noexcept {
  return v.entry_block ? cox_evaluate_as<Fixed, true>(v, beta, w, score, information, total)
                       : cox_evaluate_as<Fixed, false>(v, beta, w, score, information, total);
}

inline double cox_evaluate_close(const cox_view& v, const double* beta, cox_workspace& w, double* score,
                                 double* information, double* total) noexcept {
  return with_fixed<1, 6>(v.p, [&](auto p) {
    return cox_evaluate_as<decltype(p)::value>(v, beta, w, score, information, total);
  });
}

// Returns the log-likelihood. `information` is packed; `total` is the diagonal of the sum that it is a difference from,
// beside which a pivot is rounding or not.
inline double cox_evaluate(const cox_view& v, const double* beta, cox_workspace& w, double* score, double* information,
                           double* total) {
  const double value = cox_evaluate_close(v, beta, w, score, information, total);
  return std::isfinite(value) ? value : cox_evaluate_wide(v, beta, score, information, total);
}

// The score alone: it needs no sums of covariates over risk sets. Without entries.
template <std::size_t Fixed>
[[gnu::flatten]] void cox_score_as(const cox_view& v, const double* beta, cox_workspace& w,
                                   double* score) noexcept {
  const std::size_t p = Fixed ? Fixed : v.p;
  exponentiate<Fixed>(v, beta, w.theta.data());
  double at_risk = 0;
  sweep_risk_sets<false>(
      v, [&] { at_risk = 0; }, [&](std::uint32_t i) { at_risk += w.theta[i]; }, [](std::uint32_t) {},
      [&](std::size_t b) {
        const cox_block& block = v.blocks[b];
        double dying = 0;
        for (std::uint32_t i = block.begin; i < block.deaths_end; ++i)
          dying += w.theta[i];
        w.hazard[b] = w.death_hazard[b] = 0;
        for_each_term(block, at_risk, dying, [&](double h, double f, double) {
          w.hazard[b] += h;
          w.death_hazard[b] += (1 - f) * h;
        });
      });
  double fixed_gone[Fixed + 1] = {};
  double* const gone = Fixed ? fixed_gone : w.at_risk.data();
  for (std::size_t j = 0; j < p; ++j)
    gone[j] = 0;
  for_each_hazard<false>(v, w, [&](std::uint32_t i, double hazard, std::size_t, bool) {
    const double* const x = v.x + i * p;
    const double expected = w.theta[i] * hazard;
    each_of<Fixed>(p, [&](std::size_t j) { gone[j] += expected * x[j]; });
  });
  for (std::size_t j = 0; j < p; ++j)
    score[j] = v.death_sum[j] - gone[j];
}

inline void cox_score(const cox_view& v, const double* beta, cox_workspace& w, double* score) noexcept {
  with_fixed<2, 6>(v.p, [&](auto p) { cox_score_as<decltype(p)::value>(v, beta, w, score); });
}

} // namespace her2mod
