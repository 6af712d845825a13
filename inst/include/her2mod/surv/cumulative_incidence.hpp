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
//              of cause k; and G(t) who is still there; G(t) = sum (A(s-) - 1 / r) S(s-) d_k / r.
// Both are kept as sums that a step of F_k changes linearly, so a curve costs one pass.

#include <cmath>
#include <cstddef>
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

// What the curves of all causes share, at time j of a group.
struct competing_step {
  double at_risk, events, leaving;  // `leaving` with or without an event
  double before, after;             // S(s-), S(s)
  double hazard_before, hazard;     // A(s-), A(s)
};

inline std::vector<competing_step> competing_steps(const competing_counts& counts,
                                                   std::size_t group) {
  std::vector<competing_step> steps;
  const std::vector<double>& at_risk = counts.at_risk[group];
  double survival = 1, hazard = 0;
  for (std::size_t j = 0; j < at_risk.size(); ++j) {
    const double r = at_risk[j], d = counts.events_of_any(group, j);
    const double next = j + 1 < at_risk.size() ? at_risk[j + 1] : 0;
    competing_step step{r, d, r - next, survival, survival, hazard, hazard};
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

inline incidence_curve curve_of_cause(const std::vector<competing_step>& steps,
                                      const std::vector<double>& own) {
  incidence_curve curve;
  growing_squares aalen, left;
  double f = 0, g = 0;
  for (std::size_t j = 0; j < steps.size(); ++j) {
    const competing_step& s = steps[j];
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
    left.add(d_k, g + s.before / s.at_risk, s.hazard - gone);
    left.add(others, g, s.hazard - gone);
    left.add(s.leaving - s.events, g, s.hazard);
    curve.incidence.push_back(f);
    curve.variance_aalen.push_back(aalen.value());
    curve.variance_jackknife.push_back(left.value() + (s.at_risk - s.leaving) * g * g);
  }
  return curve;
}

// Of the rows of one group, all strata together.
inline competing_curves curves_of_group(const competing_rows& rows, std::size_t group) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < rows.time.size(); ++i)
    if (static_cast<std::size_t>(rows.group[i]) == group) chosen.push_back(i);
  competing_counts counts = count_competing(rows, std::move(chosen));
  const std::vector<competing_step> steps = competing_steps(counts, group);
  competing_curves curves;
  for (const std::vector<double>& own : counts.events[group])
    curves.causes.push_back(curve_of_cause(steps, own));
  for (const competing_step& s : steps) {
    curves.censored.push_back(s.leaving - s.events);
    curves.survival.push_back(s.after);
  }
  curves.time = std::move(counts.time);
  curves.at_risk = std::move(counts.at_risk[group]);
  curves.events = std::move(counts.events[group]);
  return curves;
}

}  // namespace her2mod
