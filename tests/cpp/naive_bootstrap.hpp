#pragma once

// The bootstrap distribution of a comparison of two groups, by listing every pair of resampled
// event counts with its probability.

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <her2mod/exact/ideal_bootstrap.hpp>

#include "naive.hpp"

namespace naive {

using her2mod::risk_link;
using group = std::vector<her2mod::binomial_sample>;  // strata

constexpr risk_link all_links[] = {risk_link::identity, risk_link::log, risk_link::logit};

inline real link(risk_link g, long x, long n) {
  const real inf = HUGE_VALL, p = static_cast<real>(x) / static_cast<real>(n);
  if (g == risk_link::identity) return p;
  if (x == 0) return -inf;
  if (g == risk_link::log) return std::log(p);
  return x == n ? inf : std::log(static_cast<real>(x) / static_cast<real>(n - x));
}

inline long patients(const group& g) {
  double n = 0;
  for (const auto& stratum : g) n += stratum.n;
  return static_cast<long>(n);
}

// Masses of the total number of events: each stratum is resampled by itself.
inline std::vector<real> event_masses(const group& g) {
  std::vector<real> mass(1, 1);
  for (const auto& stratum : g) {
    const long n = static_cast<long>(stratum.n);
    const real p = static_cast<real>(stratum.x) / static_cast<real>(stratum.n);
    std::vector<real> sum(mass.size() + static_cast<std::size_t>(n), 0);
    for (std::size_t i = 0; i < mass.size(); ++i)
      for (long k = 0; k <= n; ++k)
        sum[i + static_cast<std::size_t>(k)] += mass[i] * binomial(k, n, p);
    mass = sum;
  }
  return mass;
}

// Values with their probabilities; those without a value apart.
struct distribution {
  std::vector<std::pair<real, real>> cells;  // value, mass; by value
  real undefined = 0;

  void add(real value, real mass) {
    if (std::isnan(value))
      undefined += mass;
    else if (mass > 0)
      cells.emplace_back(value, mass);
  }
  void finish() { std::sort(cells.begin(), cells.end()); }

  // min{t: P(<= t) >= q} and max{t: P(>= t) >= q}, given a value; a probability that is q in exact
  // arithmetic reaches q.
  real low(real q) const { return reach(q, cells.begin(), cells.end()); }
  real high(real q) const { return reach(q, cells.rbegin(), cells.rend()); }

  // P(< t) + P(t) / 2, given a value.
  real mid(real t) const {
    real sum = 0;
    for (const auto& [value, mass] : cells)
      if (value == t || std::fabs(value - t) < 1e-12L)
        sum += mass / 2;
      else if (value < t)
        sum += mass;
    return sum / (1 - undefined);
  }

  real infinite() const {
    real sum = 0;
    for (const auto& [value, mass] : cells) sum += std::isinf(value) ? mass : 0;
    return sum;
  }

  // Mean and standard deviation of the finite values.
  std::pair<real, real> moments() const {
    real share = 0, mean = 0, square = 0;
    for (const auto& [value, mass] : cells)
      if (std::isfinite(value)) {
        share += mass;
        mean += mass * value;
      }
    mean /= share;
    for (const auto& [value, mass] : cells)
      if (std::isfinite(value)) square += mass * (value - mean) * (value - mean);
    return {mean, std::sqrt(square / share)};
  }

 private:
  template <class Iterator>
  real reach(real q, Iterator cell, Iterator end) const {
    const real wanted = q * (1 - undefined) * (1 - 1e-12L);
    real sum = 0;
    for (; cell != end; ++cell)
      if ((sum += cell->second) >= wanted) return cell->first;
    return std::nanl("");
  }
};

inline distribution effects(const group& group0, const group& group1, risk_link g) {
  const auto mass0 = event_masses(group0), mass1 = event_masses(group1);
  const long n0 = patients(group0), n1 = patients(group1);
  distribution d;
  for (long k0 = 0; k0 <= n0; ++k0)
    for (long k1 = 0; k1 <= n1; ++k1)
      d.add(link(g, k1, n1) - link(g, k0, n0),
            mass0[static_cast<std::size_t>(k0)] * mass1[static_cast<std::size_t>(k1)]);
  d.finish();
  return d;
}

constexpr double shares[] = {1e-6, 0.001, 0.005, 0.025, 0.05,  0.1,   0.25, 0.5,
                             0.75, 0.9,   0.95,  0.975, 0.995, 0.999, 1.0};

}  // namespace naive
