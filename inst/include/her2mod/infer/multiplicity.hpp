#pragma once

// P-values of K hypotheses tested together, adjusted by step-down resampling: rejecting those at
// most alpha makes any false rejection with a probability of at most alpha, whichever hypotheses
// are true, if their statistics are together distributed as their replicates are.
// Westfall PH, Young SS (1993) Resampling-Based Multiple Testing, algorithms 2.8 and 4.1; Ge Y,
// Dudoit S, Speed TP (2003) Test 12:1, doi:10.1007/BF02595811, boxes 2 and 4.
//
// With the hypotheses in the order of their evidence, s_1 the strongest,
//   maxT   p~_j = share of max(t*_s_j, ..., t*_s_K) at least t_s_j,
// a share (b + 1) / (R + 1) of R replicates and the observed data, and then
//   p_s_j = max(p~_1, ..., p~_j).
// minP is maxT of minus the hypotheses' own p-values, of the data and of the replicates.
//
// Larger statistics are more extreme. Values within a relative 1e-7 are tied, and count. One that
// does not exist (NaN) in a replicate counts as Inf, against rejection, of each hypothesis compared
// with it.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/base/span.hpp>

namespace her2mod {

// The smallest value that counts as at least `value`.
inline double tied_from(double value) noexcept {
  return std::isinf(value) ? value : value - tie_tolerance * std::fabs(value);
}

inline double extreme_if_nan(double value) noexcept { return std::isnan(value) ? infinity : value; }

// The hypotheses by falling `evidence`.
inline std::vector<std::size_t> order_of_evidence(span<const double> evidence) {
  std::vector<std::size_t> order(evidence.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return evidence[a] > evidence[b]; });
  return order;
}

inline void check_family(span<const double> observed, span<const double> replicates) {
  if (observed.empty() || replicates.size() % observed.size() != 0)
    throw input_error("The replicates need one value for each of at least one hypothesis.");
  if (std::any_of(observed.begin(), observed.end(), [](double t) { return std::isnan(t); }))
    throw input_error("An observed statistic is not a number.");
}

// `observed` has the evidence of K hypotheses, `replicates` K for each replicate, row by row.
// An adjusted p counts the replicates in which any hypothesis of no more evidence reaches it.
inline std::vector<double> max_t_p_values(span<const double> observed,
                                          span<const double> replicates) {
  check_family(observed, replicates);
  const std::size_t k = observed.size();
  const std::vector<std::size_t> order = order_of_evidence(observed);
  std::vector<double> reached(k, 1.0);  // by the observed data themselves
  std::size_t b = 0;
  for (const double* row = replicates.begin(); row != replicates.end(); row += k) {
    heartbeat_at(b++, 5 * k);
    double largest = -infinity;
    for (std::size_t j = k; j-- > 0;) {
      largest = std::max(largest, extreme_if_nan(row[order[j]]));
      reached[order[j]] += largest >= tied_from(observed[order[j]]);
    }
  }
  std::vector<double> p(k);
  double so_far = 0;
  for (const std::size_t s : order) {
    so_far = std::max(so_far, reached[s]);
    p[s] = so_far / (static_cast<double>(replicates.size() / k) + 1);
  }
  return p;
}

}  // namespace her2mod
