// Tables of finite distributions: the probabilities that they have, exactly; and the words that stand for each.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/rng/discrete_table.hpp>
#include <her2mod/rng/xoshiro256pp.hpp>

namespace {

using her2mod::discrete_table;

// Binomial probabilities, by logarithms of gamma functions.
std::vector<double> binomial(int n, double p) {
  std::vector<double> mass;
  for (int k = 0; k <= n; ++k)
    mass.push_back(std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0) +
                            k * std::log(p) + (n - k) * std::log1p(-p)));
  return mass;
}

// Sum exactly 1, each within 2^-50 of its share, and none without mass.
void expect_faithful(const std::vector<double>& mass, const std::string& what) {
  const std::vector<double> implied = discrete_table(mass).implied();
  ASSERT_EQ(implied.size(), mass.size());
  std::vector<double> ascending = mass;  // summed with little rounding
  std::sort(ascending.begin(), ascending.end());
  long double all = 0;
  for (const double m : ascending) all += m;
  double sum = 0;
  for (std::size_t i = 0; i < mass.size(); ++i) {
    sum += implied[i];
    ASSERT_GE(implied[i], 0);
    ASSERT_LT(std::fabs(static_cast<double>(implied[i] - mass[i] / all)), 0x1p-50)
        << what << ", outcome " << i;
    ASSERT_TRUE(mass[i] > 0 || implied[i] == 0) << what << ", outcome " << i;
  }
  EXPECT_EQ(sum, 1) << what;
}

TEST(DiscreteTable, HasTheProbabilitiesOfItsMasses) {
  expect_faithful(binomial(458, 211.0 / 458), "458, 211/458");
  expect_faithful(binomial(117, 19.0 / 117), "117, 19/117");
  expect_faithful({5}, "one");
  expect_faithful({0, 0, 3, 0}, "one of four");
  expect_faithful({0.1, 0.2, 0.7}, "three");
  expect_faithful({1e308, 5e307, 1}, "huge");
  expect_faithful({5e-324, 1e-323, 0}, "subnormal");
  expect_faithful({1, 1e-300}, "next to nothing");
  std::vector<double> dust(100001, 0.45 * 0x1p-53);  // each vanishes in 1, together they do not
  dust[0] = 1;
  expect_faithful(dust, "one and dust");
  expect_faithful(std::vector<double>(99999, 1.0 / 3), "many thirds");
}

TEST(DiscreteTable, HasTheProbabilitiesOfRandomMasses) {
  her2mod::xoshiro256pp generator({9, 8, 7, 6});
  for (std::size_t n = 1; n <= 300; ++n) {
    std::vector<double> mass(n);
    for (double& m : mass) {
      const std::uint64_t word = generator();
      // Zeros, and masses over many orders of magnitude.
      const double whole = static_cast<double>(word >> 11);
      m = word % 5 == 0 ? 0 : std::ldexp(whole, -static_cast<int>(word % 64));
    }
    mass[generator() % n] = 1;
    expect_faithful(mass, "random, " + std::to_string(n));
  }
}

TEST(DiscreteTable, KeepsWholeUnitsAsTheyAre) {
  const std::vector<double> mass = {0x1p-53, 0.25, 0, 0.5, 0.25 - 0x1p-53};
  EXPECT_EQ(discrete_table(mass).implied(), mass);
}

// Masses of whole 2^-12: the first 12 bits of a word decide, whatever the others are.
TEST(DiscreteTable, PicksEachOutcomeForItsShareOfAllWords) {
  for (const std::vector<int>& share : std::vector<std::vector<int>>{
           {4096},
           {4095, 1},
           {0, 4096, 0},
           {1, 2, 3, 4090},
           {2048, 0, 1024, 0, 1024},
           {1000, 1000, 1000, 1000, 96},
           {512, 512, 512, 512, 512, 512, 512, 512},
           {1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144, 3446}}) {
    const discrete_table table(std::vector<double>(share.begin(), share.end()));
    for (const std::uint64_t rest : {std::uint64_t{0}, (~std::uint64_t{0}) >> 12}) {
      std::vector<int> times(share.size(), 0);
      for (std::uint64_t first = 0; first < 4096; ++first)
        ++times.at(table.pick((first << 52) + rest));
      EXPECT_EQ(times, share);
    }
  }
}

// Pearson's statistic over the outcomes that are expected often enough, the others one cell.
void expect_drawn_in_proportion(const std::vector<double>& mass, std::uint64_t seed) {
  constexpr int draws = 1000000;
  const discrete_table table(mass);
  her2mod::xoshiro256pp generator({seed, 2, 3, 4});
  std::vector<double> times(mass.size(), 0.0);
  for (int i = 0; i < draws; ++i) times.at(table(generator)) += 1;
  double all = 0;
  for (const double m : mass) all += m;
  double statistic = 0, cells = 0, rare_times = 0, rare_expected = 0;
  const auto add_cell = [&](double count, double expected) {
    statistic += (count - expected) * (count - expected) / expected;
    cells += 1;
  };
  for (std::size_t i = 0; i < mass.size(); ++i) {
    const double expected = draws * mass[i] / all;
    EXPECT_TRUE(mass[i] > 0 || times[i] == 0) << "outcome " << i;
    if (expected >= 20) {
      add_cell(times[i], expected);
    } else {
      rare_times += times[i];
      rare_expected += expected;
    }
  }
  if (rare_expected > 1) add_cell(rare_times, rare_expected);
  EXPECT_LE(statistic, cells - 1 + 5 * std::sqrt(2 * (cells - 1)) + 1e-9) << "seed " << seed;
}

