// math/least_squares.hpp by hand: parabolas, whose sums, steps and inverses are known.

#include <gtest/gtest.h>

#include <cmath>
#include <her2mod/math/least_squares.hpp>

namespace {

using problem = her2mod::least_squares<2>;
using vector = problem::vector;
using matrix = problem::matrix;

// (a - 3)^2 + k (b + 1)^2: residuals 3 - a and -1 - b.
auto parabola(double k) {
  return [k](const vector& at, matrix& information, matrix& bend, vector& score) {
    information << 1, 0, 0, k;
    bend.setZero();
    score << 3 - at[0], k * (-1 - at[1]);
    return (3 - at[0]) * (3 - at[0]) + k * (-1 - at[1]) * (-1 - at[1]);
  };
}

problem from(double a, double b, const vector& low, const vector& high) {
  problem s;
  s.at << a, b;
  s.low = low;
  s.high = high;
  return s;
}

TEST(LeastSquares, Parabola) {
  problem s = from(-5, 7, vector(-10, -10), vector(10, 10));
  minimise_squares(s, parabola(4), vector(1, 1));
  EXPECT_TRUE(s.settled);
  EXPECT_NEAR(s.at[0], 3, 1e-12);
  EXPECT_NEAR(s.at[1], -1, 1e-12);
  const matrix inverse = inverse_information(s, vector(1, 1));
  EXPECT_NEAR(inverse(0, 0), 1, 1e-15);
  EXPECT_NEAR(inverse(1, 1), 0.25, 1e-15);
}

// The minimum beyond a bound: at the bound, where that parameter is no estimate.
TEST(LeastSquares, Bound) {
  problem s = from(0, 0, vector(-10, -10), vector(2, 10));
  minimise_squares(s, parabola(4), vector(1, 1));
  EXPECT_TRUE(s.settled);
  EXPECT_EQ(s.at[0], 2);
  EXPECT_NEAR(s.at[1], -1, 1e-12);
  EXPECT_NEAR(s.value, 1, 1e-12);
  EXPECT_FALSE(s.is_free(0));
  const matrix inverse = inverse_information(s, vector(1, 1));
  EXPECT_EQ(inverse(0, 0), 0);
  EXPECT_NEAR(inverse(1, 1), 0.25, 1e-15);
}

// What is known of a fixed parameter says nothing of the other.
TEST(LeastSquares, FixedParameterOfAnySize) {
  for (const double k : {1e-20, 1.0, 1e20}) {
    problem s = from(0, 5, vector(-10, 5), vector(10, 5));
    minimise_squares(s, parabola(k), vector(1, 1));
    EXPECT_TRUE(s.settled);
    EXPECT_EQ(s.at[1], 5);
    EXPECT_NEAR(inverse_information(s, vector(1, 1))(0, 0), 1, 1e-15) << k;
  }
}

TEST(LeastSquares, NothingToTellAParameterBy) {
  for (const double k : {0.0, 1e-14}) {
    problem s = from(0, 5, vector(-10, -10), vector(10, 10));
    minimise_squares(s, parabola(k), vector(1, 1));
    EXPECT_TRUE(std::isnan(inverse_information(s, vector(1, 1))(0, 0))) << k;
  }
}

// Rosenbrock's valley, (1 - a)^2 + 100 (b - a^2)^2, with both second derivatives: residuals 1 - a, 10 (a^2 - b) as y - f.
TEST(LeastSquares, BentValley) {
  const auto valley = [](const vector& at, matrix& information, matrix& bend, vector& score) {
    const double a = at[0], b = at[1], first = 1 - a, second = 10 * (a * a - b);
    // f is a, and 10 (b - a^2) where y is 0.
    information << 1 + 400 * a * a, -200 * a, -200 * a, 100;
    bend << second * -20, 0, 0, 0;
    score << first + second * -20 * a, second * 10;
    return first * first + second * second;
  };
  problem s = from(-1.2, 1, vector(-10, -10), vector(10, 10));
  minimise_squares(s, valley, vector(1, 1));
  EXPECT_TRUE(s.settled);
  EXPECT_NEAR(s.at[0], 1, 1e-9);
  EXPECT_NEAR(s.at[1], 1, 1e-9);
}

} // namespace
