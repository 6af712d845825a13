#pragma once

// Standardised difference of a categorical variable, the multi-level form of tables of baseline
// balance:
//   sqrt((p1 - p0)' S+ (p1 - p0)),  S = (S0 + S1) / 2,  S_g = diag(p_g) - p_g p_g',
// p_g the shares of the categories, S+ the generalised inverse, so that no category has to be left
// out (Yang D, Dalton JE 2012, SAS Global Forum 335; Mahalanobis' distance). Infinite where a set of
// categories separates the groups, as for disjoint levels. Never negative; swapping the groups
// leaves it.

#include <her2mod/math/quadratic_form.hpp>
#include <her2mod/stat/category_counts.hpp>

namespace her2mod {

class standardised_distance final : public statistic {
 public:
  static constexpr statistic_spec spec{"standardised_distance", "standardised distance",
                                       endpoint_kind::categorical, analysis_scale::identity, 1, 1,
                                       statistic_role::effect, 0, 0};

  explicit standardised_distance(const cohort& data)
      : category_(categories_of(data)),
        categories_(1 + *std::max_element(category_.begin(), category_.end())) {
    require_two_groups(data);
    if (categories_ > 200) throw data_error("A standardised distance takes at most 200 categories.");
  }

  const statistic_spec& describe() const noexcept override { return spec; }
  std::unique_ptr<workspace> make_workspace() const override {
    return std::make_unique<category_counts>(2, categories_);
  }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& table = static_cast<category_counts&>(scratch);
    table.fill(what, category_);
    if (table.empty_group()) return write_empty_group(out);
    std::vector<double> difference(categories_), covariance(categories_ * categories_);
    for (std::size_t a = 0; a < categories_; ++a) {
      difference[a] = table.share(1, a) - table.share(0, a);
      for (std::size_t b = 0; b < categories_; ++b)
        for (std::size_t g = 0; g < 2; ++g)
          covariance[a * categories_ + b] +=
              ((a == b ? table.share(g, a) : 0.0) - table.share(g, a) * table.share(g, b)) / 2;
    }
    return write_estimate(std::sqrt(squared_length(difference, covariance)), 0, out);
  }

 private:
  std::vector<std::uint32_t> category_;
  std::size_t categories_;
};

}  // namespace her2mod
