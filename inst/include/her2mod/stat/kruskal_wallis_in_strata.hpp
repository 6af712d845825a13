#pragma once

// kruskal_wallis.hpp within strata: mid-ranks among all rows, the groups' sums compared with what the strata lead to
// expect (math/block_form.hpp). 0 where no stratum has two groups and two values.

#include <algorithm>
#include <cmath>
#include <vector>

#include <her2mod/math/block_form.hpp>
#include <her2mod/stat/kruskal_wallis.hpp>
#include <her2mod/stat/sorted_rows.hpp>

namespace her2mod {

class kruskal_wallis_in_strata final : public statistic {
 public:
  explicit kruskal_wallis_in_strata(const cohort& data)
      : sorted_(data),
        groups_(static_cast<std::size_t>(data.n_groups())),
        strata_(static_cast<std::size_t>(data.n_strata())) {
    for (std::size_t i = 0; i < data.rows(); ++i) stratum_.push_back(static_cast<std::size_t>(data.stratum()[i]));
  }

  const statistic_spec& describe() const noexcept override { return kruskal_wallis::spec; }
  std::unique_ptr<workspace> make_workspace() const override {
    return std::make_unique<room>(groups_, strata_, stratum_.size());
  }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& own = static_cast<room&>(scratch);
    rank_rows(what, own);
    std::fill(own.size.begin(), own.size.end(), 0.0);
    std::fill(own.group.begin(), own.group.end(), 0.0);
    std::fill(own.product.begin(), own.product.end(), 0.0);
    own.form.clear();
    for (std::size_t i = 0; i < stratum_.size(); ++i) {
      const auto g = static_cast<std::size_t>(what.label[i]);
      const double w = what.weight[i], off = own.rank[i] - own.mean[stratum_[i]];
      own.size[stratum_[i] * groups_ + g] += w;
      own.group[g] += w;
      own.product[stratum_[i]] += w * off * off;
      if (g > 0) own.form.excess(g) += w * off;
    }
    if (std::any_of(own.group.begin(), own.group.end(), [](double n) { return !(n > 0); }))
      return write_empty_group(out);
    for (std::size_t s = 0; s < strata_; ++s)
      own.form.add_covariance(own.size.data() + s * groups_, &own.product[s]);
    const double squared = own.form.squared_length();
    return write_estimate(std::isnan(squared) ? 0.0 : squared, 0, out);
  }

 private:
  struct room final : workspace {
    room(std::size_t groups, std::size_t strata, std::size_t rows)
        : form(groups, 1), rank(rows), mean(strata), weight(strata), product(strata), size(strata * groups), group(groups) {}
    block_form form;
    std::vector<double> rank;
    std::vector<double> mean, weight, product;  // of each stratum
    std::vector<double> size;                   // of each stratum's groups
    std::vector<double> group;                  // sizes over all strata
  };

  // Ranks, and their mean in each stratum: a half of a whole number each, so that equal ranks leave exactly nothing.
  void rank_rows(const draw& what, room& own) const noexcept {
    std::fill(own.mean.begin(), own.mean.end(), 0.0);
    std::fill(own.weight.begin(), own.weight.end(), 0.0);
    double before = 0;
    std::size_t i = 0;
    for (std::size_t block = 0; block < sorted_.blocks(); ++block) {
      const std::size_t begin = i;
      double tied = 0;
      for (; i < sorted_.block_end[block]; ++i) tied += what.weight[sorted_.order[i]];
      for (std::size_t j = begin; j < i; ++j) {
        const std::uint32_t row = sorted_.order[j];
        own.rank[row] = before + (tied + 1) / 2;
        own.mean[stratum_[row]] += what.weight[row] * own.rank[row];
        own.weight[stratum_[row]] += what.weight[row];
      }
      before += tied;
    }
    for (std::size_t s = 0; s < strata_; ++s)
      if (own.weight[s] > 0) own.mean[s] /= own.weight[s];
  }

  sorted_rows sorted_;
  std::size_t groups_, strata_;
  std::vector<std::size_t> stratum_;
};

}  // namespace her2mod
