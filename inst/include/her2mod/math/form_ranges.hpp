#pragma once

// The projections P_w of form_maximum.hpp.

#include <algorithm>
#include <vector>

#include <Eigen/Dense>

#include <her2mod/math/normal_cells.hpp>

namespace her2mod {

// Orthonormal columns: the range of P_w, and what is across.
struct form_range {
  Eigen::MatrixXd inside, across;
};

// Rows that make a vector with this covariance white, as many as it has rank.
inline Eigen::MatrixXd whitener(const Eigen::MatrixXd& covariance) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved(covariance);
  const Eigen::VectorXd& values = solved.eigenvalues();  // increasing
  const double most = values[values.size() - 1];
  const Eigen::Index rank = most > 0 ? (values.array() > singular_share * most).count() : 0;
  return values.tail(rank).cwiseSqrt().cwiseInverse().asDiagonal() *
         solved.eigenvectors().rightCols(rank).transpose();
}

// The whiteners of all parts as one matrix; `ranks` gets that of each.
inline Eigen::MatrixXd block_whitener(const Eigen::MatrixXd& covariance, Eigen::Index parts,
                                      std::vector<Eigen::Index>& ranks) {
  const Eigen::Index size = covariance.rows() / parts;
  Eigen::MatrixXd all = Eigen::MatrixXd::Zero(covariance.rows(), covariance.rows());
  Eigen::Index at = 0;
  for (Eigen::Index w = 0; w < parts; ++w) {
    const Eigen::MatrixXd own = whitener(covariance.block(w * size, w * size, size, size));
    all.block(at, w * size, own.rows(), size) = own;
    ranks.push_back(own.rows());
    at += own.rows();
  }
  return all.topRows(at);
}

// Rows on X, where a covariance is that of L X. Whitened parts have eigenvalues of 1 and more, or 0.
inline Eigen::MatrixXd loadings_of(const Eigen::MatrixXd& whitened) {
  constexpr double none = 1e-10;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved(whitened);
  const Eigen::VectorXd& values = solved.eigenvalues();
  const Eigen::Index d = (values.array() > none * values[values.size() - 1]).count();
  return solved.eigenvectors().rightCols(d) * values.tail(d).cwiseSqrt().asDiagonal();
}

// Rows orthonormal but for rounding.
inline form_range range_of(const Eigen::MatrixXd& loadings) {
  const Eigen::Index r = loadings.rows(), d = loadings.cols();
  const Eigen::MatrixXd turn = Eigen::HouseholderQR<Eigen::MatrixXd>(loadings.transpose()).householderQ();
  return {turn.leftCols(r), turn.rightCols(d - r)};
}

inline bool is_repeated(const form_range& one, const std::vector<form_range>& others) {
  return std::any_of(others.begin(), others.end(), [&](const form_range& other) {
    return other.inside.cols() == one.inside.cols() &&
           (other.inside.transpose() * one.across).squaredNorm() <= singular_share;
  });
}

// Of all distinct forms; `covariance` of `parts` vectors of one length.
inline std::vector<form_range> form_ranges(const Eigen::MatrixXd& covariance, Eigen::Index parts) {
  std::vector<Eigen::Index> ranks;
  const Eigen::MatrixXd white = block_whitener(covariance, parts, ranks);
  std::vector<form_range> kept;
  if (white.rows() == 0) return kept;
  const Eigen::MatrixXd loadings = loadings_of(white * covariance * white.transpose());
  Eigen::Index at = 0;
  for (const Eigen::Index r : ranks) {
    if (r == 0) continue;
    form_range range = range_of(loadings.middleRows(at, r));
    if (!is_repeated(range, kept)) kept.push_back(std::move(range));
    at += r;
  }
  return kept;
}

}  // namespace her2mod
