#pragma once

// MaxCombo of three groups or more: the largest U' V- U of several Fleming-Harrington tests, each with
// its own hypergeometric covariance in every replicate; risk sets within strata. Of two groups it would
// be the square of maxcombo.hpp's. See math/form_maximum.hpp for its asymptotic distribution.

#include <algorithm>
#include <vector>

#include <her2mod/stat/maxcombo.hpp>
#include <her2mod/surv/logrank_form.hpp>

namespace her2mod {

class maxcombo_quadratic final : public statistic {
 public:
  maxcombo_quadratic(const cohort& data, std::vector<logrank_weight> tests)
      : tests_(std::move(tests)), table_(data, risk_sets::within_strata) {}

  const statistic_spec& describe() const noexcept override { return maxcombo::spec; }
  short_forms reads() const noexcept override { return {false, false, true}; }
  std::unique_ptr<workspace> make_workspace() const override { return std::make_unique<room>(table_); }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& own = static_cast<room&>(scratch);
    own.counts.fill(table_, what);
    if (own.counts.has_empty_group()) return write_empty_group(out);
    own.pooled.pool(own.counts);
    double most = -1;
    for (const logrank_weight& which : tests_) most = std::max(most, squared_length(which, own));
    return write_estimate(most < 0 ? not_a_number : most, 0, out);
  }

 private:
  struct room final : workspace {
    explicit room(const event_table& table) : counts(table), pooled(table), form(table.groups()) {}
    risk_counts counts;
    pooled_weights pooled;
    logrank_form form;
  };

  // -1 without variance.
  double squared_length(const logrank_weight& which, room& own) const noexcept {
    own.pooled.weigh(table_, which);
    own.form.block.clear();
    for (std::size_t j = 0; j < table_.events(); ++j)
      own.form.add(own.counts, j, own.pooled.at_risk[j], own.pooled.after[j], own.pooled.weight[j], true);
    const double length = own.form.block.squared_length();
    return std::isnan(length) ? -1.0 : length;
  }

  std::vector<logrank_weight> tests_;
  event_table table_;
};

}  // namespace her2mod
