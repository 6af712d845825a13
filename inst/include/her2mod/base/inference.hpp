#pragma once

// Words that every inference shares.

#include <limits>

namespace her2mod {

enum class alternative { two_sided, less, greater };

struct interval {
  double low;
  double high;
};

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// Relative tolerance within which two probabilities or statistics that would be equal in exact
// arithmetic count as tied.
constexpr double tie_tolerance = 1e-7;

// The error probability that each finite end of an interval carries.
constexpr double tail_error(double level, alternative side) noexcept {
  return side == alternative::two_sided ? (1 - level) / 2 : 1 - level;
}
// An interval's lower end is finite unless the alternative is "less", which bounds from above only.
constexpr bool has_lower_end(alternative side) noexcept { return side != alternative::less; }
constexpr bool has_upper_end(alternative side) noexcept { return side != alternative::greater; }

// The interval with the ends that the alternative leaves open replaced by the parameter's limits.
constexpr interval open_ends(interval ci, alternative side, double lowest, double highest) noexcept {
  return {has_lower_end(side) ? ci.low : lowest, has_upper_end(side) ? ci.high : highest};
}

}  // namespace her2mod
