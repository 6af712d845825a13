#pragma once

// The maximum of a concave function of a few numbers, by Newton's method with step halving.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/math/ldl.hpp>

namespace her2mod {

enum class newton_end : std::uint8_t {
  converged, // the next step would be below 1e-10
  flat,      // the value no longer rises, but the steps stay: there may be no maximum
  stopped,   // neither, after the last step that was allowed
};

// The covariates are of order 1, so a step of 1e-10 is far below what any table shows.
constexpr double newton_step = 1e-10;
// A pivot of at most this much of the sum that it is left over from is rounding.
constexpr double dependent = 1e-10;

struct newton_state {
  std::vector<double> at, score, information, total, factor, step, trial, last_step;
  std::vector<std::uint8_t> aside; // coordinates that stay where they are
  std::vector<std::uint8_t> lost;
  double value = 0;
  double gain = 0; // what the next step promised
  std::size_t rank = 0, evaluations = 0;

  explicit newton_state(std::size_t p)
      : at(p), score(p), information(packed_size(p)), total(p), factor(packed_size(p)), step(p),
        trial(p), last_step(p), aside(p), lost(p) {}
  std::size_t size() const noexcept { return at.size(); }

  // The step that led here, in place of the next one.
  void recall_step() noexcept {
    for (std::size_t j = 0; j < size(); ++j) step[j] = at[j] - trial[j];
  }

  double step_size() const noexcept { return largest(step); }

  // Of the value along the step, where the score was evaluated last.
  double slope() const noexcept {
    double sum = 0;
    for (std::size_t j = 0; j < size(); ++j)
      sum += step[j] * score[j];
    return sum;
  }

  // Not a number where one is.
  static double largest(const std::vector<double>& numbers) noexcept {
    double most = 0;
    for (const double s : numbers)
      if (std::fabs(s) > most || std::isnan(s)) most = std::fabs(s);
    return most;
  }
};

// In place of `score_at`: there is none.
struct no_score_alone {
  bool operator()(const double*, double*) const noexcept { return false; }
};

// A last step beyond s.step, by the score there and the information before it: its error is of the order of the product of
// both steps. False, with nothing moved, where that is not below the aim.
template <class Score>
bool take_last_step(newton_state& s, double size, const Score& score_at) noexcept {
  const std::size_t p = s.size();
  for (std::size_t j = 0; j < p; ++j)
    s.trial[j] = s.at[j] + s.step[j];
  if (!score_at(s.trial.data(), s.score.data()))
    return false;
  ldl_solve(s.factor.data(), p, s.aside.data(), s.score.data(), s.last_step.data());
  if (!(newton_state::largest(s.last_step) * size < newton_step / 10))
    return false;
  for (std::size_t j = 0; j < p; ++j)
    s.at[j] = s.trial[j] + s.last_step[j];
  return true;
}

// Sets aside, beside what is set aside already, coordinates on which the function does not depend
// at the point that was evaluated.
inline void set_dependent_aside(newton_state& s) noexcept {
  s.factor = s.information;
  s.rank = ldl_factor(s.factor.data(), s.size(), s.total.data(), dependent, s.aside.data());
}

// The score test at the point that was evaluated: U' I^-1 U, chi-squared on s.rank.
inline double score_statistic(newton_state& s) noexcept {
  set_dependent_aside(s);
  ldl_solve(s.factor.data(), s.size(), s.aside.data(), s.score.data(), s.step.data());
  double sum = 0;
  for (std::size_t j = 0; j < s.size(); ++j)
    sum += s.score[j] * s.step[j];
  return sum;
}

// `evaluate(at, score, information, total)` returns the value. Starts at s.at, where the value must
// be finite, and moves the coordinates that are not aside. What is in `s` at the end belongs to the
// last point that was evaluated; s.at is a step beyond it, which with `settle` is below 1e-10, or
// two, the second by the score alone, which `score_at(at, score)` gives.
template <class Evaluate, class Score = no_score_alone>
newton_end maximise(newton_state& s, const Evaluate& evaluate, bool settle, std::size_t most = 200,
                    const Score& score_at = {}) {
  const std::size_t p = s.size();
  const auto evaluate_at = [&](std::vector<double>& at) {
    ++s.evaluations;
    return evaluate(at.data(), s.score.data(), s.information.data(), s.total.data());
  };
  // A direction in which the information fades is not one on which nothing depends.
  const auto factorise = [&] {
    s.factor = s.information;
    s.lost = s.aside;
    return ldl_factor(s.factor.data(), p, s.total.data(), 0.0, s.lost.data()) == s.rank;
  };
  s.value = evaluate_at(s.at);
  set_dependent_aside(s);
  if (s.rank == 0) {
    std::fill(s.step.begin(), s.step.end(), 0.0);
    return newton_end::converged;
  }
  double last = 0;
  for (std::size_t round = 0; round < most; ++round) {
    ldl_solve(s.factor.data(), p, s.aside.data(), s.score.data(), s.step.data());
    const double size = s.step_size();
    s.gain = s.slope() / 2;
    if (!std::isfinite(size) || !std::isfinite(s.gain))
      return newton_end::stopped;
    if (s.gain < 1e-13 && round > 10 && size > 1e-3)
      return newton_end::flat;
    // Newton's steps shrink as squares: this one over the last, squared, is the next one over this.
    const double shrink = round > 0 ? size / last : 1.0;
    const bool next_is_small = shrink < 0.1 && size * shrink * shrink < newton_step / 10;
    if (size < newton_step || (next_is_small && !settle)) {
      for (std::size_t j = 0; j < p; ++j)
        s.at[j] += s.step[j];
      return newton_end::converged;
    }
    if (shrink < 0.1 && size * size * shrink * shrink < newton_step / 10 && take_last_step(s, size, score_at))
      return newton_end::converged;
    double value = 0, part = 1;
    const auto try_part = [&] {
      for (std::size_t j = 0; j < p; ++j)
        s.trial[j] = s.at[j] + part * s.step[j];
      value = evaluate_at(s.trial);
      // Beside the sums that the value is made of, rounding looks like a loss.
      const double rounding = 1e-12 * (1 + std::fabs(s.value));
      return std::isfinite(value) && value >= s.value - rounding;
    };
    for (int halved = 0; !try_part(); ++halved, part /= 2)
      if (halved == 40)
        return newton_end::flat;
    // Firth's information is that of the likelihood without its penalty: where the function bends more, steps go beyond its
    // top and back. The slope along the step, taken as straight, has its 0 nearer.
    const double slope = s.slope(), before = 2 * s.gain;
    if (slope < -before / 2) {
      const double all = part;
      part *= before / (before - slope);
      // Not where the function is not concave.
      if (const double reached = value; !try_part() || value < reached - 1e-12 * (1 + std::fabs(reached))) {
        part = all;
        try_part();
      }
    }
    s.value = value;
    s.at.swap(s.trial);
    last = part * size;
    if (!factorise())
      return newton_end::flat;
  }
  // Where the information has faded, rounding may keep the steps above the aim.
  return last < 1e-6 ? newton_end::converged : newton_end::stopped;
}

// After an end that is not a maximum: does the function rise for ever along a direction that the steps turned into? Leaves it
// in s.step. Where the score has faded the next step may be rounding, and so may the last one be; not the way from 0.
template <class Rises>
bool take_direction(newton_state& s, const Rises& rises_along) {
  if (rises_along(s.step.data()))
    return true;
  s.recall_step();
  if (rises_along(s.step.data()))
    return true;
  s.step = s.at;
  return rises_along(s.step.data());
}

} // namespace her2mod
