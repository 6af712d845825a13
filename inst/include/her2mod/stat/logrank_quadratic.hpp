#pragma once

// The log-rank family of three groups or more: U' V- U of the groups' observed less expected events U,
// risk sets within strata, where V is
//
//   the permutation covariance of U (math/block_form.hpp): it is a sum of scores over each group's patients
//   (surv/logrank.hpp), which add up to 0 in a stratum (with tied times these are the scores that the R package coin
//   calls "mid-ranks");
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
    own.form.block.clear();
    for (std::size_t j = 0; j < table_.events(); ++j)
      own.form.add(own.counts, j, own.pooled.at_risk[j], own.pooled.after[j], own.pooled.weight[j], studentised_);
    if (!studentised_) {
      score_slots(own);
      add_permutation_covariance(what, own);
    }
    return write_estimate(own.form.block.squared_length(), 0, out);
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
    for (std::size_t s = 0; s < own.squares.size(); ++s)
      own.form.block.add_covariance(own.size.data() + s * groups_, &own.squares[s]);
  }

  statistic_spec spec_;
  logrank_weight which_;
  bool studentised_;
  event_table table_;
  std::size_t groups_;
  std::vector<std::uint32_t> slot_, entry_slot_;
};

}  // namespace her2mod
