#pragma once

// The bootstrap distribution of a group's mean, without replicates.
//
// The sum of a resample is the sum of n_s independent draws from each stratum s. Where the values
// are an origin plus whole multiples k of a step, its masses are the inverse Fourier transform of
//   prod_s phi_s^n_s,  phi_s the transform of the stratum's distribution of k,
// on a circle that holds all of the sum, or all but 1e-18 at each end by Bernstein's inequality
// (Bennett G 1962, doi:10.1080/01621459.1962.10482149),
//   P(S - E S >= t) <= exp(-t^2 / (2 (Var S + M t / 3))),  no draw further than M from its mean.
// What the transform's rounding drowns counts as 0. The distribution function is off by less than
// about n 1e-15, absolutely and not relatively, so that quantiles are good for q >= 1e-9 only.
//
// Values that are not on a lattice, or on one too fine, are rounded to the nearest point of one of
// about 2^20 points. The roundings of the draws are independent too; their mean is put back, and
// Bernstein's inequality bounds what remains: with probability 1 - 1e-12 the mean moves by at most
// `rounding`. So each quantile is within `rounding` of one at a probability within 1e-12 of q.

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <utility>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/heartbeat.hpp>
#include <her2mod/exact/discrete.hpp>
#include <her2mod/exact/mass.hpp>
#include <her2mod/math/fft.hpp>

namespace her2mod {

// The sum of a resample: its moments, and the furthest that a draw can be from its own mean.
struct resampled_sum {
  double mean = 0, variance = 0, furthest = 0;
};

inline resampled_sum sum_of(const group_units& strata) {
  resampled_sum total;
  for (const stratum_units& s : strata) {
    const double n = s.n();
    double sum = 0, square = 0;
    for (std::size_t i = 0; i < s.value.size(); ++i) sum += s.count[i] * s.value[i];
    for (std::size_t i = 0; i < s.value.size(); ++i) {
      const double distance = std::fabs(s.value[i] - sum / n);
      square += s.count[i] * distance * distance;
      total.furthest = std::max(total.furthest, distance);
    }
    total.mean += sum;
    total.variance += square;
  }
  return total;
}

// Mean and variance of the resampled mean: sum_s n_s m_s / n and sum_s n_s v_s / n^2.
inline mean_and_variance mean_moments(const group_units& strata) {
  const double n = validated_size(strata);
  const resampled_sum sum = sum_of(strata);
  return {sum.mean / n, sum.variance / (n * n)};
}

// Bernstein's t at the tail exp(-exponent).
inline double deviation_bound(const resampled_sum& sum, double exponent) noexcept {
  const double linear = exponent * sum.furthest / 3;
  return linear + std::sqrt(linear * linear + 2 * exponent * sum.variance);
}

// The largest step of which every distance is a multiple, to 1e-9 of the step: Euclid's algorithm,
// the remainders taken to the nearest multiple. 0 if that step is below `least`, or there is none.
inline double common_step(const std::vector<double>& distances, double least) {
  const double largest = *std::max_element(distances.begin(), distances.end());
  double step = largest;
  for (const double d : distances) {
    heartbeat(200);
    double rest = std::fabs(std::remainder(d, step));
    while (rest > least / 2) step = std::exchange(rest, std::fabs(std::remainder(step, rest)));
    step = largest / std::round(largest / step);  // undo the rounding that Euclid's steps pile up
    if (step < least) return 0;
  }
  for (const double d : distances)
    if (std::fabs(std::remainder(d, step)) > 1e-9 * step) return 0;
  return step;
}

// The strata's values in whole steps above the stratum's least, and what rounding to them took off.
struct lattice_units {
  group_units steps, residuals;
  double origin = 0;  // of the sum
};

inline lattice_units on_lattice(const group_units& strata, double step) {
  lattice_units out;
  for (const stratum_units& s : strata) {
    stratum_units steps = s, residuals = s;
    for (std::size_t i = 0; i < s.value.size(); ++i) {
      const double distance = s.value[i] - s.value.front();
      steps.value[i] = std::round(distance / step);
      residuals.value[i] = distance - steps.value[i] * step;
    }
    out.origin += s.n() * s.value.front();
    out.steps.push_back(std::move(steps));
    out.residuals.push_back(std::move(residuals));
  }
  return out;
}

// The smallest and largest sum that a resample can have but for 1e-18 at each end.
struct sum_range {
  double low, high;
};

inline sum_range range_of(const group_units& strata) {
  const resampled_sum sum = sum_of(strata);
  const double reach = deviation_bound(sum, 41.5);  // exp(-41.5) < 1e-18
  double least = 0, greatest = 0;
  for (const stratum_units& s : strata) {
    least += s.n() * s.value.front();
    greatest += s.n() * s.value.back();
  }
  return {std::max(least, sum.mean - reach), std::min(greatest, sum.mean + reach)};
}

// z^exponent by squaring.
inline std::complex<double> whole_power(std::complex<double> z, long exponent) noexcept {
  std::complex<double> power = 1;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) power *= z;
    z *= z;
  }
  return power;
}

