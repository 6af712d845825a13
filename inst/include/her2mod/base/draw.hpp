#pragma once

// What a plan hands to a statistic: how often each row counts, and which group it is in. The
// bootstrap and the jackknife vary the weights, permutation varies the labels, and imputation of
// follow-up the labels and with them times and events.
//
// A statistic may say that it reads a short form (statistic::reads()). A plan that has it then hands
// over that alone, and what it stands for is empty.

#include <cstdint>

#include <her2mod/base/span.hpp>

namespace her2mod {

struct draw {
  span<const double> weight;
  span<const std::int32_t> label;
  // False: the labels are the cohort's own.
  bool relabelled = true;
  // In place of labels and weights, if not empty: the rows of group `listed`, of two groups, in any
  // order; every weight is 1.
  span<const std::uint32_t> members = {};
  std::int32_t listed = 0;
  // In place of the weights, if not empty: whole ones, none above 255.
  span<const std::uint8_t> times = {};
  // False: weights may be fractions of a patient.
  bool whole = true;
  // If not empty: each row's time and event, in place of the cohort's own. Where it is an event, the
  // row's stratum has one at that time. Only for a statistic that reads them.
  span<const double> time = {};
  span<const std::int32_t> event = {};
};

struct short_forms {
  bool members = false, times = false;
  bool imputed = false;  // times and events of the draw
};

}  // namespace her2mod
