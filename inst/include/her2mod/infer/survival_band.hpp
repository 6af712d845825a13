#pragma once

// Simultaneous confidence bands of a survival curve S on a range of times. With n patients, v(t) =
// sum over events d / (r (r - d)) up to t (Greenwood), and x(t) = n v / (1 + n v), the process
// sqrt(n) (S^ - S) (1 - x) / S tends to a Brownian bridge in x. So with x from a to b on the range,
//   hall-wellner      S^ -+ k (1 + n v) / sqrt(n) S^, P(sup |B(x)| <= k) = level
//                     (Hall, Wellner 1980, doi:10.1093/biomet/67.1.133),
//   equal-precision   S^ -+ c sqrt(v) S^, P(sup |B(x)| / sqrt(x (1 - x)) <= c) = level
//                     (Nair 1984, doi:10.1080/00401706.1984.10487964).
// Both have the form S^ -+ w S^, and on other scales (Borgan, Liestoel 1990, Scand J Stat 17:35)
//   log-log   S^ to the power exp(-+ w / log S^),
//   arcsine   sin^2(arcsin(sqrt(S^)) -+ w / 2 sqrt(S^ / (1 - S^))), the angle cut to [0, pi / 2].
// The critical values k and c are exact (bridge_supremum.hpp, weighted_bridge_supremum.hpp).

#include <algorithm>
#include <cmath>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/base/span.hpp>
#include <her2mod/math/bridge_supremum.hpp>
#include <her2mod/math/roots.hpp>
#include <her2mod/math/weighted_bridge_supremum.hpp>

namespace her2mod {

enum class band_kind { hall_wellner, equal_precision };
enum class band_scale { plain, log_log, arcsine };

// x(t), where Greenwood's sum is v.
inline double band_position(double v, double n) noexcept {
  return std::isinf(v) ? 1.0 : n * v / (1 + n * v);
}

// The critical value for x from a to b.
inline double band_critical(band_kind kind, double a, double b, double level) {
  if (!(level > 0 && level < 1)) throw input_error("A level must be between 0 and 1.");
  if (!(a >= 0 && a <= b && b <= 1)) throw input_error("A band needs 0 <= a <= b <= 1.");
  if (kind == band_kind::equal_precision) {
    if (a == 0 || b == 1)
      throw input_error(
          "An equal-precision band needs 0 < a and b < 1: there is no finite one else.");
    return find_root([&](double c) { return weighted_bridge_inside(a, b, c) - level; }, 0.01, 40.0);
  }
  if (b == 0 || a == 1) throw input_error("A band needs a time with 0 < x < 1.");
  return find_root([&](double c) { return bridge_inside(a, b, c) - level; }, 0.001, 6.0);
}

// The half-width w, as a share of S^.
inline double band_width(band_kind kind, double v, double n, double critical) noexcept {
  return critical * (kind == band_kind::hall_wellner ? (1 + n * v) / std::sqrt(n) : std::sqrt(v));
}

// Cut to [0, 1]; where the curve is 1 or 0 the scales but plain have no width: NaN.
inline interval band_limits(double survival, double w, band_scale scale) noexcept {
  if (scale == band_scale::plain)
    return {std::max(0.0, survival * (1 - w)), std::min(1.0, survival * (1 + w))};
  if (!(survival > 0 && survival < 1) || !std::isfinite(w)) return {not_a_number, not_a_number};
  if (scale == band_scale::log_log) {
    const double shift = w / -std::log(survival);
    return {std::pow(survival, std::exp(shift)), std::pow(survival, std::exp(-shift))};
  }
  constexpr double right_angle = 1.57079632679489661923;
  const double angle = std::asin(std::sqrt(survival));
  const double half = w / 2 * std::sqrt(survival / (1 - survival));
  const double low = std::sin(std::max(0.0, angle - half));
  const double high = std::sin(std::min(right_angle, angle + half));
  return {low * low, high * high};
}

struct survival_band {
  double a, b, critical;
  std::vector<interval> limits;  // one a time, NaN outside the range
};

// `time` increases; `survival` and `greenwood` are S^ and v from each time to the next.
inline survival_band band_of_curve(span<const double> time, span<const double> survival,
                                   span<const double> greenwood, double n, double from, double to,
                                   double level, band_kind kind, band_scale scale) {
  double at_from = 0, at_to = 0;
  for (std::size_t i = 0; i < time.size(); ++i) {
    if (time[i] <= from) at_from = greenwood[i];
    if (time[i] <= to) at_to = greenwood[i];
  }
  survival_band band{band_position(at_from, n), band_position(at_to, n), 0, {}};
  band.critical = band_critical(kind, band.a, band.b, level);
  for (std::size_t i = 0; i < time.size(); ++i)
    band.limits.push_back(
        time[i] >= from && time[i] <= to
            ? band_limits(survival[i], band_width(kind, greenwood[i], n, band.critical), scale)
            : interval{not_a_number, not_a_number});
  return band;
}

}  // namespace her2mod
