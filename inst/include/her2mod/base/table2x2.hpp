#pragma once

// Events and sizes of two groups; group 0 is the reference. Effects are group 1 minus (or over)
// group 0.

#include <cmath>

#include <her2mod/base/error.hpp>

namespace her2mod {

struct table2x2 {
  double x0, n0;
  double x1, n1;

  double total() const noexcept { return n0 + n1; }
  double events() const noexcept { return x0 + x1; }
  double p0() const noexcept { return x0 / n0; }
  double p1() const noexcept { return x1 / n1; }
};

// Whole counts, 0 <= x <= n, n >= 1, and small enough for integer arithmetic in doubles.
inline table2x2 checked(const table2x2& t) {
  // Cross products of counts stay exact in a double.
  constexpr double largest = 9e7;
  const auto whole = [](double v) { return std::isfinite(v) && v == std::floor(v); };
  for (const double v : {t.x0, t.n0, t.x1, t.n1})
    if (!whole(v) || v < 0) throw input_error("Counts must be whole numbers of at least 0.");
  if (t.n0 < 1 || t.n1 < 1) throw input_error("Each group needs at least one patient (n >= 1).");
  if (t.x0 > t.n0 || t.x1 > t.n1) throw input_error("A group has more events than patients.");
  if (t.n0 > largest || t.n1 > largest) throw input_error("A group has more than 90 million patients.");
  return t;
}

}  // namespace her2mod
