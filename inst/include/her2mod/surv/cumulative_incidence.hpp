#pragma once

// Cumulative incidence of each of several causes, by Aalen and Johansen (1978, Scand J Stat 5:141):
// with r at risk, d_k events of cause k and d of any at time s, and S = prod (1 - d / r), nothing
// has happened,
//   F_k(t) = sum_{s <= t} S(s-) d_k / r.
// Two variances of F_k(t):
//   aalen      sum_{s <= t} S(s-)^2 / r^2 { x^2 d_k (1 - (d_k - 1)/(r - 1))
//                                         + (1 - x)^2 (d - d_k) (1 - (d - d_k - 1)/(r - 1)) },
//              x = 1 - (F_k(t) - F_k(s)) / S(s) (Aalen 1978, Ann Statist 6:534, with Gray's
//              factors for ties; no term of other causes where S(s) = 0), that of CRAN's cmprsk;
//   jackknife  the sum of squares of the patients' influences dF_k / d(weight) (infinitesimal
//              jackknife; Therneau, Grambsch 2000), that of CRAN's survival: with A(s) the sum of
//              d / (r (r - d)) up to s, a patient who leaves at T <= t, with event e = 1 or without
//              (0), has (A(T) - e / (r - d)) (F_k(t) - F_k(T)) + G(T), and S(T-) / r more if it was
//              of cause k; and G(t) who is still there; G(t) = sum (A(s-) - 1 / r) S(s-) d_k / r. Who enters
//              at E > 0 has A less A(E), G less G(E), and A(E) (F_k(E) - F_k(T or t)) more.
// Both are kept as sums that a step of F_k changes linearly, so a curve costs one pass.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <utility>
#include <vector>

#include <her2mod/surv/competing_counts.hpp>

namespace her2mod {

struct incidence_curve {
  std::vector<double> incidence, variance_aalen, variance_jackknife;
};

struct competing_curves {
  std::vector<double> time, at_risk, censored, survival;
  std::vector<std::vector<double>> events;  // of each cause
  std::vector<incidence_curve> causes;
};

// A sum of w (u + b f)^2 while f grows: each term with its own weight w, u and b.
class growing_squares {
 public:
  void add(double weight, double u, double b) noexcept {
    square_ += weight * u * u;
    cross_ += weight * u * b;
    slope_ += weight * b * b;
  }
  void grow(double step) noexcept {
    square_ += step * (2 * cross_ + step * slope_);
    cross_ += step * slope_;
  }
  double value() const noexcept { return std::fmax(0.0, square_); }

 private:
  double square_ = 0, cross_ = 0, slope_ = 0;
};

// A sum of w (g - a f - b)^2 over those at risk, who come and go with their a and b.
class entered_squares {
 public:
  void add(double weight, double a, double b) noexcept {
    patients_ += weight;
    a_ += weight * a;
    b_ += weight * b;
    aa_ += weight * a * a;
    ab_ += weight * a * b;
    bb_ += weight * b * b;
  }
  double value(double g, double f) const noexcept {
    return std::fmax(0.0, g * g * patients_ - 2 * g * (f * a_ + b_) + f * f * aa_ + 2 * f * ab_ + bb_);
  }

