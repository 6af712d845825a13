#pragma once

// What the statistics of a binary endpoint in two groups share: the weighted 2x2 table of a draw.
//
//   n_g = sum of the weights in group g,  x_g = sum of the weights of events in group g.

#include <cmath>
#include <limits>

#include <her2mod/base/risk_effects.hpp>
#include <her2mod/base/table2x2.hpp>
#include <her2mod/stat/statistic.hpp>

namespace her2mod {

class binary_rows {
 public:
  explicit binary_rows(const cohort& data) : event_(data.response()) {
    if (data.n_groups() != 2) throw input_error("This statistic compares exactly two groups.");
    for (const double y : event_)
      if (y != 0 && y != 1) throw input_error("A binary response must be 0 or 1.");
  }

  table2x2 count(const draw& what) const noexcept {
    double n = 0, x = 0, n1 = 0, x1 = 0;
    for (std::size_t i = 0; i < event_.size(); ++i) {
      const double w = what.weight[i];
      const double in_other = w * static_cast<double>(what.label[i]);
      n += w;
      x += w * event_[i];
      n1 += in_other;
      x1 += in_other * event_[i];
    }
    return {x - x1, n - n1, x1, n1};
  }

 private:
  std::vector<double> event_;
};

// Writes a value and its standard error; the reason is read off the value.
inline reason write_estimate(double value, double standard_error, span<double> out) noexcept {
  out[0] = value;
  out[1] = std::isfinite(value) ? standard_error : std::numeric_limits<double>::quiet_NaN();
  if (std::isnan(value)) return reason::undefined;
  return std::isinf(value) ? reason::infinite : reason::none;
}

inline reason write_empty_group(span<double> out) noexcept {
  out[0] = out[1] = std::numeric_limits<double>::quiet_NaN();
  return reason::empty_group;
}

// One class for all of them: `Formula` has `spec` and `estimate(table2x2) -> effect`.
template <class Formula>
class binary_statistic final : public statistic {
 public:
  explicit binary_statistic(const cohort& data) : rows_(data) {}

  const statistic_spec& describe() const noexcept override { return Formula::spec; }

  reason evaluate(const draw& what, workspace&, span<double> out) const noexcept override {
    const table2x2 table = rows_.count(what);
    if (!(table.n0 > 0) || !(table.n1 > 0)) return write_empty_group(out);
    const effect result = Formula::estimate(table);
    return write_estimate(result.value, result.standard_error, out);
  }

 private:
  binary_rows rows_;
};

}  // namespace her2mod
