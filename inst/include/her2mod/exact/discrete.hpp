#pragma once

// The difference of two independent discrete quantities, exactly: T = V1 - V0.
//
// The distribution function at t is one walk along a staircase: as V0 rises, so does the largest V1
// with V1 - V0 <= t; s0 + s1 steps for s0 and s1 values, and the differences are never listed. All
// terms are positive, so small tail probabilities keep the relative accuracy of the masses.
//
// Quantiles are the inverse distribution function, from either end,
//   low(q) = min{t: P(T <= t) >= q},   high(q) = max{t: P(T >= t) >= q},
// by bisection; swapping V0 and V1 mirrors them exactly. Values that differ by rounding only count
// as one.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>
#include <utility>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/span.hpp>
#include <her2mod/base/stoppable_sort.hpp>

namespace her2mod {

// Values closer than `resolution` are one value; 0: closer than their rounding, see below.
struct discrete_distribution {
  std::vector<double> value;  // strictly increasing
  std::vector<double> mass;
  double resolution = 0;
};

inline discrete_distribution certain(double value) { return {{value}, {1.0}}; }

// A few units in the last place of the largest value: what computing and subtracting them costs.
inline double rounding_width(double largest) noexcept { return 1e-14 * largest; }

// The distribution of values that come with their masses, in any order and repeatedly; the masses
// are made to sum to 1.
inline discrete_distribution collect(std::vector<std::pair<double, double>> cells,
                                     double resolution) {
  stoppable_sort(cells.begin(), cells.end());
  discrete_distribution d;
  d.resolution = resolution;
  double total = 0;
  heartbeat(10 * cells.size());
  for (const auto& [value, mass] : cells) {
    total += mass;
    if (mass == 0) continue;
    if (!d.value.empty() && value - d.value.back() <= resolution) {
      d.mass.back() += mass;
    } else {
      d.value.push_back(value);
      d.mass.push_back(mass);
    }
  }
  for (double& m : d.mass) m /= total;
  return d;
}

inline void validate(const discrete_distribution& d) {
  if (d.value.empty() || d.value.size() != d.mass.size())
    throw input_error("A distribution needs one mass for each of its values.");
  double total = 0;
  for (std::size_t i = 0; i < d.value.size(); ++i) {
    if (!std::isfinite(d.value[i])) throw input_error("A value of a distribution is not finite.");
    if (i > 0 && !(d.value[i - 1] < d.value[i]))
      throw input_error("The values of a distribution must increase.");
    if (!(d.mass[i] >= 0)) throw input_error("A mass must be at least 0.");
    total += d.mass[i];
  }
  if (!(std::fabs(total - 1) < 1e-9)) throw input_error("The masses must sum to 1.");
}

inline double largest_size(const discrete_distribution& d) {
  return std::max(std::fabs(d.value.front()), std::fabs(d.value.back()));
}

// The distribution of log V. A logarithm near 0 has the rounding of a V near 1.
inline discrete_distribution log_of(const discrete_distribution& d) {
  validate(d);
  if (d.value.front() <= 0)
    throw numeric_error("The logarithm does not exist: a value of 0 or less has a probability.");
  std::vector<std::pair<double, double>> cells;
  double largest = 1;
  for (std::size_t i = 0; i < d.value.size(); ++i) {
    heartbeat_at(i, 30);
    cells.emplace_back(std::log(d.value[i]), d.mass[i]);
    largest = std::max(largest, std::fabs(cells.back().first));
  }
  return collect(std::move(cells), rounding_width(largest));
}

struct mean_and_variance {
  double mean, variance;
};

inline mean_and_variance moments(const discrete_distribution& d) {
  double mean = 0, square = 0;
  for (std::size_t i = 0; i < d.value.size(); ++i) mean += d.mass[i] * d.value[i];
  for (std::size_t i = 0; i < d.value.size(); ++i)
    square += d.mass[i] * (d.value[i] - mean) * (d.value[i] - mean);
  return {mean, square};
}

// The units of one stratum of one group, of which a resample draws as many with replacement.
struct stratum_units {
  std::vector<double> value;  // strictly increasing
  std::vector<double> count;  // units that have it; whole numbers

  double n() const { return std::accumulate(count.begin(), count.end(), 0.0); }
};

// From rows in any order, each standing for `frequency` units.
inline stratum_units tally(span<const double> value, span<const double> frequency) {
  if (value.empty() || value.size() != frequency.size())
    throw input_error("A stratum needs one frequency for each of its values.");
  std::vector<std::pair<double, double>> rows;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (!std::isfinite(value[i])) throw input_error("A value is not finite.");
    if (!(frequency[i] >= 1) || frequency[i] != std::floor(frequency[i]) || frequency[i] > 9e15)
      throw input_error("A frequency must be a whole number of at least 1.");
    rows.emplace_back(value[i], frequency[i]);
  }
  stoppable_sort(rows.begin(), rows.end());
  stratum_units units;
  for (const auto& [v, f] : rows)
    if (!units.value.empty() && units.value.back() == v) {
      units.count.back() += f;
    } else {
      units.value.push_back(v);
      units.count.push_back(f);
    }
  return units;
}

