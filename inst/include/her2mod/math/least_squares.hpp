#pragma once

// Nonlinear least squares with bounds, for a few parameters: Levenberg and Marquardt's method on the normal equations
// (Marquardt 1963, doi:10.1137/0111030).
//
// With residuals r = y - f(at), weights W and J the derivatives of f, a step solves (H + lambda diag A) s = g, where A = J'WJ,
// g = J'Wr, and H = A - sum w r f'' where that is positive definite, A elsewhere: steps by A alone go over the bottom of a bent
// valley and back for ever where residuals are large. Only parameters that are free move: those not held at a bound beyond
// which the sum would fall. A fixed parameter has equal bounds. The point of rest has g = 0, so that normal equations lose no
// digits.

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>

namespace her2mod {

template <int P>
struct least_squares {
  using vector = Eigen::Matrix<double, P, 1>;
  using matrix = Eigen::Matrix<double, P, P>;

  vector at = vector::Zero(), low = vector::Zero(), high = vector::Zero();
  vector score = vector::Zero();         // g
  matrix information = matrix::Zero();   // A
  matrix bend = matrix::Zero();          // sum w r f''; all three at `at`
  double value = 0;                      // the sum of squares there
  bool settled = false;

  bool is_free(int j) const noexcept {
    if (!(low[j] < high[j]))
      return false;
    return !(at[j] <= low[j] && score[j] <= 0) && !(at[j] >= high[j] && score[j] >= 0);
  }
};

namespace detail {

// Rows and columns of parameters that do not move become those of the identity, and their score 0.
template <int P>
void hold_parameters(const least_squares<P>& s, typename least_squares<P>::matrix& a,
                     typename least_squares<P>::vector& g) noexcept {
  for (int j = 0; j < P; ++j) {
    if (s.is_free(j))
      continue;
    a.row(j).setZero();
    a.col(j).setZero();
    a(j, j) = 1;
    g[j] = 0;
  }
}

// H s = g, damped: by the second derivatives where they allow it.
template <int P>
typename least_squares<P>::vector damped_step(const least_squares<P>& s, double damping) noexcept {
  using matrix = typename least_squares<P>::matrix;
  const auto damp = [&](matrix& a) {
    // Also where nothing depends on a parameter any more.
    for (int j = 0; j < P; ++j)
      if (s.is_free(j))
        a(j, j) += damping * (s.information(j, j) > 0 ? s.information(j, j) : 1.0);
  };
  matrix a = s.information - s.bend;
  typename least_squares<P>::vector g = s.score;
  hold_parameters(s, a, g);
  damp(a);
  const Eigen::LDLT<matrix> exact(a);
  if (exact.info() == Eigen::Success && exact.vectorD().minCoeff() > 0)
    return exact.solve(g);
  a = s.information;
  hold_parameters(s, a, g);
  damp(a);
  return a.ldlt().solve(g);
}

// The step without damping is small, or promises nothing that the sum's own digits could show.
template <int P>
bool is_at_rest(const least_squares<P>& s, const typename least_squares<P>::vector& scale, double step) noexcept {
  const typename least_squares<P>::vector wanted = damped_step(s, 0);
  return (wanted.array() / scale.array()).abs().maxCoeff() < 10 * step || std::fabs(wanted.dot(s.score)) <= 1e-14 * s.value;
}

} // namespace detail

// The inverse of H, half the sum's second derivatives (the observed information), for the parameters that are free, with zeros
// for the others. Not a number where H is not positive definite, or where a parameter's share of it, in these units, is lost
// beside the others'.
template <int P>
typename least_squares<P>::matrix inverse_information(const least_squares<P>& s,
                                                      const typename least_squares<P>::vector& units) noexcept {
  using matrix = typename least_squares<P>::matrix;
  matrix a = s.information - s.bend;
  typename least_squares<P>::vector g = s.score, scale;
  double most = 0;
  for (int j = 0; j < P; ++j)
    if (s.is_free(j))
      most = std::max(most, a(j, j) * units[j] * units[j]);
  detail::hold_parameters(s, a, g);
  // To a unit diagonal: units of the parameters differ.
  for (int j = 0; j < P; ++j) {
    if (!(a(j, j) > 0) || (s.is_free(j) && a(j, j) * units[j] * units[j] < 1e-12 * most))
      return matrix::Constant(std::nan(""));
    scale[j] = 1 / std::sqrt(a(j, j));
  }
  const matrix scaled = scale.asDiagonal() * a * scale.asDiagonal();
  const Eigen::LDLT<matrix> factor(scaled);
  const bool regular = factor.info() == Eigen::Success && factor.vectorD().minCoeff() > 1e-12;
  if (!regular)
    return matrix::Constant(std::nan(""));
  matrix inverse = scale.asDiagonal() * matrix(factor.solve(matrix::Identity())) * scale.asDiagonal();
  for (int j = 0; j < P; ++j)
    if (!s.is_free(j))
      inverse(j, j) = 0;
  return inverse;
}

// `evaluate(at, information, bend, score)` returns the sum of squares. Starts at s.at, within its bounds; ends, `settled`,
// where no parameter would move by more than `step` of `scale` any more, which is what is called small in each.
template <int P, class Evaluate>
void minimise_squares(least_squares<P>& s, const Evaluate& evaluate, const typename least_squares<P>::vector& scale,
                      double step = 1e-10, std::size_t most = 500) noexcept {
  using vector = typename least_squares<P>::vector;
  using matrix = typename least_squares<P>::matrix;
  s.value = evaluate(s.at, s.information, s.bend, s.score);
  s.settled = false;
  double damping = 1e-4;
  matrix trial_information, trial_bend;
  vector trial_score;
  for (std::size_t round = 0; round < most && std::isfinite(s.value); ++round) {
    const vector wanted = detail::damped_step(s, damping);
    const vector trial = (s.at + wanted).cwiseMax(s.low).cwiseMin(s.high);
    const vector moved = trial - s.at;
    const double size = (moved.array() / scale.array()).abs().maxCoeff();
    const double value = evaluate(trial, trial_information, trial_bend, trial_score);
    // Beside the sum itself, rounding looks like a loss.
    const bool better = value <= s.value * (1 + 1e-13);
    if (better) {
      s.at = trial;
      s.value = value;
      s.information = trial_information;
      s.bend = trial_bend;
      s.score = trial_score;
      damping = damping > 1e-9 ? damping / 10 : 0;
    } else {
      damping = std::max(10 * damping, 1e-4);
    }
    // A step that is small because of its damping is no point of rest.
    if (size < step && detail::is_at_rest(s, scale, step)) {
      s.settled = true;
      return;
    }
    if (!(damping < 1e16))
      return;
  }
}

} // namespace her2mod
