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
// quadrature, 1e-12), the sphere (r = 4: nested, 1e-7), or, beyond, 16 shifted Kronecker
// sequences with a target of 2e-4, all relative to p. The shifts are fixed: the same matrix has the
// same p.

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/math/circle_mean.hpp>
#include <her2mod/math/cone_tail.hpp>
#include <her2mod/math/normal_cells.hpp>
#include <her2mod/math/normal_maximum.hpp>
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

// Shift `number` of coordinate `dimension`, of the counter-based generator SplitMix64
// (doi:10.1145/2714064.2660195).
inline double fixed_shift(std::uint64_t number, std::uint64_t dimension) noexcept {
  std::uint64_t x = (number * 4096 + dimension + 1) * 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return static_cast<double>((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

// The i-th point of a shifted Kronecker sequence with the roots of primes, folded, as a direction.
class direction_sequence {
 public:
  direction_sequence(Eigen::Index dimensions, std::uint64_t shift)
      : step_(dimensions), at_(dimensions) {
    for (Eigen::Index d = 0, prime = 2; d < dimensions; ++prime) {
      bool is_prime = true;
      for (Eigen::Index q = 2; q * q <= prime; ++q) is_prime = is_prime && prime % q != 0;
      if (!is_prime) continue;
      step_[d] = std::sqrt(double(prime)) - std::floor(std::sqrt(double(prime)));
      at_[d] = fixed_shift(shift, static_cast<std::uint64_t>(d));
      ++d;
    }
  }

  Eigen::VectorXd next() {
    Eigen::VectorXd w(step_.size());
    for (Eigen::Index d = 0; d < step_.size(); ++d) {
      at_[d] += step_[d];
      at_[d] -= std::floor(at_[d]);
      const double folded = std::fabs(2 * at_[d] - 1);
      w[d] = normal_quantile(std::min(std::max(folded, 1e-16), 1 - 1e-16));
    }
    return w.normalized();
  }

 private:
  Eigen::VectorXd step_, at_;
};

// The sum of all cells' means.
inline quadrature_result sequence_sum(const cell_share& share, const normal_cells& all) {
  constexpr std::size_t shifts = 16;
  constexpr double first = 256, most = 8192, target = 2e-4;
  std::vector<direction_sequence> sequences;
  for (std::size_t s = 0; s < shifts; ++s) sequences.emplace_back(all.rank - 1, s);
  std::array<double, shifts> sums{};
  quadrature_result found{0, 0};
  double done = 0;
  for (double points = first; points <= most; points *= 2) {
    for (std::size_t s = 0; s < shifts; ++s)
      for (double i = done; i < points; ++i) {
        heartbeat(1000 * all.cells.size());
        const Eigen::VectorXd w = sequences[s].next();
        for (const normal_cell& cell : all.cells) sums[s] += share(steepest(cell, w));
      }
    done = points;
    double mean = 0, square = 0;
    for (const double sum : sums) mean += sum / points / shifts;
    for (const double sum : sums) square += (sum / points - mean) * (sum / points - mean);
    found = {mean, 3 * std::sqrt(square / (shifts - 1) / shifts)};
    if (found.error <= target * mean) break;
  }
  return found;
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
