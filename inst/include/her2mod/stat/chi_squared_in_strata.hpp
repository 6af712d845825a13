#pragma once

// chi_squared.hpp within strata: the counts' squared distance from what the strata lead to expect (math/block_form.hpp,
// each category but the first a score of 0 and 1). This is Cochran, Mantel and Haenszel's statistic of general
// association (Landis JR, Heyman ER, Koch GG 1978, Int Stat Rev 46:237, doi:10.2307/1402373). 0 where no stratum has two
// groups and two categories.

#include <algorithm>
#include <cmath>
#include <vector>

#include <her2mod/math/block_form.hpp>
#include <her2mod/stat/category_counts.hpp>
#include <her2mod/stat/chi_squared.hpp>

namespace her2mod {

class chi_squared_in_strata final : public statistic {
 public:
  explicit chi_squared_in_strata(const cohort& data)
      : category_(categories_of(data)),
        groups_(static_cast<std::size_t>(data.n_groups())),
        strata_(static_cast<std::size_t>(data.n_strata())),
        categories_(1 + *std::max_element(category_.begin(), category_.end())) {
    if ((groups_ - 1) * (categories_ - 1) > most_scores)
      throw data_error("Within strata chi-squared takes at most 300 degrees of freedom, (groups - 1)(categories - 1).");
    for (std::size_t i = 0; i < data.rows(); ++i) stratum_.push_back(static_cast<std::size_t>(data.stratum()[i]));
  }

  const statistic_spec& describe() const noexcept override { return chi_squared::spec; }
  std::unique_ptr<workspace> make_workspace() const override {
    return std::make_unique<room>(groups_, strata_, categories_);
  }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& own = static_cast<room&>(scratch);
    std::fill(own.count.begin(), own.count.end(), 0.0);
    std::fill(own.size.begin(), own.size.end(), 0.0);
    std::fill(own.group.begin(), own.group.end(), 0.0);
    for (std::size_t i = 0; i < category_.size(); ++i) {
      const auto g = static_cast<std::size_t>(what.label[i]);
      const std::size_t cell = stratum_[i] * groups_ + g;
      own.count[cell * categories_ + category_[i]] += what.weight[i];
      own.size[cell] += what.weight[i];
      own.group[g] += what.weight[i];
    }
    if (std::any_of(own.group.begin(), own.group.end(), [](double n) { return !(n > 0); }))
      return write_empty_group(out);
    own.form.clear();
    for (std::size_t s = 0; s < strata_; ++s) add_stratum(own, s);
    const double squared = own.form.squared_length();
    return write_estimate(std::isnan(squared) ? 0.0 : squared, 0, out);
  }

 private:
  static constexpr std::size_t most_scores = 300;

  struct room final : workspace {
    room(std::size_t groups, std::size_t strata, std::size_t categories)
        : form(groups, categories - 1),
          count(strata * groups * categories),
          size(strata * groups),
          group(groups),
          all(categories),
          product(packed_size(categories - 1)) {}
    block_form form;
    std::vector<double> count, size;  // of each stratum's groups
    std::vector<double> group;        // sizes over all strata
    std::vector<double> all, product; // of a stratum: its categories, and their centred products
  };

  void add_stratum(room& own, std::size_t s) const noexcept {
    const double *size = own.size.data() + s * groups_, *count = own.count.data() + s * groups_ * categories_;
    double n = 0;
    for (std::size_t g = 0; g < groups_; ++g) n += size[g];
    if (!(n > 0)) return;
    std::fill(own.all.begin(), own.all.end(), 0.0);
    for (std::size_t g = 0; g < groups_; ++g)
      for (std::size_t c = 0; c < categories_; ++c) own.all[c] += count[g * categories_ + c];
    for (std::size_t c = 1; c < categories_; ++c) {
      for (std::size_t g = 1; g < groups_; ++g)
        own.form.excess(g, c - 1) += count[g * categories_ + c] - size[g] * own.all[c] / n;
      for (std::size_t d = 1; d <= c; ++d)
        own.product[packed_at(c - 1, d - 1)] = (c == d ? own.all[c] : 0.0) - own.all[c] * own.all[d] / n;
    }
    own.form.add_covariance(size, own.product.data());
  }

  std::vector<std::uint32_t> category_;
  std::size_t groups_, strata_, categories_;
  std::vector<std::size_t> stratum_;
};

}  // namespace her2mod
