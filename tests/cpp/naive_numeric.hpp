#pragma once

// Naive twins of the statistics of numbers and of categories: from the definitions, unit by unit
// and in two passes, in long double. A sample is a list of weighted units.

#include <algorithm>
#include <cmath>
#include <functional>
#include <her2mod/base/cohort.hpp>
#include <her2mod/base/draw.hpp>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "naive.hpp"
#include "naive_linear_system.hpp"

namespace naive {

struct weighted_unit {
  int group;
  real y, weight;
  int stratum;
};
using sample = std::vector<weighted_unit>;

struct estimated {
  real value, error;
};

// What a draw makes of a cohort, less what it leaves out.
inline sample sample_of(const her2mod::cohort& data, const her2mod::draw& what) {
  sample s;
  for (std::size_t i = 0; i < data.rows(); ++i)
    if (what.weight[i] > 0) s.push_back({what.label[i], data.response()[i], what.weight[i], data.stratum()[i]});
  return s;
}

inline sample swapped(sample s) {
  for (weighted_unit& u : s) u.group = 1 - u.group;
  return s;
}

template <class Term>
real sum_of(const sample& s, int group, const Term& term) {
  real sum = 0;
  for (const weighted_unit& u : s)
    if (u.group == group) sum += u.weight * term(u.y);
  return sum;
}

inline real size_of(const sample& s, int group) {
  return sum_of(s, group, [](real) { return real{1}; });
}
inline real mean_of(const sample& s, int group) {
  return sum_of(s, group, [](real y) { return y; }) / size_of(s, group);
}
inline real deviance_of(const sample& s, int group) {
  const real m = mean_of(s, group);
  return sum_of(s, group, [m](real y) { return (y - m) * (y - m); });
}
inline real variance_of(const sample& s, int group) {
  return deviance_of(s, group) / (size_of(s, group) - 1);
}
inline real squared_error_of_mean(const sample& s, int group) {
  return variance_of(s, group) / size_of(s, group);
}

// --- means

inline estimated mean_difference(const sample& s) {
  return {mean_of(s, 1) - mean_of(s, 0),
          std::sqrt(squared_error_of_mean(s, 0) + squared_error_of_mean(s, 1))};
}

inline estimated mean_ratio(const sample& s) {
  const real m0 = mean_of(s, 0), m1 = mean_of(s, 1);
  return {std::log(m1 / m0), std::sqrt(squared_error_of_mean(s, 0) / (m0 * m0) +
                                       squared_error_of_mean(s, 1) / (m1 * m1))};
}

inline real hedges_correction(real f) {
  return std::exp(std::lgamma(f / 2) - std::lgamma((f - 1) / 2)) / std::sqrt(f / 2);
}

inline estimated hedges(const sample& s) {
  const real n0 = size_of(s, 0), n1 = size_of(s, 1), f = n0 + n1 - 2;
  const real pooled = std::sqrt((deviance_of(s, 0) + deviance_of(s, 1)) / f);
  const real d = (mean_of(s, 1) - mean_of(s, 0)) / pooled, j = hedges_correction(f);
  return {j * d, j * std::sqrt((n0 + n1) / (n0 * n1) + d * d / (2 * f))};
}

inline estimated with_balance_error(const sample& s, real d) {
  const real n0 = size_of(s, 0), n1 = size_of(s, 1), n = n0 + n1;
  return {d, std::sqrt(n / (n0 * n1) + d * d / (2 * n))};
}

inline estimated balance_of_numbers(const sample& s) {
  const real spread = std::sqrt((variance_of(s, 0) + variance_of(s, 1)) / 2);
  return with_balance_error(s, (mean_of(s, 1) - mean_of(s, 0)) / spread);
}

inline estimated balance_of_shares(const sample& s) {
  const real p0 = mean_of(s, 0), p1 = mean_of(s, 1);
  return with_balance_error(s, (p1 - p0) / std::sqrt((p0 * (1 - p0) + p1 * (1 - p1)) / 2));
}

// --- quantiles

inline sample ordered(const sample& s, int group) {
  sample own;
  for (const weighted_unit& u : s)
    if (u.group == group) own.push_back(u);
  std::stable_sort(own.begin(), own.end(),
                   [](const weighted_unit& a, const weighted_unit& b) { return a.y < b.y; });
  return own;
}

// The value that holds a place of the ordered weights, the first place being 0.
inline real value_at(const sample& own, real place) {
  real seen = 0;
  for (const weighted_unit& u : own)
    if ((seen += u.weight) > place) return u.y;
  return own.back().y;
}

// Type 7.
inline real quantile(const sample& s, int group, real p) {
  const sample own = ordered(s, group);
  const real h = (size_of(s, group) - 1) * p, below = std::floor(h);
  return (1 - h + below) * value_at(own, below) + (h - below) * value_at(own, below + 1);
}

// From low to high, by the double exponential rule, which bears a singular end (Takahasi H, Mori
// M 1974, doi:10.2977/prims/1195192451).
template <class F>
real integral(const F& f, real low, real high) {
  constexpr real step = 1.0L / 16;
  const real quarter = std::acos(real{0});
  real sum = 0;
  for (int i = -64; i <= 64; ++i) {
    const real t = step * static_cast<real>(i), u = quarter * std::sinh(t);
    const real slope = quarter * std::cosh(t) / (std::cosh(u) * std::cosh(u));
    sum += slope * f(low + (high - low) / (1 + std::exp(-2 * u)));
  }
  return sum * step * (high - low) / 2;
}

inline real beta_mass(real low, real high, real a, real b) {
  if (low >= 0.5L) return beta_mass(1 - high, 1 - low, b, a);
  const real scale = std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b);
  return integral(
      [&](real x) {
        return x > 0 ? std::exp(scale + (a - 1) * std::log(x) + (b - 1) * std::log1p(-x)) : 0;
      },
      low, high);
}

