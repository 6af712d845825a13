#pragma once

// Win probability (Mann-Whitney): P(Y1 > Y0) + P(Y1 = Y0) / 2 for one unit of each group,
//   U / (W0 W1),  U = sum over pairs of w1 w0 (1 if y1 > y0, 1/2 if equal),
// with standard error sqrt(var(V1) / W1 + var(V0) / W0), where V is a unit's own win probability
// against the other group, variances with divisor W - 1
// (DeLong ER and others 1988, Biometrics 44:837, doi:10.2307/2531595).

#include <cmath>

#include <her2mod/stat/sorted_rows.hpp>
#include <her2mod/stat/statistic.hpp>

namespace her2mod {

class win_probability final : public statistic {
 public:
  static constexpr statistic_spec spec{"win_probability", "win probability",
                                       endpoint_kind::numeric, analysis_scale::identity, -1, 2,
                                       statistic_role::effect, 0.5, 0, 1};

  explicit win_probability(const cohort& data)
      : sorted_(data), group_(data.group()), frequency_(data.frequency()) {
    require_two_groups(data);
  }

  const statistic_spec& describe() const noexcept override { return spec; }

  reason evaluate(const draw& what, workspace&, span<double> out) const noexcept override {
    pair_sums sums;
    for_each_block(what, [&](std::size_t, double w0, double w1) { sums.add(w0, w1); });
    if (!(sums.weight0 > 0) || !(sums.weight1 > 0)) return write_empty_group(out);
    return write_estimate(sums.wins1 / (sums.weight0 * sums.weight1), sums.standard_error(), out);
  }

  std::optional<linear_form> linear() const override {
    // Mid-ranks: U is group 1's rank sum less the smallest that it could be.
    linear_form form;
    form.score.resize(group_.size());
    double before = 0, n0 = 0, n1 = 0;
    for_each_block({frequency_, group_, false}, [&](std::size_t block, double w0, double w1) {
      for (std::size_t i = sorted_.begin_of(block); i < sorted_.block_end[block]; ++i)
        form.score[sorted_.order[i]] = before + (w0 + w1 + 1) / 2;
      before += w0 + w1;
      n0 += w0;
      n1 += w1;
    });
    form.value = [n0, n1](double sum) { return (sum - n1 * (n1 + 1) / 2) / (n0 * n1); };
    return form;
  }

  bool leave_one_out(span<double> out) const override {
    const draw own{frequency_, group_, false};
    pair_sums all;
    for_each_block(own, [&](std::size_t, double w0, double w1) { all.add(w0, w1); });
    double before0 = 0, before1 = 0;
    for_each_block(own, [&](std::size_t block, double w0, double w1) {
      const double beaten = before0 + w0 / 2, lost = all.weight1 - before1 - w1 / 2;
      for (std::size_t i = sorted_.begin_of(block); i < sorted_.block_end[block]; ++i) {
        const std::uint32_t row = sorted_.order[i];
        out[row] = group_[row] == 1
                       ? (all.wins1 - beaten) / (all.weight0 * (all.weight1 - 1))
                       : (all.wins1 - lost) / ((all.weight0 - 1) * all.weight1);
      }
      before0 += w0;
      before1 += w1;
    });
    return true;
  }

 private:
  // Sums over blocks of tied responses, in increasing order.
  struct pair_sums {
    double weight0 = 0, weight1 = 0;
    double wins1 = 0, squares1 = 0;  // over group 1: how much of group 0 is below
    double below0 = 0, squares0 = 0;  // over group 0: how much of group 1 is below

    void add(double w0, double w1) noexcept {
      const double under1 = weight0 + w0 / 2, under0 = weight1 + w1 / 2;
      wins1 += w1 * under1;
      squares1 += w1 * under1 * under1;
      below0 += w0 * under0;
      squares0 += w0 * under0 * under0;
      weight0 += w0;
      weight1 += w1;
    }
    double standard_error() const noexcept {
      return std::sqrt(squared_error(squares1, wins1, weight1) / (weight0 * weight0) +
                       squared_error(squares0, below0, weight0) / (weight1 * weight1));
    }
    static double squared_error(double squares, double sum, double weight) noexcept {
      return beyond_rounding(squares - sum * sum / weight, squares, weight) / (weight - 1) / weight;
    }
  };

  // use(block, weight of group 0, weight of group 1)
  template <class Use>
  void for_each_block(const draw& what, const Use& use) const {
    std::size_t i = 0;
    for (std::size_t block = 0; block < sorted_.blocks(); ++block) {
      double all = 0, other = 0;
      for (; i < sorted_.block_end[block]; ++i) {
        const std::uint32_t row = sorted_.order[i];
        const double w = what.weight[row];
        all += w;
        other += w * static_cast<double>(what.label[row]);
      }
      use(block, all - other, other);
    }
  }

  sorted_rows sorted_;
  std::vector<std::int32_t> group_;
  std::vector<double> frequency_;
};

}  // namespace her2mod
