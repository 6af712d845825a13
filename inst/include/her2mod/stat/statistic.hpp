#pragma once

// The contract of a statistic.
//
// A constructor prepares (sorts, ranks, marks ties) and may throw. After that the object is
// constant: `make_workspace()` is called once a thread, and `evaluate()` any number of times, from
// any thread. A statistic never resamples, prints, or draws random numbers.
//
// `evaluate()` writes `describe().n_outputs` values; output 0 is the estimate on the analysis
// scale, output 1, where there is one, its standard error. It returns why a value is not an
// ordinary number: NaN where the statistic is undefined, or -Inf or +Inf where it is the limit
// that the draw points to (which still has a place in the order of the replicates).

#include <cstddef>
#include <cstdint>
#include <memory>

#include <her2mod/base/cohort.hpp>
#include <her2mod/base/draw.hpp>
#include <her2mod/base/span.hpp>

namespace her2mod {

enum class endpoint_kind { binary };

// The scale on which a statistic is evaluated and on which intervals that need a centre are made.
enum class analysis_scale { identity, log };

// Why a replicate is not an ordinary number.
enum class reason : std::uint8_t {
  none = 0,
  empty_group,     // a group has no weight
  undefined,       // 0/0: the statistic has no value
  infinite,        // a ratio with a zero in it: value is -Inf or +Inf
};
constexpr std::size_t n_reasons = 4;

struct statistic_spec {
  const char* name;       // registry name, lower_snake_case
  const char* title;      // as a reader says it: "risk difference"
  endpoint_kind endpoint;
  analysis_scale scale;
  int sign;               // what swapping two groups does to the estimate: -1 turns it round, 1 nothing
  std::size_t n_outputs;
};

// Scratch memory of one thread. A statistic that needs none returns an empty one.
class workspace {
 public:
  virtual ~workspace() = default;
};

class statistic {
 public:
  virtual ~statistic() = default;
  virtual const statistic_spec& describe() const noexcept = 0;
  virtual std::unique_ptr<workspace> make_workspace() const { return std::make_unique<workspace>(); }
  virtual reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept = 0;
};

}  // namespace her2mod
