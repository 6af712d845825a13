#pragma once

// What the statistics of means in two groups share. `Formula` is made of the constructor's numbers
// and has
//   spec                              the description
//   about                             whether sums are about means or about 0
//   linear()                          whether, given all the data, it is an increasing function of
//                                     group 1's sum that knows the squares only in total
//   check(cohort)                     throws where it has no meaning
//   squares                           whose squares the value needs
//   value(two_sums)                   from both groups' sums
//   estimate(two_sums) -> effect      the same with its standard error

#include <cmath>

#include <her2mod/base/risk_effects.hpp>
#include <her2mod/stat/group_sums.hpp>

namespace her2mod {

template <class Formula>
class moment_statistic final : public statistic {
 public:
  explicit moment_statistic(const cohort& data, Formula formula = {})
      : data_(&data),
        formula_(formula),
        sums_(data, Formula::about) {
    Formula::check(data);
  }

  const statistic_spec& describe() const noexcept override { return Formula::spec; }

  short_forms reads() const noexcept override { return group_sums::reads(); }

  reason evaluate(const draw& what, workspace&, span<double> out) const noexcept override {
    const bool value_only = out.size() == 1;
    const two_sums sums = sums_.of(what, value_only ? Formula::squares : squares_of::each);
    if (!(sums[0].weight > 0) || !(sums[1].weight > 0)) return write_empty_group(out);
    if (value_only) return write_estimate(formula_.value(sums), 0, out);
    const effect result = formula_.estimate(sums);
    return write_estimate(result.value, result.standard_error, out);
  }

  std::optional<linear_form> linear() const override {
    if (!formula_.linear()) return std::nullopt;
    const weighted_sum total = sums_.total();
    const double n1 = sums_.observed()[1].weight;
    return linear_form{data_->response(), [this, total, n1](double sum) {
                         const weighted_sum one{n1, sum - n1 * total.centre, 0, total.centre};
                         return formula_.value({total.less(one), one});
                       }};
  }

  bool leave_one_out(span<double> out) const override {
    for (std::size_t i = 0; i < sums_.rows(); ++i) {
      const two_sums sums = sums_.without(i);
      const bool empty = !(sums[0].weight > 0) || !(sums[1].weight > 0);
      out[i] = empty ? std::numeric_limits<double>::quiet_NaN() : formula_.value(sums);
    }
    return true;
  }

 private:
  const cohort* data_;
  Formula formula_;
  group_sums sums_;
};

}  // namespace her2mod
