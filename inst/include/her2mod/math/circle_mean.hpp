#pragma once

// Integrals over a circle of functions of several waves x cos(t) + y sin(t), which are smooth but
// where one wave crosses another or 0: the circle is cut there, and each piece goes to adaptive
// Gauss-Kronrod quadrature.

#include <algorithm>
#include <cmath>
#include <vector>

#include <her2mod/math/quadrature.hpp>

namespace her2mod {

struct wave {
  double x, y;
  double operator()(double t) const noexcept { return x * std::cos(t) + y * std::sin(t); }
};

constexpr double full_turn = 6.28318530717958647693;

// The angles at which waves cross each other or 0, those of them that `matters(t, value)` says
// matter, and the first one again at the end; never empty.
template <class Matters>
std::vector<double> circle_cuts(const std::vector<wave>& waves, const Matters& matters) {
  std::vector<double> cuts;
  const auto add = [&](const wave& one, double x, double y) {
    if (x == 0 && y == 0) return;
    const double zero = std::atan2(-x, y);
    for (const double t : {zero, zero + full_turn / 2})
      if (matters(t, one(t))) cuts.push_back(t - full_turn * std::floor(t / full_turn));
  };
  for (std::size_t i = 0; i < waves.size(); ++i) {
    add(waves[i], waves[i].x, waves[i].y);
    for (std::size_t j = 0; j < i; ++j)
      add(waves[i], waves[i].x - waves[j].x, waves[i].y - waves[j].y);
  }
  if (cuts.empty()) cuts.push_back(0);
  std::sort(cuts.begin(), cuts.end());
  cuts.push_back(cuts[0] + full_turn);
  return cuts;
}

// The sum of the integrals between neighbouring cuts, each to `allowed`.
template <class F>
quadrature_result integrate_pieces(const F& f, const std::vector<double>& cuts, double allowed,
                                   unsigned depth) {
  quadrature_result sum{0, 0};
  for (std::size_t i = 1; i < cuts.size(); ++i) {
    if (cuts[i] - cuts[i - 1] < 1e-14) continue;
    const quadrature_result piece = integrate(f, cuts[i - 1], cuts[i], allowed, depth);
    sum.value += piece.value;
    sum.error += piece.error;
  }
  return sum;
}

inline double largest(const std::vector<wave>& waves, double t) noexcept {
  double most = waves[0](t);
  for (const wave& w : waves) most = std::max(most, w(t));
  return most;
}

// The mean over the circle of f(the largest wave); f is smooth but at 0.
template <class F>
quadrature_result circle_mean(const F& f, const std::vector<wave>& waves, double allowed) {
  const auto matters = [&](double t, double value) {
    const double most = largest(waves, t);
    return value >= most - 1e-9 * (1 + std::fabs(most));
  };
  const auto at = [&](double t) { return f(largest(waves, t)); };
  const quadrature_result sum = integrate_pieces(at, circle_cuts(waves, matters), allowed, 30);
  return {sum.value / full_turn, sum.error / full_turn};
}

}  // namespace her2mod
