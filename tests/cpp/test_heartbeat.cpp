// base/heartbeat.hpp, and that what has heartbeats can be stopped at any of them: nothing leaks
// (the address build looks), nothing is left behind, and being watched changes no number.

#include <gtest/gtest.h>

#include <algorithm>
#include <complex>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/base/stoppable_sort.hpp>
#include <her2mod/exact/conditional_odds.hpp>
#include <her2mod/exact/ideal_studentized.hpp>
#include <her2mod/exact/linear_null.hpp>
#include <her2mod/exact/mean_bootstrap.hpp>
#include <her2mod/exact/order_statistic.hpp>
#include <her2mod/exact/score_exact.hpp>
#include <her2mod/exact/unconditional.hpp>
#include <her2mod/infer/multiplicity.hpp>
#include <her2mod/infer/sequential.hpp>
#include <her2mod/math/stoppable_fft.hpp>

#include "naive_linear.hpp"

namespace {

using her2mod::alternative;
using her2mod::heartbeat;
using her2mod::heartbeat_hook;
using her2mod::linear_method;
using numbers = std::vector<double>;

struct stopped : std::runtime_error {
  stopped() : std::runtime_error("stopped") {}
};

// --- the hook

TEST(Heartbeat, CallsTheHookWheneverSoMuchWorkIsDone) {
  int calls = 0;
  const heartbeat_hook hook([&] { ++calls; }, 100);
  heartbeat(60);
  EXPECT_EQ(calls, 0);
  heartbeat(40);
  EXPECT_EQ(calls, 1);
  heartbeat(99);
  EXPECT_EQ(calls, 1);
  heartbeat(1);
  EXPECT_EQ(calls, 2);
  heartbeat(1000);
  EXPECT_EQ(calls, 3);
}

TEST(Heartbeat, ReachesTheInnermostHookThatLives) {
  int outer = 0, inner = 0;
  {
    const heartbeat_hook a([&] { ++outer; }, 0);
    try {
      const heartbeat_hook b([&] { ++inner, throw stopped(); }, 0);
      heartbeat(1);
    } catch (const stopped&) {
    }
    EXPECT_EQ(inner, 1);
    EXPECT_EQ(outer, 0);
    heartbeat(1);
    EXPECT_EQ(outer, 1);
  }
  heartbeat(1);
  EXPECT_EQ(inner + outer, 2);
  EXPECT_EQ(heartbeat_hook::current(), nullptr);
}

TEST(Heartbeat, IsTheThreadsOwn) {
  int calls = 0;
  const heartbeat_hook hook([&] { ++calls; }, 0);
  std::thread([] { heartbeat(1); }).join();
  EXPECT_EQ(calls, 0);
}

TEST(Heartbeat, OfShortStepsComesEvery1024th) {
  int calls = 0;
  const heartbeat_hook hook([&] { ++calls; }, 0);
  for (std::size_t i = 0; i < 3000; ++i) her2mod::heartbeat_at(i, 1);
  EXPECT_EQ(calls, 3);  // at 0, 1024, 2048
}

TEST(StoppableSort, SortsAndStops) {
  numbers x;
  for (int i = 0; i < 5000; ++i) x.push_back((i * 7919) % 4999);
  numbers sorted = x, stopped_half_way = x;
  std::sort(sorted.begin(), sorted.end());
  int calls = 0;
  const heartbeat_hook hook([&] { if (++calls == 100) throw stopped(); }, 0);
  her2mod::stoppable_sort(x.begin(), x.end());
  EXPECT_EQ(x, sorted);
  EXPECT_GT(calls, 20);  // 5000 log2(5000) / 1024 = 60
  calls = 90;
  EXPECT_THROW(her2mod::stoppable_sort(stopped_half_way.begin(), stopped_half_way.end()), stopped);
}

// Eigen's own transform is the judge of the one with heartbeats: every bit.
TEST(StoppableFft, IsEigensAndStops) {
  using plain = Eigen::FFT<double>;
  for (const std::size_t n : {std::size_t{1} << 21, std::size_t{3} << 20, std::size_t{48}}) {
    numbers x, back;
    for (std::size_t i = 0; i < n; ++i) x.push_back(static_cast<double>((i * 7919) % 1009) / 7);
    plain fft(plain::impl_type(), plain::HalfSpectrum);
    std::vector<std::complex<double>> spectrum;
    fft.fwd(spectrum, x);
    fft.inv(back, spectrum, static_cast<Eigen::Index>(n));
    ASSERT_TRUE(her2mod::half_spectrum(x) == spectrum) << n;
    ASSERT_TRUE(her2mod::real_series(spectrum, n) == back) << n;
    if (n == 48) continue;
    int calls = 0;
    const heartbeat_hook hook([&] { if (++calls == 1000) throw stopped(); }, 0);
    EXPECT_THROW(her2mod::half_spectrum(x), stopped);
    calls = 0;
    EXPECT_THROW(her2mod::real_series(spectrum, n), stopped);
  }
}

// --- what can be stopped

struct computation {
  std::string name;
  int least_beats;  // the steps that its outer loops cannot do without
  int stops;        // at how many of them to stop it
  std::function<numbers()> run;
};

her2mod::linear_stratum scores(std::size_t n, std::size_t chosen, double step) {
  her2mod::linear_stratum s{{}, chosen};
  for (std::size_t i = 0; i < n; ++i)
    s.score.push_back(step * static_cast<double>((i * 37) % 101) +
                      (step == 1 ? 0.0 : 1 / (3.7 + static_cast<double>(i))));
  return s;
}

// The probabilities of both tails at some distances, and of the support.
numbers null_of(her2mod::linear_null null) {
  numbers out = null.mass();
  for (const double share : {0.1, 0.5, 0.9}) {
    const double reach = share * (null.highest() - null.mean());
    for (const auto& p : {null.at_least(null.mean() + reach), null.at_most(null.mean() - reach)})
      out.insert(out.end(), {p.low, p.high});
  }
  return out;
}

numbers linear(linear_method method, std::size_t n, double step) {
  return null_of({{scores(n, n / 2, step), scores(n / 2, 3, step)}, {}, method});
}

numbers of(const her2mod::discrete_distribution& d) {
  numbers out = d.value;
  out.insert(out.end(), d.mass.begin(), d.mass.end());
  return out;
}

numbers of(const her2mod::interval& i) { return {i.low, i.high}; }

her2mod::group_units group(std::size_t n, double step) {
  her2mod::group_units strata(2);
  for (std::size_t s = 0; s < 2; ++s)
    for (std::size_t i = 0; i < n; ++i) {
      strata[s].value.push_back(1 + step * static_cast<double>(i * (i + s + 1)));
      strata[s].count.push_back(1 + static_cast<double>(i % 2));
    }
  return strata;
}

numbers difference_of_means() {
  const her2mod::discrete_difference d(her2mod::mean_bootstrap(group(5, 1)).distribution(),
                                       her2mod::mean_bootstrap(group(6, 1)).distribution());
  return {d.low(0.025), d.high(0.025), d.at_most(1), d.at_least(1), d.mid_distribution(0)};
}

numbers ideal_risks() {
  const her2mod::ideal_bootstrap d({{3, 20}, {5, 15}}, {{9, 25}, {4, 11}}, her2mod::risk_link::log);
  return {d.low(0.025), d.high(0.025), d.at_most(0.1), d.mean()};
}

numbers ideal_t() {
  using her2mod::risk_link;
  const her2mod::resampled_risk a({{3, 20}}, risk_link::identity);
  const her2mod::resampled_risk b({{9, 25}}, risk_link::identity);
  const her2mod::ideal_studentized t(a, b, risk_link::identity, 9.0 / 25 - 3.0 / 20);
  return {t.low(0.025), t.high(0.025), t.at_most(1), t.undefined()};
}

numbers family() {
  numbers observed{1.5, 0.5, 2.5}, replicates;
  for (int i = 0; i < 3000; ++i) replicates.push_back((i * 7919) % 1009 / 300.0);
  return her2mod::max_t_p_values(observed, replicates);
}

numbers gandy() {
  std::vector<int> exceeds;
  for (int i = 0; i < 500; ++i) exceeds.push_back(i % 20 == 0);
  const her2mod::gandy_answer answer = her2mod::gandy_p_value(exceeds, 0.05);
  return {answer.p_value, static_cast<double>(answer.used)};
}

constexpr her2mod::table2x2 table{7, 25, 15, 30};

std::vector<computation> computations() {
  using namespace her2mod;
  constexpr auto both = alternative::two_sided;
  return {
      // A unit is taken once for each number of units chosen before it.
      {"enumeration", 14 * 7, 40, [] { return linear(linear_method::enumeration, 14, 0.7); }},
      {"table", 40 * 20 / 2, 40, [] { return linear(linear_method::table, 40, 1); }},
      {"characteristic", 500, 20, [] { return linear(linear_method::characteristic, 40, 1); }},
      {"majorant", 1000, 12, [] { return linear(linear_method::majorant, 16, 0.7); }},
      {"plan", 24, 40,
       [] { return numbers{linear_null::plan({scores(60, 30, 0.7)}, linear_limits()).work}; }},
      // Two strata: a transform for each, and one back.
      {"means on a lattice", 3, 40, [] { return of(mean_bootstrap(group(6, 1)).distribution()); }},
      {"means of any numbers", 10, 3,
       [] { return of(mean_bootstrap(group(6, 0.123456789)).distribution()); }},
      {"logarithms", 1, 3, [] { return of(log_of(mean_bootstrap(group(5, 1)).distribution())); }},
      {"difference of means", 20, 40, difference_of_means},
      // At least one binomial for each value and stratum.
      {"quantiles", 2 * 20, 40,
       [] { return of(quantile_bootstrap(group(20, 1), 0.3).distribution()); }},
      {"risks", 20, 40, ideal_risks},
      {"studentized risks", 15, 40, ideal_t},
      {"odds ratio", 10, 40,
       [] { return of(conditional_odds(table).limits(0.95, both, 1)); }},
      // Every row of tables, then at least a probability for each piece of the line.
      {"barnard", 26 + 16, 40,
       [] { return numbers{barnard_p_value(table, z_variance::pooled, both)}; }},
      {"boschloo", 56 + 26 + 16, 40, [] { return numbers{boschloo_p_value(table, both)}; }},
      {"exact difference", 1000, 40,
       [] { return of(risk_difference_exact_interval(table, 0.95, both, false)); }},
      {"exact ratio", 1000, 40,
       [] { return of(risk_ratio_exact_interval(table, 0.95, both, true)); }},
      {"maxT", 1, 1, [] { return family(); }},
      {"gandy", 100, 40, gandy},
  };
}

// The numbers under a hook that is called at every heartbeat, and how many there were.
numbers watched(const computation& c, int& beats) {
  beats = 0;
  const heartbeat_hook hook([&] { ++beats; }, 0);
  return c.run();
}

TEST(Heartbeat, ChangesNoNumber) {
  for (const computation& c : computations()) {
    int beats = 0;
    EXPECT_EQ(watched(c, beats), c.run()) << c.name;
    EXPECT_GE(beats, c.least_beats) << c.name;
  }
}

TEST(Heartbeat, StopsEveryComputation) {
  for (const computation& c : computations()) {
    int beats = 0;
    const numbers whole = watched(c, beats);
    for (int i = 0; i < c.stops; ++i) {
      int left = 1 + static_cast<int>(static_cast<long>(beats - 1) * i / c.stops);
      {
        const heartbeat_hook hook([&] { if (--left == 0) throw stopped(); }, 0);
        EXPECT_THROW(c.run(), stopped) << c.name;
      }
      EXPECT_EQ(heartbeat_hook::current(), nullptr);
    }
    EXPECT_EQ(c.run(), whole) << c.name;
  }
}

// The one computation that goes on with what it has: its bounds still hold the share of subsets
// that are counted one by one, so no frequency is lost or doubled.
TEST(Heartbeat, LeavesANullDistributionWhoseBoundsHold) {
  const naive::strata strata{scores(16, 8, 0.7)};
  her2mod::linear_limits limits;
  limits.wanted = 1e-7;  // far more than the frequencies that it begins with
  const auto fresh = [&] { return her2mod::linear_null(strata, limits, linear_method::majorant); };
  her2mod::linear_null undisturbed = fresh();
  const double s = undisturbed.mean() + 0.3 * (undisturbed.highest() - undisturbed.mean());
  const auto sums = naive::all_sums(strata);
  const auto reaches = [&](naive::real sum) { return sum >= s; };
  const auto beyond = std::count_if(sums.begin(), sums.end(), reaches);
  const double truth = static_cast<double>(beyond) / static_cast<double>(sums.size());
  int beats = 0;
  {
    const heartbeat_hook hook([&] { ++beats; }, 0);
    undisturbed.at_least(s);
  }
  ASSERT_GT(beats, 100000);
  for (int stop = 1; stop <= beats; stop += beats / 15) {
    her2mod::linear_null null = fresh();
    int left = stop;
    {
      const heartbeat_hook hook([&] { if (--left == 0) throw stopped(); }, 0);
      ASSERT_THROW(null.at_least(s), stopped) << stop;
    }
    const her2mod::probability_bounds again = null.at_least(s);
    ASSERT_LE(again.low, truth) << stop;
    ASSERT_GE(again.high, truth) << stop;
    ASSERT_LT(again.high - again.low, 1e-6) << stop;
  }
}

}  // namespace
