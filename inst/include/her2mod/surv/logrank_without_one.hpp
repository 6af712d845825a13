#pragma once

// A weighted log-rank score U (logrank.hpp) without one unit, for every unit in O(1) each after one pass.
// A unit of group g that lives to see m of its stratum's event times is missed at these, and at its own
// event:
//
//   * before: terms with y - 1, z - 1 and, of its group, y_g - 1, z_g - 1 (z after the events): prefix
//     sums for g = 0 and g = 1;
//   * its own event: one term with y - 1 and z;
//   * after: the terms of all, but for weights that depend on the pooled curve K, which is C times what it was.
//
// Each weight is a(y) sum_k c_k K^p_k, where K is the Kaplan-Meier curve just before the time (Fleming
// and Harrington with gamma 0 or 1), Peto's curve after it, or the larger of S and S(t*) (modest, p = -1): so
// suffix sums of K^p_k times a term, one a power, times C^p_k give U. Other gammas are no such sum, and with
// left truncation units miss other times than the first: there is no closed form here.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <her2mod/surv/delete_one.hpp>
#include <her2mod/surv/logrank.hpp>

namespace her2mod {

class logrank_without_one {
 public:
  static bool exists(const event_table& table, const logrank_weight& which) noexcept {
    const bool powers = which.family != logrank_family::fleming_harrington || which.gamma == 0 || which.gamma == 1;
    return powers && !table.truncated();
  }

  // `counts`: of two groups, as observed.
  logrank_without_one(const event_table& table, const risk_counts& counts, const logrank_weight& which)
      : table_(table), counts_(counts), which_(which), powers_(powers_of(which)), pooled_(table) {
    pooled_.pool(counts);
    const std::size_t places = table.events() + table.strata();
    kept_.assign(places, 1.0);
    all_.assign(places, 1.0);
    for (auto& sums : before_) sums.resize(places);
    after_.resize(places);
    star_.resize(table.strata());
    for (std::size_t s = 0; s < table.strata(); ++s) sum_stratum(s);
    for (std::size_t s = 0; s < table.strata(); ++s) total_ += later(after_[place(s, 0)], 1);
  }

  // `seen`: event times of stratum `s` that the unit lives to see.
  double operator()(std::size_t s, std::size_t seen, bool event, std::size_t group) const noexcept {
    const std::size_t at = place(s, seen);
    double sum = before_[group][at], left = kept_[at];
    std::size_t next = at;
    if (event) {
      const std::size_t j = table_.stratum_begin()[s] + seen;
      const numbers own = missing(j, group, false);
      sum += weighted(own, curve(left, left * factor(own), kept_at_star(s, seen)));
      left *= factor(own);
      ++next;
    }
    const bool through = which_.family == logrank_family::modestly_weighted && seen >= star_[s];
    const double ratio = through ? ratio_of(kept_[place(s, star_[s])], all_[place(s, star_[s])]) : ratio_of(left, all_[next]);
    return total_ - later(after_[place(s, 0)], 1) + sum + later(after_[next], ratio);
  }

 private:
  struct numbers {
    double y, z, y1, z1;
  };
  struct power {
    double sign, exponent;
  };
  using of_powers = std::array<double, 2>;  // a sum for each

  static std::vector<power> powers_of(const logrank_weight& which) {
    switch (which.family) {
      case logrank_family::fleming_harrington:
        if (which.gamma == 1) return {{1, which.rho}, {-1, which.rho + 1}};
        return {{1, which.rho}};
      case logrank_family::peto_peto:
      case logrank_family::modified_peto_peto: return {{1, 1}};
      case logrank_family::modestly_weighted: return {{1, -1}};
      default: return {{1, 0}};
    }
  }

  std::size_t place(std::size_t s, std::size_t seen) const noexcept { return table_.stratum_begin()[s] + s + seen; }
  static double ratio_of(double a, double b) noexcept { return b > 0 ? a / b : 0; }

  numbers observed(std::size_t j) const noexcept {
    return {pooled_.at_risk[j], pooled_.after[j], counts_[1].at_risk[j], counts_[1].after[j]};
  }
  // Without a unit at risk, which lives on or has its event.
  numbers missing(std::size_t j, std::size_t group, bool lives) const noexcept {
    const numbers n = observed(j);
    const double of1 = group == 1 ? 1 : 0;
    return {n.y - 1, n.z - (lives ? 1 : 0), n.y1 - of1, n.z1 - (lives ? of1 : 0)};
  }

