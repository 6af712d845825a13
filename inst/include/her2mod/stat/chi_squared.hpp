#pragma once

// Pearson's chi-squared of the table of groups by categories:
//   sum (O - E)^2 / E,  E = n_group n_category / n
// (Pearson K 1900, doi:10.1080/14786440009463897), over categories that occur.

#include <her2mod/stat/category_counts.hpp>

namespace her2mod {

class chi_squared final : public statistic {
 public:
  static constexpr statistic_spec spec{"chi_squared", "Pearson chi-squared",
                                       endpoint_kind::categorical, analysis_scale::identity, 1, 1,
                                       statistic_role::test, 0, 0};

  explicit chi_squared(const cohort& data)
      : category_(categories_of(data)),
        groups_(static_cast<std::size_t>(data.n_groups())),
        categories_(1 + *std::max_element(category_.begin(), category_.end())) {}

  const statistic_spec& describe() const noexcept override { return spec; }
  std::unique_ptr<workspace> make_workspace() const override {
    return std::make_unique<category_counts>(groups_, categories_);
  }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& table = static_cast<category_counts&>(scratch);
    table.fill(what, category_);
    if (table.empty_group()) return write_empty_group(out);
    double total = 0, sum = 0;
    for (std::size_t g = 0; g < groups_; ++g) total += table.size(g);
    for (std::size_t c = 0; c < categories_; ++c) {
      double all = 0;
      for (std::size_t g = 0; g < groups_; ++g) all += table.count(g, c);
      if (!(all > 0)) continue;
      for (std::size_t g = 0; g < groups_; ++g) {
        const double expected = all * table.size(g) / total, off = table.count(g, c) - expected;
        sum += off * off / expected;
      }
    }
    return write_estimate(sum, 0, out);
  }

 private:
  std::vector<std::uint32_t> category_;
  std::size_t groups_, categories_;
};

}  // namespace her2mod
