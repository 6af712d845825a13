#pragma once

// Patients by covariate pattern: rows with the same covariates are one pattern, and of a draw a pattern
// needs to know only how many patients of each group there are and, of a binary endpoint, how many with
// the event.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <her2mod/base/cohort.hpp>
#include <her2mod/base/draw.hpp>
#include <her2mod/base/stoppable_sort.hpp>
#include <her2mod/stat/adjustment.hpp>

namespace her2mod {

// Covariates are centred and divided by their standard deviation, as of the cohort's patients.
class covariate_patterns {
 public:
  explicit covariate_patterns(const cohort& data) : columns_(data.covariates().size()), of_row_(data.rows()) {
    if (columns_ == 0) throw input_error("An adjusted effect needs covariates.");
    std::vector<std::uint32_t> order(data.rows());
    std::iota(order.begin(), order.end(), 0u);
    const auto compare = [&](std::uint32_t i, std::uint32_t k) {
      for (const column<double>& x : data.covariates())
        if (x[i] != x[k]) return x[i] < x[k] ? -1 : 1;
      return 0;
    };
    stoppable_sort(order.begin(), order.end(), [&](std::uint32_t i, std::uint32_t k) {
      const int by = compare(i, k);
      return by != 0 ? by < 0 : i < k;
    });
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (i == 0 || compare(order[i - 1], order[i]) != 0) {
        for (const column<double>& x : data.covariates()) x_.push_back(x[order[i]]);
        ++size_;
      }
      of_row_[order[i]] = static_cast<std::uint32_t>(size_ - 1);
    }
    standardise(data);
  }

  std::size_t size() const noexcept { return size_; }
  std::size_t columns() const noexcept { return columns_; }
  const double* x(std::size_t pattern) const noexcept { return x_.data() + pattern * columns_; }
  double scale(std::size_t column) const noexcept { return scale_[column]; }
  std::uint32_t of_row(std::size_t row) const noexcept { return of_row_[row]; }

 private:
  void standardise(const cohort& data) {
    std::vector<double> patients(size_);
    for (std::size_t i = 0; i < data.rows(); ++i) patients[of_row_[i]] += data.frequency()[i];
    for (std::size_t j = 0; j < columns_; ++j) {
      // Relative to the first, so that a constant becomes 0 and not what rounding leaves of it.
      const double first = x_[j];
      double sum = 0, squares = 0;
      for (std::size_t k = 0; k < size_; ++k) sum += patients[k] * (x_[k * columns_ + j] -= first);
      const double mean = sum / data.units();
      for (std::size_t k = 0; k < size_; ++k) {
        double& x = x_[k * columns_ + j];
        x -= mean;
        squares += patients[k] * x * x;
      }
      const double scale = squares > 0 ? std::sqrt(squares / data.units()) : 1.0;
      for (std::size_t k = 0; k < size_; ++k) x_[k * columns_ + j] /= scale;
      scale_.push_back(scale);
    }
  }

  std::size_t columns_, size_ = 0;
  std::vector<double> x_, scale_;
  std::vector<std::uint32_t> of_row_;
};

// The patterns of a draw that have patients, and their weights by group and event.
class pattern_counts {
 public:
  struct cell {
    std::uint32_t pattern;
    double without[2], with[2];  // of group 0 and 1, without the event and with it

    double patients(std::size_t group) const noexcept { return without[group] + with[group]; }
  };

  explicit pattern_counts(std::size_t patterns) : sums_(4 * patterns) { cells_.reserve(patterns); }

  // `place`: of each row, 4 times its pattern, and 1 more with the event.
  void fill(const std::vector<std::uint32_t>& place, const draw& what) noexcept {
    std::fill(sums_.begin(), sums_.end(), 0.0);
    if (what.times.empty())
      add(place, what.weight, what.label);
    else
      add(place, what.times, what.label);
    cells_.clear();
    for (std::size_t k = 0; k < sums_.size(); k += 4) {
      const double* const s = &sums_[k];
      if (s[0] + s[1] + s[2] + s[3] > 0)
        cells_.push_back({static_cast<std::uint32_t>(k / 4), {s[0], s[2]}, {s[1], s[3]}});
    }
  }

  const std::vector<cell>& cells() const noexcept { return cells_; }
  static double patients_of(const cell& c, adjusted_for target) noexcept {
    switch (target) {
      case adjusted_for::reference: return c.patients(0);
      case adjusted_for::other: return c.patients(1);
      default: return c.patients(0) + c.patients(1);
    }
  }
  double patients(std::size_t group) const noexcept {
    double sum = 0;
    for (const cell& c : cells_) sum += c.patients(group);
    return sum;
  }

 private:
  template <class Number>
  void add(const std::vector<std::uint32_t>& place, span<const Number> weight,
           span<const std::int32_t> label) noexcept {
    for (std::size_t i = 0; i < place.size(); ++i)
      sums_[place[i] + 2 * static_cast<std::size_t>(label[i])] += static_cast<double>(weight[i]);
  }

  std::vector<double> sums_;
  std::vector<cell> cells_;
};

}  // namespace her2mod