 private:
  double patients_ = 0, a_ = 0, b_ = 0, aa_ = 0, ab_ = 0, bb_ = 0;
};

// Patients of one group who are at risk from one of its times on to another, and what ends that.
struct competing_stay {
  std::size_t first, last;
  std::int32_t state;
  double patients;
};

// By their last time; those alike together.
inline std::vector<competing_stay> stays_of(const competing_rows& rows, const std::vector<double>& time,
                                            const std::vector<std::size_t>& chosen) {
  std::vector<competing_stay> stays;
  for (const std::size_t row : chosen) {
    const auto last = std::lower_bound(time.begin(), time.end(), rows.time[row]) - time.begin();
    stays.push_back({first_at_risk(rows, time, row), static_cast<std::size_t>(last), rows.state[row], rows.patients(row)});
  }
  const auto key = [](const competing_stay& s) { return std::tuple(s.last, s.state, s.first); };
  std::sort(stays.begin(), stays.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  std::size_t kept = 0;
  for (const competing_stay& s : stays)
    if (kept > 0 && key(stays[kept - 1]) == key(s))
      stays[kept - 1].patients += s.patients;
    else
      stays[kept++] = s;
  stays.resize(kept);
  return stays;
}

// What the curves of all causes share, at time j of a group.
struct competing_step {
  double at_risk, events, censored, entering;
  double before, after;             // S(s-), S(s)
  double hazard_before, hazard;     // A(s-), A(s)
};

inline std::vector<competing_step> competing_steps(const competing_counts& counts,
                                                   std::size_t group,
                                                   const std::vector<competing_stay>& stays) {
  std::vector<competing_step> steps;
  const std::vector<double>& at_risk = counts.at_risk[group];
  std::vector<double> censored(at_risk.size()), entering(at_risk.size());
  for (const competing_stay& stay : stays) {
    entering[stay.first] += stay.patients;
    if (stay.state == 0) censored[stay.last] += stay.patients;
  }
  double survival = 1, hazard = 0;
  for (std::size_t j = 0; j < at_risk.size(); ++j) {
    const double r = at_risk[j], d = counts.events_of_any(group, j);
    competing_step step{r, d, censored[j], entering[j], survival, survival, hazard, hazard};
    if (d > 0) {
      step.after = survival * (r - d) / r;
      // Once S is 0 nobody is left whom A could concern.
      if (r > d) step.hazard += d / (r * (r - d));
    }
    survival = step.after;
    hazard = step.hazard;
    steps.push_back(step);
  }
  return steps;
}

inline double tie_factor(double d, double r) noexcept {
  return d > 1 ? 1 - (d - 1) / (r - 1) : 1.0;
}

// Cause from 0.
inline incidence_curve curve_of_cause(const std::vector<competing_step>& steps, const std::vector<competing_stay>& stays,
                                      const std::vector<double>& own, std::size_t cause) {
  incidence_curve curve;
  growing_squares aalen, left;
  entered_squares still;
  std::vector<double> shift(steps.size());  // G(E) - A(E) F(E) of those who enter before each time
  double f = 0, g = 0;
  std::size_t i = 0;
  for (std::size_t j = 0; j < steps.size(); ++j) {
    const competing_step& s = steps[j];
    shift[j] = g - s.hazard_before * f;
    still.add(s.entering, s.hazard_before, shift[j]);
    const double d_k = own[j], others = s.events - d_k;
    const double jump = s.before * d_k / s.at_risk;
    f += jump;
    g += (s.hazard_before - 1 / s.at_risk) * jump;
    aalen.grow(jump);
    left.grow(jump);
    const double unit = s.before * s.before / (s.at_risk * s.at_risk);
    const double inverse = s.after > 0 ? 1 / s.after : 0.0;
    if (d_k > 0) aalen.add(unit * d_k * tie_factor(d_k, s.at_risk), 1, -inverse);
    if (others > 0 && s.after > 0)
      aalen.add(unit * others * tie_factor(others, s.at_risk), 0, inverse);
    const double gone = s.after > 0 ? 1 / (s.at_risk - s.events) : 0.0;
    for (; i < stays.size() && stays[i].last == j; ++i) {
      const competing_stay& stay = stays[i];
      const double a = steps[stay.first].hazard_before, b = shift[stay.first];
      const bool of_cause = stay.state == static_cast<std::int32_t>(cause) + 1;
      left.add(stay.patients, g - a * f - b + (of_cause ? s.before / s.at_risk : 0.0),
               s.hazard - a - (stay.state > 0 ? gone : 0.0));
      still.add(-stay.patients, a, b);
    }
    curve.incidence.push_back(f);
    curve.variance_aalen.push_back(aalen.value());
    curve.variance_jackknife.push_back(left.value() + still.value(g, f));
  }
  return curve;
}

// Of the rows of one group, all strata together.
inline competing_curves curves_of_group(const competing_rows& rows, std::size_t group) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < rows.time.size(); ++i)
    if (static_cast<std::size_t>(rows.group[i]) == group) chosen.push_back(i);
  competing_counts counts = count_competing(rows, chosen);
  const std::vector<competing_stay> stays = stays_of(rows, counts.time, chosen);
  const std::vector<competing_step> steps = competing_steps(counts, group, stays);
  competing_curves curves;
  for (std::size_t k = 0; k < rows.n_causes; ++k)
    curves.causes.push_back(curve_of_cause(steps, stays, counts.events[group][k], k));
  for (const competing_step& s : steps) {
    curves.censored.push_back(s.censored);
    curves.survival.push_back(s.after);
  }
  curves.time = std::move(counts.time);
  curves.at_risk = std::move(counts.at_risk[group]);
  curves.events = std::move(counts.events[group]);
  return curves;
}

}  // namespace her2mod
