#pragma once

// The exact permutation distribution of a two-sample linear statistic S (exact/linear_scores.hpp),
// by the first of these methods that fits the limits:
//   enumeration     every value of S with its probability (exact/linear_list.hpp);
//   table           scores on a lattice, by dynamic programming (exact/lattice_table.hpp);
//   characteristic  scores on a lattice, by the characteristic function;
//   majorant        any scores: the characteristic function at finitely many frequencies gives a
//                   lower and an upper bound (exact/linear_tail.hpp).
// All probabilities come as bounds. Those of the first three methods differ by rounding alone.
//
// Values of S that differ from s by no more than 1e-7 |s - E S| and rounding are tied with s.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/exact/lattice_table.hpp>
#include <her2mod/exact/linear_fourier.hpp>
#include <her2mod/exact/linear_list.hpp>
#include <her2mod/exact/linear_scores.hpp>

namespace her2mod {

enum class linear_method { enumeration, table, characteristic, majorant };

// What would be done, at which cost (in nanoseconds, nearly), and whether the limits allow it.
struct linear_plan {
  linear_method method;
  double work;
  bool fits;
};

class linear_null {
 public:
  // Throws numeric_error where the limits allow no method.
  explicit linear_null(const std::vector<linear_stratum>& strata,
                       const linear_limits& limits = linear_limits())
      : linear_null(linear_scores(strata), limits, std::nullopt) {}

  // By one method, whatever its cost; input_error where it is for lattices and there is none.
  linear_null(const std::vector<linear_stratum>& strata, const linear_limits& limits,
              linear_method method)
      : linear_null(linear_scores(strata), limits, method) {}

  static linear_plan plan(const std::vector<linear_stratum>& strata,
                          const linear_limits& limits = linear_limits()) {
    const linear_scores scores(strata);
    const double tie = scores.rounding() / scores.unit();
    return plan(scores, find_lattice(scores.strata(), limits.points, tie), limits);
  }

  double mean() const noexcept { return scores_.to_s(frame_.mean); }
  double variance() const noexcept { return frame_.variance * scores_.unit() * scores_.unit(); }
  double lowest() const noexcept { return scores_.to_s(frame_.lowest); }
  double highest() const noexcept { return scores_.to_s(frame_.highest); }
  double arrangements() const noexcept { return scores_.arrangements(); }
  linear_method method() const noexcept { return plan_.method; }
  double work() const noexcept { return plan_.work; }
  // Whether the bounds differ by rounding alone.
  bool exact() const noexcept { return plan_.method != linear_method::majorant; }

  probability_bounds at_least(double s) { return upper(s - slack(s)); }
  probability_bounds above(double s) { return upper(s + slack(s)); }
  probability_bounds at_most(double s) { return lower(s + slack(s)); }
  probability_bounds below(double s) { return lower(s - slack(s)); }

  // P(|S - E S| >= |s - E S|)
  probability_bounds two_sided(double s) {
    const double distance = std::fabs(s - mean()) - slack(s);
    if (!(distance > 0)) return {1.0, 1.0};
    const probability_bounds a = lower(mean() - distance), b = upper(mean() + distance);
    return {std::min(1.0, a.low + b.low), std::min(1.0, a.high + b.high)};
  }

  // The values of S and their probabilities; for `majorant`, the middles of cells and theirs.
  std::vector<double> support() const {
    std::vector<double> values = list_.value();
    for (double& x : values) x = scores_.to_s(x * step_);
    return values;
  }
  const std::vector<double>& mass() const noexcept { return list_.mass(); }
  // The first value of the support with P(S <= value) >= p, give or take 1e-12.
  double quantile(double p) const { return scores_.to_s(list_.quantile(p) * step_); }

 private:
  static constexpr double table_cells = 1u << 25;
  static constexpr double cheap_table = 1e8;
  static constexpr std::size_t majorant_reach = 1u << 17;  // enough for three digits of most p

  linear_null(linear_scores scores, const linear_limits& limits, std::optional<linear_method> asked)
      : scores_(std::move(scores)), frame_(scores_.strata()) {
    const double tie = scores_.rounding() / scores_.unit();
    lattice_scores lattice = find_lattice(scores_.strata(), limits.points, tie);
    plan_ = asked ? linear_plan{*asked, 0.0, true} : plan(scores_, lattice, limits);
    if (!plan_.fits) throw numeric_error("The exact distribution takes more work than allowed.");
    if (plan_.method == linear_method::enumeration) {
      list_ = list_builder(tie)(scores_.strata());
      return;
    }
    if (scores_.strata().empty()) throw input_error("A constant has no lattice and no spectrum.");
    if (plan_.method == linear_method::majorant) {
      fourier_.emplace(scores_.strata(), false, limits);
      list_ = fourier_->outline();
      return;
    }
    if (!(lattice.step > 0)) throw input_error("The scores are not on a lattice.");
    step_ = lattice.step;
    drift_ = lattice.drift;
    if (plan_.method == linear_method::table) {
      list_ = lattice_table()(lattice);
      return;
    }
    fourier_.emplace(std::move(lattice.strata), true, limits);
    list_ = fourier_->outline();
  }

  static linear_plan plan(const linear_scores& scores, const lattice_scores& lattice,
                          const linear_limits& limits) {
    const double tie = scores.rounding() / scores.unit();
    const double sums = distinct_arrangements(scores.strata(), tie, limits.arrangements);
    if (sums <= limits.arrangements) return {linear_method::enumeration, 20 * sums, true};
    if (lattice.step > 0) {
      const linear_plan best = plan_lattice(lattice, limits);
      if (best.fits) return best;
    }
    const linear_spectrum spectrum(scores.strata(), linear_frame(scores.strata()), 0.0, false);
    const double work = spectrum.expected_work(std::min(limits.points, majorant_reach));
    return {linear_method::majorant, work, work <= limits.work};
  }

  static linear_plan plan_lattice(const lattice_scores& lattice, const linear_limits& limits) {
    const bool has_table = lattice_table::cells(lattice) <= table_cells;
    const double table = has_table ? lattice_table::work(lattice) : infinity;
    if (table <= cheap_table) return {linear_method::table, table, table <= limits.work};
    const linear_spectrum spectrum(lattice.strata, linear_frame(lattice.strata), 0.0, true);
    const double work = spectrum.expected_work(spectrum.last());
    if (table <= work) return {linear_method::table, table, table <= limits.work};
    return {linear_method::characteristic, work, work <= limits.work};
  }

  double slack(double s) const {
    if (!std::isfinite(s)) throw input_error("The statistic is not a finite number.");
    return tie_tolerance * std::fabs(s - mean()) + scores_.rounding() + drift_ * scores_.unit();
  }

  probability_bounds upper(double s) {
    const double t = scores_.to_x(s) / step_;
    return fourier_ ? fourier_->at_least(t) : list_.at_least(t);
  }
  probability_bounds lower(double s) {
    const double t = scores_.to_x(s) / step_;
    return fourier_ ? fourier_->at_most(t) : list_.at_most(t);
  }

  linear_scores scores_;
  linear_frame frame_;
  linear_plan plan_{linear_method::enumeration, 0.0, true};
  double step_ = 1;   // of the lattice, where there is one
  double drift_ = 0;  // see lattice_scores
  linear_list list_;
  std::optional<linear_fourier> fourier_;
};

}  // namespace her2mod
