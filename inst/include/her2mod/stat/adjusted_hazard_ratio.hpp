#pragma once

// Log hazard ratio of the group in Cox's model with the cohort's covariates beside it, Efron's rule
// for ties, risk sets within strata. Where labels are permuted the covariates stay with their rows.
// See surv/cox_replicate.hpp.

#include <utility>

#include <her2mod/stat/log_hazard_ratio.hpp>
#include <her2mod/surv/cox_replicate.hpp>

namespace her2mod {

class adjusted_hazard_ratio final : public statistic {
 public:
  explicit adjusted_hazard_ratio(const cohort& data)
      : rows_((require_two_groups(data), data)),
        indicator_(data.group().begin(), data.group().end()),
        prepared_(columns(), cox_ties::efron),
        cox_(prepared_, 0) {}

  const statistic_spec& describe() const noexcept override { return log_hazard_ratio::spec; }
  short_forms reads() const noexcept override { return {false, true}; }
  std::unique_ptr<workspace> make_workspace() const override {
    return std::make_unique<room>(cox_.make_workspace());
  }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& own = static_cast<room&>(scratch);
    return what.times.empty() ? at(what, what.weight, own.fit, out) : at(what, what.times, own.fit, out);
  }

 private:
  struct room final : workspace {
    explicit room(cox_replicate::workspace given) : fit(std::move(given)) {}
    cox_replicate::workspace fit;
  };

  cox_columns columns() const {
    cox_columns given;
    given.time = rows_.response();
    given.event = rows_.event();
    given.entry = rows_.entry();
    if (rows_.n_strata() > 1) given.stratum = rows_.stratum();
    if (!rows_.frequency().is_constant()) given.frequency = rows_.frequency();
    given.covariates.push_back(indicator_);
    for (const column<double>& covariate : rows_.covariates()) given.covariates.push_back(covariate);
    return given;
  }

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
    double all = 0, other = 0;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      const auto w = static_cast<double>(weight[i]);
      all += w;
      other += w * static_cast<double>(label[i]);
    }
    return !(other > 0) || !(all > other);
  }

  const cohort& rows_;
  std::vector<double> indicator_;
  cox_data prepared_;
  cox_replicate cox_;
};

}  // namespace her2mod
