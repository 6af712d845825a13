// base/: what the door lets in, and the small words that every inference shares.

#include <gtest/gtest.h>

#include <cmath>
#include <her2mod/base/cohort.hpp>
#include <her2mod/base/inference.hpp>
#include <her2mod/base/span.hpp>
#include <her2mod/base/table2x2.hpp>
#include <limits>
#include <memory>
#include <thread>
#include <type_traits>
#include <vector>

namespace {

using her2mod::alternative;
using her2mod::checked;
using her2mod::cohort;
using her2mod::column;
using her2mod::table2x2;

const double inf = her2mod::infinity, nan_value = her2mod::not_a_number;

// Group, stratum, frequency and response of four rows, one of which a test spoils.
struct columns {
  std::vector<std::int32_t> group{0, 0, 1, 1};
  int n_groups = 2;
  std::vector<std::int32_t> stratum{0, 1, 0, 1};
  int n_strata = 2;
  std::vector<double> frequency{1, 2, 3, 4};
  std::vector<double> response{0, 1, 0.5, -2};
  std::vector<std::int32_t> cluster{};
  int n_clusters = 0;

  cohort make() const {
    return cohort(group, n_groups, stratum, n_strata, frequency, response, cluster, n_clusters);
  }
};

TEST(Cohort, KeepsItsColumns) {
  const columns c;
  const cohort data = c.make();
  EXPECT_EQ(data.rows(), 4u);
  EXPECT_EQ(data.units(), 10.0);
  EXPECT_EQ(data.n_groups(), 2);
  EXPECT_EQ(data.n_strata(), 2);
  EXPECT_EQ(data.group(), c.group);
  EXPECT_EQ(data.stratum(), c.stratum);
  EXPECT_EQ(data.frequency(), c.frequency);
  EXPECT_EQ(data.response(), c.response);
  EXPECT_FALSE(data.clustered());
}

columns in_clusters(std::vector<std::int32_t> cluster, int n_clusters) {
  columns c;
  c.cluster = std::move(cluster);
  c.n_clusters = n_clusters;
  return c;
}

TEST(Cohort, KeepsItsClusters) {
  // Of both groups; strata are 0, 1, 0, 1.
  const cohort data = in_clusters({2, 0, 2, 1}, 3).make();
  EXPECT_TRUE(data.clustered());
  EXPECT_EQ(data.n_clusters(), 3);
  EXPECT_EQ(data.cluster(), (std::vector<std::int32_t>{2, 0, 2, 1}));
}

TEST(Cohort, RefusesClustersThatAreNone) {
  for (const columns& c :
       {in_clusters({0, 1, 2}, 3), in_clusters({0, 1, 2, 3, 3}, 4), in_clusters({0, 1, 2, 3}, 3),
        in_clusters({-1, 1, 2, 0}, 3), in_clusters({0, 1, 2, 3}, -1), in_clusters({0, 1, 0, 3}, 4)})
    EXPECT_THROW(c.make(), her2mod::input_error);
}

TEST(Cohort, RefusesClustersInTwoStrata) {
  EXPECT_THROW(in_clusters({0, 1, 1, 2}, 3).make(), her2mod::data_error);
}

template <class Error, class Spoil>
void expect_refused(const Spoil& spoil) {
  columns c;
  spoil(c);
  EXPECT_THROW(c.make(), Error);
}

TEST(Cohort, RefusesColumnsOfDifferentLength) {
  expect_refused<her2mod::input_error>([](columns& c) { c.stratum.pop_back(); });
  expect_refused<her2mod::input_error>([](columns& c) { c.frequency.push_back(1); });
  expect_refused<her2mod::input_error>([](columns& c) { c.response.pop_back(); });
  expect_refused<her2mod::input_error>([](columns& c) { c.group.push_back(0); });
}

TEST(Cohort, RefusesLabelsOutOfRange) {
  for (const int label : {-1, 2, std::numeric_limits<int>::min()}) {
    expect_refused<her2mod::input_error>([&](columns& c) { c.group[2] = label; });
    expect_refused<her2mod::input_error>([&](columns& c) { c.stratum[3] = label; });
  }
}

TEST(Cohort, RefusesFrequenciesThatAreNoCounts) {
  for (const double f : {0.0, -1.0, 0.5, 2.5, inf, -inf, nan_value, 1e16})
    expect_refused<her2mod::input_error>([&](columns& c) { c.frequency[1] = f; });
}

TEST(Cohort, RefusesResponsesThatAreNotFinite) {
  for (const double y : {inf, -inf, nan_value})
    expect_refused<her2mod::input_error>([&](columns& c) { c.response[0] = y; });
}

TEST(Cohort, RefusesNoRowsAndGroupsWithoutUnits) {
  EXPECT_THROW(cohort({}, 2, {}, 1, {}, {}), her2mod::data_error);
  expect_refused<her2mod::data_error>([](columns& c) { c.group = {0, 0, 0, 0}; });
  expect_refused<her2mod::data_error>([](columns& c) { c.n_groups = 3; });
}

TEST(Table, AcceptsCountsAndGivesTheirSums) {
  const table2x2 t = checked({6, 49, 13, 68});
  EXPECT_EQ(t.total(), 117);
  EXPECT_EQ(t.events(), 19);
  EXPECT_EQ(t.p0(), 6.0 / 49);
  EXPECT_EQ(t.p1(), 13.0 / 68);
  EXPECT_NO_THROW(checked({0, 1, 1, 1}));
  EXPECT_NO_THROW(checked({0, 9e7, 9e7, 9e7}));
}

TEST(Table, RefusesWhatAreNoCounts) {
  for (const double bad : {-1.0, 0.5, inf, -inf, nan_value}) {
    EXPECT_THROW(checked({bad, 49, 13, 68}), her2mod::input_error);
    EXPECT_THROW(checked({6, bad, 13, 68}), her2mod::input_error);
    EXPECT_THROW(checked({6, 49, bad, 68}), her2mod::input_error);
    EXPECT_THROW(checked({6, 49, 13, bad}), her2mod::input_error);
  }
  EXPECT_THROW(checked({0, 0, 1, 2}), her2mod::input_error);
  EXPECT_THROW(checked({1, 2, 0, 0}), her2mod::input_error);
  EXPECT_THROW(checked({3, 2, 0, 1}), her2mod::input_error);
  EXPECT_THROW(checked({1, 2, 2, 1}), her2mod::input_error);
  EXPECT_THROW(checked({0, 9.1e7, 0, 1}), her2mod::input_error);
}

TEST(Errors, ShareOneParent) {
  EXPECT_TRUE((std::is_base_of_v<her2mod::error, her2mod::input_error>));
  EXPECT_TRUE((std::is_base_of_v<her2mod::error, her2mod::data_error>));
  EXPECT_TRUE((std::is_base_of_v<her2mod::error, her2mod::numeric_error>));
  EXPECT_STREQ(her2mod::input_error("what was wrong").what(), "what was wrong");
}

TEST(Inference, SplitsTheErrorOverTheFiniteEnds) {
  EXPECT_NEAR(her2mod::tail_error(0.95, alternative::two_sided), 0.025, 1e-15);
  EXPECT_NEAR(her2mod::tail_error(0.95, alternative::less), 0.05, 1e-15);
  EXPECT_NEAR(her2mod::tail_error(0.95, alternative::greater), 0.05, 1e-15);
  const auto two = her2mod::open_ends({1, 2}, alternative::two_sided, -9, 9);
  const auto less = her2mod::open_ends({1, 2}, alternative::less, -9, 9);
  const auto greater = her2mod::open_ends({1, 2}, alternative::greater, -9, 9);
  EXPECT_EQ(two.low, 1);
  EXPECT_EQ(two.high, 2);
  EXPECT_EQ(less.low, -9);
  EXPECT_EQ(less.high, 2);
  EXPECT_EQ(greater.low, 1);
  EXPECT_EQ(greater.high, 9);
}

TEST(Span, SeesTheValuesOfItsOwner) {
  std::vector<int> values{1, 2, 3, 4};
  her2mod::span<int> all(values);
  const her2mod::span<const int> read(values), middle = read.subspan(1, 2);
  all[1] = 20;
  EXPECT_EQ(values[1], 20);
  EXPECT_EQ(middle.size(), 2u);
  EXPECT_EQ(middle[0], 20);
  EXPECT_EQ(std::vector<int>(read.begin(), read.end()), values);
  EXPECT_TRUE(her2mod::span<int>().empty());
  EXPECT_FALSE(all.empty());
}

TEST(Column, CopiesShareTheValuesOfAnOwnerThatTheyKeep) {
  auto owner = std::make_shared<const std::vector<double>>(std::vector<double>{3, 1, 2});
  const std::weak_ptr<const std::vector<double>> watched = owner;
  const double* const first = owner->data();
  column<double> copy;
  {
    const column<double> view(*owner, owner);
    copy = view;
  }
  owner.reset();
  EXPECT_FALSE(watched.expired());
  EXPECT_EQ(copy.data(), first);
  EXPECT_EQ(std::vector<double>(copy), (std::vector<double>{3, 1, 2}));
  EXPECT_EQ(copy[1], 1);
  copy = column<double>();
  EXPECT_TRUE(watched.expired());
  EXPECT_TRUE(copy.empty());
}

TEST(Column, MovesInTheValuesOfAVector) {
  std::vector<double> values{3, 1, 2};
  const double* const first = values.data();
  const column<double> own(std::move(values));
  EXPECT_EQ(own.data(), first);
  EXPECT_EQ(own.size(), 3u);
}

TEST(Column, OfOneValueReadsAsIfItWereListed) {
  const auto ones = column<double>::constant(5, 1.0);
  const std::vector<double> listed(5, 1.0);
  EXPECT_EQ(ones.size(), 5u);
  EXPECT_EQ(ones[4], 1.0);
  EXPECT_EQ(std::vector<double>(ones), listed);
  EXPECT_EQ(ones, listed);
  EXPECT_FALSE(ones == std::vector<double>(4, 1.0));
  EXPECT_FALSE(ones == (std::vector<double>{1, 1, 1, 1, 2}));
  // Threads that ask at the same time see one list, and copies see it too.
  const column<double> copy = ones;
  std::vector<const double*> seen(4);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < seen.size(); ++i)
    threads.emplace_back([&, i] { seen[i] = (i % 2 ? copy : ones).data(); });
  for (std::thread& t : threads) t.join();
  for (const double* at : seen) EXPECT_EQ(at, ones.data());
  EXPECT_EQ(std::vector<double>(ones.begin(), ones.end()), listed);
  EXPECT_TRUE(column<std::int32_t>::constant(0, 0).empty());
}

