#pragma once

// Scores on a lattice, and the probabilities of X on it by the table of units chosen and their sum,
//   T[c][x] <- T[c][x] (1 - (m - c) / r) + T[c - 1][x - a] (m - c + 1) / r,
// for the next unit, with score a, when r units of the stratum are left
// (Pagano, Tritchler 1983, doi:10.1080/01621459.1983.10477990; Streitberg, Roehmel 1986).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/exact/linear_list.hpp>
#include <her2mod/exact/linear_scores.hpp>

namespace her2mod {

// Scores as multiples of a step; no step where they have none that is large enough.
struct lattice_scores {
  std::vector<linear_units> strata;
  double step = 0;
  double drift = 0;  // a sum of scores is this close to its lattice point
  double lowest = 0, highest = 0;

  double points() const noexcept { return highest - lowest + 1; }
};

// The greatest common divisor by Euclid's algorithm; what is below `zero` is 0.
inline double common_divisor(double a, double b, double zero) noexcept {
  while (b > zero) {
    const double rest = std::fabs(a - std::nearbyint(a / b) * b);
    a = b;
    b = rest;
  }
  return a;
}

// X ranges over at most `points` lattice points. Each score must be within 1e-9 of its own size, or
// within `tie`, of a multiple of the step.
inline lattice_scores find_lattice(const std::vector<linear_units>& strata, std::size_t points,
                                   double tie) {
  double largest = 0, range = 0, step = 0;
  for (const linear_units& s : strata) {
    largest = std::max(largest, s.x.back());
    range += s.highest() - s.lowest();
  }
  const double smallest = range / static_cast<double>(points);
  for (const linear_units& s : strata)
    for (const double x : s.x) {
      heartbeat(50);
      step = common_divisor(std::max(step, x), std::min(step, x), smallest / 2);
    }
  if (!(step >= smallest)) return {};
  step = largest / std::nearbyint(largest / step);  // Euclid's remainders carry rounding
  lattice_scores found{strata, step};
  for (linear_units& s : found.strata) {
    double off = 0;
    for (double& x : s.x) {
      const double whole = std::nearbyint(x / step), error = std::fabs(x - whole * step);
      if (error > 1e-9 * x + tie) return {};
      off = std::max(off, error);
      x = whole;
    }
    found.drift += off * s.taken();
    found.lowest += s.lowest();
    found.highest += s.highest();
  }
  // Lattice points that the drift could confuse are no lattice.
  return found.drift < step / 8 ? found : lattice_scores{};
}

class lattice_table {
 public:
  // How many numbers the table holds, and how many it writes.
  static double cells(const lattice_scores& scores) noexcept {
    double most = 0;
    for (const linear_units& s : scores.strata) most = std::max(most, s.taken());
    return (most + 1) * (scores.highest + 1);
  }
  static double work(const lattice_scores& scores) noexcept {
    double sum = 0;
    for (const linear_units& s : scores.strata) sum += s.count() * s.taken();
    return sum * (scores.highest + 1) / 2;
  }

  linear_list operator()(const lattice_scores& scores) {
    points_ = static_cast<std::size_t>(scores.highest) + 1;
    reach_ = 0;
    rows_.assign(1, std::vector<double>(points_, 0.0));
    rows_[0][0] = 1;
    double units = 0;
    for (const linear_units& s : scores.strata) {
      add_stratum(s);
      units += s.count();
    }
    std::vector<double> value, mass;
    heartbeat(10 * points_);
    for (std::size_t x = 0; x < points_; ++x)
      if (rows_[0][x] > 0) {
        value.push_back(static_cast<double>(x));
        mass.push_back(rows_[0][x]);
      }
    return linear_list(std::move(value), std::move(mass), 2e-15 * (units + 8));
  }

 private:
  void add_stratum(const linear_units& s) {
    rows_.resize(s.chosen + 1);
    for (std::size_t c = 1; c <= s.chosen; ++c) {
      heartbeat(3 * points_);
      rows_[c].assign(points_, 0.0);
    }
    // Scores increase, so the largest sum of c scores is that of the last c; `top[c]` is that sum
    // and the reach of the strata before.
    std::vector<std::size_t> top(s.chosen + 1, reach_);
    const std::size_t n = s.x.size();
    for (std::size_t t = 0; t < n; ++t) {
      const auto score = static_cast<std::size_t>(s.x[t]);
      const std::size_t still_needed = s.chosen > n - t - 1 ? s.chosen - (n - t - 1) : 0;
      for (std::size_t c = std::min(t + 1, s.chosen); c + 1 > still_needed; --c) {
        if (c > 0) top[c] = top[c - 1] + score;
        update(c, top[c], score, s.chosen, static_cast<double>(n - t));
        if (c == 0) break;
      }
    }
    reach_ = top[s.chosen];
    rows_[0].swap(rows_[s.chosen]);
  }

  void update(std::size_t c, std::size_t top, std::size_t score, std::size_t m, double left) {
    heartbeat(10 + 2 * top);
    const double take = static_cast<double>(m - c) / left;
    double* row = rows_[c].data();
    for (std::size_t x = 0; x <= top; ++x) row[x] *= 1 - take;
    if (c == 0) return;
    const double taken = static_cast<double>(m - c + 1) / left;
    const double* from = rows_[c - 1].data();
    double* to = row + score;
    for (std::size_t x = 0; x + score <= top; ++x) to[x] += from[x] * taken;
  }

  std::size_t points_ = 0, reach_ = 0;
  std::vector<std::vector<double>> rows_;
};

}  // namespace her2mod