// Those of a group: at least one stratum, none empty.
using group_units = std::vector<stratum_units>;

inline double validated_size(const group_units& strata) {
  if (strata.empty()) throw input_error("A group needs a stratum.");
  double n = 0;
  for (const stratum_units& s : strata) {
    tally(s.value, s.count);  // throws
    if (std::adjacent_find(s.value.begin(), s.value.end(), std::greater_equal<double>()) !=
        s.value.end())
      throw input_error("The values of a stratum must increase.");
    n += s.n();
  }
  return n;
}

class discrete_difference {
 public:
  discrete_difference(discrete_distribution v0, discrete_distribution v1)
      : a_(std::move(v0)), b_(std::move(v1)) {
    validate(a_);
    validate(b_);
    resolution_ = std::max({a_.resolution, b_.resolution, rounding_width(largest_size(a_)),
                            rounding_width(largest_size(b_))});
  }

  double at_most(double t) const { return share(a_, b_, t, true); }    // P(T <= t)
  double below(double t) const { return share(a_, b_, t, false); }     // P(T < t)
  double at_least(double t) const { return share(b_, a_, -t, true); }  // P(T >= t)
  double above(double t) const { return share(b_, a_, -t, false); }    // P(T > t)

  // P(T < t) + P(T = t) / 2
  double mid_distribution(double t) const { return (below(t) + at_most(t)) / 2; }

  double low(double q) const { return quantile(a_, b_, q); }
  double high(double q) const { return -quantile(b_, a_, q); }

  double mean() const { return moments(b_).mean - moments(a_).mean; }
  double standard_error() const {
    return std::sqrt(moments(a_).variance + moments(b_).variance);
  }

  const discrete_distribution& group0() const noexcept { return a_; }
  const discrete_distribution& group1() const noexcept { return b_; }

 private:
  double tie_width(double t) const noexcept { return resolution_ + 1e-13 * std::fabs(t); }

  // P(B - A <= t), or P(B - A < t).
  double share(const discrete_distribution& a, const discrete_distribution& b, double t,
               bool included) const {
    if (std::isnan(t)) throw input_error("A probability was asked for at NaN.");
    if (std::isinf(t)) return t > 0 ? 1.0 : 0.0;
    double sum = 0, inner = 0;
    std::size_t j = 0;
    for_each_row(a, b, t, included, [&](std::size_t i, std::size_t end) {
      for (; j < end; ++j) inner += b.mass[j];
      sum += a.mass[i] * inner;
    });
    return std::min(1.0, sum);
  }

  // Calls row(i, end): for a's value i, b's values before `end` give T <= t (or < t). `end` never
  // decreases.
  template <class Row>
  void for_each_row(const discrete_distribution& a, const discrete_distribution& b, double t,
                    bool included, const Row& row) const {
    heartbeat(4 * (a.value.size() + b.value.size()));
    const double limit = included ? t + tie_width(t) : t - tie_width(t);
    const auto counts = [&](double difference) {
      return included ? difference <= limit : difference < limit;
    };
    std::size_t end = 0;
    for (std::size_t i = 0; i < a.value.size(); ++i) {
      while (end < b.value.size() && counts(b.value[end] - a.value[i])) ++end;
      row(i, end);
    }
  }

  // min{t: P(B - A <= t) >= q}
  double quantile(const discrete_distribution& a, const discrete_distribution& b, double q) const {
    if (!(q >= 0 && q <= 1)) throw input_error("A probability must lie between 0 and 1.");
    const double wanted = q * (1 - 1e-12);
    double low = b.value.front() - a.value.back(), high = b.value.back() - a.value.front();
    if (share(a, b, low, true) >= wanted) return low;
    // P(T <= low) < wanted <= P(T <= high); then the first attained value above low.
    while (high - low > tie_width(high) * 8) {
      const double middle = low + (high - low) / 2;
      if (!(middle > low && middle < high)) break;
      (share(a, b, middle, true) >= wanted ? high : low) = middle;
    }
    double next = b.value.back() - a.value.front();
    for_each_row(a, b, low, true, [&](std::size_t i, std::size_t end) {
      if (end < b.value.size()) next = std::min(next, b.value[end] - a.value[i]);
    });
    return next;
  }

  discrete_distribution a_, b_;
  double resolution_ = 0;
};

}  // namespace her2mod
