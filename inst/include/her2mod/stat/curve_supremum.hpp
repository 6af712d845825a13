#pragma once

// How far the curves of a draw are from those of all patients, at most, in the draw's own standard
// errors: of each group sup |phi(S*) - phi(S)| / s* over the event times from `from` to `to`, with
// Greenwood's sum v* of the draw,
//
//   plain    phi = S,                s* = S* sqrt(v*)
//   log-log  phi = log(-log S),      s* = sqrt(v*) / |log S*|
//   arcsine  phi = arcsin(sqrt S),   s* = sqrt(v* S* / (1 - S*)) / 2,
//
// and of two groups, last, sup |D* - D| / sqrt(s0*^2 + s1*^2) of the difference D = S1 - S0, plain.
// The (1 - alpha) quantile over bootstrap draws is the critical value of a band that is so many
// standard errors wide: the bootstrapped curve goes about S as S does about the truth (Akritas MG
// 1986, JASA 81:1032), and so it does studentised, which no longer takes the standard errors for
// known (Hall P 1992, The Bootstrap and Edgeworth Expansion, doi:10.1007/978-1-4612-4384-7). Where
// a drawn curve is at 0 or 1 it has no limits, as the curve of all patients has none there, and
// that time does not count.

#include <algorithm>
#include <cmath>
#include <utility>

#include <her2mod/base/inference.hpp>
#include <her2mod/stat/statistic.hpp>
#include <her2mod/surv/kaplan_meier.hpp>
#include <her2mod/surv/risk_counts.hpp>

namespace her2mod {

enum class curve_scale { plain, log_log, arcsine };

class curve_supremum final : public statistic {
 public:
  curve_supremum(const cohort& data, double from, double to, curve_scale scale)
      : table_(data, risk_sets::pooled), groups_(table_.groups()), scale_(scale) {
    const std::vector<double>& time = table_.time();
    begin_ = static_cast<std::size_t>(std::lower_bound(time.begin(), time.end(), from) - time.begin());
    end_ = static_cast<std::size_t>(std::upper_bound(time.begin(), time.end(), to) - time.begin());
    spec_.n_outputs = groups_ + (groups_ == 2 ? 1 : 0);
    room own(table_);
    own.counts.fill(table_, {data.frequency(), data.group(), false});
    for (std::size_t g = 0; g < groups_; ++g) {
      std::vector<double> of(table_.events()), on_scale(table_.events());
      const risk_counts::group_counts& numbers = own.counts[g];
      survival_after({numbers.at_risk, numbers.after, end_}, of);
      for (std::size_t j = begin_; j < end_; ++j) on_scale[j] = transformed(of[j]);
      observed_.push_back(std::move(of));
      transformed_.push_back(std::move(on_scale));
    }
  }

  const statistic_spec& describe() const noexcept override { return spec_; }
  short_forms reads() const noexcept override { return {false, true}; }
  std::unique_ptr<workspace> make_workspace() const override { return std::make_unique<room>(table_); }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& own = static_cast<room&>(scratch);
    own.counts.fill(table_, what);
    std::fill(out.begin(), out.end(), 0.0);
    std::fill(own.now.begin(), own.now.end(), place{});
    for (std::size_t j = 0; j < end_; ++j) {
      bool moved = j == begin_;
      for (std::size_t g = 0; g < groups_; ++g) {
        place& at = own.now[g];
        const double y = own.counts[g].at_risk[j], z = own.counts[g].after[j];
        const bool falls = y > z, fell = j > 0 && observed_[g][j] != observed_[g][j - 1];
        if (falls) {
          at.survival *= z / y;
          at.greenwood += greenwood_term(y, z);
        }
        if (j < begin_ || !(falls || fell || j == begin_)) continue;
        moved = true;
        raise(out, g, distance(at, g, j));
      }
      if (groups_ == 2 && moved && j >= begin_) raise(out, 2, distance_of_difference(own.now, j));
    }
    return reason::none;
  }

 private:
  struct place {
    double survival = 1, greenwood = 0;
    double variance() const noexcept { return survival * survival * greenwood; }
  };

  struct room final : workspace {
    explicit room(const event_table& table) : counts(table), now(table.groups()) {}
    risk_counts counts;
    std::vector<place> now;  // of each group's curve
  };

  static void raise(span<double> out, std::size_t k, double value) noexcept {
    if (k < out.size()) out[k] = std::max(out[k], value);
  }

  double transformed(double s) const noexcept {
    switch (scale_) {
      case curve_scale::plain: return s;
      case curve_scale::log_log: return std::log(-std::log(s));
      case curve_scale::arcsine: return std::asin(std::sqrt(s));
    }
    return not_a_number;
  }

  // In standard errors; 0 where the drawn curve has none.
  double distance(const place& at, std::size_t g, std::size_t j) const noexcept {
    const double s = at.survival;
    if (!(s > 0) || !(at.greenwood > 0)) return 0;
    const double root = std::sqrt(at.greenwood);
    if (scale_ == curve_scale::log_log) {
      const double logarithm = -std::log(s);
      return std::fabs(std::log(logarithm) - transformed_[g][j]) * logarithm / root;
    }
    const double error = scale_ == curve_scale::plain ? s * root : root * std::sqrt(s / (1 - s)) / 2;
    return std::fabs(transformed(s) - transformed_[g][j]) / error;
  }

  double distance_of_difference(const std::vector<place>& now, std::size_t j) const noexcept {
    const double variance = now[0].variance() + now[1].variance();
    if (!(variance > 0)) return 0;
    const double off = now[1].survival - now[0].survival - (observed_[1][j] - observed_[0][j]);
    return std::fabs(off) / std::sqrt(variance);
  }

  statistic_spec spec_{"curve_supremum", "largest deviation of a curve", endpoint_kind::survival,
                       analysis_scale::identity, 1, 1, statistic_role::test};
  event_table table_;
  std::size_t groups_, begin_ = 0, end_ = 0;
  curve_scale scale_;
  std::vector<std::vector<double>> observed_, transformed_;  // of each group, at each event time
};

}  // namespace her2mod
