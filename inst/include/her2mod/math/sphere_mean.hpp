#pragma once

// The mean over the sphere in three dimensions of f(max_j w'b_j), f smooth but at 0. Where b_j is
// the largest, f depends only on the angle from b_j: w = x e + sqrt(1 - x^2) v, e = b_j / |b_j|, v
// across e at angle t. That region is bounded by great circles, (b_j - b_i)'w = 0: in direction v,
// by
//   x / sqrt(1 - x^2) >= q_i(t) = -v'(b_j - b_i) / e'(b_j - b_i) where e'(b_j - b_i) > 0,
// and <= where it is < 0. So each region is an integral over x within one over t, and both have
// smooth pieces.

#include <Eigen/Dense>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/math/circle_mean.hpp>

namespace her2mod {

// The region of one b_j as a range of x for each t.
class steepest_region {
 public:
  // `slopes`: a column each.
  steepest_region(const Eigen::MatrixXd& slopes, Eigen::Index j) {
    // A slope of 0 (of the opposite component) may take any axis.
    Eigen::Vector3d axis = slopes.col(j).normalized();
    if (slopes.col(j).isZero()) axis = Eigen::Vector3d::UnitX();
    const Eigen::Vector3d across = axis.unitOrthogonal(), third = axis.cross(across);
    for (Eigen::Index i = 0; i < slopes.cols(); ++i) {
      if (i == j) continue;
      const Eigen::Vector3d gap = slopes.col(j) - slopes.col(i);
      // A plane through the axis is turned by a hair.
      double along = axis.dot(gap);
      if (std::fabs(along) < 1e-13 * gap.norm()) along = 1e-13 * gap.norm();
      waves_.push_back({-across.dot(gap) / along, -third.dot(gap) / along});
      is_lower_.push_back(along > 0);
    }
  }

  std::vector<double> cuts() const {
    return circle_cuts(waves_, [&](double t, double value) {
      const auto near = [&](double q) { return std::fabs(value - q) <= 1e-9 * (1 + std::fabs(q)); };
      const bounds at = bounds_at(t);
      return at.low <= at.high + 1e-9 * (1 + std::fabs(at.low)) && (near(at.low) || near(at.high));
    });
  }

  struct bounds {
    double low, high;
  };

  // Of x / sqrt(1 - x^2); nothing where low > high.
  bounds bounds_at(double t) const noexcept {
    bounds at{-infinity, infinity};
    for (std::size_t i = 0; i < waves_.size(); ++i) {
      const double q = waves_[i](t);
      if (is_lower_[i])
        at.low = std::max(at.low, q);
      else
        at.high = std::min(at.high, q);
    }
    return at;
  }

 private:
  std::vector<wave> waves_;
  std::vector<bool> is_lower_;
};

inline double cosine_of(double cotangent) noexcept {
  if (std::isinf(cotangent)) return cotangent > 0 ? 1.0 : -1.0;
  return cotangent / std::hypot(1.0, cotangent);
}

// `allowed` as in integrate_pieces().
template <class F>
quadrature_result sphere_mean(const F& f, const Eigen::MatrixXd& slopes, double allowed) {
  quadrature_result sum{0, 0};
  for (Eigen::Index j = 0; j < slopes.cols(); ++j) {
    const steepest_region region(slopes, j);
    const double length = slopes.col(j).norm();
    double inner_error = 0;
    const auto at = [&](double t) {
      heartbeat(20000);
      const auto bounds = region.bounds_at(t);
      if (bounds.low >= bounds.high) return 0.0;
      const double from = cosine_of(bounds.low), to = cosine_of(bounds.high);
      const std::vector<double> cuts =
          from < 0 && to > 0 ? std::vector<double>{from, 0, to} : std::vector<double>{from, to};
      const auto along = [&](double x) { return f(length * x); };
      const quadrature_result line = integrate_pieces(along, cuts, allowed / 100, 12);
      inner_error = std::max(inner_error, line.error);
      return line.value;
    };
    const quadrature_result one = integrate_pieces(at, region.cuts(), allowed, 12);
    sum.value += one.value;
    sum.error += one.error + full_turn * inner_error;
  }
  return {sum.value / (2 * full_turn), sum.error / (2 * full_turn)};
}

}  // namespace her2mod
