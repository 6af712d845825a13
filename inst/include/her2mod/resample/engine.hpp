#pragma once

// The engine: evaluates a prepared statistic on a range of a plan's replicates.
//
// A replicate's value depends on (statistic, plan, replicate number) alone, so any split of a range
// over workers, calls or machines gives the same numbers. Plans are values with
//   state                        what one thread changes from draw to draw
//   make(replicate, state&)      the draw
//   grain()                      work is best cut at multiples of so many replicates
//   numbered                     whether it has outcomes(), how many different draws there are, or 0
//                                for many; outcome(replicate, state&), the number of a draw; and
//                                make_outcome(number, state&)
// and are resolved at compile time: a replicate costs one virtual call, the statistic's.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include <her2mod/base/span.hpp>
#include <her2mod/resample/executor.hpp>
#include <her2mod/stat/statistic.hpp>

namespace her2mod {

// Replicates first, ..., first + count - 1, numbered from 0. A value: it can travel.
struct replicate_range {
  std::uint64_t first = 0;
  std::size_t count = 0;
};

// How many replicates ended for which reason.
using failure_ledger = std::array<std::size_t, n_reasons>;

struct replicates {
  std::vector<double> values;  // count x n_outputs, replicate after replicate
  std::vector<reason> reasons;

  failure_ledger ledger() const noexcept {
    failure_ledger counts{};
    for (const reason r : reasons) ++counts[static_cast<std::size_t>(r)];
    return counts;
  }
};

// One thread's work: draws evaluated one by one or, where there are few different ones, looked up.
template <class Plan>
class evaluator {
 public:
  // `kept`: how many different draws to remember.
  evaluator(const statistic& stat, const Plan& plan, std::size_t outputs, std::size_t kept)
      : stat_(stat),
        plan_(plan),
        outputs_(outputs),
        scratch_(stat.make_workspace()),
        state_(plan),
        known_(kept, 0),
        reasons_(kept),
        values_(kept * outputs) {}

  reason evaluate(std::uint64_t replicate, double* out) {
    return stat_.evaluate(plan_.make(replicate, state_), *scratch_, span<double>(out, outputs_));
  }

  reason look_up(std::uint64_t replicate, double* out) {
    if constexpr (!Plan::numbered) {
      return evaluate(replicate, out);
    } else {
      return remember(plan_.outcome(replicate, state_), out);
    }
  }

 private:
  reason remember(std::size_t number, double* out) {
    double* values = &values_[number * outputs_];
    if (!known_[number]) {
      reasons_[number] = stat_.evaluate(plan_.make_outcome(number, state_), *scratch_,
                                        span<double>(values, outputs_));
      known_[number] = 1;
    }
    for (std::size_t k = 0; k < outputs_; ++k) out[k] = values[k];
    return reasons_[number];
  }

  const statistic& stat_;
  const Plan& plan_;
  std::size_t outputs_;
  std::unique_ptr<workspace> scratch_;
  typename Plan::state state_;
  std::vector<char> known_;
  std::vector<reason> reasons_;
  std::vector<double> values_;
};

template <class Plan>
std::size_t outcomes_of(const Plan& plan) noexcept {
  if constexpr (Plan::numbered)
    return plan.outcomes();
  else
    return 0;
}

// `outputs`: how many of the statistic's outputs are wanted, from the first.
template <class Plan>
replicates evaluate_replicates(const statistic& stat, const Plan& plan, replicate_range range,
                               std::size_t rows, executor& host, std::size_t outputs) {
  replicates result{std::vector<double>(range.count * outputs), std::vector<reason>(range.count)};

  const std::size_t outcomes = outcomes_of(plan);
  const bool few = outcomes > 0 && outcomes <= range.count;

  // A piece is about a millisecond of work: small enough to stop quickly, and to share evenly. What
  // is looked up costs about as much as four rows.
  const std::size_t grain = static_cast<std::size_t>(plan.grain());
  const std::size_t wanted = std::max<std::size_t>(1, 200000 / std::max<std::size_t>(few ? 4 : rows, 1));
  const std::size_t piece = (wanted + grain - 1) / grain * grain;
  std::atomic<std::size_t> next{0};

  host.run([&](std::size_t) {
    evaluator<Plan> own(stat, plan, outputs, few ? outcomes : 0);
    for (;;) {
      const std::size_t begin = next.fetch_add(piece);
      if (begin >= range.count) return;
      const std::size_t end = std::min(begin + piece, range.count);
      for (std::size_t i = begin; i < end; ++i)
        result.reasons[i] = few ? own.look_up(range.first + i, &result.values[i * outputs])
                                : own.evaluate(range.first + i, &result.values[i * outputs]);
      host.checkpoint(end - begin);
    }
  });
  return result;
}

// With all outputs.
template <class Plan>
replicates evaluate_replicates(const statistic& stat, const Plan& plan, replicate_range range,
                               std::size_t rows, executor& host) {
  return evaluate_replicates(stat, plan, range, rows, host, stat.describe().n_outputs);
}

}  // namespace her2mod
