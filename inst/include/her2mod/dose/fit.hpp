#pragma once

// Dose-response curves by (weighted) least squares, from many starts within bounds.
//
// With x the log dose, S = sum w (y - f(x))^2. The wells of a dose are their mean with the sum of their weights and a sum of
// squares around it that no curve can change, so that a fit to wells and one to means weighted by their numbers are the same.
// Given middle and slope the curve is linear in left and right, so that S is known on a grid of the two by a regression line;
// of each slope the best middle is where Levenberg and Marquardt's method starts, and the lowest end is the fit. So neither the
// unit of the dose, nor a lucky guess, decides where a fit ends. Bounds that are not given: the middle may lie 1,000-fold
// outside the doses, the whole of the doses may hold between 1/10 of a slope and 1,000 of them, and left and right may lie the
// range of the means outside it.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/base/span.hpp>
#include <her2mod/dose/curve.hpp>
#include <her2mod/math/least_squares.hpp>

namespace her2mod {

// One entry a dose, by rising dose.
struct dose_means {
  std::vector<double> x, mean, weight; // x: of the log dose, -infinity for dose 0
  double within = 0;                   // weighted squares around the means
  std::size_t n = 0;                   // wells

  std::size_t size() const noexcept { return x.size(); }
  // Of the doses above 0.
  double first() const noexcept { return x[std::isinf(x[0]) ? 1 : 0]; }
  double last() const noexcept { return x.back(); }
  double width() const noexcept { return last() - first(); }
  std::size_t positive() const noexcept { return size() - (std::isinf(x[0]) ? 1 : 0); }
};

// Without weights each well counts 1; wells of weight 0 are none.
inline dose_means means_by_dose(span<const double> dose, span<const double> response, span<const double> weight = {}) {
  if (response.size() != dose.size() || (!weight.empty() && weight.size() != dose.size()))
    throw input_error("Doses, responses and weights must be as many as each other.");
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < dose.size(); ++i) {
    const double w = weight.empty() ? 1.0 : weight[i];
    if (!(dose[i] >= 0) || std::isinf(dose[i]))
      throw input_error("Doses must be finite and not negative.");
    if (!std::isfinite(response[i]))
      throw input_error("Responses must be finite.");
    if (!(w >= 0) || std::isinf(w))
      throw input_error("Weights must be finite and not negative.");
    if (w > 0)
      order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return dose[i] < dose[j]; });
  dose_means out;
  out.n = order.size();
  const auto weight_of = [&](std::size_t i) { return weight.empty() ? 1.0 : weight[i]; };
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    double total = 0, sum = 0;
    for (; end < order.size() && dose[order[end]] == dose[order[first]]; ++end) {
      total += weight_of(order[end]);
      sum += weight_of(order[end]) * response[order[end]];
    }
    const double mean = sum / total;
    for (std::size_t k = first; k < end; ++k) {
      const double off = response[order[k]] - mean;
      out.within += weight_of(order[k]) * off * off;
    }
    out.x.push_back(std::log(dose[order[first]]));
    out.mean.push_back(mean);
    out.weight.push_back(total);
    first = end;
  }
  return out;
}

struct limits {
  double low = -infinity, high = infinity; // equal: fixed
  bool fixed() const noexcept { return low == high; }
};

struct curve_options {
  curve_shape shape = curve_shape::log_logistic;
  limits slope{0, infinity}, left, right;
};

struct curve_fit {
  dose_curve curve;
  double squares = 0;         // S, with what is within doses
  std::size_t n = 0, parameters = 0;
  // False where S falls for ever along a direction: with at most one dose on the slope, the steeper the better, though by
  // digits that no table shows, and middle and slope are not told from each other.
  bool settled = false;
  std::array<bool, 4> at_bound{}; // middle, slope, left, right: an estimate that a bound, not the data, gives
  // Of middle, log slope, left, right, by rows, to be multiplied by the residual variance; zeros for what is fixed or at a
  // bound, not a number where the doses do not tell the parameters from each other. From the observed information, as drc's;
  // nls takes the expected one, J'WJ, and differs where residuals are large.
  std::array<double, 16> covariance{};

