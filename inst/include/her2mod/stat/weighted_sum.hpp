#pragma once

// A weighted sum of responses, and that of a piece of some rows: four running sums, which a processor can
// add side by side. Weights in either form give the same sum, bit for bit.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <her2mod/base/bytes.hpp>
#include <her2mod/stat/statistic.hpp>

namespace her2mod {

struct weighted_sum {
  double weight = 0, sum = 0, squares = 0;
  double centre = 0;  // what the responses were measured from

  void add(double w, double y) noexcept {
    weight += w;
    sum += w * y;
    squares += w * y * y;
  }
  weighted_sum operator-(const weighted_sum& other) const noexcept {
    return {weight - other.weight, sum - other.sum, squares - other.squares, centre};
  }
  weighted_sum operator+(const weighted_sum& other) const noexcept {
    return {weight + other.weight, sum + other.sum, squares + other.squares, centre};
  }
  // The other group's part. Of responses of one sign, what rounding leaves of no sum is none.
  weighted_sum less(const weighted_sum& part) const noexcept {
    weighted_sum rest = *this - part;
    if (std::fabs(rest.sum) <= rounding_of(weight) * std::fabs(sum)) rest.sum = 0;
    return rest;
  }
  double offset() const noexcept { return sum / weight; }
  double mean() const noexcept { return centre + offset(); }
  // Sum of squares about the mean.
  double deviance() const noexcept {
    return beyond_rounding(squares - sum * offset(), squares, weight);
  }
};

constexpr std::size_t most_in_a_piece = 256;

// Responses about a centre: subtracted where they are used, as 10^6 differences would take as much memory as the data.
struct centred_values {
  const double* value;
  double centre;
  double operator[](std::size_t i) const noexcept { return value[i] - centre; }
};

// Four sums side by side, each in a register of its own.
struct four_sums {
  double a = 0, b = 0, c = 0, d = 0;
  double total() const noexcept { return (a + b) + (c + d); }
};

// Of the rows that are listed, each once; their number is not counted.
template <bool Squares>
weighted_sum gather_piece(const double* value, const std::uint32_t* row, const std::uint32_t* end) noexcept {
  four_sums sum, squares;
  for (; end - row >= 4; row += 4) {
    const double ya = value[row[0]], yb = value[row[1]], yc = value[row[2]], yd = value[row[3]];
    sum.a += ya, sum.b += yb, sum.c += yc, sum.d += yd;
    if (Squares) squares.a += ya * ya, squares.b += yb * yb, squares.c += yc * yc, squares.d += yd * yd;
  }
  for (; row != end; ++row) {
    const double y = value[*row];
    sum.a += y;
    if (Squares) squares.a += y * y;
  }
  return {0, sum.total(), squares.total()};
}

// Of rows begin to end - 1, after what is in the sums.
template <bool Squares, class Weights>
weighted_sum weigh_rest(centred_values value, const Weights& weight, std::size_t begin, std::size_t end, four_sums size,
                        four_sums sum, four_sums squares) noexcept {
  const auto number = [&](std::size_t i) { return static_cast<double>(weight[i]); };
  std::size_t i = begin;
  for (; i + 4 <= end; i += 4) {
    const double wa = number(i), wb = number(i + 1), wc = number(i + 2), wd = number(i + 3);
    const double ya = value[i], yb = value[i + 1], yc = value[i + 2], yd = value[i + 3];
    size.a += wa, size.b += wb, size.c += wc, size.d += wd;
    sum.a += wa * ya, sum.b += wb * yb, sum.c += wc * yc, sum.d += wd * yd;
    if (Squares)
      squares.a += wa * ya * ya, squares.b += wb * yb * yb, squares.c += wc * yc * yc, squares.d += wd * yd * yd;
  }
  for (; i < end; ++i) {
    const double w = number(i), y = value[i];
    size.a += w;
    sum.a += w * y;
    if (Squares) squares.a += w * y * y;
  }
  return {size.total(), sum.total(), squares.total()};
}

template <bool Squares, class Weights>
weighted_sum weigh_piece(centred_values value, const Weights& weight, std::size_t begin, std::size_t end) noexcept {
  return weigh_rest<Squares>(value, weight, begin, end, {}, {}, {});
}

// Of bytes, eight at a time, two in a register.
template <bool Squares>
weighted_sum weigh_piece(centred_values value, const std::uint8_t* times, std::size_t begin, std::size_t end) noexcept {
  two_numbers sum_ab{}, sum_cd{}, squares_ab{}, squares_cd{};
  const two_numbers centre{value.centre, value.centre};
  const auto add = [centre](two_numbers w, const double* at, two_numbers& sum, two_numbers& squares) {
    two_numbers y;
    std::memcpy(&y, at, sizeof y);
    y -= centre;
    const two_numbers wy = w * y;
    sum += wy;
    if (Squares) squares += wy * y;
  };
  std::uint64_t size = 0;  // four sums of 16 bits: of so few bytes none is larger
  std::size_t i = begin;
  for (; i + 8 <= end; i += 8) {
    const std::uint64_t word = get_bytes(times + i);
    if ((word & sixteens) != 0) break;
    const std::uint64_t pairs = bytes_in_pairs(word);
    add(pair_of_numbers(pairs, 0), value.value + i, sum_ab, squares_ab);
    add(pair_of_numbers(pairs, 1), value.value + i + 2, sum_cd, squares_cd);
    add(pair_of_numbers(pairs, 2), value.value + i + 4, sum_ab, squares_ab);
    add(pair_of_numbers(pairs, 3), value.value + i + 6, sum_cd, squares_cd);
    size += paired_bytes(word);
  }
  return weigh_rest<Squares>(value, times, i, end, {static_cast<double>(sum_of_sixteens(size))},
                             {sum_ab[0], sum_ab[1], sum_cd[0], sum_cd[1]},
                             {squares_ab[0], squares_ab[1], squares_cd[0], squares_cd[1]});
}

}  // namespace her2mod
