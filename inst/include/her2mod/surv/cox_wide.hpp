#pragma once

// Cox's log-likelihood, score and information where hazards are so far apart that sums of exp(x' b) leave the range of
// numbers, as where the likelihood is monotone: of each risk set the sums of exp(x' b - M), M its largest x' b, times 1, x
// and x x'. Its terms are as in cox_terms.hpp; the information is that of its definition, sum over terms of
// u (E[x x'] - E[x] E[x]').
//
// Without entries risk sets grow backwards in time, and M with them; with entries each is summed anew.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/inference.hpp>
#include <her2mod/math/ldl.hpp>
#include <her2mod/surv/cox_risk_sets.hpp>
#include <her2mod/surv/cox_terms.hpp>

namespace her2mod {

// Sums of exp(eta - M) times 1, x and x x' over rows that join.
class shifted_sums {
public:
  explicit shifted_sums(std::size_t p) : x(p), products(packed_size(p)) {}

  void clear(double top) noexcept {
    most = top;
    one = 0;
    std::fill(x.begin(), x.end(), 0.0);
    std::fill(products.begin(), products.end(), 0.0);
  }
  void add(double eta, double weight, const double* row) noexcept {
    if (eta > most) rescale(eta);
    const double theta = weight * std::exp(eta - most);
    one += theta;
    for (std::size_t j = 0; j < x.size(); ++j) {
      x[j] += theta * row[j];
      for (std::size_t k = 0; k <= j; ++k) products[packed_at(j, k)] += theta * row[j] * row[k];
    }
  }

  double most = 0, one = 0;
  std::vector<double> x, products;

private:
  void rescale(double top) noexcept {
    const double factor = std::exp(most - top);
    most = top;
    one *= factor;
    for (double& sum : x) sum *= factor;
    for (double& sum : products) sum *= factor;
  }
};

// With entries that takes rows times blocks: not of more than these.
constexpr double most_wide_steps = 2e7;

// As cox_evaluate(). NaN where x' b itself is no number.
inline double cox_evaluate_wide(const cox_view& v, const double* beta, double* score, double* information,
                                double* total) {
  const std::size_t p = v.p;
  if (v.entry_block && static_cast<double>(v.n) * static_cast<double>(v.blocks.size()) > most_wide_steps)
    return not_a_number;
  std::vector<double> eta(v.n), mean(p);
  for (std::size_t i = 0; i < v.n; ++i)
    for (std::size_t j = 0; j < p; ++j) eta[i] += v.x[i * p + j] * beta[j];
  std::fill_n(score, p, 0.0);
  std::fill_n(total, p, 0.0);
  std::fill_n(information, packed_size(p), 0.0);
  shifted_sums at_risk(p), dying(p);
  double value = 0;
  const auto join = [&](shifted_sums& sums, std::uint32_t i) { sums.add(eta[i], v.weight[i], v.x + i * p); };
  const auto add_term = [&](double unit, double f, double inverse) {
    value += unit * std::log(inverse);
    for (std::size_t j = 0; j < p; ++j) {
      mean[j] = (at_risk.x[j] - f * dying.x[j]) * inverse;
      score[j] -= unit * mean[j];
      for (std::size_t k = 0; k <= j; ++k) {
        const std::size_t at = packed_at(j, k);
        const double product = unit * (at_risk.products[at] - f * dying.products[at]) * inverse;
        information[at] += product - unit * mean[j] * mean[k];
        if (k == j) total[j] += product;
      }
    }
  };
  sweep_risk_sets<false>(
      v, [&] { at_risk.clear(-infinity); },
      [&](std::uint32_t i) {
        if (!v.entry_block) join(at_risk, i);
      },
      [](std::uint32_t) {},
      [&](std::size_t b) {
        const cox_block& block = v.blocks[b];
        if (v.entry_block) {
          at_risk.clear(-infinity);
          for (std::uint32_t i = block.begin; i < block.stop; ++i)
            if (v.entry_block[i] <= b) join(at_risk, i);
        }
        // Those who die have the scale of all at risk.
        dying.clear(at_risk.most);
        for (std::uint32_t i = block.begin; i < block.deaths_end; ++i) {
          join(dying, i);
          value += v.weight[i] * (eta[i] - at_risk.most);
          for (std::size_t j = 0; j < p; ++j) score[j] += v.weight[i] * v.x[i * p + j];
        }
        for_each_term(block, at_risk.one, dying.one, [&](double, double f, double inverse) {
          add_term(block.unit, f, inverse);
        });
      });
  return value;
}

} // namespace her2mod
