#pragma once

// The exact interval for the average effect of the labels on n given patients, by inverting the
// permutation test: from the smallest to the largest tau(N) = (gained - lost) / n over the tables N
// of potential responses (exact/potential_table.hpp) that could have given the observed 2x2 table
// and that their own test does not reject: p > 1 - level by more than 1e-9 relative. With t the
// observed difference of the risks and T* its law under N,
//   two-sided  p(N) = P(|T* - tau(N)| >= |t - tau(N)|),  ties within tie_tolerance |t - tau(N)|;
//   greater    P(T* >= t);          less    P(T* <= t).
// Rigdon J, Hudgens MG 2015, Stat Med 34:924, doi:10.1002/sim.6384 (two-sided); Li X, Ding P 2016,
// Stat Med 35:957, doi:10.1002/sim.6764 (compatible tables, order).
//
// Search. There are O(n^3) tables. A box of them is bounded at once: with `top` above and `bottom`
// below all its tables, and thresholds that never fall as tau rises, for each N in the box
//   p(N) <= P_top(T* >= threshold at its least tau) + P_bottom(T* <= threshold at its largest tau).
// The box with the least tau is taken from a queue; it is dropped if this bound is at most
// 1 - level, and halved else. So the first single table that is kept has the least tau of all: what
// was dropped held none, and what is left has no smaller tau.
//
// Compatible: of the x1 responders of group 1, a are gained and the others `both`; of its others b
// are lost, the rest neither; of the x0 responders of group 0, c are lost and the others both; of
// its others d are gained, the rest neither. So gained = a + d, lost = b + c,
//   respond1 = x1 + (x0 - c) + d,  respond0 = x0 + (x1 - a) + b,  each within its cell.

#include <array>
#include <cmath>
#include <queue>
#include <utility>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/base/table2x2.hpp>
#include <her2mod/exact/potential_table.hpp>

namespace her2mod {

struct whole_range {
  headcount low, high;

  headcount width() const noexcept { return high - low; }
  // Keeps what is in [from, to] too; false if that is nothing.
  bool keep(headcount from, headcount to) noexcept {
    low = std::max(low, from);
    high = std::min(high, to);
    return low <= high;
  }
};

// The compatible tables with effect (n tau), respond1 and gained in these ranges, and what follows
// for the two others.
struct table_box {
  whole_range effect, respond1, gained, respond0, lost;

  headcount size() const noexcept { return effect.width() + respond1.width() + gained.width(); }
};

constexpr double relabelling_work = 4e9;  // masses to sum for one end: about 5 seconds

class relabelling_search {
 public:
  // `most_work`: masses to sum.
  relabelling_search(const table2x2& t, double error, bool two_sided, double most_work)
      : n0_(static_cast<headcount>(t.n0)), n1_(static_cast<headcount>(t.n1)), x0_(static_cast<headcount>(t.x0)),
        x1_(static_cast<headcount>(t.x1)), n_(n0_ + n1_), observed_(n0_ * x1_ - n1_ * x0_),
        size_(t.total()), limit_(error * (1 + 1e-9)), two_sided_(two_sided), law_(n0_, n1_),
        mirrored_(n1_, n0_), most_work_(most_work) {}

  // The least tau that is kept by the two-sided test, or by that of "greater".
  double lowest() {
    const auto later = [](const table_box& a, const table_box& b) {
      return a.effect.low != b.effect.low ? a.effect.low > b.effect.low : a.size() > b.size();
    };
    std::priority_queue<table_box, std::vector<table_box>, decltype(later)> waiting(later);
    const auto add = [&](table_box box) {
      if (clip(box)) waiting.push(box);
    };
    add({{-n_, n_}, {0, n_}, {0, n_}, {0, n_}, {0, n_}});
    while (!waiting.empty()) {
      const table_box box = waiting.top();
      waiting.pop();
      heartbeat(heartbeat_hook::usual_work);  // a box can take milliseconds
      if (rejected(box)) continue;
      if (box.size() == 0) return static_cast<double>(box.effect.low) / size_;
      for (const table_box& half : halves(box)) add(half);
    }
    throw numeric_error("Every effect is rejected at this level.");
  }

 private:
  static std::array<table_box, 2> halves(const table_box& box) {
    whole_range table_box::*widest = &table_box::effect;
    for (const auto side : {&table_box::respond1, &table_box::gained})
      if ((box.*side).width() > (box.*widest).width()) widest = side;
    std::array<table_box, 2> half{box, box};
    const headcount middle = (box.*widest).low + (box.*widest).width() / 2;
    (half[0].*widest).high = middle;
    (half[1].*widest).low = middle + 1;
    return half;
  }

