#pragma once

// Odds ratio given both margins: X has the noncentral hypergeometric mass, and
//   estimate   E_psi[X] = x  (conditional maximum likelihood)
//   exact      P_psi(X >= x) = tail below, P_psi(X <= x) = tail above
//   mid-p      the same with half of P_psi(x)
// Cornfield J (1956), Proc 3rd Berkeley Symp 4:135; Agresti A (1992) Stat Sci 7:131,
// doi:10.1214/ss/1177011454.

#include <cmath>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/base/table2x2.hpp>
#include <her2mod/exact/mass.hpp>
#include <her2mod/math/roots.hpp>

namespace her2mod {

class conditional_odds {
 public:
  explicit conditional_odds(const table2x2& t)
      : n0_(static_cast<long>(t.n0)),
        n1_(static_cast<long>(t.n1)),
        m_(static_cast<long>(t.events())),
        x_(static_cast<long>(t.x1)),
        low_(m_ > n0_ ? m_ - n0_ : 0),
        high_(m_ < n1_ ? m_ : n1_) {}

  // NaN when the margins leave only one table: it says nothing about the odds ratio.
  double estimate() const {
    if (low_ == high_) return not_a_number;
    if (x_ == low_) return 0.0;
    if (x_ == high_) return infinity;
    return solve([this](double log_psi) { return mean(log_psi) - static_cast<double>(x_); });
  }

  // observed_share: 1 for the exact interval, 1/2 for mid-p.
  interval limits(double level, alternative side, double observed_share) const {
    const double tail = tail_error(level, side);
    interval ci{0.0, infinity};
    if (has_lower_end(side) && x_ > low_)
      ci.low = solve([&](double log_psi) { return upper_tail(log_psi, observed_share) - tail; });
    if (has_upper_end(side) && x_ < high_)
      ci.high = solve([&](double log_psi) { return tail - lower_tail(log_psi, observed_share); });
    return ci;
  }

 private:
  mass_window at(double log_psi) const {
    mass_window w;
    noncentral_hypergeometric_mass(n0_, n1_, m_, std::exp(log_psi), w);
    heartbeat(50 + 10 * w.mass.size());
    return w;
  }

  double mean(double log_psi) const {
    const mass_window w = at(log_psi);
    double sum = 0;
    for (long k = w.first; k <= w.last(); ++k) sum += static_cast<double>(k) * w.at(k);
    return sum;
  }

  double upper_tail(double log_psi, double observed_share) const {
    const mass_window w = at(log_psi);
    double sum = observed_share * w.at(x_);
    for (long k = x_ + 1; k <= w.last(); ++k) sum += w.at(k);
    return sum;
  }

  double lower_tail(double log_psi, double observed_share) const {
    const mass_window w = at(log_psi);
    double sum = observed_share * w.at(x_);
    for (long k = x_ - 1; k >= w.first; --k) sum += w.at(k);
    return sum;
  }

  // f increases in log psi; widen a bracket around 0 until it holds the root.
  template <class F>
  static double solve(const F& f) {
    double low = -1, high = 1;
    constexpr double widest = 700;  // exp() is finite
    while (f(low) > 0 && low > -widest) low *= 2;
    while (f(high) < 0 && high < widest) high *= 2;
    return std::exp(find_root(f, low, high));
  }

  long n0_, n1_, m_, x_, low_, high_;
};

}  // namespace her2mod
