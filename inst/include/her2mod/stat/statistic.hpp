#pragma once

// The contract of a statistic.
//
// A constructor prepares (sorts, ranks, marks ties) and may throw. Its cohort must outlive the object,
// which is constant from then on: `make_workspace()` is called once a thread, and `evaluate()` any number of times, from
// any thread. A statistic never resamples, prints, or draws random numbers.
//
// `evaluate()` writes out.size() values, at most `describe().n_outputs`; output 0 is the estimate
// on the analysis scale, output 1, where there is one, its standard error. It returns why a value
// is not an ordinary number: NaN where the statistic is undefined, or -Inf or +Inf where it is the
// limit that the draw points to (which still has a place in the order of the replicates).
//
// Weights are whole numbers of units, or, with fractional resampling, positive numbers.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include <her2mod/base/cohort.hpp>
#include <her2mod/base/draw.hpp>
#include <her2mod/base/span.hpp>

namespace her2mod {

// What the response holds: 0 and 1; numbers; codes 0, 1, ... of categories; times, with events.
enum class endpoint_kind { binary, numeric, categorical, survival };

// The scale on which a statistic is evaluated and on which intervals that need a centre are made.
enum class analysis_scale { identity, log };

// An effect of two groups has an interval; a test statistic of any number of groups has none, and
// large values speak against equality.
enum class statistic_role { effect, test };

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
  int sign;               // swapping two groups: -1 turns the value round its null, 1 nothing
  std::size_t n_outputs;
  statistic_role role = statistic_role::effect;
  double null = 0;        // the value of "no effect", on the analysis scale
  double lowest = -std::numeric_limits<double>::infinity();  // the parameter's limits, there too
  double highest = std::numeric_limits<double>::infinity();
  const char* parameter = "";  // name of the number that the constructor takes, if it takes one
};

// A statistic that, with the group sizes as they are, is an increasing function of the sum of the
// scores of group 1: its permutation distribution is that of the sum. It must not outlive the
// statistic.
struct linear_form {
  std::vector<double> score;                // of each row's units
  std::function<double(double)> value;      // the statistic at a sum
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

  // Which short forms of a draw evaluate() understands beside the long ones.
  virtual short_forms reads() const noexcept { return {}; }

  // Where the value is what group 1's own weights are worth less what group 0's are, both finite: writes
  // the two, and returns true. The difference is the value to the last bit.
  virtual bool worth(const draw&, std::array<double, 2>&) const noexcept { return false; }

  virtual std::optional<linear_form> linear() const { return std::nullopt; }

  // The estimate without one unit of row i, for every row, in O(rows log rows) at most: true where
  // a closed form exists. Otherwise the engine leaves them out one by one.
  virtual bool leave_one_out(span<double>) const { return false; }
};

// Writes a value and, where it is asked for, its standard error; the reason is read off the value.
inline reason write_estimate(double value, double standard_error, span<double> out) noexcept {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  out[0] = value;
  if (out.size() > 1) out[1] = std::isfinite(value) ? standard_error : nan;
  if (std::isnan(value)) return reason::undefined;
  return std::isinf(value) ? reason::infinite : reason::none;
}

inline reason write_empty_group(span<double> out) noexcept {
  for (double& value : out) value = std::numeric_limits<double>::quiet_NaN();
  return reason::empty_group;
}

// Relative, of a sum of so many terms.
inline double rounding_of(double terms) noexcept {
  return (terms + 8) * std::numeric_limits<double>::epsilon();
}

// What is left of a sum of positive terms after a subtraction: 0 where that is no more than rounding.
inline double beyond_rounding(double rest, double sum, double terms) noexcept {
  return rest > rounding_of(terms) * sum ? rest : 0.0;
}

inline void require_two_groups(const cohort& data) {
  if (data.n_groups() != 2) throw input_error("This statistic compares exactly two groups.");
}

}  // namespace her2mod
