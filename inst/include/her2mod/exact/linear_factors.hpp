#pragma once

// The characteristic functions of all tilted strata (exact/linear_count.hpp) at the frequencies
// theta_k = 2 pi k / period, and bounds of their product. For the bound at many k the C(theta_k) of
// a stratum are one Fourier transform of its weights, laid out by score, where the scores are whole
// numbers; else the z_j are turned from one k to the next.

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <vector>

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/exact/linear_count.hpp>
#include <her2mod/exact/linear_scores.hpp>
#include <her2mod/exact/linear_tilt.hpp>
#include <her2mod/math/fft.hpp>

namespace her2mod {

// k x / period in turns, up to whole ones, for any k below 2^53: the quotient in two parts.
class turns {
 public:
  turns(double x, double period) noexcept
      : high_(x / period), low_(std::fma(-high_, period, x) / period) {}

  double operator()(double k) const noexcept {
    const double whole = k * high_;
    return (whole - std::nearbyint(whole)) + (std::fma(k, high_, -whole) + k * low_);
  }
  std::complex<double> unit(double k) const { return std::polar(1.0, two_pi * (*this)(k)); }

 private:
  double high_, low_;
};

class linear_factors {
 public:
  using complexes = std::vector<std::complex<double>>;

  linear_factors() = default;
  linear_factors(const std::vector<linear_units>& strata, double tilt) : strata_(strata) {
    for (const linear_units& s : strata_) count_.emplace_back(s, tilt);
    for (const linear_count& c : count_) log_mean_ += c.log_mean();
    if (tilt == 0) log_mean_ = 0;
  }

  double log_mean() const noexcept { return log_mean_; }  // log E e^(tilt X)

  // Must precede all that follows.
  void set_period(double period) {
    period_ = period;
    turn_.assign(strata_.size(), {});
    for (std::size_t s = 0; s < strata_.size(); ++s)
      for (const double x : strata_[s].x) turn_[s].emplace_back(x, period);
  }

  // phi at k, with the work it took in place of the number of products
  linear_factor product(double k) {
    linear_factor all{1.0, 0.0, 0.0};
    for (std::size_t s = 0; s < count_.size(); ++s) {
      fill_scores(s, k, scores_);
      const linear_factor one = count_[s].factor(scores_);
      all.products += stratum_work(s, one.products);
      all.phi *= one.phi;
      all.error += one.error + 4 * unit_roundoff;
      if (std::abs(all.phi) + all.error < 1e-17) break;
    }
    return all;
  }

  // Adds log bounds of |phi| at k = first, first + step, ..., each for all k within `reach` of it.
  void add_turned_bounds(double first, double step, double reach, double* sum,
                         std::size_t size) const {
    for (std::size_t s = 0; s < count_.size(); ++s)
      if (count_[s].has_bound()) add_turned(s, first, step, reach, sum, size);
  }

  // log bounds of |phi| at k = 1, ..., size, for scores and a period that are whole numbers.
  std::vector<double> lattice_bounds(std::size_t size) const {
    std::vector<double> sum(size, 0.0);
    for (std::size_t s = 0; s < count_.size(); ++s) {
      if (!count_[s].has_bound()) continue;
      if (strata_[s].x.size() < small_stratum)
        add_turned(s, 1, 1, 0, sum.data(), size);
      else
        add_transformed(s, sum);
    }
    return sum;
  }

  // The work of these, in nanoseconds, nearly: of one frequency, of a lattice, and of product(k),
  // or 0 where the log bound is below `negligible`.
  double turning_work() const noexcept {
    double sum = 0;
    for (const linear_count& c : count_)
      if (c.has_bound()) sum += 10 + 2 * static_cast<double>(c.weight().size());
    return sum;
  }
  double transform_work() const noexcept {
    double sum = 0;
    for (const linear_count& c : count_) {
      const std::size_t n = c.weight().size();
      if (c.has_bound()) sum += n < small_stratum ? 5 + static_cast<double>(n) : 60.0;
    }
    return sum * period_;
  }
  double product_work(double k, double negligible) const {
    double log_bound = 0, work = 0;
    for (std::size_t s = 0; s < count_.size(); ++s) {
      const std::complex<double> c = count_[s].concentration(scores_at(s, k));
      log_bound += count_[s].log_bound(std::abs(c));
      work += stratum_work(s, count_[s].visits(c));
    }
    return log_bound < negligible ? 0.0 : work;
  }

 private:
  static constexpr std::size_t small_stratum = 32;

  double stratum_work(std::size_t s, double products) const noexcept {
    return strata_[s].count() * (30 + 3 * products);
  }

  // z_j of a stratum at frequency k
  void fill_scores(std::size_t s, double k, complexes& z) const {
    z.resize(turn_[s].size());
    heartbeat(40 * z.size());
    for (std::size_t j = 0; j < z.size(); ++j) z[j] = turn_[s][j].unit(k);
  }
  complexes scores_at(std::size_t s, double k) const {
    complexes z;
    fill_scores(s, k, z);
    return z;
  }

  void add_transformed(std::size_t s, std::vector<double>& sum) const {
    std::vector<double> layout(static_cast<std::size_t>(period_), 0.0);
    for (std::size_t j = 0; j < strata_[s].x.size(); ++j)
      layout[static_cast<std::size_t>(std::fmod(strata_[s].x[j], period_))] +=
          count_[s].weight()[j];
    heartbeat(10 * layout.size());
    const complexes c = half_spectrum(layout);
    for (std::size_t i = 0; i < sum.size(); ++i) {
      heartbeat_at(i, 40);
      sum[i] += count_[s].log_bound(std::abs(c[i + 1]));
    }
  }

  void add_turned(std::size_t s, double first, double step, double reach, double* sum,
                  std::size_t size) const {
    constexpr std::size_t renewed = 128;  // steps before rounding is cleared away
    const double wider = two_pi / period_ * reach * count_[s].spread();
    const complexes by = scores_at(s, step);
    complexes z;
    for (std::size_t i = 0; i < size; ++i) {
      if (i % renewed == 0) fill_scores(s, first + step * static_cast<double>(i), z);
      heartbeat(40 + 2 * z.size());
      sum[i] += count_[s].log_bound(turn_all(z, by, count_[s].weight()) + wider);
    }
  }

  // |sum of the weighted z|; then z is turned on.
  static double turn_all(complexes& z, const complexes& by, const std::vector<double>& weight) {
    double re = 0, im = 0;
    for (std::size_t j = 0; j < z.size(); ++j) {
      const double x = z[j].real(), y = z[j].imag(), c = by[j].real(), s = by[j].imag();
      re += weight[j] * x;
      im += weight[j] * y;
      z[j] = {x * c - y * s, x * s + y * c};
    }
    return std::sqrt(re * re + im * im);
  }

  std::vector<linear_units> strata_;
  std::vector<linear_count> count_;
  std::vector<std::vector<turns>> turn_;
  double period_ = 1, log_mean_ = 0;
  complexes scores_;
};

}  // namespace her2mod
