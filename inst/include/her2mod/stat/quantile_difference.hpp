#pragma once

// Difference of the two groups' sample quantiles at `prob`, and, at 1/2, of their medians.
//
// Of n ordered values, h = (n - 1) prob: (1 - h + floor(h)) x_(floor(h)) + (h - floor(h))
// x_(floor(h) + 1), counted from 0 (type 7 of Hyndman RJ, Fan Y 1996, Am Stat 50:361,
// doi:10.1080/00031305.1996.10473566; for the median of an even number, the midpoint). A row of
// weight w is w values; fractional weights use the same h.
//
// Standard error: the root of the sum over the groups of
//   sum_i b_i x_(i)^2 - (sum_i b_i x_(i))^2,
// b_i the mass of a Beta((n + 1) prob, (n + 1)(1 - prob)) on ((i - 1)/n, i/n) (Maritz JS, Jarrett RG
// 1978, JASA 73:194, doi:10.1080/01621459.1978.10480027; Harrell FE, Davis CE 1982, Biometrika
// 69:635, doi:10.1093/biomet/69.3.635), where i/n is the share of the weight.

#include <array>
#include <cmath>
#include <mutex>

#include <her2mod/base/bytes.hpp>
#include <her2mod/base/quantile_rank.hpp>
#include <her2mod/math/tails.hpp>
#include <her2mod/stat/sorted_rows.hpp>
#include <her2mod/stat/statistic.hpp>

namespace her2mod {

// Finds x_(floor(h)) and the one after it while values come in order.
class quantile_walk {
 public:
  quantile_walk() = default;
  // `seen`: the weight of values that were passed over, at most rank.whole.
  explicit quantile_walk(quantile_rank rank, double seen = 0) noexcept
      : whole_(static_cast<double>(rank.whole)), share_(rank.part), seen_(seen) {}

  // False when the quantile is known.
  bool add(double weight, double value) noexcept {
    seen_ += weight;
    if (!(seen_ > whole_)) return true;
    if (!has_first_) {
      first_ = second_ = value;
      has_first_ = true;
    }
    if (!(seen_ > whole_ + 1)) return share_ > 0;
    second_ = value;
    return false;
  }
  double value() const noexcept {
    return first_ + share_ * (second_ - first_);
  }

 private:
  double whole_ = 0, share_ = 0, seen_ = 0, first_ = 0, second_ = 0;
  bool has_first_ = false;
};

// The distribution function of Beta((n + 1) prob, (n + 1)(1 - prob)) at 0, 1/n, ..., 1.
class order_weights {
 public:
  order_weights(double n, double prob) : at_(static_cast<std::size_t>(n) + 1) {
    for (std::size_t i = 0; i < at_.size(); ++i)
      at_[i] = beta_cdf(static_cast<double>(i) / n, (n + 1) * prob, (n + 1) * (1 - prob));
  }
  // Between the points a straight line: only fractional weights come there.
  double at(double share) const noexcept {
    const double place = share * static_cast<double>(at_.size() - 1);
    const double nearest = std::round(place);
    if (std::fabs(place - nearest) < 1e-9 || !(place < static_cast<double>(at_.size() - 1)))
      return at_[static_cast<std::size_t>(std::min(nearest, static_cast<double>(at_.size() - 1)))];
    const auto below = static_cast<std::size_t>(place);
    const double part = place - static_cast<double>(below);
    return (1 - part) * at_[below] + part * at_[below + 1];
  }

