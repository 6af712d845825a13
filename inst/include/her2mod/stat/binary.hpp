#pragma once

// What the statistics of a binary endpoint in two groups share: the weighted 2x2 table of a draw.
//
//   n_g = sum of the weights in group g,  x_g = sum of the weights of events in group g.
//
// One class for all of them: `Formula` has `spec`, `value(table2x2)`, `estimate(table2x2)` with the
// standard error too, and says whether its value is p1 - p0.

#include <array>
#include <cmath>

#include <her2mod/base/risk_effects.hpp>
#include <her2mod/base/table2x2.hpp>
#include <her2mod/stat/group_sums.hpp>

namespace her2mod {

template <class Formula>
class binary_statistic final : public statistic {
 public:
  explicit binary_statistic(const cohort& data) : data_(&data), sums_(data, sums_about::zero) {
    for (const double y : data.response())
      if (y != 0 && y != 1) throw input_error("A binary response must be 0 or 1.");
  }

  const statistic_spec& describe() const noexcept override { return Formula::spec; }

  short_forms reads() const noexcept override { return group_sums::reads(); }

  reason evaluate(const draw& what, workspace&, span<double> out) const noexcept override {
    const table2x2 table = table_of(sums_.of(what, squares_of::nobody));
    if (!(table.n0 > 0) || !(table.n1 > 0)) return write_empty_group(out);
    if (out.size() == 1) return write_estimate(Formula::value(table), 0, out);
    const effect result = Formula::estimate(table);
    return write_estimate(result.value, result.standard_error, out);
  }

  bool worth(const draw& what, std::array<double, 2>& of_group) const noexcept override {
    const table2x2 table = table_of(sums_.of(what, squares_of::nobody));
    of_group = {table.p0(), table.p1()};
    return Formula::difference_of_risks && table.n0 > 0 && table.n1 > 0;
  }

  std::optional<linear_form> linear() const override {
    const two_sums seen = sums_.observed();
    const double events = seen[0].sum + seen[1].sum, n0 = seen[0].weight, n1 = seen[1].weight;
    return linear_form{data_->response(), [=](double x1) {
                         return Formula::value({events - x1, n0, x1, n1});
                       }};
  }

  bool leave_one_out(span<double> out) const override {
    for (std::size_t i = 0; i < sums_.rows(); ++i) {
      const table2x2 table = table_of(sums_.without(i));
      const bool empty = !(table.n0 > 0) || !(table.n1 > 0);
      out[i] = empty ? std::numeric_limits<double>::quiet_NaN() : Formula::value(table);
    }
    return true;
  }

 private:
  static table2x2 table_of(const two_sums& sums) noexcept {
    return {sums[0].sum, sums[0].weight, sums[1].sum, sums[1].weight};
  }

  const cohort* data_;
  group_sums sums_;
};

}  // namespace her2mod
