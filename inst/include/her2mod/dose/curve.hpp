#pragma once

// A sigmoid curve of the logarithm of the dose:
//
//   f(x) = right + (left - right) g(z),  z = slope (x - middle),  slope > 0,
//
// where g falls from 1 (dose 0) to 0 (dose without end), so that `left` is the response without drug and `right` the one that
// no dose goes beyond; the response falls where left > right. x is -infinity at dose 0. The shapes:
//
//   log_logistic  g = 1 / (1 + e^z)       middle is the log of the relative EC50
//   weibull1      g = exp(-e^z)           slow to begin, quick to end; of the log-dose it is Gompertz' curve
//   weibull2      g = 1 - exp(-e^-z)      quick to begin, slow to end
//
// Falling curves are those of Ritz et al. (2015), doi:10.1371/journal.pone.0146021; rising ones mirror them.

#include <cmath>
#include <cstdint>

#include <her2mod/base/inference.hpp>

namespace her2mod {

enum class curve_shape : std::uint8_t { log_logistic, weibull1, weibull2 };

// g and its derivatives by z.
struct shape_value {
  double g, slope, bend;
};

inline shape_value evaluate_shape(curve_shape shape, double z) noexcept {
  if (shape == curve_shape::log_logistic) {
    const double e = std::exp(-std::fabs(z)), less = e / (1 + e), more = 1 / (1 + e);
    return {z > 0 ? less : more, -less * more, std::copysign(less * more * (more - less), z)};
  }
  // Beyond these g is 0 or 1 to the last digit, and e^z may overflow.
  if (z > 700)
    return {0, 0, 0};
  if (z < -700)
    return {1, 0, 0};
  // 1 - weibull2(-z) is weibull1(z).
  const bool first = shape == curve_shape::weibull1;
  const double e = std::exp(first ? z : -z), rest = std::exp(-e);
  if (rest == 0)
    return {first ? 0.0 : 1.0, 0, 0};
  const double slope = -e * rest, bend = (e - 1) * e * rest;
  return {first ? rest : -std::expm1(-e), slope, first ? bend : -bend};
}

// The z at which g is `share`, between 0 and 1; not a number elsewhere.
inline double shape_quantile(curve_shape shape, double share) noexcept {
  if (!(share > 0 && share < 1))
    return not_a_number;
  switch (shape) {
    case curve_shape::weibull1: return std::log(-std::log(share));
    case curve_shape::weibull2: return -std::log(-std::log1p(-share));
    default: return std::log1p(-share) - std::log(share);
  }
}

struct dose_curve {
  curve_shape shape = curve_shape::log_logistic;
  double middle = 0, log_slope = 0, left = 1, right = 0;

  double slope() const noexcept { return std::exp(log_slope); }
  double at(double x) const noexcept {
    return right + (left - right) * evaluate_shape(shape, slope() * (x - middle)).g;
  }
  // The log dose that takes the response `share` of the way from left to right: 1/2 for the relative EC50.
  double relative(double share) const noexcept { return middle + shape_quantile(shape, 1 - share) / slope(); }
  // The log dose at which the response is `level`: the absolute IC50 for half of the control's. Not a number where the curve
  // does not come there.
  double absolute(double level) const noexcept {
    return middle + shape_quantile(shape, (level - right) / (left - right)) / slope();
  }
};

} // namespace her2mod
