#pragma once

// Every value of X with its probability, from units taken one after the other: with c of a
// stratum's m chosen among those before it, the next of r remaining units is chosen with
// probability (m - c) / r. All terms are positive, so every probability keeps its relative accuracy
// (Pagano, Tritchler 1983, doi:10.1080/01621459.1983.10477990; Streitberg, Roehmel 1986).
//
// Here the scores are any numbers, and for each c there is one increasing list of sums. Units with
// one score go together (their number chosen is hypergeometric), and so do sums that differ by no
// more than rounding, so that few distinct scores or tied sums keep the lists short.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/exact/linear_scores.hpp>
#include <her2mod/exact/mass.hpp>

namespace her2mod {

// Values in increasing order with their probabilities, and the probabilities of both tails.
class linear_list {
 public:
  linear_list() = default;
  linear_list(std::vector<double> value, std::vector<double> mass, double error)
      : value_(std::move(value)), mass_(std::move(mass)), error_(error) {
    lower_ = running_sums(mass_.begin(), mass_.end());
    heartbeat(20 * mass_.size());
    upper_ = running_sums(mass_.rbegin(), mass_.rend());
  }

  const std::vector<double>& value() const noexcept { return value_; }
  const std::vector<double>& mass() const noexcept { return mass_; }

  probability_bounds at_least(double t) const {
    const auto first = std::lower_bound(value_.begin(), value_.end(), t);
    return around(upper_, static_cast<std::size_t>(value_.end() - first));
  }
  probability_bounds at_most(double t) const {
    const auto last = std::upper_bound(value_.begin(), value_.end(), t);
    return around(lower_, static_cast<std::size_t>(last - value_.begin()));
  }

  // The first value with P(X <= value) >= p, give or take rounding.
  double quantile(double p) const {
    const auto found = std::lower_bound(lower_.begin(), lower_.end(), p - 1e-12);
    const auto i = static_cast<std::size_t>(found - lower_.begin());
    return value_[std::min(i, value_.size() - 1)];
  }

 private:
  // Compensated, because a list can be millions long.
  template <class Iterator>
  static std::vector<double> running_sums(Iterator first, Iterator last) {
    std::vector<double> sums;
    sums.reserve(static_cast<std::size_t>(last - first));
    double sum = 0, lost = 0;
    for (; first != last; ++first) {
      const double term = *first - lost, next = sum + term;
      lost = (next - sum) - term;
      sum = next;
      sums.push_back(sum);
    }
    return sums;
  }

  probability_bounds around(const std::vector<double>& sums, std::size_t terms) const {
    if (terms == 0) return {0.0, 0.0};
    if (terms == sums.size()) return {1.0, 1.0};
    const double p = sums[terms - 1];
    return {p * (1 - error_), std::min(1.0, p * (1 + error_))};
  }

  std::vector<double> value_, mass_, lower_, upper_;
  double error_ = 0;  // relative
};

// Scores that are equal but for rounding, as (score, number of units).
inline std::vector<std::pair<double, std::size_t>> tied_groups(const linear_units& units,
                                                               double tie) {
  std::vector<std::pair<double, std::size_t>> groups;
  for (const double x : units.x)
    if (groups.empty() || x - groups.back().first > tie)
      groups.emplace_back(x, 1);
    else
      ++groups.back().second;
  return groups;
}

// Ways to choose c units of the groups so far, c = 0, 1, ...; one more group of `size` tied units.
inline void add_group(std::vector<double>& ways, std::size_t size) {
  std::vector<double> up_to(ways.size());
  double sum = 0;
  for (std::size_t c = 0; c < ways.size(); ++c) up_to[c] = sum += ways[c];
  for (std::size_t c = 0; c < ways.size(); ++c)
    ways[c] = up_to[c] - (c > size ? up_to[c - size - 1] : 0.0);
}

// The number of arrangements that differ in more than which of tied units are chosen; infinity where
// that is above `most`, which shows before all groups are counted: any number of chosen units that
// the groups to come can make up to all is a beginning of at least one arrangement.
inline double distinct_arrangements(const std::vector<linear_units>& strata, double tie,
                                    double most) {
  double product = 1;
  for (const linear_units& s : strata) {
    std::vector<double> ways(s.chosen + 1, 0.0);
    ways[0] = 1;
    std::size_t to_come = s.x.size();
    for (const auto& group : tied_groups(s, tie)) {
      heartbeat(50 + 4 * ways.size());
      add_group(ways, group.second);
      to_come -= group.second;
      const std::size_t fewest = s.chosen > to_come ? s.chosen - to_come : 0;
      const auto first = ways.begin() + static_cast<std::ptrdiff_t>(fewest);
      if (product * *std::max_element(first, ways.end()) > most) return infinity;
    }
    product *= ways[s.chosen];
  }
  return product;
}

class list_builder {
 public:
  explicit list_builder(double tie) : tie_(tie) {}

  linear_list operator()(const std::vector<linear_units>& strata) {
    sums all{{0.0, 1.0}};
    double units = 0;
    for (const linear_units& s : strata) {
      all = with_stratum(std::move(all), s);
      units += s.count();
    }
    std::vector<double> value, mass;
    for (const sum& x : all) {
      value.push_back(x.value);
      mass.push_back(x.mass);
    }
    return linear_list(std::move(value), std::move(mass), 2e-15 * (units + 8));
  }

 private:
  struct sum {
    double value, mass;
  };
  using sums = std::vector<sum>;

  sums with_stratum(sums before, const linear_units& s) {
    std::vector<sums> chosen(s.chosen + 1), next(s.chosen + 1);
    chosen[0] = std::move(before);
    std::size_t left = s.x.size();
    for (const auto& group : tied_groups(s, tie_)) {
      for (sums& list : next) list.clear();
      for (std::size_t c = 0; c <= s.chosen; ++c)
        if (!chosen[c].empty()) add_group(chosen[c], c, s.chosen, group, left, next);
      left -= group.second;
      chosen.swap(next);
    }
    return std::move(chosen[s.chosen]);
  }

  // c are chosen already; `left` units, with this group, are still to come.
  void add_group(const sums& list, std::size_t c, std::size_t m,
                 const std::pair<double, std::size_t>& group, std::size_t left,
                 std::vector<sums>& next) {
    mass_window taken;
    hypergeometric_mass(static_cast<long>(left - group.second), static_cast<long>(group.second),
                        static_cast<long>(m - c), taken);
    for (long j = taken.first; j <= taken.last(); ++j) {
      const double more = static_cast<double>(j) * group.first;
      merge_into(next[c + static_cast<std::size_t>(j)], list, more, taken.at(j));
    }
  }

  void merge_into(sums& into, const sums& list, double more, double probability) {
    heartbeat(50 + 5 * (into.size() + list.size()));
    merged_.clear();
    merged_.reserve(into.size() + list.size());
    auto a = into.begin();
    for (const sum& b : list) {
      const sum shifted{b.value + more, b.mass * probability};
      for (; a != into.end() && a->value <= shifted.value; ++a) append(*a);
      append(shifted);
    }
    for (; a != into.end(); ++a) append(*a);
    into.swap(merged_);
  }

  void append(const sum& x) {
    if (!merged_.empty() && x.value - merged_.back().value <= tie_)
      merged_.back().mass += x.mass;
    else
      merged_.push_back(x);
  }

  double tie_;
  sums merged_;
};

}  // namespace her2mod
