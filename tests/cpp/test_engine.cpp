// The engine gives the same numbers however the work is split, and stops when its host says so.
// Run under ThreadSanitizer too.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <her2mod/resample/bootstrap.hpp>
#include <her2mod/resample/engine.hpp>
#include <her2mod/resample/jackknife.hpp>
#include <her2mod/resample/permutation.hpp>
#include <her2mod/stat/prepare.hpp>
#include <vector>

#include "cohorts.hpp"
#include "thread_executor.hpp"

namespace {

using her2mod::cohort;
using her2mod::reason;
using her2mod::replicates;

// 575 patients in two strata, the founding study's groups: about 350 replicates a piece of work.
cohort study() {
  return cohort_of(expanded({{0, 0, 1, 100},
                             {0, 0, 0, 123},
                             {0, 1, 1, 111},
                             {0, 1, 0, 124},
                             {1, 0, 1, 15},
                             {1, 0, 0, 74},
                             {1, 1, 1, 4},
                             {1, 1, 0, 24}}),
                   2, 2);
}

// The same patients in clusters of at most three, each in one stratum and group.
cohort clustered_study() {
  auto rows =
      expanded({{0, 0, 1, 100}, {0, 0, 0, 123}, {0, 1, 1, 111}, {1, 0, 0, 74}, {1, 1, 1, 40}});
  int cluster = -1;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool begins = i == 0 || i % 3 == 0 || rows[i].group != rows[i - 1].group ||
                        rows[i].stratum != rows[i - 1].stratum;
    rows[i].cluster = cluster += begins ? 1 : 0;
  }
  return cohort_of(rows, 2, 2);
}

void append(replicates& all, const replicates& more) {
  all.values.insert(all.values.end(), more.values.begin(), more.values.end());
  for (std::size_t r = 0; r < her2mod::n_reasons; ++r) all.ledger[r] += more.ledger[r];
}

// Bit for bit: NaN equals NaN.
void expect_identical(const replicates& a, const replicates& b) {
  ASSERT_EQ(a.values.size(), b.values.size());
  ASSERT_EQ(a.ledger, b.ledger);
  ASSERT_EQ(std::memcmp(a.values.data(), b.values.data(), a.values.size() * sizeof(double)), 0);
}

template <class Plan>
replicates run(const her2mod::statistic& stat, const Plan& plan, std::uint64_t first,
               std::size_t count, std::size_t rows, std::size_t threads) {
  thread_executor host(threads);
  const replicates result = her2mod::evaluate_replicates(stat, plan, {first, count}, rows, host);
  EXPECT_EQ(host.finished(), count);  // every replicate is reported at a checkpoint
  return result;
}

template <class Plan>
void expect_any_split_is_identical(const cohort& data, const Plan& plan, std::size_t count) {
  const auto stat = her2mod::prepare("risk_ratio", data);
  her2mod::serial_executor alone;
  const replicates serial =
      her2mod::evaluate_replicates(*stat, plan, {0, count}, data.rows(), alone);
  ASSERT_EQ(serial.values.size(), 2 * count);
  for (const std::size_t threads : {1u, 2u, 3u, 8u})
    expect_identical(run(*stat, plan, 0, count, data.rows(), threads), serial);

  // Twenty ranges of uneven length, computed in any order, joined in theirs.
  std::vector<replicates> parts(20);
  std::vector<std::size_t> order;
  const auto begin_of = [&](std::size_t part) { return count * part * part / 400; };
  for (std::size_t i = 0; i < 20; ++i) order.push_back((i * 7 + 3) % 20);
  for (const std::size_t part : order)
    parts[part] =
        run(*stat, plan, begin_of(part), begin_of(part + 1) - begin_of(part), data.rows(), 2);
  replicates joined;
  for (const replicates& part : parts) append(joined, part);
  expect_identical(joined, serial);
}

TEST(Engine, GivesOneBootstrapHoweverItIsSplit) {
  const cohort data = study();
  expect_any_split_is_identical(data, her2mod::bootstrap_plan(data, 20241200), 2000);
}

TEST(Engine, GivesOneBalancedBootstrapHoweverItIsSplit) {
  const cohort data = study();
  expect_any_split_is_identical(
      data, her2mod::bootstrap_plan(data, 20241200, her2mod::scheme::balanced), 1050);
}

TEST(Engine, GivesOneFractionalBootstrapHoweverItIsSplit) {
  const cohort data = study();
  expect_any_split_is_identical(
      data, her2mod::bootstrap_plan(data, 20241200, her2mod::scheme::fractional), 1000);
}

