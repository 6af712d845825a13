#pragma once

// Difference in restricted mean survival time, adjusted for covariates: by weighted curves
// (stat/weighted_curves.hpp) or standardised ones (stat/standardised_curves.hpp).

#include <memory>
#include <utility>
#include <vector>

#include <her2mod/stat/group_cox.hpp>
#include <her2mod/stat/standardised_curves.hpp>
#include <her2mod/stat/statistic.hpp>
#include <her2mod/stat/weighted_curves.hpp>

namespace her2mod {

class adjusted_rmst_difference final : public statistic, public group_means {
 public:
  static constexpr statistic_spec spec{"adjusted_rmst_difference",
                                       "adjusted restricted mean survival time difference",
                                       endpoint_kind::survival, analysis_scale::identity, -1, 1,
                                       statistic_role::effect, 0, -infinity, infinity, "adjust, tau"};

  adjusted_rmst_difference(const cohort& data, const adjustment& how, double tau)
      : data_((require_two_groups(data), &data)),
        frequency_is_one_(data.frequency().is_constant() && data.frequency()[0] == 1) {
    if (how.by == adjusted_by::doubly_robust || how.interactions)
      throw input_error("An adjusted RMST difference has neither a doubly robust estimator nor interactions.");
    if (how.by != adjusted_by::g_computation)
      weighted_ = std::make_unique<weighted_curves>(data, how, tau);
    else if (how.firth)
      throw input_error("Standardised curves have no Firth penalty.");
    else
      standardised_ = std::make_unique<standardised_curves>(data, how.target, tau);
  }

  const statistic_spec& describe() const noexcept override { return spec; }
  short_forms reads() const noexcept override { return {false, frequency_is_one_}; }
  std::unique_ptr<workspace> make_workspace() const override {
    auto own = std::make_unique<room>();
    if (weighted_) own->weighted = weighted_->make_workspace();
    if (standardised_) own->standardised = standardised_->make_workspace();
    return own;
  }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    std::array<double, 2> mean;
    if (!means(what, static_cast<room&>(scratch), mean)) return write_empty_group(out);
    return write_estimate(mean[1] - mean[0], not_a_number, out);
  }

  bool leave_one_out(span<double> out) const override {
    std::vector<weighted_curves::pair> influence;
    if (out.size() <= most_refitted_rows || !weighted_ || !weighted_->influences(*data_, influence)) return false;
    const auto scratch = make_workspace();
    double value[1];
    evaluate({data_->frequency(), data_->group(), false}, *scratch, span<double>(value, 1));
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = value[0] - (influence[i][1] - influence[i][0]);
    return true;
  }

  std::array<double, 2> observed() const override {
    const auto scratch = make_workspace();
    std::array<double, 2> mean;
    means({data_->frequency(), data_->group(), false}, static_cast<room&>(*scratch), mean);
    return mean;
  }

 private:
  struct room final : workspace {
    std::unique_ptr<weighted_curves::workspace> weighted;
    std::unique_ptr<standardised_curves::workspace> standardised;
  };

  bool means(const draw& what, room& own, std::array<double, 2>& mean) const noexcept {
    return weighted_ ? (*weighted_)(what, *own.weighted, mean) : (*standardised_)(what, *own.standardised, mean);
  }

  const cohort* data_;
  bool frequency_is_one_;
  std::unique_ptr<weighted_curves> weighted_;
  std::unique_ptr<standardised_curves> standardised_;
};

}  // namespace her2mod
