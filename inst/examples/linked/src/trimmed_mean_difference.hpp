#pragma once

// Difference of trimmed means, other minus reference: of a group's n ordered values the
// floor(n trim) smallest and as many of the largest are left out, as R's mean(trim = ) does.

#include <algorithm>
#include <array>
#include <cmath>

#include <her2mod/base/inference.hpp>
#include <her2mod/stat/sorted_rows.hpp>
#include <her2mod/stat/statistic.hpp>

namespace her2linked {

class trimmed_mean_difference final : public her2mod::statistic {
 public:
  static constexpr her2mod::statistic_spec spec{
      "trimmed_mean_difference", "trimmed mean difference", her2mod::endpoint_kind::numeric,
      her2mod::analysis_scale::identity, -1, 1};

  // Prepares: sorts once. May throw.
  trimmed_mean_difference(const her2mod::cohort& data, double trim) : trim_(trim) {
    her2mod::require_two_groups(data);
    if (!(trim >= 0 && trim < 0.5)) throw her2mod::input_error("trim must be in [0, 0.5).");
    order_ = her2mod::sorted_rows(data).order;
    for (const std::uint32_t row : order_) value_.push_back(data.response()[row]);
  }

  const her2mod::statistic_spec& describe() const noexcept override { return spec; }

  // A row of weight w is w values, next to each other in the order.
  her2mod::reason evaluate(const her2mod::draw& what, her2mod::workspace&,
                           her2mod::span<double> out) const noexcept override {
    std::array<double, 2> n{};
    for (std::size_t row = 0; row < order_.size(); ++row)
      n[static_cast<std::size_t>(what.label[row])] += what.weight[row];
    if (!(n[0] > 0) || !(n[1] > 0)) return her2mod::write_empty_group(out);

    const std::array<double, 2> cut{std::floor(n[0] * trim_), std::floor(n[1] * trim_)};
    std::array<double, 2> seen{}, sum{};
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const auto g = static_cast<std::size_t>(what.label[order_[i]]);
      const double from = std::max(seen[g], cut[g]);
      seen[g] += what.weight[order_[i]];
      const double to = std::min(seen[g], n[g] - cut[g]);
      if (to > from) sum[g] += (to - from) * value_[i];
    }
    const double difference = sum[1] / (n[1] - 2 * cut[1]) - sum[0] / (n[0] - 2 * cut[0]);
    return her2mod::write_estimate(difference, her2mod::not_a_number, out);
  }

 private:
  double trim_;
  std::vector<std::uint32_t> order_;  // rows, smallest response first
  std::vector<double> value_;         // in that order
};

}  // namespace her2linked