TEST(DiscreteTable, DrawsInProportion) {
  expect_drawn_in_proportion(binomial(458, 211.0 / 458), 1);
  expect_drawn_in_proportion(binomial(117, 19.0 / 117), 2);
  expect_drawn_in_proportion({3}, 3);
  expect_drawn_in_proportion({1, 0, 2, 0, 0, 3}, 4);
  expect_drawn_in_proportion(std::vector<double>(1000, 1), 5);
}

// By exact fractions, from the published algorithm of the words.
TEST(DiscreteTable, GivesTheSameOutcomesOnEveryPlatform) {
  const discrete_table table(std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  her2mod::xoshiro256pp generator({1, 2, 3, 4});
  for (int i = 0; i < 10; ++i) generator();
  for (const std::size_t outcome : {6u, 9u, 2u, 7u, 5u, 2u, 9u, 5u, 2u, 9u})
    EXPECT_EQ(table(generator), outcome);
}

// Two draws of a word, each by half of it.
TEST(DiscreteTable, DrawsTwoOfAWordInProportion) {
  const std::vector<double> mass = binomial(117, 19.0 / 117);
  const discrete_table table(mass);
  her2mod::xoshiro256pp generator({6, 2, 3, 4});
  constexpr std::size_t draws = 1000000;
  std::vector<std::size_t> outcome(draws);
  table.draw(generator, draws, [&](std::size_t i, std::size_t k) { outcome[i] = k; });
  double beside = 0;
  std::vector<std::vector<double>> times(2, std::vector<double>(mass.size(), 0.0));
  const double sd = std::sqrt(19 * (1 - 19.0 / 117));
  for (std::size_t i = 0; i < draws; i += 2) {
    ++times[0].at(outcome[i]);
    ++times[1].at(outcome[i + 1]);
    beside += (static_cast<double>(outcome[i]) - 19) / sd * (static_cast<double>(outcome[i + 1]) - 19) / sd;
  }
  for (const auto& half : times)
    for (std::size_t k = 0; k < mass.size(); ++k)
      EXPECT_NEAR(half[k], draws / 2 * mass[k], 5 * std::sqrt(draws / 2 * mass[k]) + 3) << k;
  EXPECT_LT(std::fabs(beside), 5 * std::sqrt(draws / 2.0));
}

// Words that are given, then none.
struct dictated {
  std::vector<std::uint64_t> words;
  std::size_t taken = 0;
  std::uint64_t operator()() { return words.at(taken++); }
};

// 1/3 of all words are of outcome 0: the lower half of words, up to 0x55555555 55555000. A half word below
// or above its upper half decides; at it another word does.
TEST(DiscreteTable, ReadsOnWhereHalfAWordDoesNotTell) {
  const discrete_table table(std::vector<double>{1, 2});
  const auto drawn = [&](const std::vector<std::uint64_t>& given) {
    dictated words{given};
    std::vector<std::size_t> outcome(2, 9);
    table.draw(words, 2, [&](std::size_t i, std::size_t k) { outcome[i] = k; });
    EXPECT_EQ(words.taken, given.size());
    return outcome;
  };
  using two = std::vector<std::size_t>;
  EXPECT_EQ(drawn({0x5555555455555556}), two({0, 1}));
  EXPECT_EQ(drawn({0xffffffff00000000}), two({1, 0}));
  EXPECT_EQ(drawn({0x5555555500000000, 0x5555400000000000, 0}), two({0, 0}));
  EXPECT_EQ(drawn({0x5555555500000000, 0x5555600000000000, 0}), two({1, 0}));
  EXPECT_EQ(drawn({0x8000000055555555, 0, 0x5555400000000000}), two({1, 0}));
  EXPECT_EQ(drawn({0x8000000055555555, 0, 0x5555600000000000}), two({1, 1}));
  EXPECT_EQ(drawn({0x5555555555555555, 0, ~std::uint64_t{0}}), two({0, 1}));
}

TEST(DiscreteTable, RejectsWhatIsNoDistribution) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  for (const std::vector<double>& mass : std::vector<std::vector<double>>{
           {},
           {0, 0},
           {1, -1e-300},
           {1, std::numeric_limits<double>::quiet_NaN()},
           {std::numeric_limits<double>::quiet_NaN(), 1},
           {1, infinite},
           {1e308, 1e308}})
    EXPECT_THROW(discrete_table{mass}, her2mod::input_error);
}

}  // namespace
