#pragma once

// What quadratic_form.hpp declares.

#include <cmath>
#include <vector>

#include <Eigen/Eigenvalues>

#include <her2mod/base/inference.hpp>
#include <her2mod/math/quadratic_form.hpp>

namespace her2mod {

namespace quadratic_form_detail {

using matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Of the largest eigenvalue: what is below is rounding.
constexpr double none = 1e-12;

inline Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solve(const std::vector<double>& symmetric) {
  const auto n = static_cast<Eigen::Index>(std::lround(std::sqrt(static_cast<double>(symmetric.size()))));
  return Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>(
      Eigen::Map<const matrix>(symmetric.data(), n, n));
}

}  // namespace quadratic_form_detail

HER2MOD_INLINE std::size_t rank_of(const std::vector<double>& covariance) {
  const Eigen::VectorXd values = quadratic_form_detail::solve(covariance).eigenvalues();
  const double none = quadratic_form_detail::none * values.cwiseAbs().maxCoeff();
  return static_cast<std::size_t>((values.array() > none).count());
}

HER2MOD_INLINE double squared_length(const std::vector<double>& d, const std::vector<double>& covariance) {
  const auto n = static_cast<Eigen::Index>(d.size());
  const Eigen::Map<const Eigen::VectorXd> vector(d.data(), n);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved = quadratic_form_detail::solve(covariance);
  const double none = quadratic_form_detail::none * solved.eigenvalues().cwiseAbs().maxCoeff();
  const Eigen::VectorXd along = solved.eigenvectors().transpose() * vector;
  double length = 0;
  for (Eigen::Index i = 0; i < n; ++i) {
    if (solved.eigenvalues()[i] > none)
      length += along[i] * along[i] / solved.eigenvalues()[i];
    else if (std::fabs(along[i]) > 1e-9 * (1e-3 + vector.norm()))
      return infinity;
  }
  return length;
}

}  // namespace her2mod
