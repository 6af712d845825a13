// infer/multiplicity.hpp: against the definitions written out, and by what must hold.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/infer/multiplicity.hpp>

namespace {

using her2mod::max_t_p_values;
using values = std::vector<double>;

const double inf = her2mod::infinity, nan = her2mod::not_a_number;

struct family {
  values observed, replicates;  // replicates row by row
  std::size_t k() const { return observed.size(); }
  std::size_t r() const { return replicates.size() / observed.size(); }
  double at(std::size_t row, std::size_t column) const {
    const double v = replicates[row * k() + column];
    return std::isnan(v) ? inf : v;
  }
};

bool at_least(double value, double other) {
  return value >= other || (std::isfinite(other) && value >= other - 1e-7 * std::fabs(other));
}

// (b + 1) / (R + 1) of one hypothesis alone.
double raw_p(const family& f, std::size_t column) {
  double b = 0;
  for (std::size_t i = 0; i < f.r(); ++i) b += at_least(f.at(i, column), f.observed[column]);
  return (b + 1) / (static_cast<double>(f.r()) + 1);
}

// Of each hypothesis, the largest p~ of those with as much evidence or more; p~ of one from all
// hypotheses with no more evidence than it. reached(row, column, of) says that the replicate of
// `column` is as extreme as hypothesis `of`.
template <class More, class Reached>
values naive_step_down(const family& f, const More& more, const Reached& reached) {
  values alone(f.k()), adjusted(f.k(), 0.0);
  for (std::size_t s = 0; s < f.k(); ++s) {
    double b = 0;
    for (std::size_t i = 0; i < f.r(); ++i) {
      bool any = false;
      for (std::size_t j = 0; j < f.k(); ++j) any = any || (!more(j, s) && reached(i, j, s));
      b += any;
    }
    alone[s] = (b + 1) / (static_cast<double>(f.r()) + 1);
  }
  for (std::size_t s = 0; s < f.k(); ++s)
    for (std::size_t j = 0; j < f.k(); ++j)
      if (!more(s, j)) adjusted[s] = std::max(adjusted[s], alone[j]);
  return adjusted;
}

values naive_max_t(const family& f) {
  return naive_step_down(
      f, [&](std::size_t a, std::size_t b) { return f.observed[a] > f.observed[b]; },
      [&](std::size_t i, std::size_t j, std::size_t s) {
        return at_least(f.at(i, j), f.observed[s]);
      });
}

// Correlated columns of different scales and shifts; with `steps`, of few values, so that many tie.
family random_family(std::size_t k, std::size_t r, unsigned seed, double steps = 0) {
  std::mt19937 generator(seed);
  const auto uniform = [&] { return static_cast<double>(generator()) / 4294967296.0 - 0.5; };
  family f;
  for (std::size_t i = 0; i <= r; ++i) {
    const double common = uniform();
    for (std::size_t j = 0; j < k; ++j) {
      double v = common + uniform() + uniform();
      if (i == r) v += 0.3 * static_cast<double>(j % 4);
      v = v * (1 + static_cast<double>(j % 3)) + static_cast<double>(j % 2);
      if (steps > 0) v = std::round(v * steps) / steps;
      (i < r ? f.replicates : f.observed).push_back(v);
    }
  }
  return f;
}

const std::vector<family> families = [] {
  std::vector<family> all{
      {{3}, {1, 2, 3, 4}},
      {{1, 2}, {0, 0, 1, 3, 2, 2, -1, 5}},
      {{1, 1, 1}, {1, 1, 1, 0, 2, 0}},
      // Ties by rounding, and values that are infinite or do not exist.
      {{0.3, 0.1 + 0.2}, {0.1 + 0.2, 0.3, 0.3, 0.1, 0, 0, 0.3 - 2e-8, 0.2}},
      {{inf, 2, -inf}, {1, 2, 3, nan, 1, 0, inf, nan, -inf, -inf, 0, nan, 0, 0, 0}},
      {{2, 5}, {}},  // no replicates
      {{0, 0}, {0, -1, 1, 0, nan, -2}},
  };
  for (unsigned seed = 1; seed <= 12; ++seed) {
    all.push_back(random_family(1 + seed % 6, 20 + 7 * seed, seed));
    all.push_back(random_family(1 + seed % 5, 15 + 5 * seed, seed, 2));
  }
  return all;
}();

void expect_equal(const values& found, const values& expected) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t j = 0; j < found.size(); ++j) EXPECT_DOUBLE_EQ(found[j], expected[j]) << j;
}

TEST(MaxT, EqualsTheDefinition) {
  for (const family& f : families)
    expect_equal(max_t_p_values(f.observed, f.replicates), naive_max_t(f));
}

