#pragma once

// Monte Carlo p-values that stop when enough is known. Each replicate exceeds (1: it is at least as
// extreme as the observed value) or does not (0); S_n of the first n exceed.
//
//   Besag, Clifford   stops at the h-th exceedance, p = h / n, or after all R replicates,
//                     p = (S_R + 1) / (R + 1). A valid p-value: P(p <= a) <= a under the null.
//                     Biometrika 1991;78:301, doi:10.1093/biomet/78.2.301
//   Gandy             stops where S_n >= U_n, deciding p > alpha, or S_n <= L_n, deciding
//                     p <= alpha. Whatever p is, the decision is wrong with a probability of at
//                     most epsilon. JASA 2009;104:1504, doi:10.1198/jasa.2009.tm08368
//
// Gandy's boundaries are the closest ones that, if p were alpha, would by replicate n each have
// been met with a probability of at most epsilon n / (1000 + n):
//   U_n = min{j: P(stopped above before n) + P(not stopped before n, S_n >= j) <= that},
//   L_n = max{j: P(stopped below before n) + P(not stopped before n, S_n <= j) <= that}.
// A smaller p meets the upper one less often, and a larger p the lower one. The distribution of S_n
// where nothing has stopped lies between them, so it is all that the recursion has to carry: some
// 10 standard deviations of S_n.

#include <algorithm>
#include <cstddef>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/base/span.hpp>
#include <her2mod/infer/monte_carlo.hpp>

namespace her2mod {

struct sequential_p {
  double p_value;
  std::size_t used;  // replicates looked at
  bool stopped;      // before the replicates ended, or with the last
};

// `exceeds` in the order in which the replicates were drawn, each 0 or 1; h >= 1.
inline sequential_p besag_clifford(span<const int> exceeds, std::size_t h) {
  std::size_t exceeding = 0, used = 0;
  for (const int one : exceeds) {
    ++used;
    exceeding += one != 0;
    if (exceeding == h) return {static_cast<double>(h) / static_cast<double>(used), used, true};
  }
  return {(static_cast<double>(exceeding) + 1) / (static_cast<double>(used) + 1), used, false};
}

// L_n and U_n for n = 1, 2, ...; 0 < alpha < 1 and 0 < epsilon < 1/2.
class gandy_boundary {
 public:
  explicit gandy_boundary(double alpha, double epsilon = 1e-3) : alpha_(alpha), epsilon_(epsilon) {}

  // From n to n + 1.
  void advance() {
    ++n_;
    draw();
    const double n = static_cast<double>(n_), allowed = epsilon_ * n / (1000 + n);
    while (above_ + open_.back() <= allowed) {
      above_ += open_.back();
      open_.pop_back();
    }
    auto first = open_.begin();
    for (; below_ + *first <= allowed; ++first) below_ += *first;
    first_ += first - open_.begin();
    open_.erase(open_.begin(), first);
  }

  std::size_t n() const noexcept { return n_; }
  long lower() const noexcept { return first_ - 1; }
  long upper() const noexcept { return first_ + static_cast<long>(open_.size()); }

 private:
  // One more replicate, which exceeds with probability alpha.
  void draw() {
    open_.push_back(0);
    for (std::size_t i = open_.size() - 1; i > 0; --i)
      open_[i] += alpha_ * (open_[i - 1] - open_[i]);
    open_[0] -= alpha_ * open_[0];
  }

  double alpha_, epsilon_;
  std::size_t n_ = 0;
  double above_ = 0, below_ = 0;   // probability of having stopped at each boundary
  long first_ = 0;                 // the smallest S_n that has not stopped,
  std::vector<double> open_{1.0};  // and P(S_n = first + i, not stopped)
};

enum class threshold_side { open, above, below };

// Replicates against the boundaries, one by one.
class gandy_test {
 public:
  explicit gandy_test(double alpha, double epsilon = 1e-3) : boundary_(alpha, epsilon) {}

  // The next replicate. A decision, once made, stays, and looks at no more of them.
  threshold_side feed(bool exceeds) {
    if (decision_ != threshold_side::open) return decision_;
    boundary_.advance();
    exceeding_ += exceeds;
    if (exceeding_ >= boundary_.upper()) decision_ = threshold_side::above;
    if (exceeding_ <= boundary_.lower()) decision_ = threshold_side::below;
    return decision_;
  }

  threshold_side decision() const noexcept { return decision_; }
  std::size_t used() const noexcept { return boundary_.n(); }
  long exceeding() const noexcept { return exceeding_; }

 private:
  gandy_boundary boundary_;
  long exceeding_ = 0;
  threshold_side decision_ = threshold_side::open;
};

struct gandy_answer {
  threshold_side decision;  // open: undecided after all replicates
  double p_value;
  interval ci;  // NaN when decided: the stopping rule is no fixed number of replicates
  std::size_t used;
};

// Decided at replicate n, p is estimated by S_n / n, the maximum likelihood estimate. It is on the
// decision's side of alpha but no p-value of its own, and may be 0. Undecided, p and its interval
// are those of all replicates.
inline gandy_answer gandy_p_value(span<const int> exceeds, double alpha, double epsilon = 1e-3,
                                  double level = 0.95) {
  gandy_test test(alpha, epsilon);
  for (const int one : exceeds) {
    heartbeat(1000);
    if (test.feed(one != 0) != threshold_side::open) break;
  }
  const double exceeding = static_cast<double>(test.exceeding());
  const double used = static_cast<double>(test.used());
  if (test.decision() == threshold_side::open) {
    const monte_carlo_p all = monte_carlo_p_value(exceeding, used, level);
    return {test.decision(), all.p_value, all.ci, test.used()};
  }
  return {test.decision(), exceeding / used, {not_a_number, not_a_number}, test.used()};
}

}  // namespace her2mod
