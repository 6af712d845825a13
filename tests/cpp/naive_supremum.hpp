#pragma once

// The largest probability of a set of tables along a line of proportions, the slow way: a grid
// dense at both ends, then golden sections around every local maximum that could be the largest.

#include <cmath>
#include <functional>
#include <vector>

#include <her2mod/exact/region.hpp>

#include "naive.hpp"

namespace naive {

// On p0 = p1 a table's probability depends on its events alone, so the tables are counted by them.
struct equal_risks {
  long n;
  std::vector<real> ways;  // by number of events

  template <class Inside>
  equal_risks(long n0, long n1, const Inside& inside) : n(n0 + n1) {
    ways.assign(static_cast<std::size_t>(n + 1), 0);
    std::vector<real> of0, of1;
    for (long k = 0; k <= n0; ++k) of0.push_back(choose(n0, k));
    for (long k = 0; k <= n1; ++k) of1.push_back(choose(n1, k));
    for (long x0 = 0; x0 <= n0; ++x0)
      for (long x1 = 0; x1 <= n1; ++x1)
        if (inside(x0, x1))
          ways[static_cast<std::size_t>(x0 + x1)] +=
              of0[static_cast<std::size_t>(x0)] * of1[static_cast<std::size_t>(x1)];
  }

  // sum of ways[k] p^k (1 - p)^(n - k), in powers of the smaller odds.
  real operator()(real p) const {
    const bool low = p <= 0.5L;
    const real odds = low ? p / (1 - p) : (1 - p) / p;
    real sum = 0, up = 1;
    for (long k = 0; k <= n; ++k, up *= odds)
      sum += ways[static_cast<std::size_t>(low ? k : n - k)] * up;
    return sum * power(low ? 1 - p : p, n);
  }
};

// Any p0 and p1: all cells.
template <class Inside>
real probability(long n0, long n1, const Inside& inside, real p0, real p1) {
  std::vector<real> f0, f1;
  for (long k = 0; k <= n0; ++k) f0.push_back(binomial(k, n0, p0));
  for (long k = 0; k <= n1; ++k) f1.push_back(binomial(k, n1, p1));
  real sum = 0;
  for (long x0 = 0; x0 <= n0; ++x0)
    for (long x1 = 0; x1 <= n1; ++x1)
      if (inside(x0, x1))
        sum += f0[static_cast<std::size_t>(x0)] * f1[static_cast<std::size_t>(x1)];
  return sum;
}

struct supremum {
  real on_grid;  // the largest value at a grid point
  real refined;
};

// f on [low, high]
template <class F>
supremum largest(const F& f, real low, real high, int points) {
  const real pi = 3.14159265358979323846264338327950288L;
  const auto at = [&](int i) {
    const real s = std::sin(pi / 2 * static_cast<real>(i) / static_cast<real>(points));
    return low + (high - low) * s * s;
  };
  std::vector<real> value;
  for (int i = 0; i <= points; ++i) value.push_back(f(at(i)));
  real best = 0;
  for (const real v : value) best = std::max(best, v);
  supremum found{best, best};
  for (int i = 0; i <= points; ++i) {
    const auto j = static_cast<std::size_t>(i);
    const bool is_peak =
        (i == 0 || value[j] >= value[j - 1]) && (i == points || value[j] >= value[j + 1]);
    if (!is_peak || value[j] < best * 0.999L || best == 0) continue;
    const real top = golden_maximum(f, at(std::max(0, i - 1)), at(std::min(points, i + 1)), 28);
    found.refined = std::max(found.refined, f(top));
  }
  return found;
}

// Whether a region holds a table.
inline bool holds(const her2mod::table_region& region, long x0, long x1) {
  for (std::size_t i = region.begin_of(x0); i < region.end_of(x0); ++i)
    if (x1 >= region.runs[i].first && x1 <= region.runs[i].last) return true;
  return false;
}

}  // namespace naive
