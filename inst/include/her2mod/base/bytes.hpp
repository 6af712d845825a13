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
    for (int k = 0; k < 4; ++k, four >>= 16) sum += static_cast<std::size_t>(four & 0xffff);
  }
  for (; n > 0; --n) sum += *bytes++;
  return sum;
}

// A byte as a number: quicker than to convert it.
inline constexpr std::array<double, 256> small_numbers = [] {
  std::array<double, 256> number{};
  for (std::size_t i = 0; i < number.size(); ++i) number[i] = static_cast<double>(i);
  return number;
}();

}  // namespace her2mod
