#pragma once

// Patients by their two potential responses, and the law of the risk difference under relabelling.
//
// Each of n patients would respond in both groups, only in group 1 (gained), only in group 0
// (lost), or in neither; N = (both, gained, lost, neither) counts them. With n1 of the n labelled
// 1 at random and X the counts of N that are, the difference T of the observed risks is
//   n0 n1 T = n0 (X_both + X_gained) - n1 (both + lost - X_both - X_lost).
// X is distributed as independent binomial counts with the chance n1/n, given that their sum is n1.
// Given S = X_both + X_neither = s, the two pairs of counts are independent and
//   n0 n1 T = n X_both + (n0 - n1) X_gained + n1 (n1 - s - both - lost),
// so a tail of T is a sum over s and X_gained (or X_lost, with the groups swapped) of tails of
// X_both. All terms are positive and the lattice is of integers: beside rounding (relative) there
// is only what the windows of binomial masses leave out, at most 4 n (2 n)^(1/2) 1e-22 < 2e-15, as
// each mass left out is below 1e-22 and P(sum = n1) >= (2 n)^(-1/2).
//
// Order: N <= N' if N becomes N' when patients' responses in group 1 turn from no to yes, or those
// in group 0 from yes to no. Each such change leaves T as it was or raises it, whatever the labels,
// so P(T >= t) rises with N for every t, and P(T <= t) falls (Li and Ding 2016, Stat Med 35:957,
// doi:10.1002/sim.6764). As lost < {both, neither} < gained, N <= N' exactly if (Hall's theorem)
//   gained <= gained',  both + gained <= both' + gained',
//   lost >= lost',      both + lost >= both' + lost'.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/exact/mass.hpp>

namespace her2mod {

using headcount = std::int64_t;

struct potential_table {
  headcount both, gained, lost, neither;
};

// A table above all those of n patients with at most `gained`, at least `lost` of these, and at
// most `respond1` responses in group 1, at least `respond0` in group 0 (each attained by one of
// them). Any `both` that leaves no count negative would do.
inline potential_table table_above(headcount n, headcount gained, headcount lost, headcount respond1,
                                   headcount respond0) {
  const headcount at_most_lost = std::min({lost, n - respond1, n - gained});
  const headcount both = std::max<headcount>(0, std::min(respond0, n - gained) - at_most_lost);
  const headcount more = std::max(gained, respond1 - both);
  const headcount fewer = std::min(at_most_lost, respond0 - both);
  return {both, more, fewer, n - both - more - fewer};
}

// The law of T for any table of n0 + n1 patients.
class relabelled_difference {
 public:
  relabelled_difference(headcount n0, headcount n1)
      : n0_(n0), n1_(n1), n_(n0 + n1), binomial_(static_cast<std::size_t>(n_ + 1)) {
    total_ = chosen(n_).at(static_cast<long>(n1_));
  }

  // P(n0 n1 T >= least), or up to `left_out` less.
  double tail(const potential_table& table, headcount least, double left_out) {
    // Of X_gained and X_lost, the one that adds to T has a coefficient of at least 0.
    const bool swap = n1_ > n0_;
    const counts x{chosen(table.both), chosen(table.neither),
                   chosen(swap ? table.lost : table.gained),
                   chosen(swap ? table.gained : table.lost)};
    const headcount step = swap ? n1_ - n0_ : n0_ - n1_, share = swap ? n0_ : n1_;
    const headcount base = least + n1_ * (table.both + table.lost);
    const span_of_s s = likely(table, left_out);
    double sum = 0;
    for (long k = s.first; k <= s.last; ++k) {
      const long rest = static_cast<long>(n1_) - k;
      sum += joint_tail(x, k, rest, base - share * rest, step);
    }
    return sum / total_;
  }

  // How many masses have been summed.
  double work() const noexcept { return work_; }

 private:
  static constexpr double negligible = 1e-22;  // of a mass, relative to the largest

  struct counts {
    const mass_window &both, &neither, &rising, &falling;
  };
  struct span_of_s {
    long first, last;
  };

  // How many of `count` patients are labelled 1, before their sum is known. Kept, as a search asks
  // for the same ones again and again.
  const mass_window& chosen(headcount count) {
    mass_window& w = binomial_[static_cast<std::size_t>(count)];
    if (w.mass.empty()) {
      binomial_mass(static_cast<long>(count), static_cast<double>(n1_) / static_cast<double>(n_),
                    scratch_, negligible);
      w = scratch_;
      work_ += 4 * static_cast<double>(w.mass.size());
    }
    return w;
  }

  // The values of S but for those at either end that have at most the mass `left_out`.
  span_of_s likely(const potential_table& table, double left_out) {
    const mass_window& same = chosen(table.both + table.neither);
    const mass_window& other = chosen(table.gained + table.lost);
    const long n1 = static_cast<long>(n1_);
    span_of_s s{std::max(same.first, n1 - other.last()), std::min(same.last(), n1 - other.first)};
    const auto mass = [&](long k) { return same.at(k) * other.at(n1 - k) / total_; };
    double low = mass(s.first), high = mass(s.last), out = 0;
    while (s.first < s.last) {
      out += std::min(low, high);
      if (out > left_out) break;
      if (low <= high)
        low = mass(++s.first);
      else
        high = mass(--s.last);
    }
    return s;
  }

  // P(S = s, n X_both + step X_rising >= least) total_: as X_rising grows, X_both may be smaller.
  double joint_tail(const counts& x, long s, long rest, headcount least, headcount step) {
    const auto mass = [](const mass_window& w, long i) {
      return w.mass[static_cast<std::size_t>(i - w.first)];
    };
    const long first = std::max(x.both.first, s - x.neither.last());
    const long last = std::min(x.both.last(), s - x.neither.first);
    const long low = std::max(x.rising.first, rest - x.falling.last());
    const long high = std::min(x.rising.last(), rest - x.falling.first);
    double sum = 0, upper = 0;
    long k = last;
    for (long j = low; j <= high; ++j) {
      const headcount left = least - step * j;
      for (; k >= first && n_ * k >= left; --k) upper += mass(x.both, k) * mass(x.neither, s - k);
      sum += mass(x.rising, j) * mass(x.falling, rest - j) * upper;
    }
    work_ += static_cast<double>(last - k + high - low + 10);
    return sum;
  }

  headcount n0_, n1_, n_;
  std::vector<mass_window> binomial_;
  mass_window scratch_;
  double total_, work_ = 0;
};

}  // namespace her2mod
