// Null distributions of permutation tests, and what is read off their replicates.

#include "interruptible.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include <her2mod/exact/linear_null.hpp>
#include <her2mod/infer/monte_carlo.hpp>
#include <her2mod/infer/multiplicity.hpp>
#include <her2mod/infer/sequential.hpp>
#include <her2mod/resample/units.hpp>

namespace {

using namespace her2mod;

// A test of a statistic that is an increasing function of the sum of group 1's scores.
struct sum_test {
  std::vector<linear_stratum> strata;
  linear_form form;
  double observed = 0, mean = 0;

  sum_test(const cohort& data, linear_form given) : form(std::move(given)) {
    const resampling_units units = relabelled_units(data);
    std::vector<double> score(units.size(), 0.0);
    for (std::size_t row = 0; row < data.rows(); ++row)
      score[units.unit_of(row)] += form.score[row];
    for (const unit_block& block : units.blocks) {
      linear_stratum stratum{{}, 0};
      double sum = 0;
      for (std::size_t u = block.first; u < block.first + block.count; ++u) {
        stratum.score.push_back(score[u]);
        sum += score[u];
        if (units.group[u] != 1) continue;
        ++stratum.chosen;
        observed += score[u];
      }
      mean += sum * static_cast<double>(stratum.chosen) / static_cast<double>(block.count);
      strata.push_back(std::move(stratum));
    }
  }

  double centre() const { return form.value(mean); }

  // What the statistic may be off by near the centre, because sums of the same scores in different
  // orders differ.
  double rounding() const {
    double sum = 0;
    for (const double a : form.score) sum += 8 * std::numeric_limits<double>::epsilon() * std::fabs(a);
    const double off = std::max(std::fabs(form.value(mean + sum) - centre()),
                                std::fabs(form.value(mean - sum) - centre()));
    return std::isfinite(off) ? off : 0.0;
  }

  // The sum on the other side of the mean at which the statistic is as far from the centre, give or
  // take a tie; nothing where no sum is.
  std::optional<double> opposite(double lowest, double highest) const {
    const double seen = form.value(observed), wanted = 2 * centre() - seen;
    const double tie = std::isfinite(seen) ? tie_tolerance * std::fabs(seen - centre()) : 0.0;
    const bool above = observed <= mean;
    if (above ? form.value(highest) < wanted - tie : form.value(lowest) > wanted + tie)
      return std::nullopt;
    double low = lowest, high = highest;
    for (int i = 0; i < 200 && low < high; ++i) {
      const double middle = low + (high - low) / 2;
      if (!(middle > low && middle < high)) break;
      (form.value(middle) < wanted ? low : high) = middle;
    }
    return above ? high : low;
  }

  // Equal distances of sums are equal distances of the statistic.
  bool affine() const {
    const double step = observed - mean;
    const double up = form.value(mean + step) - centre(), down = centre() - form.value(mean - step);
    return std::isfinite(up) && std::fabs(up - down) <= 1e-9 * std::fabs(up);
  }
};

probability_bounds sum_of(probability_bounds a, probability_bounds b) {
  return {std::min(1.0, a.low + b.low), std::min(1.0, a.high + b.high)};
}

// P(T* at least as extreme), or strictly more extreme.
probability_bounds extreme(linear_null& null, const sum_test& test, alternative side, bool strictly) {
  const double s = test.observed;
  if (side == alternative::greater) return strictly ? null.above(s) : null.at_least(s);
  if (side == alternative::less) return strictly ? null.below(s) : null.at_most(s);
  const std::optional<double> other =
      test.affine() ? 2 * test.mean - s : test.opposite(null.lowest(), null.highest());
  if (!other) {
    const auto own = s > test.mean ? alternative::greater : alternative::less;
    return extreme(null, test, own, strictly);
  }
  const double low = std::min(s, *other), high = std::max(s, *other);
  if (!strictly && !(high > low)) return {1.0, 1.0};
  return strictly ? sum_of(null.below(low), null.above(high))
                  : sum_of(null.at_most(low), null.at_least(high));
}

const char* describe_method(linear_method method) {
  switch (method) {
    case linear_method::enumeration: return "all arrangements";
    case linear_method::table: return "dynamic programming over counts and sums on a lattice";
    case linear_method::characteristic: return "the characteristic function on a lattice of sums";
    default: return "the characteristic function, with certified bounds";
  }
}

Rcpp::RObject linear_test(const Rcpp::List& given, const std::string& alternative, bool midp,
                          bool whatever) {
  const r::job job(given);
  const sum_test test(job.rows, *job.stat->linear());
  linear_limits limits;
  if (whatever) limits.work *= 20;
  if (!linear_null::plan(test.strata, limits).fits) return R_NilValue;
  linear_null null(test.strata, limits);
  const auto side = r::to_alternative(alternative);
  probability_bounds p = extreme(null, test, side, false);
  if (midp) {
    const probability_bounds more = extreme(null, test, side, true);
    p = {(p.low + more.low) / 2, (p.high + more.high) / 2};
  }
  std::vector<double> value = null.support();
  for (std::size_t i = 0; i < value.size(); ++i) {
    heartbeat_at(i, 30);
    value[i] = test.form.value(value[i]);
  }
  return Rcpp::List::create(Rcpp::Named("p") = Rcpp::NumericVector::create(p.low, p.high),
                            Rcpp::Named("by") = describe_method(null.method()),
                            Rcpp::Named("exact") = null.exact(), Rcpp::Named("value") = value,
                            Rcpp::Named("probability") = null.mass());
}

}  // namespace