// Replicates of two-row blocks share streams; the pieces begin in the midst of one.
TEST(Engine, GivesOneBinomialBootstrapHoweverItIsSplit) {
  const cohort data = cohort_of(
      {{0, 0, 1, 10}, {0, 0, 0, 13}, {0, 1, 1, 4}, {1, 0, 0, 9}, {1, 0, 1, 3}, {1, 1, 0, 2}}, 2, 2);
  const her2mod::bootstrap_plan plan(data, 20241200);
  ASSERT_GT(plan.grain(), 1u);
  expect_any_split_is_identical(data, plan, 50001);
}

TEST(Engine, GivesOneClusteredBootstrapHoweverItIsSplit) {
  const cohort data = clustered_study();
  for (const her2mod::scheme how :
       {her2mod::scheme::ordinary, her2mod::scheme::balanced, her2mod::scheme::fractional})
    expect_any_split_is_identical(data, her2mod::bootstrap_plan(data, 20241200, how), 1050);
  expect_any_split_is_identical(data, her2mod::permutation_plan(data, 20241200), 1050);
}

TEST(Engine, GivesOnePermutationHoweverItIsSplit) {
  const cohort data = study();
  expect_any_split_is_identical(data, her2mod::permutation_plan(data, 20241200), 2000);
}

TEST(Engine, GivesOneJackknifeHoweverItIsSplit) {
  const cohort data = study();
  expect_any_split_is_identical(data, her2mod::jackknife_plan(data), data.rows());
}

TEST(Engine, KeepsTheFirstReplicatesOfALongerRun) {
  const cohort data = cohort_of(two_groups(6, 49, 13, 68), 2, 1);
  const auto stat = her2mod::prepare("risk_difference", data);
  const her2mod::bootstrap_plan plan(data, 1);
  const replicates many = run(*stat, plan, 0, 9999, data.rows(), 3);
  const replicates few = run(*stat, plan, 0, 999, data.rows(), 2),
                   one = run(*stat, plan, 417, 1, data.rows(), 1);
  expect_identical(few, {{many.values.begin(), many.values.begin() + 2 * 999}, {999}});
  expect_identical(one, {{many.values.begin() + 2 * 417, many.values.begin() + 2 * 418}, {1}});
}

TEST(Engine, TellsSeedsPurposesAndStatisticsApart) {
  const cohort data = study();
  const auto difference = her2mod::prepare("risk_difference", data),
             ratio = her2mod::prepare("risk_ratio", data);
  const auto first = run(*difference, her2mod::bootstrap_plan(data, 1), 0, 50, data.rows(), 1);
  const auto second = run(*difference, her2mod::bootstrap_plan(data, 2), 0, 50, data.rows(), 1);
  const auto other = run(*ratio, her2mod::bootstrap_plan(data, 1), 0, 50, data.rows(), 1);
  EXPECT_NE(first.values, second.values);
  EXPECT_NE(first.values, other.values);
}

TEST(Engine, GivesCountsTheReplicatesOfTheirRows) {
  // More than two rows a block: the compressed cohort draws the same units.
  const std::vector<counted_row> rows{{0, 0, 1, 21}, {0, 0, 0, 45}, {0, 0, 1, 3}, {1, 0, 0, 8},
                                      {1, 0, 1, 2},  {1, 0, 1, 2},  {0, 1, 1, 5}, {0, 1, 0, 2},
                                      {0, 1, 1, 9},  {1, 1, 0, 1},  {1, 1, 1, 1}, {1, 1, 0, 30}};
  const cohort counts = cohort_of(rows, 2, 2), patients = cohort_of(expanded(rows), 2, 2);
  for (const char* name : {"risk_difference", "risk_ratio", "odds_ratio"}) {
    const auto by_count = her2mod::prepare(name, counts),
               by_patient = her2mod::prepare(name, patients);
    expect_identical(
        run(*by_count, her2mod::bootstrap_plan(counts, 9), 0, 1000, counts.rows(), 2),
        run(*by_patient, her2mod::bootstrap_plan(patients, 9), 0, 1000, patients.rows(), 3));
  }
}

TEST(Engine, OfNoReplicatesGivesNone) {
  const cohort data = study();
  const auto stat = her2mod::prepare("risk_difference", data);
  const replicates none = run(*stat, her2mod::bootstrap_plan(data, 1), 5, 0, data.rows(), 4);
  EXPECT_TRUE(none.values.empty());
  EXPECT_EQ(none.ledger, her2mod::failure_ledger{});
}