 private:
  std::vector<double> at_;
};

class quantile_statistic : public statistic {
 public:
  quantile_statistic(const cohort& data, double prob, const statistic_spec& spec)
      : prob_(prob), spec_(spec), group_(data.group()), frequency_(data.frequency()) {
    require_two_groups(data);
    if (!(prob > 0 && prob < 1)) throw input_error("A quantile's prob must be between 0 and 1.");
    const sorted_rows sorted(data);
    order_ = sorted.order;
    for (const std::uint32_t row : order_) value_.push_back(data.response()[row]);
    centre_ = value_[value_.size() / 2];
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const auto g = static_cast<std::size_t>(group_[order_[i]]);
      group_rows& rows = own_[g];
      if (!rows.row.empty() && order_[i] != rows.row.back() + 1) rows.consecutive = false;
      rows.row.push_back(order_[i]);
      rows.value.push_back(value_[i]);
      units_[g] += frequency_[order_[i]];
    }
  }

  const statistic_spec& describe() const noexcept override { return spec_; }
  short_forms reads() const noexcept override { return {false, true}; }

  reason evaluate(const draw& what, workspace&, span<double> out) const noexcept override {
    const std::array<double, 2> weight = what.times.empty() ? totals(what) : totals(what.times);
    if (!(weight[0] > 0) || !(weight[1] > 0)) return write_empty_group(out);
    const std::array<double, 2> q = what.relabelled      ? mixed(what, weight)
                                    : what.times.empty() ? apart(what, weight)
                                                         : counted(what.times, weight);
    const double error = out.size() > 1 ? standard_error(what, weight) : 0.0;
    return write_estimate(q[1] - q[0], error, out);
  }

  // A unit left out moves the others up by one place or not at all.
  bool leave_one_out(span<double> out) const override {
    const std::array<double, 2> q = apart({frequency_, group_, false}, units_);
    for (std::size_t g = 0; g < 2; ++g) {
      const double n = units_[g] - 1;
      const quantile_rank rank = type7_rank(n, prob_);
      const double j = static_cast<double>(rank.whole);
      const std::array<double, 3> x{value_at(g, j), value_at(g, j + 1), value_at(g, j + 2)};
      double before = 0;
      for (const std::uint32_t row : own_[g].row) {
        const double first = j < before ? x[0] : x[1], second = j + 1 < before ? x[1] : x[2];
        const double without = first + rank.part * (second - first);
        out[row] = !(n > 0) ? not_a_number : g == 1 ? without - q[0] : q[1] - without;
        before += frequency_[row];
      }
    }
    return true;
  }

 private:
  struct group_rows {
    std::vector<std::uint32_t> row;  // smallest response first
    std::vector<double> value;
    bool consecutive = true;         // each row is the one after the last
  };

