#pragma once

// Tied deaths, by Efron (1977, doi:10.1080/01621459.1977.10480613) and Breslow (1974,
// doi:10.2307/2529620).
//
// With theta_i = w_i exp(x_i' beta), S the sum of theta over the risk set and D that over the
// deaths of a block, of weight W together, Efron's block is
//   sum over deaths of w x' beta - u sum_l log(S - (l/K) D),   l = 0, ..., K - 1,
// with u = W/K. A whole weight is so many patients: K = W, u = 1, as if each had a row. With other
// weights K is the number of deaths, and each term has their mean weight (as in R package
// survival). Breslow's has the one term l = 0, with u = W.
//
// Every term is a draw of one patient from those at risk; h_l = u / (S - (l/K) D) is its hazard.
// What the score and the information need of a block are sums over l of h_l, of h_l (1 - l/K), the
// hazard of the dying themselves, and of a_l = h_l^2 / u times 1, l/K and (l/K)^2.

#include <cmath>
#include <cstddef>

#include <her2mod/base/inference.hpp>
#include <her2mod/base/unrolled.hpp>
#include <her2mod/math/outer_products.hpp>
#include <her2mod/surv/cox_data.hpp>

namespace her2mod {

// Of sums beyond these the squares leave the range of numbers.
constexpr double least_sum = 1e-100, most_sum = 1e100;

// A sum of logarithms as that of a product. Not a number where a factor is beyond the sums above.
class log_product {
public:
  void add(double factor, double times) noexcept {
    inside_ &= factor > least_sum && factor < most_sum;
    if (times != 1) {
      sum_ += times * std::log(factor);
      return;
    }
    product_ *= factor;
    if (product_ > 1e-200 && product_ < 1e200)
      return;
    sum_ += std::log(product_);
    product_ = 1;
  }
  double value() const noexcept { return inside_ ? sum_ + std::log(product_) : not_a_number; }

private:
  double sum_ = 0, product_ = 1;
  bool inside_ = true;
};

struct tied_terms {
  double hazard = 0, death_hazard = 0;
  double a = 0, b = 0, c = 0;
};

// at_risk = S, dying = D. `each(h, f, r)` is called with h_l, l/K and 1 / (S - (l/K) D).
template <class Each>
void for_each_term(const cox_block& block, double at_risk, double dying,
                   const Each& each) noexcept {
  if (block.terms == 1) {
    const double r = 1 / at_risk;
    each(block.unit * r, 0.0, r);
    return;
  }
  const double share = 1 / block.terms;
  for (double l = 0; l < block.terms; ++l) {
    const double f = l * share, r = 1 / (at_risk - f * dying);
    each(block.unit * r, f, r);
  }
}

inline tied_terms add_terms(const cox_block& block, double at_risk, double dying,
                            log_product& logs) noexcept {
  tied_terms t;
  // The hazard of Breslow's deaths is that of all: f = 0 in its only term.
  for_each_term(block, at_risk, dying, [&](double h, double f, double r) {
    const double a = h * r;
    t.hazard += h;
    t.death_hazard += (1 - f) * h;
    t.a += a;
    t.b += a * f;
    t.c += a * f * f;
    logs.add(at_risk - f * dying, block.unit);
  });
  return t;
}

// Adds over the terms a_l (S - f D)(S - f D)' of the vectors S and D: one square of S - (b/a) D, and one of D with what is
// left. `left`: memory for one vector.
template <std::size_t Fixed>
void add_squares(const tied_terms& t, bool tied, const double* s, const double* d, std::size_t p, double* left,
                 outer_products<Fixed>& sum) noexcept {
  if (!tied) {
    sum.add(t.a, s);
    return;
  }
  const double part = t.b / t.a;
  each_of<Fixed>(p, [&](std::size_t j) { left[j] = s[j] - part * d[j]; });
  sum.add(t.a, left);
  sum.add(t.c - t.b * part, d);
}

} // namespace her2mod
