#pragma once

// Eight bytes in a word, the first one lowest.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace her2mod {

inline std::uint64_t lowest_first(std::uint64_t word) noexcept {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  return __builtin_bswap64(word);
#else
  return word;
#endif
}
inline std::uint64_t get_bytes(const std::uint8_t* from) noexcept {
  std::uint64_t word;
  std::memcpy(&word, from, sizeof word);
  return lowest_first(word);
}
inline void put_bytes(std::uint64_t word, std::uint8_t* to) noexcept {
  word = lowest_first(word);
  std::memcpy(to, &word, sizeof word);
}

// Pairs of neighbours, four numbers of 16 bits.
inline std::uint64_t paired_bytes(std::uint64_t word) noexcept {
  constexpr std::uint64_t even = 0x00ff00ff00ff00ffu;
  return (word & even) + ((word >> 8) & even);
}
inline std::size_t sum_of_sixteens(std::uint64_t four) noexcept {
  return static_cast<std::size_t>((four & 0xffff) + (four >> 16 & 0xffff) + (four >> 32 & 0xffff) + (four >> 48));
}
inline std::size_t sum_of_bytes(std::uint64_t word) noexcept {
  return static_cast<std::size_t>((paired_bytes(word) * 0x0001000100010001u) >> 48);
}

inline std::size_t sum_of_bytes(const std::uint8_t* bytes, std::size_t n) noexcept {
  std::size_t sum = 0;
  while (n >= 8) {
    // 128 words: none of the four sums exceeds 128 * 510.
    std::uint64_t four = 0;
    for (std::size_t left = n / 8 < 128 ? n / 8 : 128; left > 0; --left, n -= 8, bytes += 8)
      four += paired_bytes(get_bytes(bytes));
    sum += sum_of_sixteens(four);
  }
  for (; n > 0; --n) sum += *bytes++;
  return sum;
}

// Two numbers that a processor can add and multiply at once.
using two_numbers = double __attribute__((vector_size(16)));

// The numbers of two bytes below 16, a + 16 b: quicker than to convert them.
alignas(16) inline constexpr std::array<std::array<double, 2>, 256> pairs_of_numbers = [] {
  std::array<std::array<double, 2>, 256> pair{};
  for (std::size_t i = 0; i < pair.size(); ++i) pair[i] = {static_cast<double>(i % 16), static_cast<double>(i / 16)};
  return pair;
}();

// Of eight bytes below 16, two in each even one: a + 16 b.
constexpr std::uint64_t sixteens = 0xf0f0f0f0f0f0f0f0u;
inline std::uint64_t bytes_in_pairs(std::uint64_t word) noexcept { return word | word >> 4; }
inline two_numbers pair_of_numbers(std::uint64_t pairs, int k) noexcept {
  two_numbers pair;
  std::memcpy(&pair, &pairs_of_numbers[pairs >> (16 * k) & 0xff], sizeof pair);
  return pair;
}

}  // namespace her2mod
