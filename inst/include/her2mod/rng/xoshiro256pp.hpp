#pragma once

// xoshiro256++ 1.0: 256 bits of state, 64 bits a draw.
// Blackman D, Vigna S (2021) ACM Trans Math Softw 47(4):36, doi:10.1145/3460772.

#include <array>
#include <cstdint>

namespace her2mod {

class xoshiro256pp {
 public:
  using result_type = std::uint64_t;

  // The state must not be all zero: zero is the generator's one fixed point.
  explicit xoshiro256pp(const std::array<std::uint64_t, 4>& state) noexcept : s_(state) {
    if ((s_[0] | s_[1] | s_[2] | s_[3]) == 0) s_[0] = 1;
  }

  static constexpr result_type min() noexcept { return 0; }
  static constexpr result_type max() noexcept { return ~result_type{0}; }

  result_type operator()() noexcept {
    const std::uint64_t result = rotate(s_[0] + s_[3], 23) + s_[0];
    const std::uint64_t t = s_[1] << 17;
    s_[2] ^= s_[0];
    s_[3] ^= s_[1];
    s_[1] ^= s_[2];
    s_[0] ^= s_[3];
    s_[2] ^= t;
    s_[3] = rotate(s_[3], 45);
    return result;
  }

 private:
  static constexpr std::uint64_t rotate(std::uint64_t x, int k) noexcept {
    return (x << k) | (x >> (64 - k));
  }

  std::array<std::uint64_t, 4> s_;
};

}  // namespace her2mod
