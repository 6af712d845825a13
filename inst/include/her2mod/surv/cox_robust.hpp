#pragma once

// The sandwich (robust) variance of a Cox model: the sum over clusters of d d', d the sum of the
// dfbetas of a cluster's rows (Lin DY, Wei LJ 1989, doi:10.1080/01621459.1989.10478874). Without
// clusters every patient is one: a row of whole weight w is w of them, another row is one whose
// dfbeta counts w times.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/span.hpp>
#include <her2mod/surv/cox_data.hpp>

namespace her2mod {

// `dfbeta`: of one unit of weight, row by row of the prepared data. `cluster`: codes from 0 of the
// rows of the columns, or empty. p by p.
inline std::vector<double> robust_variance(const cox_data& data, const std::vector<double>& dfbeta,
                                           span<const std::int32_t> cluster,
                                           std::size_t n_clusters) {
  const std::size_t p = data.covariates();
  std::vector<double> out(p * p), sums(cluster.empty() ? 0 : n_clusters * p);
  const auto add = [&](const double* d, double times) {
    for (std::size_t j = 0; j < p; ++j)
      for (std::size_t k = 0; k < p; ++k)
        out[j * p + k] += times * d[j] * d[k];
  };
  for (std::size_t i = 0; i < data.rows(); ++i) {
    const double* const d = &dfbeta[i * p];
    const double w = data.weight()[i];
    if (cluster.empty()) {
      add(d, data.whole() ? w : w * w);
      continue;
    }
    double* const sum = &sums[static_cast<std::size_t>(cluster[data.order()[i]]) * p];
    for (std::size_t j = 0; j < p; ++j)
      sum[j] += w * d[j];
  }
  if (!cluster.empty())
    for (std::size_t c = 0; c < n_clusters; ++c)
      add(&sums[c * p], 1.0);
  return out;
}

} // namespace her2mod
