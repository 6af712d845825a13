#pragma once

// Threefry 4x64 with 20 rounds: a keyed bijection of 256-bit counters.
// Salmon JK and others (2011) SC '11, doi:10.1145/2063384.2063405. The rounds are those of the
// header that CRAN package sitmo ships (MIT); here is only the form we use it in.

#include <array>
#include <cstddef>
#include <cstdint>

#include <threefry.h>

namespace her2mod {

using block256 = std::array<std::uint64_t, 4>;

class threefry4x64_20 {
 public:
  explicit threefry4x64_20(const block256& key) {
    key_words words{key};
    cipher_.seed(words);
  }

  block256 operator()(const block256& counter) {
    cipher_.set_counter(counter[0], counter[1], counter[2], counter[3]);
    block256 out;
    for (auto& word : out) word = cipher_();
    return out;
  }

 private:
  // Hands over the key as a seed sequence. sitmo 2.0.2's own set_key() forgets the fifth, derived
  // word of the key schedule, and so misses the published answers for every key but zero.
  struct key_words {
    using result_type = std::uint32_t;
    const block256& key;

    template <class Iterator>
    void generate(Iterator first, Iterator last) const {
      for (std::size_t i = 0; first != last; ++first, ++i)
        *first = static_cast<result_type>(key[i / 2] >> (32 * (1 - i % 2)));
    }
  };

  sitmo::threefry_engine<std::uint64_t, 64, 20> cipher_;
};

}  // namespace her2mod
