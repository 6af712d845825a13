#pragma once

// Gray's test that groups have the same cumulative incidence of one cause, whatever the other
// causes do (Gray 1988, doi:10.1214/aos/1176350951). At each time, in group r: Y_r at risk, d_r
// events of the cause, e_r of others; S_r free of all events, F_r incidence;
//   h_r = Y_r / S_r(t-),  R_r = h_r (1 - F_r(t-)).
// Pooled: dF_0 = d / h; d, h, R without index are sums over the groups. The score of group i is
//   z_i = sum_t w (d_i - d R_i / R),  w = (1 - F_0(t-))^rho.
// With
//   D_ir = w h_i (1{i = r} - h_r / h),
//   c'_ir = sum_{s > t} D_ir dF_0 / (1 - F_0(s-)),
//   g_r = (1 - F_0(t)) / S_r(t), or 0 where S_r(t) = 0,
// and tie factors q(m, n) = 1 - (m - 1) / (n - 1), the covariance of z_i and z_j is
//   sum_r sum_t (D_ir + (1 - g_r) c'_ir)(D_jr + (1 - g_r) c'_jr)
//                   S_r(t-) d / (h Y_r) q(d, h S_r(t-))
//             + g_r^2 c'_ir c'_jr S_r(t-)^2 e_r / Y_r^2 q(e_r, Y_r).
// z' V^-1 z of all groups but one has a chi-squared distribution. Strata add their scores and
// covariances. All as in Gray's own program, CRAN's cmprsk.

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <her2mod/base/inference.hpp>
#include <her2mod/math/quadratic_form.hpp>
#include <her2mod/surv/competing_counts.hpp>
#include <her2mod/surv/cumulative_incidence.hpp>

namespace her2mod {

struct gray_result {
  std::vector<double> score;       // of every group but the last
  std::vector<double> covariance;  // row by row
  double statistic;                // NaN where there is no variance
  double df;
};

// One stratum.
class gray_stratum {
 public:
  gray_stratum(const competing_counts& counts, std::size_t cause, double rho)
      : groups_(counts.at_risk.size()), sofar_(groups_ * groups_, 0.0), score_(groups_, 0.0) {
    std::vector<group_state> states(groups_);
    double f0 = 0;
    for (std::size_t j = 0; j < counts.time.size(); ++j) {
      double d = 0, e = 0;
      for (std::size_t r = 0; r < groups_; ++r) {
        states[r].at_risk = counts.at_risk[r][j];
        states[r].own = counts.events[r][cause][j];
        states[r].others = counts.events_of_any(r, j) - states[r].own;
        d += states[r].own;
        e += states[r].others;
      }
      if (d + e > 0) f0 = step(states, d, f0, rho);
    }
  }

  const std::vector<double>& score() const noexcept { return score_; }

  double covariance(std::size_t i, std::size_t j) const noexcept {
    double sum = 0;
    for (const piece& p : pieces_) {
      const double ci = sofar_[i * groups_ + p.group] - p.sofar[i];
      const double cj = sofar_[j * groups_ + p.group] - p.sofar[j];
      sum += p.own * (p.change[i] + (1 - p.ratio) * ci) * (p.change[j] + (1 - p.ratio) * cj) +
             p.others * p.ratio * p.ratio * ci * cj;
    }
    return sum;
  }

 private:
  struct group_state {
    double at_risk = 0, own = 0, others = 0;
    double survival = 1, incidence = 0;  // before the time
    double h() const noexcept { return at_risk / survival; }
  };

  // What group r adds to the covariance at a time: D_ir and c_ir of each i, g_r, and the two
  // weights.
  struct piece {
    std::size_t group;
    std::vector<double> change, sofar;
    double ratio, own, others;
  };

  // F_0 after the time.
  double step(std::vector<group_state>& states, double d, double f0, double rho) {
    double h = 0, big_r = 0;
    for (const group_state& g : states)
      if (g.at_risk > 0) {
        h += g.h();
        big_r += g.h() * (1 - g.incidence);
      }
    const double after = f0 + d / h, weight = std::pow(1 - f0, rho);
    for (std::size_t i = 0; i < groups_; ++i)
      if (states[i].at_risk > 0)
        score_[i] +=
            weight * (states[i].own - d * states[i].h() * (1 - states[i].incidence) / big_r);
    for (std::size_t r = 0; r < groups_; ++r)
      if (states[r].at_risk > 0) add_piece(states, r, d, h, f0, after, weight);
    for (group_state& g : states)
      if (g.at_risk > 0) {
        g.incidence += g.survival * g.own / g.at_risk;
        g.survival *= (g.at_risk - g.own - g.others) / g.at_risk;
      }
    return after;
  }

  void add_piece(const std::vector<group_state>& states, std::size_t r, double d, double h,
                 double f0, double after, double weight) {
    const group_state& g = states[r];
    piece p{r, std::vector<double>(groups_, 0.0), std::vector<double>(groups_, 0.0), 0, 0, 0};
    for (std::size_t i = 0; i < groups_; ++i) {
      double& sofar = sofar_[i * groups_ + r];
      if (states[i].at_risk > 0) {
        p.change[i] = weight * states[i].h() * ((i == r ? 1.0 : 0.0) - g.h() / h);
        if (d > 0 && p.change[i] != 0) sofar += p.change[i] * d / (h * (1 - f0));
      }
      p.sofar[i] = sofar;
    }
    const double left = g.survival * (g.at_risk - g.own - g.others) / g.at_risk;
    if (left > 0) p.ratio = (1 - after) / left;
    if (d > 0) p.own = tie_factor(d, h * g.survival) * g.survival * d / (h * g.at_risk);
    if (g.others > 0)
      p.others = tie_factor(g.others, g.at_risk) * g.survival * g.survival * g.others /
                 (g.at_risk * g.at_risk);
    if (p.own > 0 || p.others > 0) pieces_.push_back(std::move(p));
  }

  std::size_t groups_;
  std::vector<double> sofar_;  // c_ir
  std::vector<double> score_;
  std::vector<piece> pieces_;
};

// Cause from 0.
inline gray_result gray_test(const competing_rows& rows, std::size_t cause, double rho) {
  if (rows.n_groups < 2) throw data_error("Gray's test compares at least two groups.");
  if (!rows.entry.empty()) throw input_error("Gray's test takes no delayed entry.");
  const std::size_t k = rows.n_groups - 1;
  gray_result result{std::vector<double>(k, 0.0), std::vector<double>(k * k, 0.0), 0, 0};
  for (std::size_t s = 0; s < rows.n_strata; ++s) {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < rows.time.size(); ++i)
      if (static_cast<std::size_t>(rows.stratum[i]) == s) chosen.push_back(i);
    const gray_stratum stratum(count_competing(rows, std::move(chosen)), cause, rho);
    for (std::size_t i = 0; i < k; ++i) {
      result.score[i] += stratum.score()[i];
      for (std::size_t j = 0; j < k; ++j) result.covariance[i * k + j] += stratum.covariance(i, j);
    }
  }
  result.df = static_cast<double>(rank_of(result.covariance));
  result.statistic = result.df > 0 ? squared_length(result.score, result.covariance) : not_a_number;
  return result;
}

}  // namespace her2mod
