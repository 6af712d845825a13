#pragma once

// The acceleration of a BCa interval from leave-one-out values, one block of units at a time.

#include <vector>

#include <her2mod/infer/bootstrap_interval.hpp>
#include <her2mod/resample/jackknife.hpp>
#include <her2mod/resample/units.hpp>

namespace her2mod {
namespace r {

inline double acceleration_of(const std::vector<double>& left_out, const cohort& data) {
  const resampling_units units = drawn_units(data);
  std::vector<int> block(units.size());
  for (std::size_t b = 0; b < units.blocks.size(); ++b)
    for (std::size_t k = 0; k < units.blocks[b].count; ++k)
      block[units.blocks[b].first + k] = static_cast<int>(b);
  std::vector<jackknife_row> rows(left_out.size());
  for (std::size_t row = 0; row < data.rows(); ++row) {
    const std::size_t unit = units.unit_of(row);
    const auto i = data.clustered() ? static_cast<std::size_t>(data.cluster()[row]) : row;
    rows[i] = {left_out[i], units.frequency[unit], block[unit]};
  }
  return acceleration(rows, units.blocks.size());
}

}  // namespace r
}  // namespace her2mod
