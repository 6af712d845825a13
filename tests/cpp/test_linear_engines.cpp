// The parts of the exact distribution of a linear statistic, one by one.

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include <her2mod/exact/lattice_table.hpp>
#include <her2mod/exact/linear_extremes.hpp>
#include <her2mod/exact/linear_fourier.hpp>
#include <her2mod/exact/linear_tail.hpp>

#include "naive_linear.hpp"

namespace {

using her2mod::lattice_scores;
using her2mod::linear_frame;
using her2mod::linear_scores;
using her2mod::linear_spectrum;
using her2mod::linear_units;
using naive::agrees;
using naive::holds;
using naive::one_stratum;
using naive::real;
using naive::strata;

using units = std::vector<linear_units>;

std::vector<double> ranks(std::size_t n) {
  std::vector<double> rank(n);
  std::iota(rank.begin(), rank.end(), 0.0);
  return rank;
}

std::vector<int> whole(const std::vector<double>& x) { return {x.begin(), x.end()}; }

// --- Fourier transform

TEST(Fft, EqualsTheSum) {
  naive::numbers draw(11);
  for (const std::size_t n : {4u, 8u, 12u, 16u, 48u, 64u}) {
    const std::vector<double> x = draw.normals(n);
    const auto y = her2mod::half_spectrum(x);
    ASSERT_EQ(y.size(), n / 2 + 1);
    for (std::size_t k = 0; k <= n / 2; ++k) {
      std::complex<double> sum = 0;
      for (std::size_t j = 0; j < n; ++j)
        sum += x[j] * std::polar(1.0, -6.283185307179586 * static_cast<double>(j * k) /
                                          static_cast<double>(n));
      ASSERT_LT(std::abs(sum - y[k]), 1e-13);
    }
    const std::vector<double> back = her2mod::real_series(y, n);
    ASSERT_EQ(back.size(), n);
    for (std::size_t j = 0; j < n; ++j) ASSERT_NEAR(back[j], x[j], 1e-14);
  }
}

TEST(Fft, LengthsAreShortAndEnough) {
  for (std::size_t size = 1; size < 3000; ++size) {
    const std::size_t length = her2mod::transform_length(size);
    ASSERT_GE(length, size);
    ASSERT_LE(length, std::max<std::size_t>(8, size * 3 / 2 + 1));
    ASSERT_EQ(length % 4, 0u);
  }
}

// --- lattices

TEST(Lattice, FindsTheStep) {
  const auto step = [](std::vector<double> score) {
    const linear_scores scores(one_stratum(std::move(score), 2));
    const lattice_scores found = her2mod::find_lattice(scores.strata(), 1u << 22, 0.0);
    return found.step * scores.unit();
  };
  EXPECT_NEAR(step({1, 2, 7, 5}), 1, 1e-12);
  EXPECT_NEAR(step({6, 10, 0, 30}), 2, 1e-12);
  EXPECT_NEAR(step({1.5, 3, 4.5, 4.5}), 1.5, 1e-12);
  EXPECT_NEAR(step({12.5, 13, 77.5, 20}), 0.5, 1e-12);
  EXPECT_NEAR(step({0.1, 0.3, 1.7, 0.2}), 0.1, 1e-12);
  EXPECT_NEAR(step({100.01, 100.37, 250.99, 180.02}), 0.01, 1e-12);
  EXPECT_NEAR(step({1.0 / 3, 1, 2, 5.0 / 3}), 1.0 / 3, 1e-12);
  EXPECT_NEAR(step({-1e12, 4e12, 0, 7e12}), 1e12, 1);
  EXPECT_EQ(step({0, 1, std::sqrt(2.0), 3}), 0);
  EXPECT_EQ(step({0, 1, 1e7 + 0.5, 3}), 0);  // too many points
  naive::numbers draw(12);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(step(draw.normals(6)), 0);
}

TEST(Lattice, TableEqualsTheNaiveTable) {
  naive::numbers draw(13);
  for (const std::size_t n : {5u, 12u, 40u, 70u}) {
    std::vector<double> score = draw.wholes(n, 40);
    score[0] = 0;
    score[1] = 1;
    for (const std::size_t m : {std::size_t{1}, n / 3, n / 2}) {
      const naive::linear_truth truth = naive::tabulate(whole(score), m);
      const linear_scores scores(one_stratum(score, m));
      const auto lattice = her2mod::find_lattice(scores.strata(), 1u << 22, 0.0);
      const her2mod::linear_list list = her2mod::lattice_table()(lattice);
      ASSERT_EQ(list.value().size(), truth.mass.size());
      for (const auto& [value, p] : truth.mass) {
        ASSERT_TRUE(
            agrees(list.at_least(static_cast<double>(value)), truth.at_least(value), 1e-12));
        ASSERT_TRUE(agrees(list.at_most(static_cast<double>(value)), truth.at_most(value), 1e-12));
      }
    }
  }
}

// --- the characteristic function

TEST(Spectrum, EqualsTheMeanOverAllSubsets) {
  naive::numbers draw(14);
  const strata cases[] = {one_stratum(draw.normals(12), 5),
                          one_stratum(draw.normals(9), 1),
                          {{draw.normals(6), 3}, {draw.normals(5), 1}, {draw.lognormals(4), 2}}};
  for (const strata& all : cases) {
    const linear_scores scores(all);
    const linear_frame frame(scores.strata());
    for (const double tilt : {0.0, 4.0, -2.5}) {
      linear_spectrum spectrum(scores.strata(), frame, tilt, false);
      spectrum.extend(300, 1e12);
      const auto sums = naive::all_sums(all);
      real total = 0;
      for (const real s : sums)
        total += std::exp(tilt * static_cast<real>(scores.to_x(static_cast<double>(s))));
      ASSERT_NEAR(spectrum.log_mean(),
                  static_cast<double>(std::log(total / static_cast<real>(sums.size()))), 1e-12);
      for (const auto& f : spectrum.kept()) {
        std::complex<real> phi = 0;
        for (const real s : sums) {
          const real x = static_cast<real>(scores.to_x(static_cast<double>(s)));
          phi += std::polar(std::exp(tilt * x) / total,
                            6.283185307179586476925L * f.k * x / spectrum.period());
        }
        ASSERT_LT(std::abs(phi - std::complex<real>(f.phi)), 2e-13L) << f.k;
      }
    }
  }
}

TEST(Spectrum, BoundsHoldAtEveryFrequency) {
  // add_turned_bounds() one by one, 16 at once, and by the transform, against the products.
  naive::numbers draw(15);
  for (const std::size_t n : {20u, 60u, 150u})
    for (const double tilt : {0.0, 3.0}) {
      const linear_scores scores(strata{{draw.wholes(n, 200), n / 3}, {draw.wholes(4, 90), 2}});
      const auto lattice = her2mod::find_lattice(scores.strata(), 1u << 22, 0.0);
      her2mod::linear_factors factors(lattice.strata, tilt / 200);
      factors.set_period(4096);
      const std::size_t size = 512;
      std::vector<double> one(size, 0.0), wide(size / 16, 0.0);
      factors.add_turned_bounds(1, 1, 0, one.data(), size);
      factors.add_turned_bounds(8.5, 16, 7.5, wide.data(), size / 16);
      const std::vector<double> transformed = factors.lattice_bounds(size);
      for (std::size_t i = 0; i < size; ++i) {
        const double size_of_phi = std::abs(factors.product(static_cast<double>(i + 1)).phi);
        ASSERT_LE(size_of_phi, std::exp(one[i]) * (1 + 1e-9) + 2e-17);
        ASSERT_NEAR(one[i], transformed[i], 1e-8);
        ASSERT_LE(one[i], wide[i / 16] + 1e-8);
      }
    }
}

TEST(Spectrum, WindowHoldsWhatItSays) {
  naive::numbers draw(16);
  const linear_scores scores(one_stratum(draw.lognormals(18), 6));
  const linear_frame frame(scores.strata());
  for (const double tilt : {0.0, 5.0, -5.0}) {
    const double log_mean = linear_spectrum(scores.strata(), frame, tilt, false).log_mean();
    const auto w = her2mod::tilted_window(scores.strata(), frame, tilt, log_mean);
    EXPECT_LE(frame.lowest, w.low);
    EXPECT_LE(w.high, frame.highest);
    const auto sums = naive::all_sums(one_stratum(scores.strata()[0].x, 6));
    real outside = 0, total = 0;
    for (const real x : sums) {
      total += std::exp(tilt * x);
      if (x < w.low - 1e-12 || x > w.high + 1e-12) outside += std::exp(tilt * x);
    }
    EXPECT_LE(outside / total, w.outside + 1e-18L);
  }
}

TEST(Fourier, EqualsTheNaiveTableDeepIntoBothTails) {
  naive::numbers draw(17);
  for (const std::size_t n : {30u, 90u}) {
    const std::vector<double> score = n == 30 ? draw.wholes(n, 50) : ranks(n);
    const naive::linear_truth truth = naive::tabulate(whole(score), n / 3);
    const linear_scores scores(one_stratum(score, n / 3));
    auto lattice = her2mod::find_lattice(scores.strata(), 1u << 22, 0.0);
    her2mod::linear_fourier fourier(lattice.strata, true, her2mod::linear_limits());
    const double shift = scores.to_s(0);
    std::size_t i = 0;
    for (const auto& [value, p] : truth.mass) {
      if (i++ % (truth.mass.size() / 50) != 0) continue;
      const double t = static_cast<double>(value) - shift;
      const double small =
          static_cast<double>(std::min(truth.at_least(value), truth.at_most(value)));
      ASSERT_TRUE(agrees(fourier.at_least(t), truth.at_least(value), 1e-6))
          << value << " " << small;
      ASSERT_TRUE(agrees(fourier.at_most(t), truth.at_most(value), 1e-6)) << value << " " << small;
    }
    const her2mod::linear_list outline = fourier.outline();
    for (std::size_t j = 0; j < outline.value().size(); ++j) {
      const auto found = truth.mass.find(static_cast<real>(outline.value()[j] + shift));
      ASSERT_NEAR(outline.mass()[j],
                  found == truth.mass.end() ? 0.0 : static_cast<double>(found->second), 1e-13);
    }
  }
}

TEST(Tail, BracketsTheTruthHoweverFewTheFrequencies) {
  naive::numbers draw(18);
  const strata cases[] = {one_stratum(draw.lognormals(13), 5),
                          one_stratum(draw.wholes(12, 9), 6),
                          {{draw.normals(5), 2}, {draw.normals(2), 1}, {draw.normals(6), 3}}};
  for (const strata& all : cases) {
    const linear_scores scores(all);
    const linear_frame frame(scores.strata());
    std::vector<real> sums = naive::all_sums(all);
    for (real& s : sums) s = static_cast<real>(scores.to_x(static_cast<double>(s)));
    const naive::linear_truth truth(sums, 1e-12L);
    for (const double tilt : {0.0, 2.0, 9.0})
      for (const std::size_t reach : {0u, 1u, 3u, 10u, 100u, 1000u}) {
        linear_spectrum up(scores.strata(), frame, tilt, false);
        linear_spectrum down(scores.strata(), frame, -tilt, false);
        up.extend(reach, 1e12);
        down.extend(reach, 1e12);
        for (double u = 0.02; u < 1; u += 0.07) {
          const double t = frame.lowest + u * (frame.highest - frame.lowest);
          const real above = truth.probability([t](real x) { return x >= t; });
          const real below = truth.probability([t](real x) { return x <= t; });
          ASSERT_TRUE(holds(her2mod::linear_tail(up, true)(t), above)) << reach << " " << tilt;
          ASSERT_TRUE(holds(her2mod::linear_tail(down, false)(t), below)) << reach << " " << tilt;
        }
      }
  }
}

// --- far ends

TEST(Extremes, CountTheArrangements) {
  naive::numbers draw(19);
  const strata cases[] = {one_stratum(draw.wholes(12, 20), 5),
                          {{draw.normals(5), 2}, {draw.normals(2), 1}, {draw.normals(6), 3}}};
  for (const strata& all : cases) {
    const linear_scores scores(all);
    std::vector<real> sums = naive::all_sums(all);
    for (real& s : sums) s = static_cast<real>(scores.to_x(static_cast<double>(s)));
    const naive::linear_truth truth(sums, 1e-12L);
    for (const auto& [value, p] : truth.mass) {
      const double t = static_cast<double>(value);
      const auto above = her2mod::linear_extremes(scores.strata(), true)(t - 1e-9);
      const auto below = her2mod::linear_extremes(scores.strata(), false)(t + 1e-9);
      ASSERT_TRUE(above && below);
      ASSERT_TRUE(agrees(*above, truth.at_least(value), 1e-12));
      ASSERT_TRUE(agrees(*below, truth.at_most(value), 1e-12));
    }
  }
}

TEST(Extremes, GiveUpWhereThereAreTooMany) {
  const linear_scores scores(one_stratum(ranks(60), 30));
  const double top = linear_frame(scores.strata()).highest;
  EXPECT_FALSE(her2mod::linear_extremes(scores.strata(), true)(0.6 * top));
  const auto best = her2mod::linear_extremes(scores.strata(), true)(top - 1e-9);
  ASSERT_TRUE(best);
  EXPECT_TRUE(agrees(*best, 1 / naive::choose(60, 30), 1e-12));
}

TEST(DistinctArrangements, CountsWhatDiffersInMoreThanTies) {
  // Two of 0, 0, 1, 2: {0,0}, {0,1}, {0,2}, {1,2}; one of 0, 5: two.
  const std::vector<her2mod::linear_units> two_strata{{{0, 0, 1, 2}, 2}, {{0, 5}, 1}};
  EXPECT_EQ(her2mod::distinct_arrangements(two_strata, 0, 100), 8);
  EXPECT_EQ(her2mod::distinct_arrangements(two_strata, 0, 8), 8);
  EXPECT_TRUE(std::isinf(her2mod::distinct_arrangements(two_strata, 0, 7)));
  // C(40, 20) of different values is 137846528820; of 40 ties it is 1.
  her2mod::linear_units different{{}, 20}, ties{std::vector<double>(40, 3.0), 20};
  for (int i = 0; i < 40; ++i) different.x.push_back(i);
  EXPECT_EQ(her2mod::distinct_arrangements({different}, 0, 1e12), 137846528820.0);
  EXPECT_TRUE(std::isinf(her2mod::distinct_arrangements({different}, 0, 2e6)));
  EXPECT_EQ(her2mod::distinct_arrangements({ties}, 0, 2e6), 1);
}

}  // namespace