  // Narrows the ranges to what compatible tables have; false if there are none. Of a single table
  // it is exact.
  bool clip(table_box& b) const {
    if (!b.respond1.keep(x1_, x1_ + n0_) || !b.respond0.keep(x0_, x0_ + n1_)) return false;
    for (int i = 0; i < 2; ++i)
      if (!b.respond0.keep(b.respond1.low - b.effect.high, b.respond1.high - b.effect.low) ||
          !b.respond1.keep(b.respond0.low + b.effect.low, b.respond0.high + b.effect.high) ||
          !b.effect.keep(b.respond1.low - b.respond0.high, b.respond1.high - b.respond0.low))
        return false;
    // Of u more responses, at least and at most so many are in a cell of this size.
    const auto least = [](headcount u, headcount others) { return std::max<headcount>(0, u - others); };
    const auto most = [](headcount u, headcount cell) { return std::min(u, cell); };
    const headcount rest0 = n0_ - x0_, rest1 = n1_ - x1_;
    const whole_range more1{b.respond1.low - x1_, b.respond1.high - x1_};
    const whole_range more0{b.respond0.low - x0_, b.respond0.high - x0_};
    return b.gained.keep(x1_ - most(more0.high, x1_) + least(more1.low, x0_),
                         x1_ - least(more0.low, rest1) + most(more1.high, rest0)) &&
           b.lost.keep(x0_ - most(more1.high, x0_) + least(more0.low, x1_),
                       x0_ - least(more1.low, rest0) + most(more0.high, rest1)) &&
           b.lost.keep(b.gained.low - b.effect.high, b.gained.high - b.effect.low) &&
           b.gained.keep(b.lost.low + b.effect.low, b.lost.high + b.effect.high);
  }

  // The bound is formed roughly first, which is mostly enough.
  bool rejected(const table_box& b) {
    const potential_table top =
        table_above(n_, b.gained.high, b.lost.low, b.respond1.high, b.respond0.low);
    // Below, seen from the other side: the groups change places, T its sign.
    const potential_table bottom =
        table_above(n_, b.lost.high, b.gained.low, b.respond0.high, b.respond1.low);
    const headcount above = two_sided_ ? upper_threshold(b.effect.low) : observed_;
    const headcount below = lower_threshold(b.effect.high);
    for (const double left_out : {limit_ / 20, limit_ / 1000, limit_ * 1e-12}) {
      double p = law_.tail(top, above, left_out), most = p + left_out;
      if (p <= limit_ && two_sided_) {
        p += mirrored_.tail(bottom, -below, left_out);
        most = p + 2 * left_out;
      }
      if (law_.work() + mirrored_.work() > most_work_)
        throw numeric_error("The exact interval of relabelling takes too long for these counts.");
      if (p > limit_) return false;
      if (most <= limit_) return true;
    }
    return true;
  }

  // The first value of n0 n1 T above tau, and the last below, that are as far from it as t.
  headcount upper_threshold(headcount effect) const {
    return static_cast<headcount>(std::ceil((centre(effect) + distance(effect)) / size_));
  }
  headcount lower_threshold(headcount effect) const {
    return static_cast<headcount>(std::floor((centre(effect) - distance(effect)) / size_));
  }
  // n n0 n1 times tau and (less the tolerance) |t - tau|.
  double centre(headcount effect) const { return static_cast<double>(effect * n0_ * n1_); }
  double distance(headcount effect) const {
    return std::fabs(size_ * static_cast<double>(observed_) - centre(effect)) * (1 - tie_tolerance);
  }

  headcount n0_, n1_, x0_, x1_, n_, observed_;
  double size_, limit_;
  bool two_sided_;
  relabelled_difference law_, mirrored_;
  double most_work_;
};

constexpr double relabelling_patients = 10000;  // more would need more than 200 MB for the masses

// An end that the alternative leaves open is the last value that is compatible with the data.
inline interval relabelling_interval(
    const table2x2& t, double level, alternative side, double most_work = relabelling_work) {
  if (checked(t).total() > relabelling_patients)
    throw numeric_error("The exact interval of relabelling is for at most 10,000 patients.");
  const bool two_sided = side == alternative::two_sided;
  const auto lowest = [&](const table2x2& seen) {
    return relabelling_search(seen, 1 - level, two_sided, most_work).lowest();
  };
  const table2x2 swapped{t.x1, t.n1, t.x0, t.n0};
  // 0 - x, as an end that is 0 has no sign.
  return {has_lower_end(side) ? lowest(t) : 0 - (t.x0 + t.n1 - t.x1) / t.total(),
          has_upper_end(side) ? 0 - lowest(swapped) : (t.x1 + t.n0 - t.x0) / t.total()};
}

}  // namespace her2mod
