#pragma once

// The permutation distribution of a sum of scores, the slow way: the list of all subsets, or for
// whole scores the plain table of how many subsets of each size have each sum.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include <her2mod/exact/linear_scores.hpp>

#include "naive.hpp"

namespace naive {

using her2mod::linear_stratum;
using strata = std::vector<linear_stratum>;

// Sums over every choice in every stratum, each as likely as the others.
inline std::vector<real> all_sums(const strata& all) {
  std::vector<real> sums{0};
  for (const linear_stratum& s : all) {
    std::vector<real> longer;
    for (std::uint64_t set = 0; set < std::uint64_t{1} << s.score.size(); ++set) {
      std::size_t size = 0;
      real sum = 0;
      for (std::size_t j = 0; j < s.score.size(); ++j)
        if (set >> j & 1) {
          ++size;
          sum += static_cast<real>(s.score[j]);
        }
      if (size == s.chosen)
        for (const real before : sums) longer.push_back(before + sum);
    }
    sums.swap(longer);
  }
  return sums;
}

// Probabilities by value; values closer than `width` are one.
struct linear_truth {
  std::map<real, real> mass;
  real width;

  linear_truth(const std::vector<real>& sums, real tie_width) : width(tie_width) {
    for (const real s : sums) add(s, 1 / static_cast<real>(sums.size()));
  }
  linear_truth() : width(1e-9L) {}

  void add(real value, real p) {
    const auto near = mass.lower_bound(value - width);
    if (near != mass.end() && near->first <= value + width)
      near->second += p;
    else
      mass[value] = p;
  }
  real mean() const {
    real sum = 0;
    for (const auto& [value, p] : mass) sum += value * p;
    return sum;
  }
  real variance() const {
    const real m = mean();
    real sum = 0;
    for (const auto& [value, p] : mass) sum += (value - m) * (value - m) * p;
    return sum;
  }
  template <class Inside>
  real probability(const Inside& inside) const {
    real sum = 0;
    for (const auto& [value, p] : mass)
      if (inside(value)) sum += p;
    return sum;
  }
  real slack(real s) const { return 1e-7L * std::fabs(s - mean()) + width; }
  real at_least(real s) const {
    return probability([&, w = slack(s)](real v) { return v >= s - w; });
  }
  real at_most(real s) const {
    return probability([&, w = slack(s)](real v) { return v <= s + w; });
  }
  real above(real s) const {
    return probability([&, w = slack(s)](real v) { return v > s + w; });
  }
  real below(real s) const {
    return probability([&, w = slack(s)](real v) { return v < s - w; });
  }
  real two_sided(real s) const {
    const real m = mean(), d = std::fabs(s - m) - slack(s);
    return probability([&](real v) { return std::fabs(v - m) >= d; });
  }
};

inline linear_truth enumerate(const strata& all) {
  real scale = 0;
  for (const linear_stratum& s : all)
    for (const double a : s.score) scale += std::fabs(static_cast<real>(a));
  return {all_sums(all), 2e-15L * scale};
}

// Whole scores from 0 upward: counts of subsets by size and sum, as floating-point numbers that
// hold every whole number up to 2^64 and then 19 digits.
inline std::vector<real> count_sums(const std::vector<int>& score, std::size_t m) {
  std::size_t range = 0;
  for (const int a : score) range += static_cast<std::size_t>(a);
  std::vector<std::vector<real>> ways(m + 1, std::vector<real>(range + 1, 0));
  ways[0][0] = 1;
  for (const int a : score)
    for (std::size_t c = m; c > 0; --c)
      for (std::size_t x = static_cast<std::size_t>(a); x <= range; ++x)
        ways[c][x] += ways[c - 1][x - static_cast<std::size_t>(a)];
  return ways[m];
}

inline linear_truth tabulate(const std::vector<int>& score, std::size_t m) {
  const std::vector<real> ways = count_sums(score, m);
  linear_truth truth;
  const real total = choose(static_cast<long>(score.size()), static_cast<long>(m));
  for (std::size_t x = 0; x < ways.size(); ++x)
    if (ways[x] > 0) truth.mass[static_cast<real>(x)] = ways[x] / total;
  return truth;
}

// Numbers that look random and are the same everywhere.
class numbers {
 public:
  explicit numbers(unsigned seed) : engine_(seed) {}
  double uniform() { return (static_cast<double>(engine_()) + 0.5) / 4294967296.0; }
  double normal() {
    return std::sqrt(-2 * std::log(uniform())) * std::cos(6.283185307179586 * uniform());
  }
  int below(int n) { return static_cast<int>(uniform() * n); }
  std::vector<double> normals(std::size_t n) {
    std::vector<double> x(n);
    for (double& a : x) a = normal();
    return x;
  }
  std::vector<double> lognormals(std::size_t n) {
    std::vector<double> x = normals(n);
    for (double& a : x) a = std::exp(a);
    return x;
  }
  std::vector<double> wholes(std::size_t n, int largest) {
    std::vector<double> x(n);
    for (double& a : x) a = below(largest + 1);
    return x;
  }

 private:
  std::mt19937 engine_;
};

inline strata one_stratum(std::vector<double> score, std::size_t chosen) {
  return {{std::move(score), chosen}};
}

// The probability lies within the bounds, give or take the rounding of the naive sum.
inline testing::AssertionResult holds(her2mod::probability_bounds found, real truth) {
  if (found.low <= static_cast<double>(truth * (1 + 1e-15L) + 1e-300L) &&
      static_cast<double>(truth * (1 - 1e-15L)) <= found.high && found.low >= 0 && found.high <= 1)
    return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << "[" << found.low << ", " << found.high << "] does not hold "
         << static_cast<double>(truth) << "; off by " << found.low - static_cast<double>(truth)
         << ", " << found.high - static_cast<double>(truth);
}

inline testing::AssertionResult agrees(her2mod::probability_bounds found, real truth,
                                       double relative) {
  const testing::AssertionResult held = holds(found, truth);
  if (!held) return held;
  if (found.high - found.low <= relative * found.high + 1e-300) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "[" << found.low << ", " << found.high << "] is wide";
}

}  // namespace naive
