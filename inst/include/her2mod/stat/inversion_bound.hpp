#pragma once

// What inverting a permutation test asks of an arrangement. A are the rows of group 1, A* those that
// the arrangement puts there. If the responses of group 1 are too large by d, the sum over A* of the
// corrected responses is at least that over A exactly when
//   d >= (sum over A less A* of y - sum over A* less A of y) / |A less A*|;
// if they are too large by the factor r, exactly when
//   r >= (sum over A less A* of y) / (sum over A* less A of y).
// NaN where A* = A. Garthwaite PH 1996, Biometrics 52:1387, doi:10.2307/2532852.

#include <string>

#include <her2mod/stat/statistic.hpp>

namespace her2mod {

enum class inverted_effect { shift, ratio };

class inversion_bound final : public statistic {
 public:
  static constexpr statistic_spec spec{"inversion_bound", "bound of an inverted test",
                                       endpoint_kind::numeric, analysis_scale::identity, -1, 1};

  inversion_bound(const cohort& data, inverted_effect effect)
      : effect_(effect), value_(data.response()), group_(data.group()) {
    require_two_groups(data);
  }

  const statistic_spec& describe() const noexcept override { return spec; }

  reason evaluate(const draw& what, workspace&, span<double> out) const noexcept override {
    double left = 0, entered = 0, moved = 0;
    for (std::size_t i = 0; i < value_.size(); ++i) {
      const double leaves = group_[i] == 1 && what.label[i] == 0 ? 1.0 : 0.0;
      const double enters = group_[i] == 0 && what.label[i] == 1 ? 1.0 : 0.0;
      moved += leaves;
      left += leaves * value_[i];
      entered += enters * value_[i];
    }
    return write_estimate(
        effect_ == inverted_effect::shift ? (left - entered) / moved : left / entered, 0, out);
  }

 private:
  inverted_effect effect_;
  std::vector<double> value_;
  std::vector<std::int32_t> group_;
};

}  // namespace her2mod
