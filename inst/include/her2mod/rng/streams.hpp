#pragma once

// One stream of random words for each (seed, purpose, replicate). Threefry turns the triple into
// the 256-bit state of a xoshiro256++ generator, which draws. No stream depends on another, on the
// order in which they are opened, or on the thread that opens them.

#include <cstdint>

#include <her2mod/rng/threefry.hpp>
#include <her2mod/rng/xoshiro256pp.hpp>

namespace her2mod {

// What the words are for: a bootstrap and a permutation of one seed must not share them.
enum class purpose : std::uint64_t {
  bootstrap = 1,
  permutation = 2,
  balanced_bootstrap = 3,
  fractional_bootstrap = 4,
  imputation = 5
};

class streams {
 public:
  streams(std::uint64_t seed, purpose what)
      : cipher_({seed, 0, 0, 0}), purpose_(static_cast<std::uint64_t>(what)) {}

  xoshiro256pp open(std::uint64_t replicate) {
    return xoshiro256pp(cipher_({replicate, purpose_, 0, 0}));
  }

 private:
  threefry4x64_20 cipher_;
  std::uint64_t purpose_;
};

}  // namespace her2mod
