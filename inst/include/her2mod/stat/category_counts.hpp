#pragma once

// The weighted table of groups by categories of a draw.

#include <algorithm>
#include <cmath>
#include <vector>

#include <her2mod/stat/statistic.hpp>

namespace her2mod {

class category_counts final : public workspace {
 public:
  category_counts(std::size_t groups, std::size_t categories)
      : groups_(groups), categories_(categories), count_(groups * categories), size_(groups) {}

  void fill(const draw& what, const std::vector<std::uint32_t>& category) noexcept {
    std::fill(count_.begin(), count_.end(), 0.0);
    std::fill(size_.begin(), size_.end(), 0.0);
    for (std::size_t i = 0; i < category.size(); ++i) {
      const auto g = static_cast<std::size_t>(what.label[i]);
      count_[g * categories_ + category[i]] += what.weight[i];
      size_[g] += what.weight[i];
    }
  }

  std::size_t groups() const noexcept { return groups_; }
  std::size_t categories() const noexcept { return categories_; }
  double count(std::size_t g, std::size_t c) const noexcept { return count_[g * categories_ + c]; }
  double size(std::size_t g) const noexcept { return size_[g]; }
  double share(std::size_t g, std::size_t c) const noexcept { return count(g, c) / size_[g]; }
  bool empty_group() const noexcept {
    return std::any_of(size_.begin(), size_.end(), [](double n) { return !(n > 0); });
  }

 private:
  std::size_t groups_, categories_;
  std::vector<double> count_, size_;
};

// Response codes 0, 1, ... as indices.
inline std::vector<std::uint32_t> categories_of(const cohort& data) {
  std::vector<std::uint32_t> category;
  for (const double y : data.response()) {
    if (!(y >= 0 && y < 1e4) || y != std::floor(y))
      throw input_error("A category must be coded 0, 1, ..., below 10000.");
    category.push_back(static_cast<std::uint32_t>(y));
  }
  return category;
}

}  // namespace her2mod