// The distribution function of the order statistics' weights at 0, 1/n, ..., 1.
inline const std::vector<real>& order_table(long n, real p) {
  static std::map<std::pair<long, real>, std::vector<real>> tables;
  std::vector<real>& table = tables[{n, p}];
  if (!table.empty()) return table;
  const real size = static_cast<real>(n);
  table.push_back(0);
  for (long i = 1; i <= n; ++i)
    table.push_back(table.back() + beta_mass(static_cast<real>(i - 1) / size,
                                             static_cast<real>(i) / size, (size + 1) * p,
                                             (size + 1) * (1 - p)));
  return table;
}

// Straight between the places.
inline real order_mass(real place, long n, real p) {
  const std::vector<real>& table = order_table(n, p);
  const auto below = static_cast<std::size_t>(std::floor(place));
  if (below + 1 >= table.size()) return table.back();
  const real part = place - std::floor(place);
  return (1 - part) * table[below] + part * table[below + 1];
}

// Of a group whose weights sum to a whole number.
inline real squared_error_of_quantile(const sample& s, int group, real p) {
  const sample own = ordered(s, group);
  const long n = std::lround(size_of(s, group));
  std::vector<real> mass;
  real seen = 0, mean = 0, variance = 0;
  for (const weighted_unit& u : own) {
    mass.push_back(order_mass(seen + u.weight, n, p) - order_mass(seen, n, p));
    seen += u.weight;
    mean += mass.back() * u.y;
  }
  for (std::size_t i = 0; i < own.size(); ++i)
    variance += mass[i] * (own[i].y - mean) * (own[i].y - mean);
  return variance;
}

inline estimated quantile_difference(const sample& s, real p) {
  return {quantile(s, 1, p) - quantile(s, 0, p),
          std::sqrt(squared_error_of_quantile(s, 0, p) + squared_error_of_quantile(s, 1, p))};
}

// --- ranks

// The share of the other group that a response beats.
inline real beaten(const sample& s, int other, real y) {
  return sum_of(s, other, [y](real x) { return x < y    ? 1
                                               : x == y ? 0.5L
                                                        : 0; }) /
         size_of(s, other);
}

inline real squared_error_of_wins(const sample& s, int group) {
  sample wins = s;
  for (weighted_unit& u : wins)
    if (u.group == group) u.y = beaten(s, 1 - group, u.y);
  return squared_error_of_mean(wins, group);
}

inline estimated win_probability(const sample& s) {
  return {sum_of(s, 1, [&](real y) { return beaten(s, 0, y); }) / size_of(s, 1),
          std::sqrt(squared_error_of_wins(s, 0) + squared_error_of_wins(s, 1))};
}

inline real total_of(const sample& s) {
  real n = 0;
  for (const weighted_unit& u : s) n += u.weight;
  return n;
}

inline real weight_where(const sample& s, real y, real if_below, real if_equal) {
  real sum = 0;
  for (const weighted_unit& u : s) sum += u.weight * (u.y < y ? if_below : u.y == y ? if_equal : 0);
  return sum;
}

inline bool in_strata(const sample& s) {
  return std::any_of(s.begin(), s.end(), [&s](const weighted_unit& u) { return u.stratum != s.front().stratum; });
}

// x' A^- x of a semidefinite A, x in its range: one direction after the other is taken out, the one with the largest
// variance first, until nothing is left.
inline real squared_length(std::vector<std::vector<real>> a, std::vector<real> x) {
  real length = 0, none = 0;
  for (std::size_t taken = 0; taken < x.size(); ++taken) {
    std::size_t j = 0;
    for (std::size_t i = 1; i < x.size(); ++i)
      if (a[i][i] > a[j][j]) j = i;
    if (taken == 0) none = a[j][j] * 1e-12L;
    if (!(a[j][j] > none)) break;
    const std::vector<real> row = a[j];
    const real along = x[j] / row[j];
    length += along * x[j];
    for (std::size_t i = 0; i < x.size(); ++i) {
      const real share = row[i] / row[j];
      x[i] -= row[i] * along;
      for (std::size_t k = 0; k < x.size(); ++k) a[i][k] -= share * row[k];
    }
  }
  return length;
}