  double degrees_of_freedom() const noexcept { return static_cast<double>(n) - static_cast<double>(parameters); }
  double residual_variance() const noexcept {
    return degrees_of_freedom() > 0 ? squares / degrees_of_freedom() : not_a_number;
  }
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
inline std::vector<curve_squares::vector> curve_starts(const dose_means& data, curve_shape shape, const limits& log_slope,
                                                       const limits& left, const limits& right) {
  constexpr int n_middle = 49;
  // Slopes in which the doses' whole width is so many units of z.
  constexpr std::array<double, 11> steepness{1, 2, 3, 5, 8, 13, 20, 35, 60, 120, 300};
  std::vector<curve_squares::vector> starts;
  for (const double units : steepness) {
    const double slope = std::clamp(std::log(units / data.width()), log_slope.low, log_slope.high);
    double least = infinity;
    curve_squares::vector best;
    for (int i = 0; i < n_middle; ++i) {
      // From a tenth of the width below the doses to as much above.
      const double middle = data.first() + data.width() * (-0.1 + 1.2 * i / (n_middle - 1));
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

inline limits within(const limits& asked, double low, double high) noexcept {
  return {std::isinf(asked.low) ? std::min(low, asked.high) : asked.low,
          std::isinf(asked.high) ? std::max(high, asked.low) : asked.high};
}

} // namespace detail

// Throws data_error where fewer doses are there than parameters to be estimated, or all responses are the same: then no
// dose is anybody's EC50.
inline curve_fit fit_curve(const dose_means& given, const curve_options& options = {}) {
  using namespace detail;
  const auto refuse = [](const limits& l, const char* what) {
    if (!(l.low <= l.high))
      throw input_error(std::string("The lower limit of the ") + what + " is above the upper one.");
  };
  refuse(options.slope, "slope");
  refuse(options.left, "response at dose 0");
  refuse(options.right, "response at high doses");
  if (!(options.slope.low >= 0) || !(options.slope.high > 0))
    throw input_error("The slope must be positive.");
  const std::size_t parameters = 1u + !options.slope.fixed() + !options.left.fixed() + !options.right.fixed();
  if (given.size() < parameters || given.size() == 0 || given.positive() < 2)
    throw data_error("There are " + std::to_string(given.size()) + " different doses; a curve with " +
                     std::to_string(parameters) + " parameters needs as many, and two above 0.");
  const auto [least, greatest] = std::minmax_element(given.mean.begin(), given.mean.end());
  const double range = *greatest - *least, centre = *least + range / 2;
  if (!(range > 0))
    throw data_error("The mean response is the same at all doses.");

  // Digits go to the differences of the responses.
  dose_means data = given;
  for (double& y : data.mean)
    y -= centre;
  const auto end_limits = [&](const limits& asked) {
    return within({asked.low - centre, asked.high - centre}, -1.5 * range, 1.5 * range);
  };
  const limits left = end_limits(options.left), right = end_limits(options.right);
  const limits slope_limits = within({options.slope.low > 0 ? options.slope.low : -infinity, options.slope.high},
                                     0.1 / data.width(), 1000 / data.width());
  const limits log_slope{std::log(slope_limits.low), std::log(slope_limits.high)};
  const double beyond = std::log(1000.0);

  curve_squares best;
  best.value = infinity;
  const curve_squares::vector scale(1 / std::exp(std::min(log_slope.high, std::log(10 / data.width()))), 1, range, range);
  const auto evaluate = [&](const curve_squares::vector& at, curve_squares::matrix& a, curve_squares::matrix& bend,
                            curve_squares::vector& g) {
    return evaluate_curve(data, options.shape, at, a, bend, g);
  };
  for (const curve_squares::vector& start : curve_starts(data, options.shape, log_slope, left, right)) {
    curve_squares s;
    s.at = start;
    s.low << data.first() - beyond, log_slope.low, left.low, right.low;
    s.high << data.last() + beyond, log_slope.high, left.high, right.high;
    minimise_squares(s, evaluate, scale);
    if (s.value < best.value)
      best = s;
  }

  curve_fit fit;
  const auto uncentred = [&](int at, const limits& asked) { return asked.fixed() ? asked.low : best.at[at] + centre; };
  fit.curve = {options.shape, best.at[middle_at], best.at[slope_at], uncentred(left_at, options.left),
               uncentred(right_at, options.right)};
  fit.squares = best.value + data.within;
  fit.n = data.n;
  fit.parameters = parameters;
  fit.settled = best.settled;
  const bool fixed[]{false, options.slope.fixed(), options.left.fixed(), options.right.fixed()};
  for (int j = 0; j < 4; ++j)
    fit.at_bound[static_cast<std::size_t>(j)] = !fixed[j] && (best.at[j] <= best.low[j] || best.at[j] >= best.high[j]);
  const curve_squares::matrix inverse = inverse_information(best);
  for (int j = 0; j < 4; ++j)
    for (int k = 0; k < 4; ++k)
      fit.covariance[static_cast<std::size_t>(4 * j + k)] = inverse(j, k);
  return fit;
}

} // namespace her2mod
