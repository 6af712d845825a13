#pragma once

// Log hazard ratio of the group in Cox's model with the cohort's covariates beside it, Efron's rule
// for ties, risk sets within strata. Where labels are permuted the covariates stay with their rows.
// See surv/cox_replicate.hpp.

#include <cstdint>
#include <type_traits>
#include <utility>

#include <her2mod/stat/log_hazard_ratio.hpp>

namespace her2mod {

class adjusted_hazard_ratio final : public statistic {
 public:
  explicit adjusted_hazard_ratio(const cohort& data)
      : prepared_((require_two_groups(data), data)), cox_(prepared_.data, 0) {}

  const statistic_spec& describe() const noexcept override { return log_hazard_ratio::spec; }
  short_forms reads() const noexcept override { return {false, true}; }
  std::unique_ptr<workspace> make_workspace() const override {
    return std::make_unique<room>(cox_.make_workspace());
  }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& own = static_cast<room&>(scratch);
    return what.times.empty() ? at(what, what.weight, own.fit, out) : at(what, what.times, own.fit, out);
  }

  bool leave_one_out(span<double> out) const override {
    return out.size() > most_refitted_rows && cox_.without_each(out);
  }

 private:
  struct room final : workspace {
    explicit room(cox_replicate::workspace given) : fit(std::move(given)) {}
    cox_replicate::workspace fit;
  };

  template <class Number>
  reason at(const draw& what, span<const Number> weight, cox_replicate::workspace& fit,
            span<double> out) const noexcept {
    if (has_empty_group(weight, what.label)) return write_empty_group(out);
    const cox_labels labels{what.relabelled ? what.label : span<const std::int32_t>(), 0};
    double error = 0;
    const double ratio = cox_.evaluate(weight, what.whole, labels, fit, out.size() > 1 ? &error : nullptr);
    return write_estimate(ratio, error, out);
  }

  template <class Number>
  static bool has_empty_group(span<const Number> weight, span<const std::int32_t> label) noexcept {
    using sum = std::conditional_t<std::is_integral_v<Number>, std::int64_t, double>;
    sum all = 0, other = 0;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      all += weight[i];
      other += weight[i] * static_cast<sum>(label[i]);
    }
    return !(other > 0) || !(all > other);
  }

  group_cox prepared_;
  cox_replicate cox_;
};

}  // namespace her2mod
