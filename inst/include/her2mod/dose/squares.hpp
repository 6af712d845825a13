#pragma once

// The sum of squares of a dose-response curve: its derivatives, and where to look for its minimum.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <her2mod/base/inference.hpp>
#include <her2mod/dose/curve.hpp>
#include <her2mod/dose/means.hpp>
#include <her2mod/math/least_squares.hpp>

namespace her2mod {

struct limits {
  double low = -infinity, high = infinity; // equal: fixed
  bool fixed() const noexcept { return low == high; }
};

namespace detail {

enum : int { middle_at, slope_at, left_at, right_at };
using curve_squares = least_squares<4>;

// The squares around the curve, without what is within doses; their information, bend and score.
inline double evaluate_curve(const dose_means& data, curve_shape shape, const curve_squares::vector& at,
                             curve_squares::matrix& information, curve_squares::matrix& bend,
                             curve_squares::vector& score) noexcept {
  const double slope = std::exp(at[slope_at]), fall = at[left_at] - at[right_at];
  information.setZero();
  bend.setZero();
  score.setZero();
  double sum = 0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const double x = slope * (data.x[i] - at[middle_at]);
    const shape_value v = evaluate_shape(shape, x);
    // Where the curve is flat (at dose 0 x is not finite), nothing depends on where.
    const double z = v.slope == 0 ? 0 : x, by_middle = -v.slope * slope, by_slope = v.slope * z;
    const double residual = data.mean[i] - (at[right_at] + fall * v.g), w = data.weight[i], pull = w * residual;
    const curve_squares::vector d(fall * by_middle, fall * by_slope, v.g, 1 - v.g);
    information.noalias() += w * d * d.transpose();
    score.noalias() += pull * d;
    sum += pull * residual;
    bend(middle_at, middle_at) += pull * fall * v.bend * slope * slope;
    bend(slope_at, middle_at) -= pull * fall * (v.bend * z + v.slope) * slope;
    bend(slope_at, slope_at) += pull * fall * (v.bend * z + v.slope) * z;
    bend(left_at, middle_at) += pull * by_middle;
    bend(left_at, slope_at) += pull * by_slope;
  }
  bend(right_at, middle_at) = -bend(left_at, middle_at);
  bend(right_at, slope_at) = -bend(left_at, slope_at);
  for (int j = 0; j < 4; ++j)
    for (int k = 0; k < j; ++k)
      bend(k, j) = bend(j, k);
  return sum;
}

// The best left and right for given middle and slope, within their bounds: the line's, or, where that is outside, the best of
// the edges.
class best_ends {
 public:
  best_ends(const dose_means& data, curve_shape shape, double middle, double slope) {
    for (std::size_t i = 0; i < data.size(); ++i) {
      const double g = evaluate_shape(shape, slope * (data.x[i] - middle)).g, w = data.weight[i], rest = 1 - g;
      ll_ += w * g * g;
      lr_ += w * g * rest;
      rr_ += w * rest * rest;
      ly_ += w * g * data.mean[i];
      ry_ += w * rest * data.mean[i];
      yy_ += w * data.mean[i] * data.mean[i];
    }
  }

  // Squares, and the ends that give them.
  double solve(const limits& left, const limits& right, double& l, double& r) const noexcept {
    const double determinant = ll_ * rr_ - lr_ * lr_;
    if (determinant > 1e-12 * ll_ * rr_) {
      l = (ly_ * rr_ - ry_ * lr_) / determinant;
      r = (ry_ * ll_ - ly_ * lr_) / determinant;
      if (l >= left.low && l <= left.high && r >= right.low && r <= right.high)
        return squares(l, r);
    }
    double best = infinity;
    const auto take = [&](double a, double b) {
      const double s = squares(a, b);
      if (s < best) best = s, l = a, r = b;
    };
    for (const double edge : {left.low, left.high})
      take(edge, rr_ > 0 ? std::clamp((ry_ - edge * lr_) / rr_, right.low, right.high) : right.low);
    for (const double edge : {right.low, right.high})
      take(ll_ > 0 ? std::clamp((ly_ - edge * lr_) / ll_, left.low, left.high) : left.low, edge);
    return best;
  }

 private:
  double squares(double l, double r) const noexcept {
    return yy_ - 2 * (l * ly_ + r * ry_) + l * l * ll_ + 2 * l * r * lr_ + r * r * rr_;
  }
  double ll_ = 0, lr_ = 0, rr_ = 0, ly_ = 0, ry_ = 0, yy_ = 0;
};

// Where to begin: of each slope the best middle of a grid.
inline std::vector<curve_squares::vector> curve_starts(const dose_means& data, curve_shape shape,
                                                       const curve_squares::vector& low, const curve_squares::vector& high) {
  const auto between = [&](int j) { return limits{low[j], high[j]}; };
  const limits middles = between(middle_at), log_slope = between(slope_at), left = between(left_at), right = between(right_at);
  const int n_middle = middles.fixed() ? 1 : 49;
  // Slopes in which the doses' whole width is so many units of z.
  constexpr std::array<double, 11> steepness{1, 2, 3, 5, 8, 13, 20, 35, 60, 120, 300};
  std::vector<curve_squares::vector> starts;
  for (const double units : steepness) {
    const double slope = std::clamp(std::log(units / data.width()), log_slope.low, log_slope.high);
    double least = infinity;
    curve_squares::vector best;
    for (int i = 0; i < n_middle; ++i) {
      // From a tenth of the width below the doses to as much above.
      const double share = -0.1 + 1.2 * i / 48, wanted = data.first() + data.width() * share;
      const double middle = std::clamp(wanted, middles.low, middles.high);
      double l = 0, r = 0;
      const double squares = best_ends(data, shape, middle, std::exp(slope)).solve(left, right, l, r);
      if (squares < least) {
        least = squares;
        best << middle, slope, l, r;
      }
    }
    if (std::isfinite(least))
      starts.push_back(best);
    if (log_slope.fixed())
      break;
  }
  return starts;
}

} // namespace detail

} // namespace her2mod
