#pragma once

// The far ends of the distribution of X, by counting the arrangements there. Units are chosen in
// decreasing order of score, and a partial choice is dropped when its best completion falls short
// of t; so every step leads to at least one arrangement that counts, and the work grows with their
// number only (branch and bound).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/exact/linear_scores.hpp>

namespace her2mod {

class linear_extremes {
 public:
  // The upper end of X, or the lower one, as the upper end of -X.
  linear_extremes(const std::vector<linear_units>& strata, bool upper) : upper_(upper) {
    for (const linear_units& s : strata) {
      ordered o{s.x.size(), s.chosen, {0.0}};
      std::vector<double> x = s.x;
      for (double& a : x) a = upper ? a : -a;
      std::sort(x.begin(), x.end(), [](double a, double b) { return a > b; });
      for (const double a : x) o.sum.push_back(o.sum.back() + a);
      log_ways_ += s.log_ways();
      units_ += s.count();
      depth_ += s.chosen;
      strata_.push_back(std::move(o));
    }
    rest_.assign(strata_.size() + 1, 0.0);
    for (std::size_t s = strata_.size(); s-- > 0;)
      rest_[s] = rest_[s + 1] + strata_[s].sum[strata_[s].chosen];
  }

  // P(X >= t) or P(X <= t); nothing where that takes too many steps.
  std::optional<probability_bounds> operator()(double t) {
    if (depth_ > deepest) return std::nullopt;
    heartbeat(5 * most_steps);
    t_ = upper_ ? t : -t;
    count_ = 0;
    steps_ = most_steps;
    choose(0, 0, strata_.front().chosen, 0.0);
    if (steps_ == 0) return std::nullopt;
    const double p = count_ * std::exp(-log_ways_), error = 1e-13 + 1e-15 * units_;
    return probability_bounds{p * (1 - error), std::min(1.0, p * (1 + error))};
  }

 private:
  static constexpr std::size_t most_steps = 2000000, deepest = 5000;

  struct ordered {
    std::size_t size, chosen;
    std::vector<double> sum;  // of the scores before each
  };

  // `left` more from unit `from` on of stratum s, and then those of the strata after it.
  void choose(std::size_t s, std::size_t from, std::size_t left, double sum) {
    const ordered& o = strata_[s];
    if (left == 0) {
      if (s + 1 == strata_.size())
        ++count_;
      else
        choose(s + 1, 0, strata_[s + 1].chosen, sum);
      return;
    }
    for (std::size_t j = from; j + left <= o.size && steps_ > 0; ++j) {
      if (sum + (o.sum[j + left] - o.sum[j]) + rest_[s + 1] < t_) return;
      --steps_;
      choose(s, j + 1, left - 1, sum + (o.sum[j + 1] - o.sum[j]));
    }
  }

  bool upper_;
  std::vector<ordered> strata_;
  std::vector<double> rest_;  // the largest sum of the strata from here on
  double log_ways_ = 0, units_ = 0, t_ = 0, count_ = 0;
  std::size_t depth_ = 0, steps_ = 0;
};

}  // namespace her2mod
