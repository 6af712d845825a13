// Simultaneous bands: the two suprema against a finite-difference solution of their heat equations,
// Kolmogorov's distribution and the published tables (tests/reference/survival_bands_km_ci.R), and
// the limits against package km.ci 0.5-6.

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include <her2mod/infer/survival_band.hpp>

namespace {

using namespace her2mod;

const double pi = std::acos(-1.0);

// u_t = D u'' - V(x) u between walls at +-c, from `start`, weighed with `finish` after time T:
// Crank-Nicolson with `n` intervals, after 4 implicit half steps that calm the start.
template <class Start, class Finish, class Potential>
double heat(double D, const Potential& V, double c, double T, const Start& start,
            const Finish& finish, int n) {
  const auto size = static_cast<std::size_t>(n - 1);
  const double h = 2 * c / n;
  const auto x = [&](std::size_t i) { return -c + h * double(i + 1); };
  std::vector<double> u(size), pivot(size), right(size);
  for (std::size_t i = 0; i < size; ++i) u[i] = start(x(i));
  const int steps = n;
  const auto advance = [&](double dt, double implicit) {
    const double off = -implicit * dt * D / h / h;
    const auto centre = [&](std::size_t i, double share) {
      return share * dt * (2 * D / h / h + V(x(i)));
    };
    for (std::size_t i = 0; i < size; ++i) {
      const double sides = (i ? u[i - 1] : 0) + (i + 1 < size ? u[i + 1] : 0);
      right[i] = u[i] * (1 - centre(i, 1 - implicit)) + (1 - implicit) * dt * D / h / h * sides;
    }
    for (std::size_t i = 0; i < size; ++i) {
      pivot[i] = 1 + centre(i, implicit) - (i ? off * off / pivot[i - 1] : 0);
      if (i) right[i] -= off / pivot[i - 1] * right[i - 1];
    }
    for (std::size_t i = size; i-- > 0;)
      u[i] = (right[i] - (i + 1 < size ? off * u[i + 1] : 0)) / pivot[i];
  };
  for (int k = 0; k < 4; ++k) advance(T / steps / 2, 1);
  for (int k = 2; k < steps; ++k) advance(T / steps, 0.5);
  double sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += u[i] * finish(x(i));
  return sum * h;
}

double density(double x, double variance) {
  return std::exp(-x * x / 2 / variance) / std::sqrt(2 * pi * variance);
}

double naive_bridge(double a, double b, double c, int n) {
  return std::sqrt(2 * pi) * heat(
                                 0.5, [](double) { return 0.0; }, c, b - a,
                                 [&](double x) { return density(x, a); },
                                 [&](double x) { return density(x, 1 - b); }, n);
}

double naive_weighted(double a, double b, double c, int n) {
  const auto root = [](double x) { return std::sqrt(density(x, 1)); };
  return heat(
      1, [](double x) { return x * x / 4 - 0.5; }, c, std::log(b * (1 - a) / (a * (1 - b))) / 2,
      root, root, n);
}

// The grid's error goes with 1 / n^2.
template <class Twin>
double extrapolated(const Twin& twin, double a, double b, double c) {
  return (4 * twin(a, b, c, 2000) - twin(a, b, c, 1000)) / 3;
}

TEST(Bridge, AgreesWithTheHeatEquation) {
  for (const double c : {0.6, 1.0, 1.4})
    for (const auto& [a, b] : {std::pair{0.1, 0.6}, {0.3, 0.4}, {0.05, 0.97}, {0.5, 0.9}})
      EXPECT_NEAR(bridge_inside(a, b, c), extrapolated(naive_bridge, a, b, c), 2e-7)
          << a << " " << b << " " << c;
}

TEST(WeightedBridge, AgreesWithTheHeatEquation) {
  for (const double c : {1.0, 2.0, 3.0})
    for (const auto& [a, b] : {std::pair{0.1, 0.6}, {0.3, 0.4}, {0.02, 0.98}, {0.5, 0.9}})
      EXPECT_NEAR(weighted_bridge_inside(a, b, c), extrapolated(naive_weighted, a, b, c), 2e-6)
          << a << " " << b << " " << c;
}

TEST(Bridge, IsKolmogorovsOnTheWhole) {
  for (const double c : {0.4, 0.8, 1.3580986393, 2.0}) {
    double sum = 1;
    for (int k = 1; k <= 50; ++k) sum += 2 * (k % 2 ? -1 : 1) * std::exp(-2 * k * k * c * c);
    EXPECT_NEAR(bridge_inside(0, 1, c), sum, 1e-14);
    EXPECT_NEAR(bridge_inside(1e-12, 1, c), sum, 1e-11);
  }
}

TEST(Bridge, OfOnePointIsNormal) {
  for (const double x : {0.1, 0.5, 0.8})
    for (const double c : {0.3, 0.9}) {
      const double p = std::erf(c / std::sqrt(x * (1 - x)) / std::sqrt(2.0));
      EXPECT_NEAR(bridge_inside(x, x, c), p, 1e-13);
      EXPECT_NEAR(weighted_bridge_inside(x, x, c), std::erf(c / std::sqrt(2.0)), 1e-14);
    }
}

TEST(Bridge, IsSymmetricInTime) {
  for (const double c : {0.7, 1.2}) {
    EXPECT_NEAR(bridge_inside(0.1, 0.6, c), bridge_inside(0.4, 0.9, c), 1e-12);
    EXPECT_NEAR(weighted_bridge_inside(0.1, 0.6, c), weighted_bridge_inside(0.4, 0.9, c), 1e-13);
    EXPECT_NEAR(bridge_inside(0, 0.6, c), bridge_inside(0.4, 1, c), 1e-12);
  }
}

// Simultaneous over an interval is less likely than at its end, and more likely than over a longer
// one.
TEST(WeightedBridge, FallsWithTheLength) {
  for (const double c : {1.5, 3.0}) {
    double before = std::erf(c / std::sqrt(2.0));
    for (const double b : {0.3001, 0.301, 0.31, 0.4, 0.7, 0.99}) {
      const double p = weighted_bridge_inside(0.3, b, c);
      EXPECT_LT(p, before);
      before = p;
    }
  }
}

struct entry {
  double level, a, b, value;
};

TEST(BandCritical, HasTheTabulatedHallWellnerValues) {
  // Klein and Moeschberger (1997), table C.4; printed with four decimals, the last of which is off
  // by less than one.
  for (const entry& e : std::vector<entry>{{0.90, 0, 0.5, 1.1334},
                                           {0.90, 0, 0.98, 1.2239},
                                           {0.90, 0.1, 0.6, 1.1812},
                                           {0.90, 0.3, 0.4, 1.0095},
                                           {0.90, 0.58, 0.9, 1.0780},
                                           {0.95, 0, 0.5, 1.2731},
                                           {0.95, 0, 0.98, 1.3581},
                                           {0.95, 0.1, 0.6, 1.3211},
                                           {0.95, 0.3, 0.4, 1.1562},
                                           {0.95, 0.58, 0.9, 1.2151},
                                           {0.99, 0, 0.5, 1.5520},
                                           {0.99, 0, 0.98, 1.6276},
                                           {0.99, 0.1, 0.6, 1.5996},
                                           {0.99, 0.3, 0.4, 1.4436},
                                           {0.99, 0.58, 0.9, 1.4893}})
    EXPECT_NEAR(band_critical(band_kind::hall_wellner, e.a, e.b, e.level), e.value, 1e-4);
}

// Nair's values solve 4 f(c) / c + f(c) (c - 1/c) log(b (1 - a) / (a (1 - b))) = 1 - level, f the
// normal density (Miller, Siegmund 1982, doi:10.2307/2529881): so does table C.3; ours are exact.
TEST(BandCritical, IsNearNairsApproximation) {
  for (const entry& e : std::vector<entry>{
           {0.95, 0.1, 0.6, 2.8826}, {0.95, 0.3, 0.4, 2.4523}, {0.95, 0.04, 0.96, 3.1763}}) {
    const double c = e.value;
    EXPECT_NEAR(4 * density(c, 1) / c +
                    density(c, 1) * (c - 1 / c) * std::log(e.b * (1 - e.a) / (e.a * (1 - e.b))),
                0.05, 1e-5);
    // The approximation is for long ranges.
    if (e.a == 0.3) continue;
    EXPECT_NEAR(band_critical(band_kind::equal_precision, e.a, e.b, e.level), c, 0.011);
  }
}

TEST(BandLimits, AreThoseOfKmCi) {
  const double k = 1.26675, c = 2.948334615, n = 26;
  struct row {
    double survival, v;
    interval hall, log_hall, equal, log_equal;
  };
  for (const row& r : std::vector<row>{{0.846153846154,
                                        0.00699300699301,
                                        {0.597723731968, 1},
                                        {0.379622987689, 0.97159866999},
                                        {0.637532816043, 1},
                                        {0.481502554047, 0.962535120375}},
                                       {0.68778280543,
                                        0.0178465110741,
                                        {0.437633451699, 0.937932159161},
                                        {0.371928928085, 0.867935626303},
                                        {0.416885460493, 0.958680150367},
                                        {0.342299584363, 0.877507384754}}}) {
    const auto expect = [&](band_kind kind, double critical, band_scale scale, interval truth) {
      const interval found = band_limits(r.survival, band_width(kind, r.v, n, critical), scale);
      EXPECT_NEAR(found.low, truth.low, 1e-9);
      EXPECT_NEAR(found.high, truth.high, 1e-9);
    };
    expect(band_kind::hall_wellner, k, band_scale::plain, r.hall);
    expect(band_kind::hall_wellner, k, band_scale::log_log, r.log_hall);
    expect(band_kind::equal_precision, c, band_scale::plain, r.equal);
    expect(band_kind::equal_precision, c, band_scale::log_log, r.log_equal);
  }
}

TEST(BandLimits, OnTheAngleAreByHand) {
  // S = 1/2: angle pi/4, and half a width of w / 2.
  const interval found = band_limits(0.5, 0.4, band_scale::arcsine);
  EXPECT_NEAR(found.low, std::pow(std::sin(pi / 4 - 0.2), 2), 1e-15);
  EXPECT_NEAR(found.high, std::pow(std::sin(pi / 4 + 0.2), 2), 1e-15);
  EXPECT_EQ(band_limits(0.5, 9, band_scale::arcsine).low, 0.0);
  EXPECT_EQ(band_limits(0.5, 9, band_scale::arcsine).high, 1.0);
  EXPECT_TRUE(std::isnan(band_limits(1, 0.1, band_scale::log_log).low));
  EXPECT_TRUE(std::isnan(band_limits(0, infinity, band_scale::arcsine).high));
}

TEST(BandOfCurve, IsCutToTheRange) {
  const std::vector<double> time{1, 2, 3, 4}, survival{0.9, 0.7, 0.5, 0.2}, v{0.01, 0.05, 0.1, 0.4};
  const survival_band band = band_of_curve(time, survival, v, 10, 1.5, 3, 0.95,
                                           band_kind::hall_wellner, band_scale::log_log);
  EXPECT_NEAR(band.a, 0.1 / 1.1, 1e-15);  // what holds at 1.5 was reached at 1
  EXPECT_NEAR(band.b, 0.5, 1e-15);
  EXPECT_TRUE(std::isnan(band.limits[0].low) && std::isnan(band.limits[3].high));
  EXPECT_LT(band.limits[1].low, 0.7);
  EXPECT_GT(band.limits[2].high, 0.5);
  EXPECT_THROW(band_of_curve(time, survival, v, 10, 0, 3, 0.95, band_kind::equal_precision,
                             band_scale::plain),
               input_error);
  EXPECT_THROW(band_critical(band_kind::hall_wellner, 0.6, 0.4, 0.95), input_error);
  EXPECT_THROW(band_critical(band_kind::hall_wellner, 0, 0, 0.95), input_error);
  EXPECT_THROW(band_critical(band_kind::hall_wellner, 0.1, 0.6, 1), input_error);
}

}  // namespace
