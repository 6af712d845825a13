#pragma once

// Groups' sums of scores within strata, and their squared length given all scores. Row i has scores a_i, one or more:
//   U_g = sum over strata s of  sum over i in s, in group g, of  (a_i - abar_s)
//   V   = sum over strata s of  (diag(n_sg) - n_sg n_sg' / n_s) (x) S_s,
//   S_s = sum over i in s of  (a_i - abar_s) (a_i - abar_s)' / (n_s - 1)
//   Q   = U' V- U:
// V is the covariance of U where labels are permuted within strata, so that a group which has more rows in strata with
// high scores has no more by that (Strasser H, Weber C 1999, Math Methods Stat 8:220). The reference group is left out:
// it follows from the others. Of one score that is a rank, in one stratum, Q is Kruskal and Wallis' H.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <her2mod/math/ldl.hpp>

namespace her2mod {

class block_form {
 public:
  block_form(std::size_t groups, std::size_t scores)
      : groups_(groups - 1),
        scores_(scores),
        excess_(length()),
        covariance_(packed_size(length())),
        diagonal_(length()),
        half_(length()),
        aside_(length()) {}

  void clear() noexcept {
    std::fill(excess_.begin(), excess_.end(), 0.0);
    std::fill(covariance_.begin(), covariance_.end(), 0.0);
  }

  // Of group g, not the reference, which is group 0.
  double& excess(std::size_t g, std::size_t score = 0) noexcept { return excess_[(g - 1) * scores_ + score]; }
  double& covariance(std::size_t g, std::size_t h) noexcept { return covariance_[packed_at(g - 1, h - 1)]; }

  // A stratum's part of V: the sizes of all groups there, and its sums of products of centred scores, packed.
  void add_covariance(const double* size, const double* product) noexcept {
    double n = 0;
    for (std::size_t g = 0; g <= groups_; ++g) n += size[g];
    if (!(n > 1)) return;
    for (std::size_t j = 0; j < length(); ++j) {
      const double own = size[1 + j / scores_];
      for (std::size_t k = 0; k <= j; ++k) {
        const double other = size[1 + k / scores_], same = j / scores_ == k / scores_ ? own : 0.0;
        const std::size_t c = j % scores_, d = k % scores_;
        covariance_[packed_at(j, k)] +=
            (same - own * other / n) * product[packed_at(std::max(c, d), std::min(c, d))] / (n - 1);
      }
    }
  }

  // Not a number where there is no variance in any direction. V is used up.
  double squared_length() noexcept {
    const std::size_t p = length();
    for (std::size_t j = 0; j < p; ++j) diagonal_[j] = covariance_[packed_at(j, j)];
    std::fill(aside_.begin(), aside_.end(), std::uint8_t{0});
    if (ldl_factor(covariance_.data(), p, diagonal_.data(), 1e-10, aside_.data()) == 0)
      return std::numeric_limits<double>::quiet_NaN();
    ldl_half_solve(covariance_.data(), p, excess_.data(), half_.data());
    double sum = 0;
    for (std::size_t j = 0; j < p; ++j)
      if (!aside_[j]) sum += half_[j] * half_[j] / covariance_[packed_at(j, j)];
    return sum;
  }

 private:
  std::size_t length() const noexcept { return groups_ * scores_; }

  std::size_t groups_, scores_;  // groups without the reference
  std::vector<double> excess_, covariance_, diagonal_, half_;
  std::vector<std::uint8_t> aside_;
};

}  // namespace her2mod
