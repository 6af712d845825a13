#pragma once

// Tests of the log-rank family where labels alone are dealt anew, given as the members of one
// group. Numbers at risk y_j and events d_j of both groups together stay as they are, so with a_j
// of the listed group at risk
//
//   U = +-(sum of the members' scores),   V = sum w_j^2 c_j a_j (y_j - a_j),
//   c_j = d_j (y_j - d_j) / (y_j^2 (y_j - 1)),
//
// of several weights at once: see logrank.hpp.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/draw.hpp>
#include <her2mod/surv/logrank.hpp>

namespace her2mod {

class permuted_logrank {
public:
  // `weight`: of all tests at an event time, event time after event time; `pooled` as observed.
  permuted_logrank(const event_table& table, pooled_weights pooled,
                   const std::vector<double>& weight, std::size_t tests)
      : tests_(tests), stratum_begin_(table.stratum_begin()), score_(table.data().rows() * tests),
        share_(weight.size()), at_risk_(pooled.at_risk),
        leaves_(last_events(table, table.pooled().row, table.data().response())) {
    if (table.truncated())
      enters_ = last_events(table, table.pooled().by_entry, table.data().entry());
    for (std::size_t k = 0; k < tests; ++k) {
      for (std::size_t j = 0; j < table.events(); ++j) {
        const double y = pooled.at_risk[j], z = pooled.after[j], w = weight[j * tests + k];
        pooled.weight[j] = w;
        share_[j * tests + k] = z > 0 ? w * w * (y - z) * z / (y * y * (y - 1)) : 0.0;
      }
      const std::vector<double> score = logrank_scores(table, pooled);
      for (std::size_t row = 0; row < score.size(); ++row)
        score_[row * tests + k] = score[row];
    }
  }

  struct scratch {
    explicit scratch(const event_table& table, std::size_t tests)
        : change(table.events() + 1), score(tests), variance(tests), sums(tests) {}
    std::vector<std::int32_t> change;
    std::vector<double> score, variance;
    std::vector<logrank_sums> sums; // of each test
  };

  void operator()(const draw& what, scratch& own) const noexcept {
    tests_ == 4 ? add_up<4>(what, own) : tests_ == 1 ? add_up<1>(what, own) : add_up<0>(what, own);
  }

private:
  // The last event time of each row's stratum that is not after its own time; where there is none,
  // one beyond all.
  static std::vector<std::uint32_t> last_events(const event_table& table,
                                                const std::vector<std::uint32_t>& rows,
                                                const column<double>& time) {
    std::vector<std::uint32_t> last(rows.size());
    const auto none = static_cast<std::uint32_t>(table.events());
    std::size_t i = 0;
    for (std::size_t s = 0; s < table.strata(); ++s) {
      const std::uint32_t begin = table.stratum_begin()[s], end = table.stratum_begin()[s + 1];
      std::uint32_t passed = begin;
      for (; i < table.pooled().end[s]; ++i) {
        while (passed < end && table.time()[passed] <= time[rows[i]])
          ++passed;
        last[rows[i]] = passed > begin ? passed - 1 : none;
      }
    }
    return last;
  }

  // `Tests`: their number, if it is known here, which keeps their sums out of memory.
  template <std::size_t Tests> void add_up(const draw& what, scratch& own) const noexcept {
    std::fill(own.change.begin(), own.change.end(), 0);
    for (const std::uint32_t row : what.members)
      ++own.change[leaves_[row]];
    if (!enters_.empty())
      for (const std::uint32_t row : what.members)
        --own.change[enters_[row]];
    if constexpr (Tests > 0) {
      std::array<double, Tests> score{}, variance{};
      add_scores(what, Tests, score.data());
      add_variances(own.change, Tests, variance.data());
      for (std::size_t k = 0; k < Tests; ++k)
        own.sums[k] = {score[k], variance[k]};
    } else {
      std::fill(own.score.begin(), own.score.end(), 0.0);
      std::fill(own.variance.begin(), own.variance.end(), 0.0);
      add_scores(what, tests_, own.score.data());
      add_variances(own.change, tests_, own.variance.data());
      for (std::size_t k = 0; k < tests_; ++k)
        own.sums[k] = {own.score[k], own.variance[k]};
    }
    if (what.listed == 0)
      for (logrank_sums& sum : own.sums)
        sum.score = -sum.score;
  }

  void add_scores(const draw& what, std::size_t tests, double* sum) const noexcept {
    for (const std::uint32_t row : what.members)
      for (std::size_t k = 0; k < tests; ++k)
        sum[k] += score_[row * tests + k];
  }

  void add_variances(const std::vector<std::int32_t>& change, std::size_t tests,
                     double* sum) const noexcept {
    for (std::size_t s = 0; s + 1 < stratum_begin_.size(); ++s) {
      std::int32_t listed = 0;
      for (std::size_t j = stratum_begin_[s + 1]; j-- > stratum_begin_[s];) {
        listed += change[j];
        const double a = listed, spread = a * (at_risk_[j] - a);
        for (std::size_t k = 0; k < tests; ++k)
          sum[k] += share_[j * tests + k] * spread;
      }
    }
  }

  std::size_t tests_;
  std::vector<std::uint32_t> stratum_begin_;
  std::vector<double> score_; // of all tests, row after row
  std::vector<double> share_; // w^2 c of all tests, event time after event time
  std::vector<double> at_risk_;
  std::vector<std::uint32_t> leaves_,
      enters_; // of each row: the last event time that it lives to see, and before it entered
};

} // namespace her2mod
