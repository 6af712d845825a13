#pragma once

// Dose-response curves by (weighted) least squares, from many starts within bounds.
//
// With x the log dose, S = sum w (y - f(x))^2. The wells of a dose are their mean with the sum of their weights and a sum of
// squares around it that no curve can change, so that wells, and means weighted by their numbers, give the same curve (though
// not the same residual variance, as means say nothing of what is within doses). Given middle and slope the curve is linear in
// left and right, so that S is known on a grid of the two by a regression line; of each slope the best middle is where
// Levenberg and Marquardt's method starts, and the lowest end is the fit. So neither the unit of the dose, nor a lucky guess,
// decides where a fit ends. Bounds that are not given: the middle may lie 1,000-fold outside the doses, the whole of the doses
// may hold between 1/10 of a slope and 1,000 of them, and left and right may lie the range of the means outside it.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include <her2mod/base/error.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/dose/curve.hpp>
#include <her2mod/dose/means.hpp>
#include <her2mod/dose/squares.hpp>
#include <her2mod/math/least_squares.hpp>

namespace her2mod {

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

inline void check_limits(const limits& l, const char* what) {
  if (!(l.low <= l.high))
    throw input_error(std::string("The lower limit of the ") + what + " is above the upper one.");
  if (l.low == infinity || l.high == -infinity)
    throw input_error(std::string("The ") + what + " cannot be fixed at infinity.");
  for (const double end : {l.low, l.high})
    if (std::isfinite(end) && std::fabs(end) > most_size)
      throw input_error(std::string("Limits of the ") + what + " may be at most 1e100 in size.");
}

inline limits within(const limits& asked, double low, double high) noexcept {
  return {std::isinf(asked.low) ? std::min(low, asked.high) : asked.low,
          std::isinf(asked.high) ? std::max(high, asked.low) : asked.high};
}

// The data, checked and with the middle of their means at 0 and a range of 1, as digits go to the differences of the responses;
// what the fit may move within; and the fit.
class curve_problem {
  static constexpr double most_uneven = 1e6;

 public:
  using vector = curve_squares::vector;

  curve_problem(const dose_means& given, const curve_options& options) : data_(given), shape_(options.shape) {
    check_limits(options.slope, "slope");
    check_limits(options.left, "response at dose 0");
    check_limits(options.right, "response at high doses");
    if (!(options.slope.low >= 0) || !(options.slope.high > 0))
      throw input_error("The slope must be positive.");
    fixed_ = {false, options.slope.fixed(), options.left.fixed(), options.right.fixed()};
    parameters_ = 4 - static_cast<std::size_t>(std::count(fixed_.begin(), fixed_.end(), true));
    if (data_.size() < parameters_ || data_.positive() < 2)
      throw data_error("There are " + std::to_string(data_.size()) + " different doses; a curve with " +
                       std::to_string(parameters_) + " parameters needs as many, and two above 0.");
    const auto [least, greatest] = std::minmax_element(data_.mean.begin(), data_.mean.end());
    unit_ = *greatest - *least;
    if (!(unit_ > 0))
      throw data_error("The mean response is the same at all doses.");
    if (unit_ < 1 / most_size)
      throw input_error("The mean responses differ by less than 1e-100.");
    // Beyond, what hardly weighs is rounding beside what does.
    const auto [lightest, heaviest] = std::minmax_element(data_.weight.begin(), data_.weight.end());
    if (*heaviest > most_uneven * *lightest)
      throw input_error("The weights of the doses differ by more than a factor of a million.");
    centre_ = *least + unit_ / 2;
    for (double& y : data_.mean)
      y = in_units(y);

    const auto end_limits = [&](const limits& asked) {
      return within({in_units(asked.low), in_units(asked.high)}, -1.5, 1.5);
    };
    const limits left = end_limits(options.left), right = end_limits(options.right);
    const limits slope = within({options.slope.low > 0 ? options.slope.low : -infinity, options.slope.high},
                                0.1 / data_.width(), 1000 / data_.width());
    const double beyond = std::log(1000.0);
    low << data_.first() - beyond, std::log(slope.low), left.low, right.low;
    high << data_.last() + beyond, std::log(slope.high), left.high, right.high;
    scale_ << 1 / std::min(slope.high, 10 / data_.width()), 1, 1, 1;
  }

  vector low, high;

  std::size_t parameters() const noexcept { return parameters_; }
  bool is_fixed(int j) const noexcept { return fixed_[static_cast<std::size_t>(j)]; }
  // A response as the problem has it, and back.
  double in_units(double y) const noexcept { return (y - centre_) / unit_; }
  double in_responses(double u) const noexcept { return centre_ + u * unit_; }
  double unit() const noexcept { return unit_; }
  // A step of each parameter that shows.
  const vector& scale() const noexcept { return scale_; }

  // The lowest point between `low` and `high`, which may be moved closer than they were.
  curve_squares lowest() const {
    const auto evaluate = [&](const vector& at, curve_squares::matrix& a, curve_squares::matrix& bend, vector& g) {
      return evaluate_curve(data_, shape_, at, a, bend, g);
    };
    curve_squares best;
    best.value = infinity;
    for (const vector& start : curve_starts(data_, shape_, low, high)) {
      curve_squares s;
      s.at = start;
      s.low = low;
      s.high = high;
      minimise_squares(s, evaluate, scale_);
      if (s.value < best.value)
        best = s;
    }
    if (!std::isfinite(best.value))
      throw input_error("The limits of the curve are too far from the responses.");
    return best;
  }

 private:
  dose_means data_;
  curve_shape shape_;
  std::array<bool, 4> fixed_{};
  std::size_t parameters_ = 0;
  double centre_ = 0, unit_ = 1;
  vector scale_;
};

} // namespace detail

// Throws data_error where fewer doses are there than parameters to be estimated, or all responses are the same: then no
// dose is anybody's EC50; input_error for limits that contradict each other, and for weights of doses that differ by more than
// a factor of a million.
inline curve_fit fit_curve(const dose_means& data, const curve_options& options = {}) {
  using namespace detail;
  const curve_problem problem(data, options);
  const curve_squares best = problem.lowest();
  const auto end_at = [&](int j, const limits& asked) { return asked.fixed() ? asked.low : problem.in_responses(best.at[j]); };
  curve_fit fit;
  fit.curve = {options.shape, best.at[middle_at], best.at[slope_at], end_at(left_at, options.left),
               end_at(right_at, options.right)};
  fit.squares = best.value * problem.unit() * problem.unit() + data.within;
  fit.n = data.n;
  fit.parameters = problem.parameters();
  fit.settled = best.settled;
  const curve_squares::matrix inverse = inverse_information(best, problem.scale());
  for (int j = 0; j < 4; ++j) {
    const auto row = static_cast<std::size_t>(j);
    fit.at_bound[row] = !problem.is_fixed(j) && (best.at[j] <= best.low[j] || best.at[j] >= best.high[j]);
    // Of squares in units of the problem; so are the ends.
    const auto unit_of = [&](int parameter) { return parameter == left_at || parameter == right_at ? 1 : 1 / problem.unit(); };
    for (int k = 0; k < 4; ++k)
      fit.covariance[4 * row + static_cast<std::size_t>(k)] = inverse(j, k) * unit_of(j) * unit_of(k);
  }
  return fit;
}

} // namespace her2mod
