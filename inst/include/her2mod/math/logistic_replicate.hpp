#pragma once

// A logistic model fitted to draws of one set of patients: their patterns are the same, how often each
// counts is not.
//
// A draw starts where the infinitesimal jackknife puts its estimate: a Newton step from that of all
// patients, with their information. Chances there are known, so the step costs a sum over rows. Where the
// fit does not settle from there it is made anew, by steps that watch the likelihood.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/math/logistic_firth.hpp>
#include <her2mod/math/logistic_fit.hpp>

namespace her2mod {

class logistic_replicate {
public:
  struct workspace {
    logistic_fit_state fit;
    logistic_firth penalised;

    // `most`: rows that a draw may have.
    workspace(std::size_t most, std::size_t p) : fit(most, p), penalised(fit.work, p) {}
    workspace(const workspace&) = delete;
    workspace& operator=(const workspace&) = delete;
    const double* at() const noexcept { return fit.newton.at.data(); }
  };

  // `all`: the patients.
  logistic_replicate(const logistic_view& all, bool firth) : firth_(firth), start_(all.p) {
    workspace w(all.n, all.p);
    finite_ = fit_anew(all, w);
    if (!finite_) return;
    start_ = w.fit.newton.at;
    factor_ = w.fit.newton.factor;
    aside_ = w.fit.newton.aside;
  }

  bool finite() const noexcept { return finite_; }
  bool firth() const noexcept { return firth_; }
  const std::vector<double>& start() const noexcept { return start_; }
  // Of all patients: I^-1 b. `x` may be `b`.
  void solve(const double* b, double* x) const noexcept {
    ldl_solve(factor_.data(), start_.size(), aside_.data(), b, x);
  }

  // Leaves the estimate in the workspace. `chance`: of each row, at start(). False where events are
  // separated or the fit did not settle.
  bool fit(const logistic_view& v, const double* chance, workspace& w) const noexcept {
    if (!firth_ && finite_) {
      take_first_step(v, chance, w);
      std::fill(w.fit.newton.aside.begin(), w.fit.newton.aside.end(), std::uint8_t{0});
      if (settle_logistic(v, w.fit)) return true;
    }
    return fit_anew(v, w);
  }

private:
  void take_first_step(const logistic_view& v, const double* chance, workspace& w) const noexcept {
    newton_state& s = w.fit.newton;
    std::fill(s.score.begin(), s.score.end(), 0.0);
    for (std::size_t i = 0; i < v.n; ++i) {
      const double residual = v.events[i] - v.trials[i] * chance[i];
      const double* const x = v.x + i * v.p;
      for (std::size_t j = 0; j < v.p; ++j)
        s.score[j] += residual * x[j];
    }
    solve(s.score.data(), s.at.data());
    for (std::size_t j = 0; j < v.p; ++j)
      s.at[j] += start_[j];
  }

  bool fit_anew(const logistic_view& v, workspace& w) const noexcept {
    newton_state& s = w.fit.newton;
    std::copy(start_.begin(), start_.end(), s.at.begin());
    std::fill(s.aside.begin(), s.aside.end(), std::uint8_t{0});
    const auto nothing = [] {};
    if (!firth_) return fit_logistic(v, w.fit, true, nothing) == logistic_end::finite;
    logistic_evaluate<false>(v, s.at.data(), w.fit.work, s.score.data(), s.information.data(), s.total.data());
    set_dependent_aside(s);
    w.penalised.look_at(v, s.aside);
    const auto evaluate = [&](const double* beta, double* score, double* information, double* total) {
      return w.penalised(beta, score, information, total);
    };
    return maximise(s, evaluate, true) == newton_end::converged;
  }

  bool firth_, finite_ = false;
  std::vector<double> start_, factor_;
  std::vector<std::uint8_t> aside_;
};

// The rows of a draw, and what was fitted in each of its cells.
template <class Fitted>
struct logistic_rows {
  std::vector<double> x, trials, events, chance;
  logistic_replicate::workspace replicate;
  std::vector<Fitted> of_cell;  // of what was fitted last

  // `most`: rows that a draw may have, of p columns each.
  logistic_rows(std::size_t most, std::size_t p)
      : x(most * p), trials(most), events(most), chance(most), replicate(most, p) {
    of_cell.reserve(most);
  }
};

} // namespace her2mod
