#pragma once

// How an effect of the group is adjusted for covariates, and for whom it is meant.
//
// With e(x) the chance of being in group 1 given the covariates, groups are weighted so that the covariates
// are distributed alike: a patient of group 1 by w1(x), one of group 0 by w0(x),
//   all patients     w1 = 1 / e,        w0 = 1 / (1 - e);
//   those of group 0 w1 = (1 - e) / e,  w0 = 1;
//   those of group 1 w1 = 1,            w0 = e / (1 - e)
// (Robins JM, Hernan MA, Brumback B 2000, doi:10.1097/00001648-200009000-00011);
//   the overlap      w1 = 1 - e,        w0 = e
// (Li F, Morgan KL, Zaslavsky AM 2018, doi:10.1080/01621459.2016.1260466).

#include <array>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/math/logistic.hpp>

namespace her2mod {

enum class adjusted_by { g_computation, ipw, overlap, doubly_robust };
enum class adjusted_for { all, reference, other };

struct adjustment {
  adjusted_by by = adjusted_by::g_computation;
  adjusted_for target = adjusted_for::all;
  bool interactions = false;  // of the group with each covariate, in the model of the outcome
  bool firth = false;

  bool with_outcome() const noexcept { return by == adjusted_by::g_computation || by == adjusted_by::doubly_robust; }
  bool with_weights() const noexcept { return by != adjusted_by::g_computation; }
};

// A statistic that compares a number of each group, and can tell the two.
class group_means {
 public:
  virtual ~group_means() = default;
  virtual std::array<double, 2> observed() const = 0;  // of the cohort, in group 0 and 1
};

// Numbers of R: which estimator, which population, and whether with interactions and Firth's penalty.
inline adjustment to_adjustment(const std::vector<double>& given) {
  const auto whole = [&](std::size_t i, double below) {
    if (!(given[i] >= 0) || !(given[i] < below) || given[i] != static_cast<int>(given[i]))
      throw input_error("There is no such adjustment.");
    return static_cast<int>(given[i]);
  };
  if (given.size() < 4) throw input_error("An adjusted effect takes an estimator, a population and two flags.");
  const adjustment how{static_cast<adjusted_by>(whole(0, 4)),
                       static_cast<adjusted_for>(whole(1, 3)), whole(2, 2) == 1,
                       whole(3, 2) == 1};
  if (how.by == adjusted_by::overlap && how.target != adjusted_for::all)
    throw input_error("Overlap weights have a population of their own.");
  return how;
}

// The weight of a patient of `group`, and its derivative by the linear predictor of e.
inline double balancing_weight(const adjustment& how, const chances& e, std::size_t group) noexcept {
  const double own = group == 1 ? e.of : e.against, other = group == 1 ? e.against : e.of;
  if (how.by == adjusted_by::overlap) return other;
  switch (how.target) {
    case adjusted_for::reference: return group == 0 ? 1.0 : other / own;
    case adjusted_for::other: return group == 1 ? 1.0 : other / own;
    default: return 1 / own;
  }
}
inline double balancing_slope(const adjustment& how, const chances& e, std::size_t group) noexcept {
  const double up = group == 1 ? -1 : 1;
  if (how.by == adjusted_by::overlap) return up * e.of * e.against;
  const bool of_target = how.target == (group == 1 ? adjusted_for::other : adjusted_for::reference);
  return of_target ? 0.0 : up * (group == 1 ? e.against / e.of : e.of / e.against);
}

}  // namespace her2mod
