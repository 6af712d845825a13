#pragma once

// A normal vector Z with mean 0 and correlation matrix C, as Z_k = a_k'X with X standard normal in
// as many dimensions as C has rank r, |a_k| = 1. Seen from 0, the directions in which Z_k is the
// largest form the cell of a_k: with u = cos(f) a_k + sin(f) w, w a unit vector across a_k, u is in
// the cell while
//   cot(f) >= max_j w'b_j, b_j = (the part of a_j across a_k) / (1 - a_j'a_k),
// so the b_j, the cell's slopes, in r - 1 coordinates across a_k, are all there is to know of it.

#include <algorithm>
#include <cmath>
#include <vector>

#include <Eigen/Dense>

#include <her2mod/base/error.hpp>

namespace her2mod {

struct normal_cell {
  Eigen::MatrixXd slopes;  // a column a neighbour
};

struct normal_cells {
  int rank = 0;
  std::vector<normal_cell> cells;
};

// Eigenvalues below this share of the largest are taken for 0, and correlations that near to 1 for
// 1.
constexpr double singular_share = 1e-12;

inline Eigen::MatrixXd checked_correlation(const std::vector<double>& row_by_row) {
  const auto n = static_cast<Eigen::Index>(std::lround(std::sqrt(double(row_by_row.size()))));
  if (n < 1 || n * n != static_cast<Eigen::Index>(row_by_row.size()))
    throw input_error("A correlation matrix must be square.");
  const Eigen::MatrixXd c = Eigen::Map<const Eigen::MatrixXd>(row_by_row.data(), n, n);
  const bool good = c.allFinite() && (c - c.transpose()).cwiseAbs().maxCoeff() <= 1e-8 &&
                    (c.diagonal().array() - 1).abs().maxCoeff() <= 1e-8;
  if (!good) throw input_error("A correlation matrix must be symmetric with a diagonal of 1.");
  return c;
}

// The a_k, a column each.
inline Eigen::MatrixXd unit_loadings(const Eigen::MatrixXd& correlation) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved(correlation);
  const Eigen::VectorXd& values = solved.eigenvalues();  // increasing
  const Eigen::Index n = values.size();
  const double none = singular_share * values[n - 1];
  if (values[0] < -1e-8) throw input_error("A correlation matrix must be positive semi-definite.");
  const Eigen::Index rank = (values.array() > none).count();
  Eigen::MatrixXd loadings = values.tail(rank).cwiseSqrt().asDiagonal() *
                             solved.eigenvectors().rightCols(rank).transpose();
  loadings.colwise().normalize();
  return loadings;
}

// Without the columns that repeat another one, or, where `or_opposite`, its negative.
inline Eigen::MatrixXd distinct(const Eigen::MatrixXd& loadings, bool or_opposite) {
  std::vector<Eigen::Index> kept;
  for (Eigen::Index k = 0; k < loadings.cols(); ++k) {
    const bool repeats = std::any_of(kept.begin(), kept.end(), [&](Eigen::Index j) {
      const auto near = [](const auto& gap) { return gap.squaredNorm() / 2 <= singular_share; };
      return near(loadings.col(j) - loadings.col(k)) ||
             (or_opposite && near(loadings.col(j) + loadings.col(k)));
    });
    if (!repeats) kept.push_back(k);
  }
  Eigen::MatrixXd out(loadings.rows(), static_cast<Eigen::Index>(kept.size()));
  for (std::size_t i = 0; i < kept.size(); ++i)
    out.col(static_cast<Eigen::Index>(i)) = loadings.col(kept[i]);
  return out;
}

// Of column k among all.
inline normal_cell cell_of(const Eigen::MatrixXd& points, Eigen::Index k) {
  const Eigen::Index r = points.rows(), n = points.cols();
  const Eigen::HouseholderQR<Eigen::MatrixXd> qr(points.col(k));
  const Eigen::MatrixXd across = Eigen::MatrixXd(qr.householderQ()).rightCols(r - 1);
  normal_cell cell{Eigen::MatrixXd(r - 1, n - 1)};
  for (Eigen::Index j = 0, i = 0; j < n; ++j) {
    if (j == k) continue;
    // |a_j - a_k|^2 / 2 keeps the digits that 1 - a_j'a_k loses.
    cell.slopes.col(i++) =
        across.transpose() * points.col(j) / ((points.col(j) - points.col(k)).squaredNorm() / 2);
  }
  return cell;
}

// The cells of the Z_k, or, where `both_signs`, of the Z_k among all Z_k and -Z_k.
inline normal_cells cells_of(const std::vector<double>& correlation, bool both_signs) {
  const Eigen::MatrixXd own = distinct(unit_loadings(checked_correlation(correlation)), both_signs);
  Eigen::MatrixXd points(own.rows(), both_signs ? 2 * own.cols() : own.cols());
  points.leftCols(own.cols()) = own;
  if (both_signs) points.rightCols(own.cols()) = -own;
  normal_cells all;
  all.rank = static_cast<int>(own.rows());
  for (Eigen::Index k = 0; k < own.cols(); ++k) all.cells.push_back(cell_of(points, k));
  return all;
}

}  // namespace her2mod
