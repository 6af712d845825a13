#pragma once

// What normal_maximum.hpp declares.
//
// Space is cut into the cells of normal_cells.hpp, and each cell, around its axis, into the
// directions w across. Of a direction, the part where Z_k > c is the half-line's share of the
// half-space, less what is farther from the axis than the cell reaches: with the steepest slope
// k(w) and h_r of cone_tail.hpp, for c >= 0,
//   P(max Z > c) = sum_k mean_w [ Q(c) - h_r(c, k(w)) ],       h_r = 0 where k(w) <= 0,
//   P(max Z < c) = sum_k mean_w h_r(-c, -k(w)) where k(w) < 0, c < 0.
// No term is negative, and each is at most Q(c) <= p, so p keeps its digits however small it is.
// The mean is over the unit sphere in r - 1 dimensions: 2 points (r = 2), a circle (r = 3: adaptive
// quadrature, 1e-12), the sphere (r = 4: nested, 1e-7), or, beyond, the sequences of
// shifted_sequence.hpp with a target of 2e-4, all relative to p.

#include <cmath>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/math/circle_mean.hpp>
#include <her2mod/math/cone_tail.hpp>
#include <her2mod/math/normal_cells.hpp>
#include <her2mod/math/normal_maximum.hpp>
#include <her2mod/math/shifted_sequence.hpp>
#include <her2mod/math/sphere_mean.hpp>

namespace her2mod {

// What a direction with the steepest slope k gives to its cell, as a share of Q(|c|).
struct cell_share {
  int r;
  double c;
  double half_space = normal_upper(std::fabs(c));
  double operator()(double k) const {
    if (c >= 0) return k <= 0 ? 1.0 : 1 - outside_cone(r, c, k) / half_space;
    return k >= 0 ? 0.0 : outside_cone(r, -c, -k) / half_space;
  }
};

inline double steepest(const normal_cell& cell, const Eigen::VectorXd& w) {
  return (cell.slopes.transpose() * w).maxCoeff();
}

// The mean over two points.
inline quadrature_result line_mean(const cell_share& share, const normal_cell& cell) {
  return {(share(cell.slopes.maxCoeff()) + share(-cell.slopes.minCoeff())) / 2, 0};
}

inline quadrature_result circle_mean(const cell_share& share, const normal_cell& cell) {
  std::vector<wave> waves;
  for (Eigen::Index j = 0; j < cell.slopes.cols(); ++j)
    waves.push_back({cell.slopes(0, j), cell.slopes(1, j)});
  return circle_mean(share, waves, 1e-13);
}

// The sum of all cells' means.
inline quadrature_result sequence_sum(const cell_share& share, const normal_cells& all) {
  Eigen::VectorXd w(all.rank - 1);
  const auto at = [&](const std::vector<double>& point) {
    heartbeat(1000 * all.cells.size());
    for (Eigen::Index d = 0; d < w.size(); ++d) w[d] = normal_quantile(point[static_cast<std::size_t>(d)]);
    w.normalize();
    double sum = 0;
    for (const normal_cell& cell : all.cells) sum += share(steepest(cell, w));
    return sum;
  };
  return shifted_mean(at, static_cast<std::size_t>(w.size()), 2e-4);
}

inline quadrature_result cell_sum(const cell_share& share, const normal_cells& all) {
  if (all.rank > 4) return sequence_sum(share, all);
  quadrature_result sum{0, 0};
  for (const normal_cell& cell : all.cells) {
    const quadrature_result one = all.rank == 2   ? line_mean(share, cell)
                                  : all.rank == 3 ? circle_mean(share, cell)
                                                  : sphere_mean(share, cell.slopes, 1e-7);
    sum.value += one.value;
    sum.error += one.error;
  }
  return sum;
}

// Rank 1: Z_k is Z_1 or -Z_1. One cell: they are all the same.
inline double line_tail(double c, std::size_t cells) {
  if (cells == 1) return normal_upper(c);
  return c <= 0 ? 1.0 : 2 * normal_upper(c);
}

HER2MOD_INLINE tail_probability normal_maximum_tail(const std::vector<double>& correlation, double c,
                                                    alternative side) {
  const bool both_signs = side == alternative::two_sided;
  if (side == alternative::less) c = -c;
  const normal_cells all = cells_of(correlation, both_signs);
  if (std::isnan(c)) return {not_a_number, not_a_number, all.rank};
  if (both_signs && c <= 0) return {1, 0, all.rank};
  const double half_space = normal_upper(std::fabs(c));
  if (half_space == 0) return {c > 0 ? 0.0 : 1.0, 0, all.rank};
  if (all.rank == 1)
    return {both_signs ? 2 * half_space : line_tail(c, all.cells.size()), 0, all.rank};
  const quadrature_result sum = cell_sum({all.rank, c}, all);
  const double share = (both_signs ? 2 : 1) * half_space;
  const double found = share * sum.value;
  return {c < 0 ? 1 - found : std::min(1.0, found), share * sum.error, all.rank};
}

}  // namespace her2mod