  // A step of the curve that weights depend on.
  double factor(const numbers& n) const noexcept {
    const bool peto = which_.family == logrank_family::peto_peto || which_.family == logrank_family::modified_peto_peto;
    if (peto) return 1 - (n.y - n.z) / (n.y + 1);
    return n.y > 0 ? std::max(0.0, n.z / n.y) : 1.0;
  }
  double curve(double before, double after, double at_star) const noexcept {
    switch (which_.family) {
      case logrank_family::peto_peto:
      case logrank_family::modified_peto_peto: return after;
      case logrank_family::modestly_weighted: return std::max(before, at_star);
      default: return before;
    }
  }
  double kept_at_star(std::size_t s, std::size_t seen) const noexcept {
    return which_.family == logrank_family::modestly_weighted && seen >= star_[s] ? kept_[place(s, star_[s])] : 0;
  }

  double of_at_risk(double y) const noexcept {
    switch (which_.family) {
      case logrank_family::gehan: return y;
      case logrank_family::tarone_ware: return std::sqrt(y);
      case logrank_family::modified_peto_peto: return y / (y + 1);
      default: return 1;
    }
  }
  double weight(double y, double k) const noexcept {
    double sum = 0;
    for (const power& p : powers_) sum += p.sign * raised(k, p.exponent);
    return of_at_risk(y) * sum;
  }
  static double raised(double k, double exponent) noexcept {
    return exponent == -1 ? (k > 0 ? 1 / k : 0) : power_of(k, exponent);
  }

  static double term(const numbers& n) noexcept { return logrank_term(n.y, n.z, n.y1, n.z1).score; }
  double weighted(const numbers& n, double k) const noexcept { return weight(n.y, k) * term(n); }

  void sum_stratum(std::size_t s) {
    const std::size_t begin = table_.stratum_begin()[s], count = table_.stratum_begin()[s + 1] - begin;
    while (star_[s] < count && not_after(table_.time()[begin + star_[s]], which_.t_star)) ++star_[s];
    for (std::size_t i = 0; i < count; ++i) {
      const numbers lives = missing(begin + i, 0, true);
      kept_[place(s, i + 1)] = kept_[place(s, i)] * factor(lives);
      all_[place(s, i + 1)] = all_[place(s, i)] * factor(observed(begin + i));
    }
    for (std::size_t g = 0; g < 2; ++g) {
      double sum = 0;
      for (std::size_t i = 0; i < count; ++i) {
        before_[g][place(s, i)] = sum;
        const double k = curve(kept_[place(s, i)], kept_[place(s, i + 1)], kept_at_star(s, i));
        sum += weighted(missing(begin + i, g, true), k);
      }
      before_[g][place(s, count)] = sum;
    }
    of_powers sums{};
    after_[place(s, count)] = sums;
    for (std::size_t i = count; i-- > 0;) {
      const numbers n = observed(begin + i);
      const double floor = which_.family == logrank_family::modestly_weighted ? all_[place(s, star_[s])] : 0;
      add(sums, n, curve(all_[place(s, i)], all_[place(s, i + 1)], floor));
      after_[place(s, i)] = sums;
    }
  }

  void add(of_powers& sums, const numbers& n, double k) const noexcept {
    const double at = of_at_risk(n.y) * term(n);
    if (at == 0) return;
    for (std::size_t p = 0; p < powers_.size(); ++p) sums[p] += powers_[p].sign * raised(k, powers_[p].exponent) * at;
  }

  // Of a curve that is so many times what it was.
  double later(const of_powers& sums, double ratio) const noexcept {
    double sum = 0;
    for (std::size_t p = 0; p < powers_.size(); ++p) sum += raised(ratio, powers_[p].exponent) * sums[p];
    return sum;
  }

  const event_table& table_;
  const risk_counts& counts_;
  logrank_weight which_;
  std::vector<power> powers_;
  pooled_weights pooled_;
  // Of each stratum's event times, and at its end one more: the curve before it, without a unit that lives to see it and of
  // all; the sums before it without a unit of either group; those from it on.
  std::vector<double> kept_, all_;
  std::array<std::vector<double>, 2> before_;
  std::vector<of_powers> after_;
  std::vector<std::size_t> star_;  // event times up to t*
  double total_ = 0;
};

}  // namespace her2mod
