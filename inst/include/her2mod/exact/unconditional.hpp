#pragma once

// Unconditional exact tests of p0 = p1: the largest probability, over the common proportion, of
// the tables at least as extreme as the observed one.
//
//   barnard            by the pooled z (Suissa, Shuster 1985, doi:10.2307/2981892)
//   barnard-unpooled   by the unpooled z; a table with variance 0 has |z| = Inf unless p0 = p1
//   boschloo           by Fisher's p: two-sided (minimum likelihood) for the two-sided test,
//                      one-sided for a one-sided test (Boschloo 1970,
//                      doi:10.1111/j.1467-9574.1970.tb00104.x)
// Two-sided means |z| at least as large, or Fisher's p at most as large, with ties within 1e-7.

#include <algorithm>
#include <cmath>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/base/table2x2.hpp>
#include <her2mod/exact/fisher.hpp>
#include <her2mod/exact/supremum.hpp>

namespace her2mod {

enum class z_variance { pooled, unpooled };

namespace unconditional_detail {

// distance^2 / variance of a table in whole numbers, so that equal tables compare equal:
// distance = x1 n0 - x0 n1; variance up to a constant of the design.
struct squared_z {
  double distance;
  double variance;
};

inline squared_z measure(const table2x2& t, z_variance kind) noexcept {
  const double distance = t.x1 * t.n0 - t.x0 * t.n1;
  if (kind == z_variance::pooled) return {distance, t.events() * (t.total() - t.events())};
  return {distance, t.x0 * (t.n0 - t.x0) / (t.n0 * t.n0 * t.n0) +
                        t.x1 * (t.n1 - t.x1) / (t.n1 * t.n1 * t.n1)};
}

// |z| of `table` >= |z| of `seen`, within the tie tolerance.
inline bool at_least_as_far(const squared_z& table, const squared_z& seen) noexcept {
  if (seen.distance == 0) return true;
  if (table.distance == 0) return false;
  return table.distance * table.distance * seen.variance >=
         seen.distance * seen.distance * table.variance * (1 - 2 * tie_tolerance);
}

inline bool as_extreme(squared_z table, squared_z seen, alternative side) noexcept {
  if (side == alternative::two_sided) return at_least_as_far(table, seen);
  if (side == alternative::less) {
    table.distance = -table.distance;
    seen.distance = -seen.distance;
  }
  // z >= z of the seen table
  if (seen.distance >= 0) return table.distance >= 0 && at_least_as_far(table, seen);
  return table.distance >= 0 || at_least_as_far(seen, table);
}

}  // namespace unconditional_detail

inline table_region barnard_region(const table2x2& t, z_variance kind, alternative side) {
  using namespace unconditional_detail;
  const squared_z seen = measure(t, kind);
  return table_region::scan(static_cast<long>(t.n0), static_cast<long>(t.n1), [&](long x0, long x1) {
    return as_extreme(measure({static_cast<double>(x0), t.n0, static_cast<double>(x1), t.n1}, kind),
                      seen, side);
  });
}

// Fisher's p of every table: for each number of events m, tails of one hypergeometric.
class fisher_p_grid {
 public:
  fisher_p_grid(long n0, long n1, alternative side)
      : n1_(n1) {
    make_room(static_cast<std::size_t>(n0 + 1) * static_cast<std::size_t>(n1 + 1));
    mass_window null;
    for (long m = 0; m <= n0 + n1; ++m) {
      hypergeometric_mass(n0, n1, m, null);
      heartbeat(50 + 15 * null.mass.size());
      if (side == alternative::two_sided)
        fill_two_sided(null, m);
      else
        fill_one_sided(null, m, side);
    }
  }

  double operator()(long x0, long x1) const noexcept { return p_[index(x0, x1)]; }

 private:
  std::size_t index(long x0, long x1) const noexcept {
    return static_cast<std::size_t>(x0) * static_cast<std::size_t>(n1_ + 1) +
           static_cast<std::size_t>(x1);
  }

  // In pieces, since even clearing memory takes a while.
  void make_room(std::size_t tables) {
    constexpr std::size_t piece = 1u << 20;
    p_.reserve(tables);
    while (p_.size() < tables) {
      p_.resize(std::min(tables, p_.size() + piece));
      heartbeat(5 * piece);
    }
  }

  void fill_one_sided(const mass_window& null, long m, alternative side) {
    double sum = 0;
    if (side == alternative::less)
      for (long k = null.first; k <= null.last(); ++k) p_[index(m - k, k)] = sum += null.at(k);
    else
      for (long k = null.last(); k >= null.first; --k) p_[index(m - k, k)] = sum += null.at(k);
  }

  // The masses rise to a mode and fall, so the tables at most as likely as k are one tail on each
  // side; both ends move inwards only.
  void fill_two_sided(const mass_window& null, long m) {
    const std::size_t n = null.mass.size();
    std::vector<double> below(n + 1, 0.0), above(n + 1, 0.0);  // sums of mass[< i], mass[>= i]
    for (std::size_t i = 0; i < n; ++i) below[i + 1] = below[i] + null.mass[i];
    for (std::size_t i = n; i-- > 0;) above[i] = above[i + 1] + null.mass[i];
    std::size_t mode = 0;
    for (std::size_t i = 1; i < n; ++i)
      if (null.mass[i] > null.mass[mode]) mode = i;
    const auto write = [&](std::size_t i, double p) {
      const long k = null.first + static_cast<long>(i);
      p_[index(m - k, k)] = p < 1 ? p : 1.0;
    };
    for (std::size_t i = 0, j = n; i <= mode; ++i) {  // [j, n) is at most as likely as i
      while (j > i + 1 && null.mass[j - 1] <= null.mass[i] * (1 + tie_tolerance)) --j;
      write(i, below[i + 1] + above[j]);
    }
    for (std::size_t i = n, j = 0; i-- > mode + 1;) {  // [0, j) is at most as likely as i
      while (j < i && null.mass[j] <= null.mass[i] * (1 + tie_tolerance)) ++j;
      write(i, above[i] + below[j]);
    }
  }

  long n1_;
  std::vector<double> p_;
};

inline table_region boschloo_region(const table2x2& t, alternative side) {
  const long n0 = static_cast<long>(t.n0), n1 = static_cast<long>(t.n1);
  const fisher_p_grid p(n0, n1, side);
  const double limit =
      p(static_cast<long>(t.x0), static_cast<long>(t.x1)) * (1 + tie_tolerance);
  return table_region::scan(n0, n1, [&](long x0, long x1) { return p(x0, x1) <= limit; });
}

inline double equal_proportions_p_value(const table_region& region) {
  return nuisance_supremum(region, proportion_line{}).find();
}

inline double barnard_p_value(const table2x2& t, z_variance kind, alternative side) {
  return equal_proportions_p_value(barnard_region(t, kind, side));
}

inline double boschloo_p_value(const table2x2& t, alternative side) {
  return equal_proportions_p_value(boschloo_region(t, side));
}

}  // namespace her2mod
