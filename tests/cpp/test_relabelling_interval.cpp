// The exact interval of relabelling against every table of potential responses and every labelling;
// against every table of more patients, with multinomial coefficients; against published limits.

#include <gtest/gtest.h>

#include <bitset>
#include <cmath>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include <her2mod/exact/fisher.hpp>
#include <her2mod/exact/relabelling_interval.hpp>

namespace {

using her2mod::alternative;
using her2mod::interval;
using her2mod::potential_table;
using her2mod::relabelled_difference;
using her2mod::relabelling_interval;
using her2mod::table2x2;
using her2mod::headcount;

constexpr alternative sides[] = {alternative::two_sided, alternative::greater, alternative::less};

template <class Each>
void for_each_potential(long n, const Each& each) {
  for (long both = 0; both <= n; ++both)
    for (long gained = 0; both + gained <= n; ++gained)
      for (long lost = 0; both + gained + lost <= n; ++lost)
        each(potential_table{both, gained, lost, n - both - gained - lost});
}

// What may be observed, (x0, x1), and its weight: the labellings that give it.
using law = std::map<std::pair<long, long>, double>;

// Every subset of the patients as group 1.
law by_listing(const potential_table& t, long n1) {
  std::vector<std::pair<int, int>> response;  // in group 0, in group 1
  response.insert(response.end(), static_cast<std::size_t>(t.both), {1, 1});
  response.insert(response.end(), static_cast<std::size_t>(t.gained), {0, 1});
  response.insert(response.end(), static_cast<std::size_t>(t.lost), {1, 0});
  response.insert(response.end(), static_cast<std::size_t>(t.neither), {0, 0});
  law seen;
  for (unsigned chosen = 0; chosen < 1u << response.size(); ++chosen) {
    if (std::bitset<32>(chosen).count() != static_cast<std::size_t>(n1)) continue;
    long x0 = 0, x1 = 0;
    for (std::size_t i = 0; i < response.size(); ++i)
      if (chosen >> i & 1u)
        x1 += response[i].second;
      else
        x0 += response[i].first;
    seen[{x0, x1}] += 1;
  }
  return seen;
}

// How many of each kind are chosen, by products of binomial coefficients.
law by_coefficients(const potential_table& t, long n1) {
  const auto ways = [](long n, long k) {
    return std::exp(std::lgamma(static_cast<double>(n + 1)) -
                    std::lgamma(static_cast<double>(k + 1)) -
                    std::lgamma(static_cast<double>(n - k + 1)));
  };
  law seen;
  for (long b = 0; b <= t.both; ++b)
    for (long g = 0; g <= t.gained; ++g)
      for (long l = 0; l <= t.lost; ++l) {
        const long none = n1 - b - g - l;
        if (none < 0 || none > t.neither) continue;
        seen[{t.both - b + t.lost - l, b + g}] +=
            ways(t.both, b) * ways(t.gained, g) * ways(t.lost, l) * ways(t.neither, none);
      }
  return seen;
}

// p of the definition: distances in headcount numbers, n n0 n1 times T - tau.
double p_value(const law& seen, long n0, long n1, long effect, std::pair<long, long> at,
               alternative side) {
  const auto offset = [&](std::pair<long, long> x) {
    return (n0 + n1) * (n0 * x.second - n1 * x.first) - effect * n0 * n1;
  };
  const long mine = offset(at);
  double extreme = 0, all = 0;
  for (const auto& [x, weight] : seen) {
    const long d = offset(x);
    all += weight;
    if (side == alternative::greater ? d >= mine
        : side == alternative::less  ? d <= mine
                                     : std::abs(d) >= std::abs(mine))
      extreme += weight;
  }
  return extreme / all;
}

// The least and the largest effect of the tables that may give the observed one and are kept.
std::pair<long, long> naive_effects(const std::vector<std::pair<potential_table, law>>& tables,
                                    const table2x2& t, double error, alternative side) {
  std::pair<long, long> ends{1000, -1000};
  const std::pair<long, long> at{std::lround(t.x0), std::lround(t.x1)};
  for (const auto& [table, seen] : tables) {
    if (seen.count(at) == 0) continue;
    const long effect = static_cast<long>(table.gained - table.lost);
    const double p = p_value(seen, std::lround(t.n0), std::lround(t.n1), effect, at, side);
    if (!(p > error + 1e-12)) continue;
    ends = {std::min(ends.first, effect), std::max(ends.second, effect)};
  }
  return ends;
}

void expect_ends(const table2x2& t, double level, alternative side, std::pair<long, long> ends) {
  const interval found = relabelling_interval(t, level, side);
  const auto where = ::testing::Message() << t.x0 << "/" << t.n0 << ", " << t.x1 << "/" << t.n1
                                          << " at " << level << ", side " << static_cast<int>(side);
  EXPECT_DOUBLE_EQ(found.low, static_cast<double>(ends.first) / t.total()) << where;
  EXPECT_DOUBLE_EQ(found.high, static_cast<double>(ends.second) / t.total()) << where;
}

TEST(RelabellingInterval, IsThatOfEveryTableAndLabelling) {
  int checked = 0;
  for (long n = 2; n <= 10; ++n)
    for (long n1 = 1; n1 < n; ++n1) {
      std::vector<std::pair<potential_table, law>> tables;
      for_each_potential(
          n, [&](const potential_table& t) { tables.emplace_back(t, by_listing(t, n1)); });
      for (long x1 = 0; x1 <= n1; ++x1)
        for (long x0 = 0; x0 <= n - n1; ++x0)
          for (const alternative side : sides)
            for (const double level : {0.95, 0.8, 0.6}) {
              const table2x2 t{static_cast<double>(x0), static_cast<double>(n - n1),
                               static_cast<double>(x1), static_cast<double>(n1)};
              expect_ends(t, level, side, naive_effects(tables, t, 1 - level, side));
              ++checked;
            }
    }
  EXPECT_EQ(checked, 9 * 870);
}

// Boxes of many tables, equal and very different groups, all or none responding.
TEST(RelabellingInterval, OfMorePatientsIsThatOfEveryTable) {
  const table2x2 shown[] = {{5, 15, 9, 15},  {20, 24, 2, 7}, {3, 6, 1, 26},  {0, 14, 11, 14},
                            {12, 12, 9, 16}, {0, 20, 0, 9},  {26, 40, 4, 15}};
  for (const table2x2& t : shown) {
    const long n = std::lround(t.total()), n1 = std::lround(t.n1);
    std::vector<std::pair<potential_table, law>> tables;
    for_each_potential(n, [&](const potential_table& table) {
      // Only what may give t is worth its law.
      const long r1 = static_cast<long>(table.both + table.gained) - std::lround(t.x1);
      const long r0 = static_cast<long>(table.both + table.lost) - std::lround(t.x0);
      if (r1 < 0 || r1 > n - n1 || r0 < 0 || r0 > n1) return;
      tables.emplace_back(table, by_coefficients(table, n1));
    });
    for (const alternative side : sides)
      for (const double level : {0.95, 0.7})
        expect_ends(t, level, side, naive_effects(tables, t, 1 - level, side));
  }
}

TEST(RelabelledDifference, HasTheTailsOfTheListing) {
  for (const long n1 : {2, 5, 8}) {
    const long n = 10, n0 = n - n1;
    relabelled_difference difference(n0, n1);
    for_each_potential(n, [&](const potential_table& t) {
      const law seen = by_listing(t, n1);
      double all = 0;
      for (const auto& item : seen) all += item.second;
      for (long least = -n0 * n1 - 1; least <= n0 * n1 + 1; least += 3) {
        double extreme = 0;
        for (const auto& [x, weight] : seen)
          if (n0 * x.second - n1 * x.first >= least) extreme += weight;
        const double p = extreme / all;
        ASSERT_NEAR(difference.tail(t, least, 0.0), p, 1e-13);
        const double rough = difference.tail(t, least, 0.03);
        ASSERT_TRUE(rough <= p + 1e-13 && rough >= p - 0.03 - 1e-13);
      }
    });
  }
}

// Above: patients can be matched so that none loses a response in group
// 1 or wins one in group 0, which is to say four sums.
TEST(PotentialTable, TheOneAboveIsAboveAll) {
  const long n = 6;
  std::vector<potential_table> all;
  for_each_potential(n, [&](const potential_table& t) { all.push_back(t); });
  for (const potential_table& a : all)
    for (const potential_table& b : all) {
      const headcount gained = std::max(a.gained, b.gained), lost = std::min(a.lost, b.lost);
      const headcount respond1 = std::max(a.both + a.gained, b.both + b.gained);
      const headcount respond0 = std::min(a.both + a.lost, b.both + b.lost);
      const potential_table top = her2mod::table_above(n, gained, lost, respond1, respond0);
      ASSERT_EQ(top.both + top.gained + top.lost + top.neither, n);
      ASSERT_TRUE(top.both >= 0 && top.gained >= 0 && top.lost >= 0 && top.neither >= 0);
      ASSERT_TRUE(top.gained >= gained && top.lost <= lost && top.both + top.gained >= respond1 &&
                  top.both + top.lost <= respond0);
    }
  // Of one table it is the table.
  for (const potential_table& a : all) {
    const potential_table top =
        her2mod::table_above(n, a.gained, a.lost, a.both + a.gained, a.both + a.lost);
    ASSERT_TRUE(top.both == a.both && top.gained == a.gained && top.lost == a.lost);
  }
}

// Li and Ding (2016), table I, column 3, effects times n, as reproduced in the tests of several
// implementations of that paper: (responders, others) of group 1, then of group 0.
TEST(RelabellingInterval, HasThePublishedLimits) {
  const auto expect = [](double x1, double y1, double x0, double y0, double low, double high) {
    const table2x2 t{x0, x0 + y0, x1, x1 + y1};
    const interval found = relabelling_interval(t, 0.95, alternative::two_sided);
    EXPECT_DOUBLE_EQ(found.low * t.total(), low);
    EXPECT_DOUBLE_EQ(found.high * t.total(), high);
  };
  expect(1, 1, 1, 13, -1, 14);
  expect(2, 6, 8, 0, -14, -5);
  expect(6, 0, 11, 3, -4, 8);
  // One-sided, by that paper's program.
  const interval greater = relabelling_interval({1, 14, 1, 2}, 0.95, alternative::greater);
  EXPECT_EQ(greater.low, -0.0625);
  EXPECT_EQ(greater.high, 0.875);
}

// No effect on anybody is one of the tables, and its test that of Fisher's margins.
TEST(RelabellingInterval, HoldsZeroWhereTheTestOfNoEffectIsNotRejected) {
  for (double x1 = 0; x1 <= 12; ++x1)
    for (const double x0 : {4.0, 9.0}) {
      const table2x2 t{x0, 25, x1, 12};
      const her2mod::fisher_p_values p = her2mod::fisher_test(t);
      for (const double level : {0.95, 0.8}) {
        if (p.greater > 1 - level) {
          EXPECT_LE(relabelling_interval(t, level, alternative::greater).low, 0);
        }
        if (p.less > 1 - level) {
          EXPECT_GE(relabelling_interval(t, level, alternative::less).high, 0);
        }
      }
    }
}

TEST(RelabellingInterval, SwappingTheGroupsOrTheResponseMirrorsIt) {
  const table2x2 t{211, 458, 19, 117}, groups{19, 117, 211, 458}, response{247, 458, 98, 117};
  const interval one = relabelling_interval(t, 0.95, alternative::two_sided);
  for (const table2x2& other : {groups, response}) {
    const interval mirrored = relabelling_interval(other, 0.95, alternative::two_sided);
    EXPECT_EQ(one.low, -mirrored.high);
    EXPECT_EQ(one.high, -mirrored.low);
  }
}

TEST(RelabellingInterval, SaysWhatIsTooMuch) {
  EXPECT_THROW(relabelling_interval({1, 6000, 1, 4001}, 0.95, alternative::two_sided),
               her2mod::numeric_error);
  EXPECT_THROW(relabelling_interval({3, 2, 1, 4}, 0.95, alternative::two_sided),
               her2mod::input_error);
  const table2x2 t{211, 458, 19, 117};
  EXPECT_THROW(relabelling_interval(
                   t, 0.95, alternative::two_sided, 1e6),
               her2mod::numeric_error);
  // The caller may stop it.
  const her2mod::heartbeat_hook stop([] { throw std::runtime_error("stopped"); });
  EXPECT_THROW(relabelling_interval(t, 0.95, alternative::two_sided), std::runtime_error);
}

}  // namespace
