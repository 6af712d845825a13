#pragma once

// The probability of a region of tables at two proportions,
//   P(p0, p1) = sum over runs of f0(x0) F1(run),  f0, f1 the binomial masses.
// One evaluation costs n0 + n1 + runs, whatever the region's area.

#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/exact/mass.hpp>
#include <her2mod/exact/region.hpp>

namespace her2mod {

class region_probability {
 public:
  // The region must outlive this object.
  explicit region_probability(table_region&&) = delete;
  explicit region_probability(const table_region& region)
      : region_(&region), family0_(region.n0), family1_(region.n1) {}

  // Masses below `negligible` times the largest count as 0.
  double operator()(double p0, double p1, double negligible = negligible_mass) {
    family0_.fill(p0, mass0_, negligible);
    family1_.fill(p1, mass1_, negligible);
    accumulate();
    heartbeat(4 * (mass0_.mass.size() + mass1_.mass.size()));
    double sum = 0;
    for (long x0 = mass0_.first; x0 <= mass0_.last(); ++x0) {
      double inner = 0;
      const std::size_t end = region_->end_of(x0);
      for (std::size_t i = region_->begin_of(x0); i < end; ++i) inner += run_mass(region_->runs[i]);
      sum += mass0_.at(x0) * inner;
    }
    return sum < 1 ? sum : 1.0;
  }

 private:
  void accumulate() {
    const std::size_t n = mass1_.mass.size();
    below_.resize(n + 1);
    above_.resize(n + 1);
    below_[0] = above_[n] = 0;
    for (std::size_t i = 0; i < n; ++i) below_[i + 1] = below_[i] + mass1_.mass[i];
    for (std::size_t i = n; i-- > 0;) above_[i] = above_[i + 1] + mass1_.mass[i];
  }

  // A run that reaches an end of the support is summed from that end, so that a small tail keeps
  // its digits.
  double run_mass(const table_region::run& run) const noexcept {
    const long lowest = mass1_.first, highest = mass1_.last();
    if (run.last < lowest || run.first > highest) return 0.0;
    const auto first = static_cast<std::size_t>((run.first > lowest ? run.first : lowest) - lowest);
    const auto end = static_cast<std::size_t>((run.last < highest ? run.last : highest) - lowest) + 1;
    if (first == 0) return below_[end];
    if (end == mass1_.mass.size()) return above_[first];
    return below_[end] - below_[first];
  }

  const table_region* region_;
  binomial_family family0_, family1_;
  mass_window mass0_, mass1_;
  std::vector<double> below_, above_;
};

}  // namespace her2mod
