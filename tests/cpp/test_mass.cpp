// exact/mass.hpp against products of fractions in long double.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include <her2mod/exact/mass.hpp>

#include "naive.hpp"

namespace {

using her2mod::mass_window;
using naive::real;

mass_window binomial(long n, double p, double negligible = her2mod::negligible_mass) {
  mass_window w;
  her2mod::binomial_family(n).fill(p, w, negligible);
  return w;
}

// Every mass to a relative error of 1e-12; what the window leaves out is below `left_out`.
template <class Naive>
void expect_masses(const mass_window& w, long low, long high, const Naive& naive_mass,
                   real left_out = 1e-289L) {
  for (long k = low; k <= high; ++k) {
    const real truth = naive_mass(k);
    if (k < w.first || k > w.last())
      ASSERT_LT(truth, left_out) << k;
    else
      ASSERT_NEAR(static_cast<double>(w.at(k) / truth), 1.0, 1e-12) << k;
  }
  ASSERT_EQ(w.at(low - 1), 0.0);
  ASSERT_EQ(w.at(high + 1), 0.0);
}

TEST(Binomial, EqualsTheProductForEverySmallTable) {
  for (long n = 1; n <= 12; ++n)
    for (const double p : {1e-12, 0.001, 0.1, 1.0 / 3, 0.5, 0.75, 0.99, 1 - 1e-12})
      expect_masses(binomial(n, p), 0, n, [&](long k) { return naive::binomial(k, n, p); });
}

TEST(Binomial, IsTheSameWithoutAFamily) {
  for (const long n : {1L, 2L, 7L, 117L, 1500L})
    for (const double p : {0.0, 1e-12, 0.01, 0.16, 0.5, 0.93, 1 - 1e-12, 1.0}) {
      mass_window w;
      her2mod::binomial_mass(n, p, w);
      expect_masses(w, 0, n, [&](long k) { return naive::binomial(k, n, p); });
    }
}

TEST(Binomial, KeepsItsDigitsInFarTails) {
  for (const long n : {117, 458, 1500})
    for (const double p : {1e-6, 0.01, 0.16, 0.5, 0.93}) {
      const mass_window w = binomial(n, p);
      EXPECT_LT(*std::min_element(w.mass.begin(), w.mass.end()), 1e-30);  // there are far tails
      expect_masses(w, 0, n, [&](long k) { return naive::binomial(k, n, p); });
    }
}

TEST(Binomial, LeavesOutOnlyWhatIsNegligible) {
  const mass_window w = binomial(400, 0.3, 1e-8);
  EXPECT_LT(w.mass.size(), 150u);
  const real largest = naive::binomial(120, 400, 0.3);
  for (long k = 0; k <= 400; ++k) {
    const real truth = naive::binomial(k, 400, 0.3);
    if (k < w.first || k > w.last())
      ASSERT_LT(truth, 1e-8L * largest);
    else
      ASSERT_NEAR(static_cast<double>(w.at(k) / truth), 1.0, 1e-6);  // rescaled to sum to 1
  }
}

TEST(Binomial, IsOnePointAtTheEnds) {
  for (const long n : {1, 20, 1000000}) {
    EXPECT_EQ(binomial(n, 0.0).first, 0);
    EXPECT_EQ(binomial(n, 0.0).mass, std::vector<double>{1.0});
    EXPECT_EQ(binomial(n, 1.0).first, n);
    EXPECT_EQ(binomial(n, 1.0).mass, std::vector<double>{1.0});
  }
}

TEST(Binomial, OfAMillionSumsToOneWithItsMeanAndVariance) {
  const double n = 1e6;
  for (const double p : {1e-9, 0.001, 0.3, 0.5, 0.999}) {
    const mass_window w = binomial(1000000, p);
    real sum = 0, mean = 0, square = 0;
    for (long k = w.first; k <= w.last(); ++k) {
      sum += w.at(k);
      mean += static_cast<real>(k) * w.at(k);
    }
    for (long k = w.first; k <= w.last(); ++k)
      square += (static_cast<real>(k) - mean) * (static_cast<real>(k) - mean) * w.at(k);
    EXPECT_NEAR(static_cast<double>(sum), 1.0, 1e-12);
    EXPECT_NEAR(static_cast<double>(mean) / (n * p), 1.0, 1e-11);
    EXPECT_NEAR(static_cast<double>(square) / (n * p * (1 - p)), 1.0, 1e-9);
  }
}

TEST(Binomial, FamilyAndWindowCanBeUsedAgain) {
  const her2mod::binomial_family family(30);
  mass_window w;
  for (const double p : {0.9, 0.0, 0.02, 1.0, 0.5}) {
    family.fill(p, w);
    expect_masses(w, 0, 30, [&](long k) { return naive::binomial(k, 30, p); });
  }
}

TEST(Hypergeometric, EqualsTheProductForEveryMargin) {
  for (long n0 = 1; n0 <= 12; ++n0)
    for (long n1 = 1; n1 <= 12; ++n1)
      for (long m = 0; m <= n0 + n1; ++m) {
        mass_window w;
        her2mod::hypergeometric_mass(n0, n1, m, w);
        const long low = std::max(0L, m - n0), high = std::min(m, n1);
        ASSERT_EQ(w.first, low);
        ASSERT_EQ(w.last(), high);
        expect_masses(w, low, high, [&](long k) { return naive::hypergeometric(k, n0, n1, m); });
      }
}

TEST(Hypergeometric, KeepsItsDigitsInFarTails) {
  // Study sizes, and a lopsided margin.
  struct margins {
    long n0, n1, m;
  };
  for (const margins& t :
       {margins{458, 117, 230}, {458, 117, 570}, {300, 300, 300}, {5, 900, 450}}) {
    mass_window w;
    her2mod::hypergeometric_mass(t.n0, t.n1, t.m, w);
    expect_masses(w, std::max(0L, t.m - t.n0), std::min(t.m, t.n1),
                  [&](long k) { return naive::hypergeometric(k, t.n0, t.n1, t.m); });
  }
}

TEST(NoncentralHypergeometric, EqualsTheWeightedProduct) {
  for (const double psi : {1e-6, 0.02, 0.5, 1.0, 3.0, 250.0, 1e8})
    for (const auto& [n0, n1, m] : {std::array<long, 3>{4, 4, 4},
                                    {1, 1, 1},
                                    {12, 3, 9},
                                    {5, 30, 33},
                                    {34, 34, 8},
                                    {60, 80, 71}}) {
      mass_window w;
      her2mod::noncentral_hypergeometric_mass(n0, n1, m, psi, w);
      const long low = std::max(0L, m - n0), high = std::min(m, n1);
      real total = 0;
      const auto weight = [&, size0 = n0, size1 = n1, events = m](long k) {
        return naive::choose(size1, k) * naive::choose(size0, events - k) * naive::power(psi, k);
      };
      for (long k = low; k <= high; ++k) total += weight(k);
      expect_masses(w, low, high, [&](long k) { return weight(k) / total; });
    }
}

TEST(NoncentralHypergeometric, IsOnePointWhenTheMarginsFixTheTable) {
  for (const auto& [m, only] : {std::array<long, 2>{0, 0}, {11, 7}}) {  // no event; all 4 + 7
    mass_window w;
    her2mod::noncentral_hypergeometric_mass(4, 7, m, 2.5, w);
    EXPECT_EQ(w.first, only);
    EXPECT_EQ(w.mass, std::vector<double>{1.0});
  }
}

TEST(NoncentralHypergeometric, GoesToTheEndsWithTheOddsRatio) {
  mass_window w;
  her2mod::noncentral_hypergeometric_mass(10, 10, 12, 0.0, w);
  EXPECT_NEAR(w.at(2), 1.0, 1e-15);
  her2mod::noncentral_hypergeometric_mass(10, 10, 12, 1e300, w);
  EXPECT_NEAR(w.at(10), 1.0, 1e-15);
}

TEST(Convolve, OfTwoBinomialsWithOneRiskIsABinomial) {
  for (const double p : {0.0, 0.07, 0.5, 1.0})
    for (const long n : {1L, 5L, 40L}) {
      const mass_window sum = her2mod::convolve(binomial(n, p), binomial(13, p));
      expect_masses(sum, 0, n + 13, [&](long k) { return naive::binomial(k, n + 13, p); });
    }
}

TEST(Convolve, EqualsEnumerationForTwoRisks) {
  const mass_window sum = her2mod::convolve(binomial(9, 0.2), binomial(6, 0.9));
  expect_masses(sum, 0, 15, [](long k) {
    real mass = 0;
    for (long i = std::max(0L, k - 6); i <= std::min(9L, k); ++i)
      mass += naive::binomial(i, 9, 0.2) * naive::binomial(k - i, 6, 0.9);
    return mass;
  });
}

}  // namespace
