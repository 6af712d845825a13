#pragma once

// The bootstrap distribution of (T* - T) / SE*, for bootstrap-t limits without replicates. It is
// not monotone in the events of a group, so the cells of the product of the two binomials are
// listed and sorted. Cells whose T* is -Inf or Inf, or whose SE* is 0, count as -Inf or Inf by the
// sign of T* - T; cells where that has no sign are left out.

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/stoppable_sort.hpp>
#include <her2mod/exact/ideal_bootstrap.hpp>

namespace her2mod {

// Plug-in variance of a link of x events in n (delta method).
inline double link_variance(risk_link link, double x, double n) noexcept {
  switch (link) {
    case risk_link::log: return 1 / x - 1 / n;
    case risk_link::logit: return 1 / x + 1 / (n - x);
    default: return x / n * (1 - x / n) / n;
  }
}

class ideal_studentized {
 public:
  static constexpr std::size_t most_cells = 5000000;

  // Throws when the product of the two windows is too large to list.
  ideal_studentized(const resampled_risk& a, const resampled_risk& b, risk_link link,
                    double estimate) {
    if (a.link.size() * b.link.size() > most_cells)
      throw numeric_error("The exact bootstrap-t distribution is too large to list.");
    const std::vector<double> va = variances(a, link), vb = variances(b, link);
    cells_.reserve(a.link.size() * b.link.size());
    for (std::size_t i = 0; i < a.link.size(); ++i) {
      heartbeat(10 * b.link.size());
      for (std::size_t j = 0; j < b.link.size(); ++j) {
        const double distance = b.link[j] - a.link[i] - estimate;
        const double error = std::sqrt(va[i] + vb[j]);
        double t = std::isinf(distance) ? distance : distance / error;
        // A distance that is only rounding is no distance.
        if (std::fabs(distance) < 1e-13) t = error > 0 ? 0.0 : not_a_number;
        const double mass = a.events.mass[i] * b.events.mass[j];
        if (std::isnan(t))
          undefined_ += mass;
        else
          cells_.emplace_back(t, mass);
      }
    }
    stoppable_sort(cells_.begin(), cells_.end());
  }

  double undefined() const noexcept { return undefined_; }

  // min{t: P(t* <= t) >= q} and max{t: P(t* >= t) >= q}
  double low(double q) const noexcept { return first_reaching(q, cells_.begin(), cells_.end()); }
  double high(double q) const noexcept { return first_reaching(q, cells_.rbegin(), cells_.rend()); }

  // P(t* <= t) and P(t* >= t); t may be a rounding error off a value that t* takes.
  double at_most(double t) const noexcept {
    const double limit = t + tie_width(t);
    return share([&](double value) { return value <= limit; });
  }
  double at_least(double t) const noexcept {
    const double limit = t - tie_width(t);
    return share([&](double value) { return value >= limit; });
  }

 private:
  static double tie_width(double t) noexcept { return std::isinf(t) ? 0.0 : 1e-12 * (1 + std::fabs(t)); }

  template <class Counts>
  double share(const Counts& counts) const noexcept {
    double sum = 0;
    for (const auto& [value, mass] : cells_)
      if (counts(value)) sum += mass;
    return std::min(1.0, sum / (1 - undefined_));
  }

  static std::vector<double> variances(const resampled_risk& r, risk_link link) {
    std::vector<double> v;
    for (std::size_t i = 0; i < r.link.size(); ++i)
      v.push_back(link_variance(link, static_cast<double>(r.events.first) + static_cast<double>(i), r.n));
    return v;
  }

  template <class Iterator>
  double first_reaching(double q, Iterator cell, Iterator end) const noexcept {
    const double wanted = q * (1 - undefined_) * (1 - 1e-12);
    double sum = 0;
    for (; cell != end; ++cell)
      if ((sum += cell->second) >= wanted) return cell->first;
    return not_a_number;
  }

  std::vector<std::pair<double, double>> cells_;  // t*, mass; by t*
  double undefined_ = 0;
};

}  // namespace her2mod