// The masses of the sum of the draws on a circle of `points` points.
inline std::vector<double> circular_sum(const group_units& steps, std::size_t points) {
  std::vector<std::complex<double>> product(points / 2 + 1, 1.0);
  for (const stratum_units& s : steps) {
    std::vector<double> mass(points, 0.0);
    const double n = s.n();
    for (std::size_t i = 0; i < s.value.size(); ++i)
      mass[static_cast<std::size_t>(s.value[i])] += s.count[i] / n;
    heartbeat(10 * points);
    const std::vector<std::complex<double>> phi = half_spectrum(mass);
    for (std::size_t j = 0; j < phi.size(); ++j) {
      heartbeat_at(j, 50);
      product[j] *= whole_power(phi[j], static_cast<long>(n));
    }
  }
  heartbeat(10 * points);
  return real_series(product, points);
}

// The masses of the sum. The most negative one shows how large the rounding of the transform is.
inline mass_window lattice_sum(const group_units& steps) {
  const sum_range range = range_of(steps);
  mass_window sum;
  sum.first = static_cast<long>(std::floor(range.low));
  const auto used = static_cast<std::size_t>(std::ceil(range.high) - std::floor(range.low)) + 1;
  const std::size_t points = transform_length(used);
  const std::vector<double> circle = circular_sum(steps, points);
  const auto [least, largest] = std::minmax_element(circle.begin(), circle.end());
  const double noise = std::max(-4 * *least, 1e-16 * *largest);
  const std::size_t start = static_cast<std::size_t>(sum.first) % points;
  for (std::size_t j = 0; j < used; ++j) {
    heartbeat_at(j, 10);
    const double mass = circle[(start + j) % points];
    sum.mass.push_back(mass > noise ? mass : 0.0);
  }
  return sum;
}

// How far the mean of the draws' residuals is from its expectation, but for 1e-12.
inline double residual_bound(const resampled_sum& residuals, double n) noexcept {
  const double bound = deviation_bound(residuals, 28.4) / n;  // 2 exp(-28.4) < 1e-12
  return std::min(residuals.furthest, bound);
}

class mean_bootstrap {
 public:
  explicit mean_bootstrap(const group_units& strata) : n_(validated_size(strata)) {
    const std::vector<double> distances = distances_in(strata);
    if (distances.empty())
      distribution_ = certain(sum_of(strata).mean / n_);
    else
      fill(strata, distances);
  }

  const discrete_distribution& distribution() const noexcept { return distribution_; }
  double rounding() const noexcept { return rounding_; }  // 0: exact

 private:
  // From the least value of each stratum to its other values.
  static std::vector<double> distances_in(const group_units& strata) {
    std::vector<double> distances;
    for (const stratum_units& s : strata)
      for (std::size_t i = 1; i < s.value.size(); ++i)
        distances.push_back(s.value[i] - s.value.front());
    return distances;
  }

  void fill(const group_units& strata, const std::vector<double>& distances) {
    const sum_range range = range_of(strata);
    const double width = range.high - range.low;
    double step = common_step(distances, std::ldexp(width, -22));
    const bool exact = step > 0;
    if (!exact) step = std::ldexp(width, -20) * 1.001;  // the rounded values may reach further
    const lattice_units lattice = on_lattice(strata, step);
    const resampled_sum residuals = sum_of(lattice.residuals);
    if (!exact) rounding_ = residual_bound(residuals, n_);

    const mass_window sum = lattice_sum(lattice.steps);
    const double origin = lattice.origin + residuals.mean;
    std::vector<std::pair<double, double>> cells;
    for (long k = sum.first; k <= sum.last(); ++k) {
      heartbeat_at(cells.size(), 20);
      cells.emplace_back((origin + static_cast<double>(k) * step) / n_, sum.at(k));
    }
    const double largest = std::max(std::fabs(range.low), std::fabs(range.high)) / n_;
    distribution_ = collect(std::move(cells), rounding_width(largest));
  }

  double n_, rounding_ = 0;
  discrete_distribution distribution_;
};

}  // namespace her2mod
