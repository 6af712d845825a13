#pragma once

// Monte Carlo errors of bootstrap intervals and of their p-values: of each number x computed from R
// replicates, by the delete-a-group jackknife,
//   SE^2 = (G - 1) / G sum_g (x_(g) - xbar)^2,
// x_(g) the number without the replicates of group g, of G groups (Shao J, Tu D 1995, The Jackknife
// and Bootstrap, section 2.3, doi:10.1007/978-1-4612-0795-5). Replicates are sorted once: what is
// left of sorted ones is sorted.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/base/span.hpp>
#include <her2mod/base/stoppable_sort.hpp>
#include <her2mod/infer/bootstrap_interval.hpp>
#include <her2mod/infer/bootstrap_p.hpp>
#include <her2mod/math/tails.hpp>

namespace her2mod {

enum class interval_type { perc, basic, norm, stud, bca };

struct interval_basis {
  double estimate, error;  // its standard error, for stud
  double acceleration, null, tail;
  alternative side;
};

struct interval_numbers {
  double low, high, p;
};

// What norm and bca need beside quantiles: mean and SD of the finite replicates, and the share of
// replicates below the estimate.
struct replicate_summary {
  double mean = not_a_number, sd = not_a_number, mid_share = not_a_number;
};

inline replicate_summary moments_of(span<const double> values) {
  double n = 0, sum = 0, squares = 0;
  for (const double v : values)
    if (std::isfinite(v)) sum += v, ++n;
  const double mean = sum / n;
  for (const double v : values)
    if (std::isfinite(v)) squares += (v - mean) * (v - mean);
  return {mean, std::sqrt(squares / (n - 1))};
}

inline replicate_summary summary_of(interval_type type, span<const double> sorted,
                                    double estimate) {
  if (type == interval_type::norm) return moments_of(sorted);
  replicate_summary s;
  if (type == interval_type::bca) s.mid_share = mid_distribution(sorted, estimate);
  return s;
}

// The p-value that inverts the interval, whatever b.tail is. From sorted replicates: studentized ones
// for stud, and none of them NaN.
inline double interval_p_value(interval_type type, span<const double> sorted,
                               const replicate_summary& s, const interval_basis& b) {
  if (sorted.empty()) return not_a_number;
  switch (type) {
    case interval_type::perc: return percentile_p_value(sorted, b.null, b.side);
    case interval_type::basic: return basic_p_value(sorted, b.estimate, b.null, b.side);
    case interval_type::stud:
      return studentized_p_value(sorted, b.estimate, b.error, b.null, b.side);
    case interval_type::norm: return norm_p_value(b.estimate, s.mean, s.sd, b.null, b.side);
    default: return bca_p_value(sorted, b.null, s.mid_share, b.acceleration, b.side);
  }
}

inline interval_numbers interval_of(interval_type type, span<const double> sorted,
                                    const interval_basis& b) {
  if (sorted.empty()) return {not_a_number, not_a_number, not_a_number};
  const auto quantile = [&](double q) { return replicate_quantile(sorted, q); };
  const replicate_summary s = summary_of(type, sorted, b.estimate);
  const double p = interval_p_value(type, sorted, s, b), low = b.tail, high = 1 - b.tail;
  switch (type) {
    case interval_type::perc: return {quantile(low), quantile(high), p};
    case interval_type::basic:
      return {2 * b.estimate - quantile(high), 2 * b.estimate - quantile(low), p};
    case interval_type::stud:
      return {b.estimate - b.error * quantile(high), b.estimate - b.error * quantile(low), p};
    case interval_type::norm: {
      const double centre = 2 * b.estimate - s.mean, half = normal_critical(b.tail) * s.sd;
      return {centre - half, centre + half, p};
    }
    default: {
      bca_tails tails = adjusted_tails(s.mid_share, b.acceleration, b.tail);
      if (std::isnan(tails.below) || std::isnan(tails.above)) tails = {b.tail, b.tail};
      return {quantile(std::max(tails.below, 1e-300)),
              quantile(1 - std::max(tails.above, 1e-300)), p};
    }
  }
}

// A replicate, and the group with which it is left out.
struct grouped_replicate {
  double value;
  int group;
};

// Of sorted replicates that take few values: where those around a quantile are tied, leaving groups out
// moves nothing, though other replicates might. A quarter of the distance between the quantiles two
// binomial standard errors of the rank to either side.
template <class Display>
interval_numbers lattice_errors(interval_type type, const std::vector<grouped_replicate>& replicates,
                                const interval_basis& b, const Display& display) {
  if (type == interval_type::norm || replicates.size() < 2) return {0, 0, 0};
  std::vector<double> sorted;
  for (const grouped_replicate& r : replicates) sorted.push_back(r.value);
  const span<const double> values(sorted.data(), sorted.size());
  const double n = static_cast<double>(sorted.size());
  const auto end = [&](double quantile) {
    if (type == interval_type::basic) return display(2 * b.estimate - quantile);
    if (type == interval_type::stud) return display(b.estimate - b.error * quantile);
    return display(quantile);
  };
  const auto error = [&](double q) {
    const auto at = static_cast<std::size_t>(std::fmin(n - 2, std::fmax(0.0, q * (n + 1) - 1)));
    const bool tied = sorted[at] == sorted[at + 1] || (at > 0 && sorted[at] == sorted[at - 1]);
    if (!tied) return 0.0;
    const double two_errors = 2 * std::sqrt(q * (1 - q) / n);
    const auto moved = [&](double to) { return end(replicate_quantile(values, std::fmin(1 - 1e-12, std::fmax(1e-12, to)))); };
    const double low = moved(q - two_errors), high = moved(q + two_errors);
    return std::isfinite(high - low) ? std::fabs(high - low) / 4 : 0.0;
  };
  double low = b.tail, high = 1 - b.tail;
  if (type == interval_type::bca) {
    const bca_tails tails =
        adjusted_tails(mid_distribution(values, b.estimate), b.acceleration, b.tail);
    if (!std::isnan(tails.below) && !std::isnan(tails.above)) {
      low = std::fmax(tails.below, 1e-300);
      high = 1 - std::fmax(tails.above, 1e-300);
    }
  }
  if (type == interval_type::basic || type == interval_type::stud) std::swap(low, high);
  return {error(low), error(high), 0};
}

// `replicates` need not be sorted, and may hold NaN, which are left out. `display(x)` is how an end is
// shown: the errors are those of what is shown.
template <class Display>
interval_numbers interval_errors(interval_type type, std::vector<grouped_replicate> replicates, int groups,
                                 const interval_basis& basis, const Display& display) {
  replicates.erase(std::remove_if(replicates.begin(), replicates.end(),
                                  [](const grouped_replicate& r) { return std::isnan(r.value); }),
                   replicates.end());
  const auto smaller = [](const grouped_replicate& a, const grouped_replicate& b) { return a.value < b.value; };
  if (!std::is_sorted(replicates.begin(), replicates.end(), smaller))
    stoppable_sort(replicates.begin(), replicates.end(), smaller);

  const interval_numbers stuck = lattice_errors(type, replicates, basis, display);
  std::vector<interval_numbers> without;
  std::vector<double> kept(replicates.size());
  for (int g = 0; g < groups; ++g) {
    heartbeat(5 * replicates.size());
    // Each is written, and the next one over it if it is left out: no branch is taken by chance.
    std::size_t size = 0;
    for (const grouped_replicate& r : replicates) {
      kept[size] = r.value;
      size += r.group != g;
    }
    const interval_numbers found = interval_of(type, span<const double>(kept.data(), size), basis);
    without.push_back({display(found.low), display(found.high), found.p});
  }
  const auto error = [&](double interval_numbers::*number) {
    const double g = groups;
    double mean = 0, squares = 0;
    for (const interval_numbers& x : without) mean += x.*number / g;
    for (const interval_numbers& x : without) squares += (x.*number - mean) * (x.*number - mean);
    const double found = std::sqrt((g - 1) / g * squares);
    // What rounding leaves of no difference is none.
    return found < 1e-12 * std::fabs(mean) ? 0.0 : found;
  };
  // An error that is not known stays so.
  const auto larger = [](double found, double least) { return found < least ? least : found; };
  return {larger(error(&interval_numbers::low), stuck.low),
          larger(error(&interval_numbers::high), stuck.high), error(&interval_numbers::p)};
}

}  // namespace her2mod