// Of a statistic that is a function of group 1's sum, the centre of the test and what rounding makes
// of equal values; NULL for other statistics.
// [[Rcpp::export(rng = false)]]
SEXP cpp_linear_form(const Rcpp::List& given) {
  const r::job job(given);
  const auto form = job.stat->linear();
  if (!form || job.rows.n_groups() != 2) return R_NilValue;
  const sum_test test(job.rows, *form);
  return Rcpp::List::create(Rcpp::Named("centre") = test.centre(),
                            Rcpp::Named("rounding") = test.rounding());
}

// The exact test: bounds of p, and the null distribution as values of the statistic with their
// probabilities. NULL where it does not fit the limits, unless `whatever` it costs within reason.
// [[Rcpp::export(rng = false)]]
SEXP cpp_linear_test(const Rcpp::List& given, const std::string& alternative, bool midp, bool whatever) {
  return r::interruptible([&] { return linear_test(given, alternative, midp, whatever); });
}

// The exact permutation distribution of group 1's events, given each stratum's sizes and events.
// [[Rcpp::export(rng = false)]]
Rcpp::DataFrame cpp_permutation_null(const std::vector<double>& n0, const std::vector<double>& n1,
                                     const std::vector<double>& events) {
  mass_window total;
  point_mass(0, total);
  r::interruptible([&] {
    for (std::size_t i = 0; i < n0.size(); ++i) {
      mass_window stratum;
      hypergeometric_mass(static_cast<long>(n0[i]), static_cast<long>(n1[i]),
                          static_cast<long>(events[i]), stratum);
      total = convolve(total, stratum);
    }
  });
  std::vector<double> x1;
  for (long k = total.first; k <= total.last(); ++k) x1.push_back(static_cast<double>(k));
  return Rcpp::DataFrame::create(Rcpp::Named("x1") = x1, Rcpp::Named("probability") = total.mass);
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_monte_carlo_p(double exceeding, double replicates, double level) {
  const monte_carlo_p p = monte_carlo_p_value(exceeding, replicates, level);
  return Rcpp::NumericVector::create(Rcpp::Named("p.value") = p.p_value,
                                     Rcpp::Named("conf.low") = p.ci.low,
                                     Rcpp::Named("conf.high") = p.ci.high);
}

// [[Rcpp::export(rng = false)]]
double cpp_monte_carlo_midp(double more_extreme, double tied, double replicates) {
  return monte_carlo_mid_p(more_extreme, tied, replicates);
}

// A sequential rule on the exceedances seen so far, of at most R replicates.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_sequential(const std::string& rule, const Rcpp::LogicalVector& exceeds, double alpha,
                          int h) {
  const std::vector<int> seen(exceeds.begin(), exceeds.end());
  if (rule == "besag_clifford") {
    const sequential_p p = besag_clifford(seen, static_cast<std::size_t>(h));
    return Rcpp::List::create(Rcpp::Named("p") = p.p_value,
                              Rcpp::Named("used") = static_cast<double>(p.used),
                              Rcpp::Named("stopped") = p.stopped, Rcpp::Named("verdict") = "");
  }
  const gandy_answer answer = r::interruptible([&] { return gandy_p_value(seen, alpha); });
  constexpr const char* verdicts[] = {"open", "above", "below"};
  return Rcpp::List::create(Rcpp::Named("p") = answer.p_value,
                            Rcpp::Named("used") = static_cast<double>(answer.used),
                            Rcpp::Named("stopped") = answer.decision != threshold_side::open,
                            Rcpp::Named("verdict") = verdicts[static_cast<int>(answer.decision)]);
}

// Westfall and Young's adjusted p-values: one column of `replicates` an outcome, large is extreme.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_max_t(const std::vector<double>& observed, const Rcpp::NumericMatrix& replicates) {
  return r::interruptible([&] {
    std::vector<double> by_row(static_cast<std::size_t>(replicates.nrow()) * observed.size());
    for (int b = 0; b < replicates.nrow(); ++b) {
      heartbeat_at(static_cast<std::size_t>(b), 5 * observed.size());
      for (int k = 0; k < replicates.ncol(); ++k)
        by_row[static_cast<std::size_t>(b) * observed.size() + static_cast<std::size_t>(k)] =
            replicates(b, k);
    }
    return Rcpp::NumericVector(Rcpp::wrap(max_t_p_values(observed, by_row)));
  });
}
