#pragma once

// The engine: evaluates a prepared statistic on a range of a plan's replicates.
//
// A replicate's value depends on (statistic, plan, replicate number) alone, so any split of a range
// over workers, calls or machines gives the same numbers. Plans are values with
//   state(plan, short_forms)     what one thread changes from draw to draw; which forms are read
//   make(replicate, state&)      the draw
//   grain()                      work is best cut at multiples of so many replicates
//   numbered                     whether it has outcomes(), how many different draws there are, or 0
//                                for many; number(first, count, state&, numbers), those of a range
//                                of draws; and make_outcome(number, state&). Where the groups are drawn
//                                apart, outcomes_apart() of each, and subtract()
// and are resolved at compile time: a replicate costs one virtual call, the statistic's.

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
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
  failure_ledger ledger{};
};

// What each draw of a group is worth, where the statistic is the difference and the groups are drawn
// apart; otherwise nothing.
using worth_of_draws = std::array<std::vector<double>, 2>;

// `most`: draws to be evaluated.
template <class Plan>
worth_of_draws tabulate_worth([[maybe_unused]] const statistic& stat, [[maybe_unused]] const Plan& plan,
                              [[maybe_unused]] std::size_t most) {
  worth_of_draws worth;
  if constexpr (Plan::numbered) {
    const std::array<std::size_t, 2> draws = plan.outcomes_apart();
    if (draws[0] + draws[1] == 0 || draws[0] + draws[1] > most) return {};
    typename Plan::state state(plan);
    const std::array<std::size_t, 2> step{draws[1], 1};
    for (std::size_t g = 0; g < 2; ++g)
      for (std::size_t k = 0; k < draws[g]; ++k) {
        std::array<double, 2> of_group;
        if (!stat.worth(plan.make_outcome(k * step[g], state), of_group)) return {};
        worth[g].push_back(of_group[g]);
      }
  }
  return worth;
}

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
        state_(plan, stat.reads()),
        reasons_(kept, unknown_),
        values_(kept * outputs) {}

  // Replicates begin to end - 1 of those from `first` on, each to its place in `values`.
  void evaluate(std::uint64_t first, std::size_t begin, std::size_t end, bool look_up, double* values) {
    if (look_up) return look_up_range(first, begin, end, values);
    for (std::size_t i = begin; i < end; ++i)
      count(stat_.evaluate(plan_.make(first + i, state_), *scratch_,
                           span<double>(values + i * outputs_, outputs_)));
  }

  // The same from what the groups' draws are worth.
  void subtract(std::uint64_t first, std::size_t begin, std::size_t end, const worth_of_draws& worth, double* values) {
    if constexpr (Plan::numbered) {
      std::array<double, Plan::sharing> part;
      ledger_[static_cast<std::size_t>(reason::none)] += end - begin;
      while (begin < end) {
        const std::uint64_t stream = (first + begin) / Plan::sharing;
        const auto skipped = static_cast<std::size_t>((first + begin) % Plan::sharing);
        const std::size_t here = std::min<std::size_t>(end - begin, Plan::sharing - skipped);
        if (here == Plan::sharing) {
          plan_.subtract(stream, state_, worth, values + begin);
        } else {
          plan_.subtract(stream, state_, worth, part.data());
          std::copy_n(part.data() + skipped, here, values + begin);
        }
        begin += here;
      }
    }
  }

  const failure_ledger& ledger() const noexcept { return ledger_; }

 private:
  void count(reason why) noexcept { ++ledger_[static_cast<std::size_t>(why)]; }

  void look_up_range([[maybe_unused]] std::uint64_t first, [[maybe_unused]] std::size_t begin,
                     [[maybe_unused]] std::size_t end, [[maybe_unused]] double* values) {
    if constexpr (Plan::numbered) {
      std::array<std::uint32_t, 256> numbers;
      while (begin < end) {
        const std::size_t here = std::min(end - begin, numbers.size());
        plan_.number(first + begin, here, state_, numbers.data());
        for (std::size_t i = 0; i < here; ++i) count(remembered(numbers[i], values + (begin + i) * outputs_));
        begin += here;
      }
    }
  }

  static constexpr reason unknown_ = static_cast<reason>(n_reasons);

  reason remembered(std::size_t number, double* out) {
    double* values = &values_[number * outputs_];
    if (reasons_[number] == unknown_)
      reasons_[number] = stat_.evaluate(plan_.make_outcome(number, state_), *scratch_,
                                        span<double>(values, outputs_));
    out[0] = values[0];
    for (std::size_t k = 1; k < outputs_; ++k) out[k] = values[k];
    return reasons_[number];
  }

  const statistic& stat_;
  const Plan& plan_;
  std::size_t outputs_;
  std::unique_ptr<workspace> scratch_;
  typename Plan::state state_;
  std::vector<reason> reasons_;
  std::vector<double> values_;
  failure_ledger ledger_{};
};

template <class Plan>
std::size_t outcomes_of(const Plan& plan) noexcept {
  if constexpr (Plan::numbered)
    return plan.outcomes();
  else
    return 0;
}

// Writes `outputs` of the statistic's outputs, from the first, replicate after replicate; `values` has
// room for all of them.
template <class Plan>
failure_ledger evaluate_into(double* values, const statistic& stat, const Plan& plan,
                             replicate_range range, std::size_t rows, executor& host, std::size_t outputs) {
  const std::size_t outcomes = outcomes_of(plan);
  const worth_of_draws worth = tabulate_worth(stat, plan, outputs == 1 ? range.count : 0);
  const bool apart = !worth[0].empty();
  const bool few = !apart && outcomes > 0 && outcomes <= range.count;

  // A piece is about a millisecond of work: small enough to stop quickly, and to share evenly. What
  // is looked up costs about as much as four rows.
  const std::size_t grain = static_cast<std::size_t>(plan.grain());
  const std::size_t wanted = std::max<std::size_t>(1, 200000 / std::max<std::size_t>(apart || few ? 4 : rows, 1));
  const std::size_t piece = (wanted + grain - 1) / grain * grain;
  std::atomic<std::size_t> next{0};
  failure_ledger ledger{};
  std::mutex adding;

  host.run([&](std::size_t) {
    evaluator<Plan> own(stat, plan, outputs, few ? outcomes : 0);
    for (;;) {
      const std::size_t begin = next.fetch_add(piece);
      if (begin >= range.count) break;
      const std::size_t end = std::min(begin + piece, range.count);
      if (apart)
        own.subtract(range.first, begin, end, worth, values);
      else
        own.evaluate(range.first, begin, end, few, values);
      host.checkpoint(end - begin);
    }
    const std::lock_guard<std::mutex> lock(adding);
    for (std::size_t r = 0; r < n_reasons; ++r) ledger[r] += own.ledger()[r];
  });
  return ledger;
}

template <class Plan>
replicates evaluate_replicates(const statistic& stat, const Plan& plan, replicate_range range,
                               std::size_t rows, executor& host, std::size_t outputs) {
  replicates result{std::vector<double>(range.count * outputs), {}};
  result.ledger = evaluate_into(result.values.data(), stat, plan, range, rows, host, outputs);
  return result;
}

// With all outputs.
template <class Plan>
replicates evaluate_replicates(const statistic& stat, const Plan& plan, replicate_range range,
                               std::size_t rows, executor& host) {
  return evaluate_replicates(stat, plan, range, rows, host, stat.describe().n_outputs);
}

}  // namespace her2mod
