#pragma once

// The engine: evaluates a prepared statistic on a range of a plan's replicates.
//
// A replicate's value depends on (statistic, plan, replicate number) alone, so any split of a range
// over workers, calls or machines gives the same numbers. Plans are values with
//   state                        what one thread changes from draw to draw
//   make(replicate, state&)      the draw
//   grain()                      work is best cut at multiples of so many replicates
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

// `outputs`: how many of the statistic's outputs are wanted, from the first.
template <class Plan>
replicates evaluate_replicates(const statistic& stat, const Plan& plan, replicate_range range,
                               std::size_t rows, executor& host, std::size_t outputs) {
  replicates result{std::vector<double>(range.count * outputs), std::vector<reason>(range.count)};

  // A piece is about a millisecond of work: small enough to stop quickly, and to share evenly.
  const std::size_t grain = static_cast<std::size_t>(plan.grain());
  const std::size_t wanted = std::max<std::size_t>(1, 200000 / std::max<std::size_t>(rows, 1));
  const std::size_t piece = (wanted + grain - 1) / grain * grain;
  std::atomic<std::size_t> next{0};

  host.run([&](std::size_t) {
    const std::unique_ptr<workspace> scratch = stat.make_workspace();
    typename Plan::state state(plan);
    for (;;) {
      const std::size_t begin = next.fetch_add(piece);
      if (begin >= range.count) return;
      const std::size_t end = std::min(begin + piece, range.count);
      for (std::size_t i = begin; i < end; ++i) {
        const draw what = plan.make(range.first + i, state);
        result.reasons[i] =
            stat.evaluate(what, *scratch, span<double>(&result.values[i * outputs], outputs));
      }
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