  std::array<double, 2> totals(const draw& what) const noexcept {
    std::array<double, 2> weight{};
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const double w = what.weight[i];
      weight[1] += w * static_cast<double>(what.label[i]);
      weight[0] += w;
    }
    weight[0] -= weight[1];
    return weight;
  }

  std::array<double, 2> totals(span<const std::uint8_t> times) const noexcept {
    std::array<double, 2> weight{};
    for (std::size_t g = 0; g < 2; ++g) {
      const group_rows& rows = own_[g];
      if (rows.consecutive)
        weight[g] = static_cast<double>(sum_of_bytes(times.data() + rows.row[0], rows.row.size()));
      else
        for (const std::uint32_t row : rows.row) weight[g] += times[row];
    }
    return weight;
  }

  // As apart(). Where a group's rows lie in order, eight of them are passed over at a time, until the
  // one that is looked for may be among them.
  std::array<double, 2> counted(span<const std::uint8_t> times, const std::array<double, 2>& weight) const noexcept {
    std::array<double, 2> q{};
    for (std::size_t g = 0; g < 2; ++g) {
      const quantile_rank rank = type7_rank(weight[g], prob_);
      const group_rows& rows = own_[g];
      std::size_t i = 0;
      long seen = 0;
      if (rows.consecutive) {
        const std::uint8_t* own = times.data() + rows.row[0];
        for (; i + 8 <= rows.row.size(); i += 8) {
          const long with = seen + static_cast<long>(sum_of_bytes(get_bytes(own + i)));
          if (with > rank.whole) break;
          seen = with;
        }
      }
      quantile_walk walk(rank, static_cast<double>(seen));
      for (; i < rows.row.size(); ++i)
        if (!walk.add(times[rows.row[i]], rows.value[i])) break;
      q[g] = walk.value();
    }
    return q;
  }

  // Each group's own rows, in order.
  std::array<double, 2> apart(const draw& what, const std::array<double, 2>& weight) const noexcept {
    std::array<double, 2> q{};
    for (std::size_t g = 0; g < 2; ++g) {
      quantile_walk walk(type7_rank(weight[g], prob_));
      const group_rows& rows = own_[g];
      for (std::size_t i = 0; i < rows.row.size(); ++i)
        if (!walk.add(what.weight[rows.row[i]], rows.value[i])) break;
      q[g] = walk.value();
    }
    return q;
  }

  // All rows in order, each to the group of its label.
  std::array<double, 2> mixed(const draw& what, const std::array<double, 2>& weight) const noexcept {
    std::array<quantile_walk, 2> walk{quantile_walk(type7_rank(weight[0], prob_)),
                                      quantile_walk(type7_rank(weight[1], prob_))};
    std::array<bool, 2> open{true, true};
    for (std::size_t i = 0; i < order_.size() && (open[0] || open[1]); ++i) {
      const auto g = static_cast<std::size_t>(what.label[order_[i]]);
      if (open[g]) open[g] = walk[g].add(what.weight[order_[i]], value_[i]);
    }
    return {walk[0].value(), walk[1].value()};
  }

  // Made when a standard error is first asked for: as dear as a thousand replicates.
  const std::vector<order_weights>& betas() const {
    std::call_once(asked_, [this] {
      for (std::size_t g = 0; g < 2; ++g) beta_.emplace_back(units_[g], prob_);
    });
    return beta_;
  }

  double standard_error(const draw& what, const std::array<double, 2>& weight) const noexcept {
    const std::vector<order_weights>& beta = betas();
    std::array<double, 2> seen{}, last{}, mean{}, square{};
    double variance = 0;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const auto g = static_cast<std::size_t>(what.label[order_[i]]);
      const double w = what.times.empty() ? what.weight[order_[i]] : what.times[order_[i]];
      if (w == 0) continue;
      seen[g] += w;
      const double now = beta[g].at(seen[g] / weight[g]), mass = now - last[g];
      last[g] = now;
      const double x = value_[i] - centre_;
      mean[g] += mass * x;
      square[g] += mass * x * x;
    }
    for (std::size_t g = 0; g < 2; ++g)
      variance += beyond_rounding(square[g] - mean[g] * mean[g], square[g], weight[g]);
    return std::sqrt(variance);
  }

  // The group's value at a place, from 0.
  double value_at(std::size_t g, double place) const noexcept {
    double seen = 0;
    for (std::size_t i = 0; i < own_[g].row.size(); ++i) {
      seen += frequency_[own_[g].row[i]];
      if (seen > place) return own_[g].value[i];
    }
    return own_[g].value.back();
  }

  double prob_;
  const statistic_spec& spec_;
  std::vector<std::int32_t> group_;
  std::vector<double> frequency_;
  std::vector<std::uint32_t> order_;
  std::vector<double> value_;  // in the order of `order_`
  double centre_ = 0;
  std::array<group_rows, 2> own_;
  std::array<double, 2> units_{};
  mutable std::once_flag asked_;
  mutable std::vector<order_weights> beta_;
};

class quantile_difference final : public quantile_statistic {
 public:
  static constexpr statistic_spec spec{"quantile_difference", "quantile difference",
                                       endpoint_kind::numeric, analysis_scale::identity, -1, 2,
                                       statistic_role::effect, 0, -infinity, infinity, "prob"};
  quantile_difference(const cohort& data, double prob) : quantile_statistic(data, prob, spec) {}
};

}  // namespace her2mod
