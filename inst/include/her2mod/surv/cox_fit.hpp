#pragma once

// A Cox model fitted to a view: the maximum of the partial likelihood, or the direction in which
// there is none. In scaled covariates; cox_estimate has those of the columns.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/inference.hpp>
#include <her2mod/math/newton.hpp>
#include <her2mod/surv/cox_draw.hpp>
#include <her2mod/surv/cox_likelihood.hpp>
#include <her2mod/surv/cox_separation.hpp>

namespace her2mod {

enum class cox_end : std::uint8_t {
  finite,   // there is a maximum, and this is it
  infinite, // monotone likelihood: coordinates marked by `limit` are infinite
  no_events,
  unsettled, // Newton's method came to no end
};

// What a fit works in. `newton.at` is the estimate; coordinates in `newton.aside` were not
// estimated.
struct cox_fit_state {
  cox_workspace work;
  newton_state newton;
  std::vector<std::int8_t> limit; // of each coordinate: 0, or where it goes, -1 or 1
  std::vector<std::uint32_t> heap;

  explicit cox_fit_state(const cox_data& data)
      : work(data), newton(data.covariates()), limit(data.covariates()) {
    if (data.has_entries())
      heap.reserve(data.rows());
  }
};

// Marks where each coordinate of a monotone direction goes. Of its coordinates, all but rounding.
inline void mark_limits(const newton_state& newton, std::vector<std::int8_t>& limit) noexcept {
  const double least = 1e-4 * newton.step_size();
  for (std::size_t j = 0; j < limit.size(); ++j)
    limit[j] = static_cast<std::int8_t>((newton.step[j] > least) - (newton.step[j] < -least));
}

// Of a monotone likelihood, whose direction is in s.step: does it say nothing of coordinate j, which does not run off? One
// coordinate of the direction is held; what the others leave of j's information is then rounding.
inline bool is_left_open(newton_state& s, std::size_t j) noexcept {
  const std::size_t p = s.size();
  const auto at = [&](std::size_t place) { return place + 1 == p ? j : place < j ? place : place + 1; };
  std::size_t most = 0;
  for (std::size_t k = 0; k < p; ++k)
    if (std::fabs(s.step[k]) > std::fabs(s.step[most])) most = k;
  for (std::size_t a = 0; a < p; ++a) {
    s.lost[a] = s.aside[at(a)] || at(a) == most;
    s.trial[a] = s.total[at(a)];
    for (std::size_t b = 0; b <= a; ++b)
      s.factor[packed_at(a, b)] = s.information[packed_at(std::max(at(a), at(b)), std::min(at(a), at(b)))];
  }
  ldl_factor(s.factor.data(), p, s.trial.data(), 1e-8, s.lost.data());
  return s.lost[p - 1] != 0;
}

// What is wanted beside the estimate.
enum class cox_aim : std::uint8_t {
  estimate,   // nothing
  error,      // the information near it, a step before it that is next to nothing
  likelihood, // the likelihood and the information at it
};

// Starts at state.newton.at; coordinates in state.newton.aside stay there. `before` is called before
// each evaluation.
template <class Before>
cox_end cox_fit(const cox_view& v, cox_fit_state& state, cox_aim aim, const Before& before) {
  std::fill(state.limit.begin(), state.limit.end(), std::int8_t{0});
  if (v.blocks.empty())
    return cox_end::no_events;
  const newton_end end = maximise(
      state.newton,
      [&](const double* beta, double* score, double* information, double* total) {
        before();
        return cox_evaluate(v, beta, state.work, score, information, total);
      },
      aim == cox_aim::likelihood, 200,
      [&](const double* beta, double* score) {
        if (aim != cox_aim::estimate || v.entry_block)
          return false;
        cox_score(v, beta, state.work, score);
        return true;
      });
  if (end == newton_end::converged)
    return cox_end::finite;
  if (!take_direction(state.newton, [&](const double* d) {
        return is_monotone_along(v, d, state.work.theta.data(), state.heap);
      }))
    return cox_end::unsettled;
  mark_limits(state.newton, state.limit);
  // Where numbers overflowed on the way, the supremum is further off.
  if (state.newton.gain > 1e-9)
    state.newton.value = not_a_number;
  return cox_end::infinite;
}

inline cox_end cox_fit(const cox_view& v, cox_fit_state& state, cox_aim aim) noexcept {
  return cox_fit(v, state, aim, [] {});
}

} // namespace her2mod
