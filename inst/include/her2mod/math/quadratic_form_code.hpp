#pragma once

// What quadratic_form.hpp declares.

#include <cmath>
#include <vector>

#include <Eigen/Eigenvalues>

#include <her2mod/base/inference.hpp>
#include <her2mod/math/quadratic_form.hpp>

namespace her2mod {

HER2MOD_INLINE double squared_length(const std::vector<double>& d, const std::vector<double>& covariance) {
  using matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto n = static_cast<Eigen::Index>(d.size());
  const Eigen::Map<const Eigen::VectorXd> vector(d.data(), n);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved(
      Eigen::Map<const matrix>(covariance.data(), n, n));
  const double none = 1e-12 * solved.eigenvalues().cwiseAbs().maxCoeff();
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
