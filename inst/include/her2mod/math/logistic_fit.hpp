#pragma once

// Logistic regression fitted to a view: the maximum of the likelihood, or the direction in which
// there is none.
//
// The log-likelihood never falls along d exactly where x' d >= 0 for every event and x' d <= 0 for
// everybody without (Albert A, Anderson JA 1984, doi:10.1093/biomet/71.1.1). Where the
// information says that d is no direction of indifference it then rises for ever: the covariates
// separate the events from the others. Newton's steps turn into such a direction as all others
// come to rest, so a step that stays is put to this test.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/inference.hpp>
#include <her2mod/math/logistic.hpp>
#include <her2mod/math/newton.hpp>

namespace her2mod {

enum class logistic_end : std::uint8_t {
  finite,    // there is a maximum, and this is it
  separated, // the coordinates of `direction` run off
  unsettled, // Newton's method came to no end
};

// What a fit works in. `newton.at` is the estimate; coordinates in `newton.aside` were not
// estimated.
struct logistic_fit_state {
  logistic_workspace work;
  newton_state newton;
  std::vector<double> bend;

  logistic_fit_state(std::size_t n, std::size_t p) : work(n), newton(p), bend(p) {}
};

// Of the largest x' d: beyond it a value has the wrong sign.
constexpr double separation_tolerance = 1e-6;

// Is the likelihood monotone along d?
inline bool is_separated_along(const logistic_view& v, const double* d) noexcept {
  double most = 0, wrong = 0;
  for (std::size_t i = 0; i < v.n; ++i) {
    double z = 0;
    for (std::size_t j = 0; j < v.p; ++j)
      z += d[j] * v.x[i * v.p + j];
    most = std::fmax(most, std::fabs(z));
    if (v.events[i] > 0)
      wrong = std::fmax(wrong, -z);
    if (v.trials[i] > v.events[i])
      wrong = std::fmax(wrong, z);
  }
  return most > 0 && wrong < separation_tolerance * most;
}

// From a start that is near. Each step is Newton's s = I^-1 U, and Chebyshev's -I^-1 B / 2 with
// B = sum skew_i (x_i' s)^2 x_i, after which the error is of the order of |s|^3: with a good start two
// evaluations do. False where the start was not near; the state is then of no use.
inline bool settle_logistic(const logistic_view& v, logistic_fit_state& state) noexcept {
  newton_state& s = state.newton;
  for (int round = 0; round < 8; ++round) {
    logistic_evaluate<false>(v, s.at.data(), state.work, s.score.data(), s.information.data(),
                             s.total.data());
    s.factor = s.information;
    if (round == 0) {
      s.rank = ldl_factor(s.factor.data(), s.size(), s.total.data(), dependent, s.aside.data());
    } else {
      s.lost = s.aside;
      if (ldl_factor(s.factor.data(), s.size(), s.total.data(), 0.0, s.lost.data()) != s.rank)
        return false;
    }
    ldl_solve(s.factor.data(), s.size(), s.aside.data(), s.score.data(), s.step.data());
    logistic_bend(v, s.step.data(), state.work, state.bend.data());
    ldl_solve(s.factor.data(), s.size(), s.aside.data(), state.bend.data(), s.trial.data());
    double size = 0, bent = 0;
    for (std::size_t j = 0; j < s.size(); ++j) {
      size = std::fmax(size, std::fabs(s.step[j]));
      bent = std::fmax(bent, std::fabs(s.trial[j]) / 2);
    }
    // Not a number fails the comparison too.
    if (!(size < 1) || !(bent <= size / 2))
      return size == 0;
    for (std::size_t j = 0; j < s.size(); ++j)
      s.at[j] += s.step[j] - s.trial[j] / 2;
    // What each term is of the one before, the next one is of this.
    if (size < 1e-3 && (size < 1e-13 || bent * bent < 1e-14 * size))
      return true;
  }
  return false;
}

// From any start; s.at is the estimate. `settle`: the information is wanted at the estimate, not a
// step before it. `before` is called before each evaluation.
template <class Before>
logistic_end fit_logistic(const logistic_view& v, logistic_fit_state& state, bool settle,
                          const Before& before) {
  newton_state& s = state.newton;
  const newton_end end = maximise(
      s,
      [&](const double* beta, double* score, double* information, double* total) {
        before();
        return logistic_evaluate<true>(v, beta, state.work, score, information, total);
      },
      settle);
  if (end == newton_end::converged)
    return logistic_end::finite;
  const bool separated = take_direction(s, [&](const double* d) { return is_separated_along(v, d); });
  return separated ? logistic_end::separated : logistic_end::unsettled;
}

} // namespace her2mod