TEST(Cohort, OfColumnsIsThatOfVectors) {
  const columns c;
  her2mod::cohort_columns given;
  given.group = column<std::int32_t>(c.group);
  given.n_groups = 2;
  given.stratum = column<std::int32_t>::constant(4, 0);
  given.n_strata = 1;
  given.frequency = column<double>::constant(4, 1.0);
  given.response = column<double>(c.response);
  const cohort data(given);
  EXPECT_EQ(data.units(), 4.0);
  EXPECT_EQ(data.stratum(), std::vector<std::int32_t>(4, 0));
  EXPECT_EQ(data.frequency(), std::vector<double>(4, 1.0));
  EXPECT_FALSE(data.clustered());
  given.frequency = column<double>::constant(3, 1.0);
  EXPECT_THROW(cohort{given}, her2mod::input_error);
  given.frequency = column<double>::constant(4, 0.5);
  EXPECT_THROW(cohort{given}, her2mod::input_error);
}

TEST(Span, ThatWritesIsAlsoOneThatReads) {
  EXPECT_TRUE((std::is_convertible_v<her2mod::span<int>, her2mod::span<const int>>));
  EXPECT_FALSE((std::is_convertible_v<her2mod::span<const int>, her2mod::span<int>>));
  EXPECT_FALSE((std::is_constructible_v<her2mod::span<int>, const std::vector<int>&>));
}

}  // namespace
