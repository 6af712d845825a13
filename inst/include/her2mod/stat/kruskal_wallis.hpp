#pragma once

// Kruskal-Wallis' H of any number of groups, with mid-ranks:
//   H = sum_g n_g (rbar_g - rbar)^2 / (sum_i (r_i - rbar)^2 / (n - 1)),
// which holds the correction for ties (Kruskal WH, Wallis WA 1952, JASA 47:583,
// doi:10.1080/01621459.1952.10483441). 0 where all responses are equal.

#include <her2mod/stat/sorted_rows.hpp>
#include <her2mod/stat/statistic.hpp>

namespace her2mod {

class kruskal_wallis final : public statistic {
 public:
  static constexpr statistic_spec spec{"kruskal_wallis", "Kruskal-Wallis H", endpoint_kind::numeric,
                                       analysis_scale::identity, 1, 1, statistic_role::test, 0, 0};

  explicit kruskal_wallis(const cohort& data)
      : sorted_(data), groups_(static_cast<std::size_t>(data.n_groups())) {}

  const statistic_spec& describe() const noexcept override { return spec; }
  std::unique_ptr<workspace> make_workspace() const override {
    return std::make_unique<group_ranks>(groups_);
  }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& group = static_cast<group_ranks&>(scratch);
    double total = 0;
    for (double& w : group.weight) w = 0;
    for (std::size_t i = 0; i < what.weight.size(); ++i) {
      total += what.weight[i];
      group.weight[static_cast<std::size_t>(what.label[i])] += what.weight[i];
    }
    for (double& r : group.ranks) r = 0;
    // Ranks less their mean (total + 1) / 2.
    double before = 0, squares = 0;
    std::size_t i = 0;
    for (std::size_t block = 0; block < sorted_.blocks(); ++block) {
      const std::size_t begin = i;
      double tied = 0;
      for (; i < sorted_.block_end[block]; ++i) tied += what.weight[sorted_.order[i]];
      const double rank = before + tied / 2 - total / 2;
      for (std::size_t j = begin; j < i; ++j) {
        const std::uint32_t row = sorted_.order[j];
        group.ranks[static_cast<std::size_t>(what.label[row])] += what.weight[row] * rank;
      }
      squares += tied * rank * rank;
      before += tied;
    }
    double between = 0;
    for (std::size_t g = 0; g < groups_; ++g) {
      if (!(group.weight[g] > 0)) return write_empty_group(out);
      between += group.ranks[g] * group.ranks[g] / group.weight[g];
    }
    return write_estimate(squares > 0 ? between / (squares / (total - 1)) : 0.0, 0, out);
  }

 private:
  struct group_ranks final : workspace {
    explicit group_ranks(std::size_t n) : weight(n), ranks(n) {}
    std::vector<double> weight, ranks;
  };

  sorted_rows sorted_;
  std::size_t groups_;
};

}  // namespace her2mod
