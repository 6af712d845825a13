#pragma once

// Monotone likelihood: is there a direction in which the log-likelihood rises for ever?
//
// It never falls along d exactly where, at every event, each death has the largest x' d of its risk
// set (Bryson MC, Johnson ME 1981, doi:10.1080/00401706.1981.10487683). Where the
// information says that d is no direction of indifference, it then rises, and there is no finite
// maximum. Newton's steps turn into such a direction as all others come to rest,
// so a step that stays is put to this test.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/surv/cox_risk_sets.hpp>

namespace her2mod {

// Of the range of x' d: beyond it two values differ.
constexpr double monotone_tolerance = 1e-6;

// By how much, at most, somebody at risk exceeds a death, over the range of x' d. `scratch` and
// `heap` have a place for each row.
template <bool Entries>
double largest_excess(const cox_view& v, const double* d, double* scratch,
                      std::vector<std::uint32_t>& heap) noexcept {
  double low = 0, high = 0;
  for (std::size_t i = 0; i < v.n; ++i) {
    double z = 0;
    for (std::size_t j = 0; j < v.p; ++j)
      z += d[j] * v.x[i * v.p + j];
    scratch[i] = z;
    low = std::min(low, z);
    high = std::max(high, z);
  }
  // With entries a row that has left may lie on the heap until it comes up. It stays away from then
  // on, as times go down.
  const auto below = [&](std::uint32_t i, std::uint32_t k) { return scratch[i] < scratch[k]; };
  double most = low, excess = 0;
  sweep_risk_sets<false>(
      v,
      [&] {
        most = low;
        heap.clear();
      },
      [&](std::uint32_t i) {
        most = std::max(most, scratch[i]);
        if constexpr (Entries) {
          heap.push_back(i);
          std::push_heap(heap.begin(), heap.end(), below);
        }
      },
      [](std::uint32_t) {},
      [&](std::size_t b) {
        const cox_block& block = v.blocks[b];
        if constexpr (Entries) {
          while (v.entry_block[heap.front()] > b) {
            std::pop_heap(heap.begin(), heap.end(), below);
            heap.pop_back();
          }
          most = scratch[heap.front()];
        }
        for (std::uint32_t i = block.begin; i < block.deaths_end; ++i)
          excess = std::max(excess, most - scratch[i]);
      });
  return high > low ? excess / (high - low) : 1.0;
}

// Is the likelihood monotone along d?
inline bool is_monotone_along(const cox_view& v, const double* d, double* scratch,
                              std::vector<std::uint32_t>& heap) noexcept {
  const double excess = v.entry_block ? largest_excess<true>(v, d, scratch, heap)
                                      : largest_excess<false>(v, d, scratch, heap);
  return excess < monotone_tolerance;
}

} // namespace her2mod
