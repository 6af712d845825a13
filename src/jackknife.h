#pragma once

// The acceleration of a BCa interval from leave-one-out values, one block a stratum and group.

#include <vector>

#include <her2mod/infer/bootstrap_interval.hpp>
#include <her2mod/resample/jackknife.hpp>

namespace her2mod {
namespace r {

inline double acceleration_of(const replicates& left_out, const cohort& data, std::size_t outputs) {
  std::vector<jackknife_row> rows(data.rows());
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i] = {left_out.values[i * outputs], data.frequency()[i],
               data.stratum()[i] * data.n_groups() + data.group()[i]};
  return acceleration(rows, static_cast<std::size_t>(data.n_strata() * data.n_groups()));
}

}  // namespace r
}  // namespace her2mod