TEST(Engine, RethrowsWhatACheckpointThrows) {
  const cohort data = study();
  const auto stat = her2mod::prepare("risk_difference", data);
  const her2mod::bootstrap_plan plan(data, 1);
  for (const std::size_t threads : {1u, 2u, 8u}) {
    thread_executor host(threads, 700);
    EXPECT_THROW(her2mod::evaluate_replicates(*stat, plan, {0, 100000}, data.rows(), host),
                 stopped);
    EXPECT_LT(host.finished(), 20000u);  // and soon: the rest is not computed
  }
}

// A statistic that reports on its draws: three outputs and every reason.
class counting final : public her2mod::statistic {
 public:
  const her2mod::statistic_spec& describe() const noexcept override {
    static const her2mod::statistic_spec spec = [] {
      her2mod::statistic_spec s{};
      s.name = s.title = "counting";
      s.n_outputs = 3;
      return s;
    }();
    return spec;
  }
  std::unique_ptr<her2mod::workspace> make_workspace() const override {
    ++workspaces;
    return std::make_unique<scratch>();
  }
  reason evaluate(const her2mod::draw& what, her2mod::workspace& own,
                  her2mod::span<double> out) const noexcept override {
    const double outputs[] = {what.weight[0], what.weight[1], static_cast<double>(out.size())};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = outputs[i];
    ++static_cast<scratch&>(own).evaluated;  // a data race if two threads shared it
    return static_cast<reason>(static_cast<std::size_t>(what.weight[0]) % her2mod::n_reasons);
  }

  mutable std::atomic<std::size_t> workspaces{0};

 private:
  struct scratch : her2mod::workspace {
    std::size_t evaluated = 0;
  };
};

TEST(Engine, LaysOutputsSideBySideAndCountsReasons) {
  const cohort data = cohort_of({{0, 0, 1, 6}, {0, 0, 0, 6}, {1, 0, 1, 2}, {1, 0, 0, 2}}, 2, 1);
  const counting stat;
  const replicates r = run(stat, her2mod::bootstrap_plan(data, 3), 0, 60000, data.rows(), 4);
  EXPECT_EQ(stat.workspaces, 4u);  // once a thread
  her2mod::failure_ledger by_hand{};
  for (std::size_t i = 0; i < 60000; ++i) {
    ASSERT_EQ(r.values[3 * i] + r.values[3 * i + 1], 12.0);
    ASSERT_EQ(r.values[3 * i + 2], 3.0);
    ++by_hand[static_cast<std::size_t>(r.values[3 * i]) % her2mod::n_reasons];
  }
  EXPECT_EQ(r.ledger, by_hand);
  for (const std::size_t times : by_hand) EXPECT_GT(times, 0u);
}

TEST(Engine, GivesTheFirstOutputsAlone) {
  const cohort data = cohort_of({{0, 0, 1, 6}, {0, 0, 0, 6}, {1, 0, 1, 2}, {1, 0, 0, 2}}, 2, 1);
  const counting stat;
  const her2mod::bootstrap_plan plan(data, 3);
  her2mod::serial_executor host;
  const auto all = her2mod::evaluate_replicates(stat, plan, {7, 900}, data.rows(), host);
  const auto two = her2mod::evaluate_replicates(stat, plan, {7, 900}, data.rows(), host, 2);
  ASSERT_EQ(two.values.size(), 1800u);
  EXPECT_EQ(two.ledger, all.ledger);
  for (std::size_t i = 0; i < 900; ++i)
    for (std::size_t k = 0; k < 2; ++k) ASSERT_EQ(two.values[2 * i + k], all.values[3 * i + k]);
}

TEST(Engine, CountsDegenerateReplicatesByReason) {
  // 1/3 against 1/2: no event in group 0 with probability 8/27, in group 1 with 1/4.
  const cohort data = cohort_of(two_groups(1, 3, 1, 2), 2, 1);
  const auto stat = her2mod::prepare("risk_ratio", data);
  constexpr double total = 40000;
  const auto ledger =
      run(*stat, her2mod::bootstrap_plan(data, 8), 0, 40000, data.rows(), 2).ledger;
  const auto expect_share = [&](reason why, double share) {
    EXPECT_NEAR(static_cast<double>(ledger[static_cast<std::size_t>(why)]), total * share,
                5 * std::sqrt(total * share * (1 - share)));
  };
  const double none0 = 8.0 / 27, none1 = 0.25;
  expect_share(reason::undefined, none0 * none1);
  expect_share(reason::infinite, none0 + none1 - 2 * none0 * none1);
  EXPECT_EQ(ledger[static_cast<std::size_t>(reason::empty_group)], 0u);
}

}  // namespace
