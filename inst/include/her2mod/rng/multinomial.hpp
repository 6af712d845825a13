#pragma once

// How often each of n cells is drawn by n draws with replacement, every cell equally likely.
//
// Independent Poisson counts are, given their sum S, multinomial. With a mean below 1 - 1.5 / sqrt(n)
// S rarely exceeds n; if so, all is drawn anew, which is decided by S alone. n - S further draws, one
// by one, complete it (Brown MB, Bromberg J 1984, Am Stat 38:216). Memory is walked in order, and a word
// serves eight cells.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include <her2mod/rng/bounded.hpp>
#include <her2mod/rng/poisson_pairs.hpp>

namespace her2mod {

class uniform_multinomial {
 public:
  static constexpr std::size_t fewest = 32;  // cells; of fewer, single draws are the quicker way

  // The mean of the counts that come first, in steps of 1/256, so that cells of many sizes can share
  // a table.
  static double mean_for(std::size_t n) noexcept {
    return std::floor(256 * (1 - 1.5 / std::sqrt(static_cast<double>(n)))) / 256;
  }

  uniform_multinomial(std::size_t n, std::shared_ptr<const poisson_pairs> counts)
      : n_(n), counts_(std::move(counts)), single_(n) {}

  template <class Generator>
  void operator()(Generator& generator, std::uint8_t* count) const {
    while (!complete(generator, count, counts_->fill(generator, count, n_))) {
    }
  }

 private:
  // False where there are too many counts already, or where one would exceed a byte: the second is
  // less likely than 1e-300.
  template <class Generator>
  bool complete(Generator& generator, std::uint8_t* count, std::size_t sum) const {
    if (sum > n_) return false;
    bool fits = true;
    draw_indices(generator, single_, n_ - sum, [&](std::uint64_t cell) { fits = ++count[cell] != 0 && fits; });
    return fits;
  }

  std::size_t n_;
  std::shared_ptr<const poisson_pairs> counts_;
  bounded_batch<std::uint64_t> single_;
};

}  // namespace her2mod
