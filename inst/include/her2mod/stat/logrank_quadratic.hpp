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

#include <her2mod/math/ldl.hpp>
#include <her2mod/stat/statistic.hpp>
#include <her2mod/surv/logrank.hpp>

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
    std::fill(own.excess.begin(), own.excess.end(), 0.0);
    std::fill(own.covariance.begin(), own.covariance.end(), 0.0);
    for (std::size_t j = 0; j < table_.events(); ++j) add_event_time(own, j);
    if (!studentised_) {
      score_slots(own);
      add_permutation_covariance(what, own);
    }
    return write_estimate(squared_length(own), 0, out);
  }

 private:
  // The reference group is left out: it follows from the others.
  struct room final : workspace {
    explicit room(const event_table& table)
        : counts(table),
          pooled(table),
          excess(table.groups() - 1),
          share(table.groups() - 1),
          diagonal(table.groups() - 1),
          covariance(packed_size(table.groups() - 1)),
          aside(table.groups() - 1),
          score(table.slots()),
          hazard(table.slots()),
          size(table.strata() * table.groups()),
          squares(table.strata()) {}
    risk_counts counts;
    pooled_weights pooled;
    std::vector<double> excess, share, diagonal, covariance;
    std::vector<std::uint8_t> aside;
    std::vector<double> score, hazard;  // of each slot
    std::vector<double> size;           // of each stratum's groups
    std::vector<double> squares;        // of scores, of each stratum
  };

  std::uint32_t slot_of(std::uint32_t row, double time, bool event) const noexcept {
    return static_cast<std::uint32_t>(
        table_.slot_of(static_cast<std::size_t>(table_.stratum(row)), time, event));
  }

  void add_event_time(room& own, std::size_t j) const noexcept {
    const double y = own.pooled.at_risk[j], d = y - own.pooled.after[j], w = own.pooled.weight[j];
    if (!(d > 0)) return;
    const double spread = studentised_ && y > 1 ? w * w * d * (own.pooled.after[j] / (y - 1)) : 0.0;
    for (std::size_t g = 0; g + 1 < groups_; ++g) {
      const auto& group = own.counts[g + 1];
      own.share[g] = group.at_risk[j] / y;
      own.excess[g] += w * (group.at_risk[j] - group.after[j] - d * own.share[g]);
      for (std::size_t h = 0; h <= g; ++h)
        own.covariance[packed_at(g, h)] += spread * own.share[g] * ((g == h ? 1.0 : 0.0) - own.share[h]);
    }
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
          own.covariance[packed_at(g, h)] += spread * ((g == h ? size[g + 1] : 0.0) - size[g + 1] * size[h + 1] / n);
    }
  }

  // Not a number where there is no variance in any direction.
  double squared_length(room& own) const noexcept {
    const std::size_t p = groups_ - 1;
    for (std::size_t g = 0; g < p; ++g) own.diagonal[g] = own.covariance[packed_at(g, g)];
    std::fill(own.aside.begin(), own.aside.end(), std::uint8_t{0});
    if (ldl_factor(own.covariance.data(), p, own.diagonal.data(), 1e-10, own.aside.data()) == 0)
      return std::numeric_limits<double>::quiet_NaN();
    ldl_half_solve(own.covariance.data(), p, own.excess.data(), own.share.data());
    double length = 0;
    for (std::size_t g = 0; g < p; ++g)
      if (!own.aside[g]) length += own.share[g] * own.share[g] / own.covariance[packed_at(g, g)];
    return length;
  }

  statistic_spec spec_;
  logrank_weight which_;
  bool studentised_;
  event_table table_;
  std::size_t groups_;
  std::vector<std::uint32_t> slot_, entry_slot_;
};

}  // namespace her2mod
