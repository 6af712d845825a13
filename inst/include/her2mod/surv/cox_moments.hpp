#pragma once

// Moments of the covariates, or of other numbers of the rows, under the probabilities of each term
// of the likelihood (cox_terms.hpp): what Firth's penalty and the test of proportional hazards
// need.

#include <cstddef>
#include <vector>

#include <her2mod/math/ldl.hpp>
#include <her2mod/surv/cox_risk_sets.hpp>
#include <her2mod/surv/cox_terms.hpp>

namespace her2mod {

// `fill(i, row)` writes `size` numbers of row i; at(b, u, mean) gets, for each term of block b, its
// weight and their means. theta is that of each row.
template <bool Entries, class Fill, class At>
void each_term_mean(const cox_view& v, const std::vector<double>& theta, std::size_t size,
                    const Fill& fill, const At& at) {
  running_sums sums(size + 1);
  std::vector<double> row(size), dying(size + 1), mean(size);
  const auto move_row = [&](std::uint32_t i, double sign) {
    fill(i, row.data());
    for (std::size_t j = 0; j < size; ++j)
      sums.add(j, sign * theta[i] * row[j]);
    sums.add(size, sign * theta[i]);
    sums.count(sign > 0);
  };
  const auto at_block = [&](std::size_t b) {
    const cox_block& block = v.blocks[b];
    std::fill(dying.begin(), dying.end(), 0.0);
    for (std::uint32_t i = block.begin; i < block.deaths_end; ++i) {
      fill(i, row.data());
      for (std::size_t j = 0; j < size; ++j)
        dying[j] += theta[i] * row[j];
      dying[size] += theta[i];
    }
    const double* const s = sums.values();
    for_each_term(block, s[size], dying[size], [&](double, double f, double r) {
      for (std::size_t j = 0; j < size; ++j)
        mean[j] = (s[j] - f * dying[j]) * r;
      at(b, block.unit, mean.data());
    });
  };
  sweep_risk_sets<Entries>(
      v, [&] { sums.clear(); }, [&](std::uint32_t i) { move_row(i, 1); },
      [&](std::uint32_t i) { move_row(i, -1); }, at_block);
}

template <class Fill, class At>
void for_each_term_mean(const cox_view& v, const std::vector<double>& theta, std::size_t size,
                        const Fill& fill, const At& at) {
  if (v.entry_block)
    each_term_mean<true>(v, theta, size, fill, at);
  else
    each_term_mean<false>(v, theta, size, fill, at);
}

// x and its products, p + p (p + 1) / 2 numbers.
inline void fill_products(const double* x, std::size_t p, double* row) noexcept {
  for (std::size_t j = 0; j < p; ++j) {
    row[j] = x[j];
    for (std::size_t k = 0; k <= j; ++k)
      row[p + packed_at(j, k)] = x[j] * x[k];
  }
}

} // namespace her2mod
