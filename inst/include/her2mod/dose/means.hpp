#pragma once

// What a fit needs of the wells: of each dose the mean, the sum of weights, and what lies within doses, which no curve changes.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/span.hpp>

namespace her2mod {

// One entry a dose, by rising dose.
struct dose_means {
  std::vector<double> x, mean, weight; // x: of the log dose, -infinity for dose 0
  double within = 0;                   // weighted squares around the means
  std::size_t n = 0;                   // wells

  std::size_t size() const noexcept { return x.size(); }
  // Of the doses above 0.
  double first() const noexcept { return x[std::isinf(x[0]) ? 1 : 0]; }
  double last() const noexcept { return x.back(); }
  double width() const noexcept { return last() - first(); }
  std::size_t positive() const noexcept { return size() - (std::isinf(x[0]) ? 1 : 0); }
};

// Squares of what is larger, or of the inverse of what is smaller, leave the range of numbers.
constexpr double most_size = 1e100;

// Without weights each well counts 1; wells of weight 0 are none.
inline dose_means means_by_dose(span<const double> dose, span<const double> response, span<const double> weight = {}) {
  if (response.size() != dose.size() || (!weight.empty() && weight.size() != dose.size()))
    throw input_error("Doses, responses and weights must be as many as each other.");
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < dose.size(); ++i) {
    const double w = weight.empty() ? 1.0 : weight[i];
    if (!(dose[i] >= 0) || std::isinf(dose[i]))
      throw input_error("Doses must be finite and not negative.");
    if (!(std::fabs(response[i]) <= most_size))
      throw input_error("Responses must be finite, and at most 1e100 in size.");
    if (!(w == 0 || (w >= 1 / most_size && w <= most_size)))
      throw input_error("Weights must be 0 or between 1e-100 and 1e100.");
    if (w > 0)
      order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return dose[i] < dose[j]; });
  dose_means out;
  out.n = order.size();
  const auto weight_of = [&](std::size_t i) { return weight.empty() ? 1.0 : weight[i]; };
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    double total = 0, sum = 0;
    // Doses whose logs are the same number are the same dose.
    const double x = std::log(dose[order[first]]);
    for (; end < order.size() && std::log(dose[order[end]]) == x; ++end) {
      total += weight_of(order[end]);
      sum += weight_of(order[end]) * response[order[end]];
    }
    const double mean = sum / total;
    for (std::size_t k = first; k < end; ++k) {
      const double off = response[order[k]] - mean;
      out.within += weight_of(order[k]) * off * off;
    }
    out.x.push_back(x);
    out.mean.push_back(mean);
    out.weight.push_back(total);
    first = end;
  }
  return out;
}

} // namespace her2mod
