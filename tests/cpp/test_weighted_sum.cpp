// Weighted sums of pieces: bytes and numbers give the same, bit for bit, and what plain sums give.

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/rng/xoshiro256pp.hpp>
#include <her2mod/stat/weighted_sum.hpp>

namespace {

using her2mod::weighted_sum;

template <bool Squares>
void expect_same(const std::vector<double>& value, const std::vector<std::uint8_t>& times, std::size_t begin,
                 std::size_t end) {
  const std::vector<double> weight(times.begin(), times.end());
  const double centre = 0.25;
  const weighted_sum bytes = her2mod::weigh_piece<Squares>({value.data(), centre}, times.data(), begin, end);
  const weighted_sum numbers = her2mod::weigh_piece<Squares>({value.data(), centre}, weight, begin, end);
  EXPECT_EQ(bytes.weight, numbers.weight);
  EXPECT_EQ(bytes.sum, numbers.sum);
  if (Squares) {
    EXPECT_EQ(bytes.squares, numbers.squares);
  }
  long double size = 0, sum = 0, squares = 0, all = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const double y = value[i] - centre;
    size += weight[i];
    sum += static_cast<long double>(weight[i]) * y;
    squares += static_cast<long double>(weight[i]) * y * y;
    all += std::fabs(weight[i] * y);
  }
  EXPECT_EQ(bytes.weight, static_cast<double>(size));
  EXPECT_NEAR(bytes.sum, static_cast<double>(sum), 1e-14 * static_cast<double>(all));
  if (Squares) {
    EXPECT_NEAR(bytes.squares, static_cast<double>(squares), 1e-14 * static_cast<double>(squares));
  }
}

TEST(WeightedSums, OfBytesAreThoseOfNumbers) {
  her2mod::xoshiro256pp random({1, 2, 3, 4});
  for (std::size_t n = 0; n <= her2mod::most_in_a_piece; n += n < 40 ? 1 : 27)
    for (const std::uint64_t most : {1u, 3u, 15u, 16u, 255u}) {
      std::vector<double> value(n + 3);
      std::vector<std::uint8_t> times(n + 3);
      for (double& y : value) y = std::ldexp(static_cast<double>(random() >> 11), -50) - 4;
      for (std::uint8_t& t : times) t = static_cast<std::uint8_t>(random() % (most + 1));
      expect_same<false>(value, times, 3, n + 3);
      expect_same<true>(value, times, 3, n + 3);
    }
}

// One row that is drawn more often than half a byte can say, at every place.
TEST(WeightedSums, TakeOneRowOftenAnywhere) {
  std::vector<double> value;
  for (int i = 0; i < 29; ++i) value.push_back(std::sqrt(i + 0.5) - 3);
  for (std::size_t often = 0; often < value.size(); ++often) {
    std::vector<std::uint8_t> times(value.size(), 2);
    times[often] = 200;
    expect_same<true>(value, times, 0, value.size());
  }
}

}  // namespace