// The squared length of groups' sums of scores less what each stratum leads to expect, in their covariance under
// relabelling within strata: math/block_form.hpp, an entry at a time. `scores`: functions of y, none of them a combination
// of others.
inline real block_form(const sample& s, int groups, const std::vector<std::function<real(real)>>& scores) {
  std::map<int, sample> strata;
  for (const weighted_unit& u : s) strata[u.stratum].push_back(u);
  const std::size_t q = scores.size(), p = q * static_cast<std::size_t>(groups - 1);
  std::vector<real> excess(p, 0);
  std::vector<std::vector<real>> covariance(p, std::vector<real>(p, 0));
  for (const auto& part : strata) {
    real n = 0;
    for (const weighted_unit& u : part.second) n += u.weight;
    std::vector<real> mean(q, 0);
    for (std::size_t c = 0; c < q; ++c)
      for (const weighted_unit& u : part.second) mean[c] += u.weight * scores[c](u.y) / n;
    const auto centred = [&](std::size_t c, real y) { return scores[c](y) - mean[c]; };
    for (std::size_t a = 0; a < p; ++a) {
      const int g = 1 + static_cast<int>(a / q);
      excess[a] += sum_of(part.second, g, [&](real y) { return centred(a % q, y); });
      for (std::size_t b = 0; b < p && n > 1; ++b) {
        const int h = 1 + static_cast<int>(b / q);
        const real of_groups = (g == h ? size_of(part.second, g) : 0) - size_of(part.second, g) * size_of(part.second, h) / n;
        real of_scores = 0;
        for (const weighted_unit& u : part.second) of_scores += u.weight * centred(a % q, u.y) * centred(b % q, u.y);
        covariance[a][b] += of_groups * of_scores / (n - 1);
      }
    }
  }
  return squared_length(covariance, excess);
}

inline real kruskal_wallis_in_strata(const sample& s, int groups) {
  return block_form(s, groups, {[&s](real y) { return weight_where(s, y, 1, 0.5L) + 0.5L; }});
}

inline real chi_squared_in_strata(const sample& s, int groups) {
  std::set<real> seen;
  for (const weighted_unit& u : s) seen.insert(u.y);
  std::vector<std::function<real(real)>> scores;
  for (auto c = std::next(seen.begin()); c != seen.end(); ++c)
    scores.push_back([c = *c](real y) { return y == c ? real{1} : real{0}; });
  return block_form(s, groups, scores);
}

// 12 / (n (n + 1)) sum R^2 / n_g - 3 (n + 1), over 1 - sum (t^3 - t) / (n^3 - n).
inline real kruskal_wallis(const sample& s, int groups) {
  const real n = total_of(s);
  real sum = 0, ties = 0;
  for (int g = 0; g < groups; ++g) {
    const real ranks = sum_of(s, g, [&](real y) { return weight_where(s, y, 1, 0.5L) + 0.5L; });
    sum += ranks * ranks / size_of(s, g);
  }
  for (const weighted_unit& u : s) {
    const real tied = weight_where(s, u.y, 0, 1);
    ties += u.weight * (tied * tied - 1);
  }
  return (12 / (n * (n + 1)) * sum - 3 * (n + 1)) / (1 - ties / (n * n * n - n));
}

// --- categories

inline real count_of(const sample& s, int group, real category) {
  return sum_of(s, group, [category](real y) { return y == category ? real{1} : real{0}; });
}

// n (sum O^2 / (row column) - 1).
inline real chi_squared(const sample& s, int groups, int categories) {
  real sum = 0;
  for (int c = 0; c < categories; ++c) {
    real all = 0;
    for (int g = 0; g < groups; ++g) all += count_of(s, g, c);
    for (int g = 0; g < groups && all > 0; ++g)
      sum += count_of(s, g, c) * count_of(s, g, c) / (size_of(s, g) * all);
  }
  return total_of(s) * (sum - 1);
}

// With the last category left out; each category must occur.
inline real standardised_distance(const sample& s, std::size_t categories) {
  const auto share = [&](int g, std::size_t c) {
    return count_of(s, g, static_cast<real>(c)) / size_of(s, g);
  };
  std::vector<std::vector<real>> covariance(categories - 1, std::vector<real>(categories - 1, 0));
  std::vector<real> difference;
  for (std::size_t a = 0; a + 1 < categories; ++a) {
    difference.push_back(share(1, a) - share(0, a));
    for (std::size_t b = 0; b + 1 < categories; ++b)
      for (int g = 0; g < 2; ++g)
        covariance[a][b] += ((a == b ? share(g, a) : 0) - share(g, a) * share(g, b)) / 2;
  }
  const std::vector<real> x = solve(covariance, difference);
  real length = 0;
  for (std::size_t a = 0; a < x.size(); ++a) length += x[a] * difference[a];
  return std::sqrt(length);
}

}  // namespace naive