TEST(StepDown, ByHand) {
  // t = (5, 3); the replicates' maxima of both, 4 6 3 2, and of the second alone, 4 1 3 2.
  const values observed{5, 3}, replicates{1, 4, 6, 1, 2, 3, 0, 2};
  expect_equal(max_t_p_values(observed, replicates), {2.0 / 5, 3.0 / 5});
}

TEST(StepDown, OfOneHypothesisIsItsOwnP) {
  for (const family& f : families)
    if (f.k() == 1) expect_equal(max_t_p_values(f.observed, f.replicates), {raw_p(f, 0)});
}

TEST(StepDown, IsNeverBelowTheRawP) {
  for (const family& f : families) {
    const values p = max_t_p_values(f.observed, f.replicates);
    for (std::size_t j = 0; j < f.k(); ++j) {
      EXPECT_GE(p[j], raw_p(f, j));
      EXPECT_LE(p[j], 1.0);
    }
  }
}

TEST(StepDown, KeepsTheOrderOfTheEvidence) {
  for (const family& f : families) {
    const values p = max_t_p_values(f.observed, f.replicates);
    for (std::size_t a = 0; a < f.k(); ++a)
      for (std::size_t b = 0; b < f.k(); ++b)
        if (f.observed[a] >= f.observed[b]) {
          EXPECT_LE(p[a], p[b]);
        }
  }
}

TEST(StepDown, DoesNotDependOnTheOrderOfTheHypotheses) {
  std::mt19937 generator(7);
  for (const family& f : families) {
    std::vector<std::size_t> order(f.k());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), generator);
    family moved;
    for (const std::size_t j : order) moved.observed.push_back(f.observed[j]);
    for (std::size_t i = 0; i < f.r(); ++i)
      for (const std::size_t j : order) moved.replicates.push_back(f.replicates[i * f.k() + j]);
    const values p = max_t_p_values(f.observed, f.replicates);
    const values p_moved = max_t_p_values(moved.observed, moved.replicates);
    for (std::size_t j = 0; j < f.k(); ++j) EXPECT_EQ(p_moved[j], p[order[j]]);
  }
}

TEST(StepDown, OfOneHypothesisSeveralTimesIsItsOwnP) {
  const family one = random_family(1, 60, 5);
  for (const std::size_t copies : {2u, 5u}) {
    family f{values(copies, one.observed[0]), {}};
    for (const double v : one.replicates) f.replicates.insert(f.replicates.end(), copies, v);
    expect_equal(max_t_p_values(f.observed, f.replicates), values(copies, raw_p(one, 0)));
  }
}

TEST(StepDown, CountsAReplicateThatDoesNotExistAgainstRejection) {
  const values observed{9, 8};
  expect_equal(max_t_p_values(observed, values{1, 2, 3, 1, 2, 3}), {0.25, 0.25});
  expect_equal(max_t_p_values(observed, values{nan, 2, 3, 1, 2, 3}), {0.5, 0.5});
  expect_equal(max_t_p_values(observed, values{1, nan, 3, nan, 2, nan}), {1.0, 1.0});
}

// Exchangeable data sets: each of the N rows is the observed one equally often, and under the
// complete null the smallest adjusted p is at most a with a probability of at most a.
TEST(StepDown, KeepsTheFamilyWiseErrorUnderTheCompleteNull) {
  for (const double steps : {0.0, 2.0}) {
    const family all = random_family(4, 40, 11, steps);
    values smallest;
    for (std::size_t seen = 0; seen < all.r(); ++seen) {
      const auto first = all.replicates.begin() + static_cast<std::ptrdiff_t>(seen * all.k());
      const auto end = first + static_cast<std::ptrdiff_t>(all.k());
      values rest(all.replicates.begin(), first);
      rest.insert(rest.end(), end, all.replicates.end());
      const values p = max_t_p_values(values(first, end), rest);
      smallest.push_back(*std::min_element(p.begin(), p.end()));
    }
    for (const double a : smallest)
      EXPECT_LE(static_cast<double>(std::count_if(smallest.begin(), smallest.end(),
                                                  [&](double p) { return p <= a; })) /
                    static_cast<double>(all.r()),
                a * (1 + 1e-12));
  }
}

TEST(StepDown, RefusesWhatIsNoFamily) {
  EXPECT_THROW(max_t_p_values(values{1, nan}, values{1, 2}), her2mod::input_error);
  EXPECT_THROW(max_t_p_values(values{1, 2}, values{1, 2, 3}), her2mod::input_error);
  EXPECT_THROW(max_t_p_values(values{}, values{}), her2mod::input_error);
}

}  // namespace
