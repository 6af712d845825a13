#pragma once

// Naive twins of the survival statistics: from the definitions, a loop over all rows for every
// number at risk, in long double.

#include <algorithm>
#include <cmath>
#include <functional>
#include <her2mod/base/cohort.hpp>
#include <her2mod/base/draw.hpp>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "naive.hpp"
#include "naive_numeric.hpp"

namespace naive {

struct followed {
  int group, stratum;
  real entry, time;
  bool event;
  real weight;
  real copies; // patients of the row, whatever their weight
};
using followed_sample = std::vector<followed>;

inline followed_sample followed_of(const her2mod::cohort& data, const her2mod::draw& what) {
  followed_sample s;
  for (std::size_t i = 0; i < data.rows(); ++i)
    if (what.weight[i] > 0)
      s.push_back({what.label[i], data.stratum()[i], data.truncated() ? data.entry()[i] : -1,
                   what.time.empty() ? data.response()[i] : what.time[i],
                   (what.event.empty() ? data.event()[i] : what.event[i]) == 1, what.weight[i],
                   what.whole ? what.weight[i] : data.frequency()[i]});
  return s;
}

template <class Keep> followed_sample those(const followed_sample& s, const Keep& keep) {
  followed_sample kept;
  for (const followed& f : s)
    if (keep(f))
      kept.push_back(f);
  return kept;
}
inline followed_sample of_group(const followed_sample& s, int group) {
  return those(s, [&](const followed& f) { return f.group == group; });
}

inline real at_risk(const followed_sample& s, real t) {
  real y = 0;
  for (const followed& f : s)
    y += f.entry < t && t <= f.time ? f.weight : 0;
  return y;
}
inline real events_at(const followed_sample& s, real t) {
  real d = 0;
  for (const followed& f : s)
    d += f.event && f.time == t ? f.weight : 0;
  return d;
}
inline std::vector<real> event_times(const followed_sample& s) {
  std::set<real> times;
  for (const followed& f : s)
    if (f.event)
      times.insert(f.time);
  return {times.begin(), times.end()};
}

// --- Kaplan-Meier

inline bool nobody_left(real d, real y) { return y - d <= 1e-14L * y; }

inline real survival_at(const followed_sample& s, real t) {
  real product = 1;
  for (const real u : event_times(s)) {
    const real d = events_at(s, u), y = at_risk(s, u);
    if (u <= t)
      product *= nobody_left(d, y) ? 0 : 1 - d / y;
  }
  return product;
}

// A term where the curve comes to 0 is left out.
inline real greenwood_at(const followed_sample& s, real t) {
  real sum = 0;
  for (const real u : event_times(s)) {
    const real y = at_risk(s, u), d = events_at(s, u);
    if (u <= t && !nobody_left(d, y))
      sum += d / (y * (y - d));
  }
  return sum;
}

inline real area(const followed_sample& s, real from, real to) {
  real sum = 0, last = from;
  for (const real u : event_times(s)) {
    if (u <= from || u >= to)
      continue;
    sum += (u - last) * survival_at(s, last);
    last = u;
  }
  return sum + (to - last) * survival_at(s, last);
}

inline real restricted_mean_at(const followed_sample& s, real tau) {
  real first = tau;
  for (const real u : event_times(s))
    first = std::min(first, u);
  return first + area(s, first, tau);
}

inline real restricted_variance(const followed_sample& s, real tau) {
  real sum = 0;
  for (const real u : event_times(s)) {
    const real y = at_risk(s, u), d = events_at(s, u), a = u < tau ? area(s, u, tau) : 0;
    if (u < tau && !nobody_left(d, y))
      sum += a * a * d / (y * (y - d));
  }
  return sum;
}

inline estimated survival_difference(const followed_sample& s, real t) {
  real variance = 0;
  for (const int g : {0, 1}) {
    const real at = survival_at(of_group(s, g), t);
    variance += at * at * greenwood_at(of_group(s, g), t);
  }
  return {survival_at(of_group(s, 1), t) - survival_at(of_group(s, 0), t), std::sqrt(variance)};
}

inline estimated rmst_difference(const followed_sample& s, real tau) {
  const followed_sample a = of_group(s, 0), b = of_group(s, 1);
  return {restricted_mean_at(b, tau) - restricted_mean_at(a, tau),
          std::sqrt(restricted_variance(a, tau) + restricted_variance(b, tau))};
}

inline estimated rmst_ratio(const followed_sample& s, real tau) {
  const followed_sample a = of_group(s, 0), b = of_group(s, 1);
  const real m0 = restricted_mean_at(a, tau), m1 = restricted_mean_at(b, tau);
  return {std::log(m1 / m0), std::sqrt(restricted_variance(a, tau) / (m0 * m0) +
                                       restricted_variance(b, tau) / (m1 * m1))};
}

// The first time below 1/2; the middle of a step at 1/2, which ends at the next fall or with
// follow-up.
inline real median_of(const followed_sample& s) {
  const real close = 1.5e-8L;
  real last = 0;
  for (const followed& f : s)
    last = std::max(last, f.time);
  for (const real u : event_times(s)) {
    const real at = survival_at(s, u);
    if (at > 0.5L + close)
      continue;
    if (at < 0.5L - close)
      return u;
    for (const real v : event_times(s))
      if (survival_at(s, v) < 0.5L - close)
        return (u + v) / 2;
    return (u + last) / 2;
  }
  return std::numeric_limits<real>::infinity();
}

inline estimated median_survival_difference(const followed_sample& s) {
  return {median_of(of_group(s, 1)) - median_of(of_group(s, 0)), -99};
}

// --- the log-rank family

using weight_at = std::function<real(const followed_sample& stratum, real time)>;

inline real before(const followed_sample& s, real t) {
  real product = 1;
  for (const real u : event_times(s))
    product *= u < t ? 1 - events_at(s, u) / at_risk(s, u) : 1;
  return product;
}
inline real peto(const followed_sample& s, real t) {
  real product = 1;
  for (const real u : event_times(s))
    product *= u <= t ? 1 - events_at(s, u) / (at_risk(s, u) + 1) : 1;
  return product;
}
inline weight_at fleming_harrington(real rho, real gamma) {
  return [=](const followed_sample& s, real t) {
    const real at = before(s, t);
    return std::pow(at, rho) * (gamma == 0 ? 1 : std::pow(1 - at, gamma));
  };
}
// By the family's number.
inline weight_at logrank_family(int which, real t_star) {
  switch (which) {
  case 1:
    return at_risk;
  case 2:
    return [](const followed_sample& s, real t) { return std::sqrt(at_risk(s, t)); };
  case 3:
    return peto;
  case 4:
    return [](const followed_sample& s, real t) {
      return peto(s, t) * at_risk(s, t) / (at_risk(s, t) + 1);
    };
  case 6:
    return [t_star](const followed_sample& s, real t) {
      return 1 / std::max(before(s, t), survival_at(s, t_star));
    };
  default:
    return [](const followed_sample&, real) { return real{1}; };
  }
}

// U and sqrt(V).
inline estimated logrank(const followed_sample& all, const weight_at& weight) {
  real u = 0, v = 0;
  for (int stratum = 0; stratum < 8; ++stratum) {
    const followed_sample s = those(all, [&](const followed& f) { return f.stratum == stratum; });
    const followed_sample one = of_group(s, 1);
    for (const real t : event_times(s)) {
      const real y = at_risk(s, t), d = events_at(s, t), y1 = at_risk(one, t),
                 d1 = events_at(one, t), w = weight(s, t);
      if (nobody_left(d, y))
        continue;
      u += w * (d1 - d * y1 / y);
      v += w * w * d * (y1 / y) * (1 - y1 / y) * (d > 1 ? (y - d) / (y - 1) : 1);
    }
  }
  return {u, std::sqrt(v)};
}

inline estimated studentised(const estimated& e) { return {e.value / e.error, 1}; }

inline estimated maxcombo(const followed_sample& s, const std::vector<double>& pairs) {
  real most = 0;
  for (std::size_t k = 0; k + 1 < pairs.size(); k += 2) {
    const estimated e = logrank(s, fleming_harrington(pairs[k], pairs[k + 1]));
    if (e.error > 0)
      most = std::max(most, std::fabs(e.value / e.error));
  }
  return {most, -99};
}

// --- Cox's model by Efron's rule

struct cox_slope {
  real score, information;
};

inline cox_slope efron(const followed_sample& all, real b) {
  cox_slope sum{0, 0};
  for (int stratum = 0; stratum < 8; ++stratum) {
    const followed_sample s = those(all, [&](const followed& f) { return f.stratum == stratum; });
    for (const real t : event_times(s)) {
      real a[2], d[2], k = 0;
      for (const int g : {0, 1}) {
        a[g] = at_risk(of_group(s, g), t);
        d[g] = events_at(of_group(s, g), t);
      }
      for (const followed& f : s)
        k += f.event && f.time == t ? f.copies : 0;
      sum.score += d[1];
      for (real l = 0; l < k - 0.5L; ++l) {
        const real one = std::exp(b) * (a[1] - l / k * d[1]), p = one / (one + a[0] - l / k * d[0]);
        sum.score -= (d[0] + d[1]) / k * p;
        sum.information += (d[0] + d[1]) / k * p * (1 - p);
      }
    }
  }
  return sum;
}

// Where the score is positive (or negative) far out, the ratio is infinite; where it is 0, there is
// none.
inline estimated log_hazard_ratio(const followed_sample& s) {
  const real inf = std::numeric_limits<real>::infinity(), none = 1e-9L, far = 40;
  const real low = efron(s, -far).score, high = efron(s, far).score;
  if (low < none && high > -none)
    return {std::nan(""), std::nan("")};
  if (high > -none)
    return {inf, std::nan("")};
  if (low < none)
    return {-inf, std::nan("")};
  const real b = bisect([&](real x) { return -efron(s, x).score; }, -far, far, 90);
  return {b, 1 / std::sqrt(efron(s, b).information)};
}

} // namespace naive
