#pragma once

// The log-rank family of three groups or more: U' V- U of the groups' observed less expected events U,
// risk sets within strata, where V is
//
//   the permutation covariance of U: it is a sum of scores a_i over each group's patients (surv/logrank.hpp),
//   which add up to 0 in a stratum, so with n_g patients of group g
//     V_gh = sum over strata  sum_i a_i^2 / (n - 1)  (1{g = h} n_g - n_g n_h / n),
//   which without strata makes it Kruskal and Wallis' form sum_g U_g^2 / n_g / (sum_i a_i^2 / (n - 1))
//   (Strasser H, Weber C 1999, Math Methods Stat 8:220; with tied times these are the scores that the
//   R package coin calls "mid-ranks");
//
//   or, studentised, the hypergeometric covariance of surv/logrank_groups.hpp, in every replicate anew.

#include <her2mod/stat/statistic.hpp>
#include <her2mod/surv/logrank.hpp>
#include <her2mod/surv/logrank_form.hpp>

namespace her2mod {

class logrank_quadratic final : public statistic {
 public:
  // `name`: of the registry.
  logrank_quadratic(const cohort& data, const char* name, logrank_weight which, bool studentised)
      : spec_{name, "log-rank statistic", endpoint_kind::survival, analysis_scale::identity, 1, 1,
              statistic_role::test, 0, 0},
        which_(which),
        studentised_(studentised),
        table_(data, risk_sets::within_strata),
        groups_(table_.groups()) {
    for (std::uint32_t row = 0; row < data.rows(); ++row) {
      slot_.push_back(slot_of(row, data.response()[row], data.event()[row] == 1));
      if (data.truncated()) entry_slot_.push_back(slot_of(row, data.entry()[row], false));
    }
  }

  const statistic_spec& describe() const noexcept override { return spec_; }
  short_forms reads() const noexcept override { return {false, false, true}; }
  std::unique_ptr<workspace> make_workspace() const override { return std::make_unique<room>(table_); }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& own = static_cast<room&>(scratch);
    own.counts.fill(table_, what);
    if (own.counts.has_empty_group()) return write_empty_group(out);
    own.pooled.pool(own.counts);
    own.pooled.weigh(table_, which_);
    own.form.clear();
    for (std::size_t j = 0; j < table_.events(); ++j)
      own.form.add(own.counts, j, own.pooled.at_risk[j], own.pooled.after[j], own.pooled.weight[j], studentised_);
    if (!studentised_) {
      score_slots(own);
      add_permutation_covariance(what, own);
    }
    return write_estimate(own.form.squared_length(), 0, out);
  }

 private:
  struct room final : workspace {
    explicit room(const event_table& table)
        : counts(table),
          pooled(table),
          form(table.groups()),
          score(table.slots()),
          hazard(table.slots()),
          size(table.strata() * table.groups()),
          squares(table.strata()) {}
    risk_counts counts;
    pooled_weights pooled;
    logrank_form form;
    std::vector<double> score, hazard;  // of each slot
    std::vector<double> size;           // of each stratum's groups
    std::vector<double> squares;        // of scores, of each stratum
  };

  std::uint32_t slot_of(std::uint32_t row, double time, bool event) const noexcept {
    return static_cast<std::uint32_t>(
        table_.slot_of(static_cast<std::size_t>(table_.stratum(row)), time, event));
  }

  // The score of who has the event, or is censored, in a slot.
  void score_slots(room& own) const noexcept {
    for (std::size_t s = 0; s < table_.strata(); ++s) {
      std::size_t slot = table_.first_slot(s);
      double hazard = 0;
      own.hazard[slot] = own.score[slot] = 0;
      for (std::size_t j = table_.stratum_begin()[s]; j < table_.stratum_begin()[s + 1]; ++j) {
        const double y = own.pooled.at_risk[j], w = own.pooled.weight[j];
        if (y > 0) hazard += w * (y - own.pooled.after[j]) / y;
        own.score[++slot] = w - hazard;
        own.score[++slot] = -hazard;
        own.hazard[slot] = hazard;
      }
    }
  }

  void add_permutation_covariance(const draw& what, room& own) const noexcept {
    std::fill(own.size.begin(), own.size.end(), 0.0);
    std::fill(own.squares.begin(), own.squares.end(), 0.0);
    for (std::uint32_t row = 0; row < slot_.size(); ++row) {
      const auto s = static_cast<std::size_t>(table_.stratum(row));
      double score = own.score[what.time.empty() ? slot_[row] : slot_of(row, what.time[row], what.event[row] == 1)];
      if (!entry_slot_.empty()) score += own.hazard[entry_slot_[row]];
      own.size[s * groups_ + static_cast<std::size_t>(what.label[row])] += what.weight[row];
      own.squares[s] += what.weight[row] * score * score;
    }
    for (std::size_t s = 0; s < own.squares.size(); ++s) {
      const double* size = own.size.data() + s * groups_;
      double n = 0;
      for (std::size_t g = 0; g < groups_; ++g) n += size[g];
      if (!(n > 1)) continue;
      const double spread = own.squares[s] / (n - 1);
      for (std::size_t g = 0; g + 1 < groups_; ++g)
        for (std::size_t h = 0; h <= g; ++h)
          own.form.covariance[packed_at(g, h)] += spread * ((g == h ? size[g + 1] : 0.0) - size[g + 1] * size[h + 1] / n);
    }
  }

  statistic_spec spec_;
  logrank_weight which_;
  bool studentised_;
  event_table table_;
  std::size_t groups_;
  std::vector<std::uint32_t> slot_, entry_slot_;
};

}  // namespace her2mod
