#pragma once

// Where a type 7 quantile lies among n ordered values counted from 0: at h = (n - 1) p
// (Hyndman RJ, Fan Y 1996, doi:10.1080/00031305.1996.10473566).

#include <cmath>

namespace her2mod {

// h = whole + part. A rank meant as a whole number counts as one: 100 * 0.29 falls short of 29.
struct quantile_rank {
  long whole;
  double part;
};

inline quantile_rank type7_rank(double n, double p) noexcept {
  const double h = (n - 1) * p, nearest = std::round(h);
  if (std::fabs(h - nearest) <= 1e-14 * n) return {static_cast<long>(nearest), 0.0};
  return {static_cast<long>(std::floor(h)), h - std::floor(h)};
}

}  // namespace her2mod
