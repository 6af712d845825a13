#pragma once

// The distribution of a time, of the event or of censoring, by Kaplan and Meier
// (doi:10.1080/01621459.1958.10501452), to draw from. At a time with d events and c censorings, y at
// risk, the curve of the event falls by the factor (y - d) / y and then that of censoring by
// (y - d - c) / (y - d): events come before censorings of the same time, so the product of both curves
// is the share of patients who are still followed.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/count_while.hpp>
#include <her2mod/base/inference.hpp>

namespace her2mod {

struct followed_time {
  double time;
  bool event;
};

class step_distribution {
 public:
  enum class of { event, censoring };

  step_distribution(of which, std::vector<followed_time> all) {
    std::sort(all.begin(), all.end(),
              [](const followed_time& a, const followed_time& b) { return a.time < b.time; });
    double survival = 1;
    for (std::size_t i = 0; i < all.size();) {
      const double time = all[i].time, at_risk = static_cast<double>(all.size() - i);
      double events = 0, censored = 0;
      for (; i < all.size() && all[i].time == time; ++i) (all[i].event ? events : censored) += 1;
      const double from = which == of::event ? at_risk : at_risk - events;
      const double leave = which == of::event ? events : censored;
      if (!(leave > 0)) continue;
      survival *= (from - leave) / from;
      time_.push_back(time);
      survival_.push_back(survival);
    }
  }

  // What is known of a time: that it lies beyond so many steps, which a share `left` of all do.
  struct place {
    std::uint32_t passed = 0;
    double left = 1;
  };
  place beyond(double t) const noexcept {
    const auto passed = std::upper_bound(time_.begin(), time_.end(), t) - time_.begin();
    if (passed == 0) return {};
    return {static_cast<std::uint32_t>(passed), survival_[static_cast<std::size_t>(passed) - 1]};
  }

  // A draw from there by a `share` from [0, 1), the first time by which the curve has fallen to that
  // share of what is left; infinity where the mass ends before.
  double draw(const place& from, double share) const noexcept {
    const double level = share * from.left;
    const std::size_t found = from.passed + count_while(survival_.data() + from.passed, time_.size() - from.passed,
                                                        [=](double s) { return s > level; });
    return found == time_.size() ? infinity : time_[found];
  }

 private:
  std::vector<double> time_, survival_;
};

}  // namespace her2mod
