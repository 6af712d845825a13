#pragma once

// A statistic with the jackknife's standard error as its second output, for bootstrap-t intervals of
// statistics that have no closed form, and of clustered data, where closed forms do not hold:
//   SE^2 = sum over blocks b of (n_b - 1) / n_b sum_i m_i (T_(i) - Tbar_b)^2,
// T_(i) the statistic without one copy of unit i, which the draw has m_i times, n_b = sum m_i;
// NaN where the draw has fractions of units: they cannot be left out one by one
// (Efron B, Tibshirani RJ 1993, doi:10.1007/978-1-4899-4541-9, section 11.5). The work is n times
// the statistic's.

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include <her2mod/resample/units.hpp>
#include <her2mod/stat/statistic.hpp>

namespace her2mod {

class jackknife_error final : public statistic {
 public:
  jackknife_error(std::unique_ptr<statistic> inner, const cohort& data)
      : inner_(std::move(inner)),
        units_(drawn_units(data)),
        rows_(units_.size()),
        patients_(data.clustered() ? data.frequency() : std::vector<double>(data.rows(), 1.0)),
        spec_(inner_->describe()) {
    spec_.n_outputs = 2;
    for (std::size_t row = 0; row < data.rows(); ++row) rows_[units_.unit_of(row)].push_back(row);
  }

  const statistic_spec& describe() const noexcept override { return spec_; }
  std::unique_ptr<workspace> make_workspace() const override {
    return std::make_unique<own_workspace>(inner_->make_workspace(), patients_.size());
  }
  std::optional<linear_form> linear() const override { return inner_->linear(); }
  bool leave_one_out(span<double> out) const override { return inner_->leave_one_out(out); }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    auto& own = static_cast<own_workspace&>(scratch);
    const reason why = inner_->evaluate(what, *own.inner, out.subspan(0, 1));
    if (out.size() > 1)
      out[1] = why == reason::none ? std::sqrt(variance(what, own))
                                   : std::numeric_limits<double>::quiet_NaN();
    return why;
  }

 private:
  struct own_workspace final : workspace {
    own_workspace(std::unique_ptr<workspace> of_inner, std::size_t rows)
        : inner(std::move(of_inner)), weight(rows) {}
    std::unique_ptr<workspace> inner;
    std::vector<double> weight;
  };

  double variance(const draw& what, own_workspace& own) const noexcept {
    for (std::size_t i = 0; i < own.weight.size(); ++i) own.weight[i] = what.weight[i];
    double sum = 0;
    for (const unit_block& block : units_.blocks) {
      // Welford's update, so that equal values give exactly 0.
      double copies = 0, mean = 0, squares = 0;
      for (std::size_t u = block.first; u < block.first + block.count; ++u) {
        const double times = own.weight[rows_[u][0]] / patients_[rows_[u][0]];
        if (times != std::floor(times)) return std::numeric_limits<double>::quiet_NaN();
        if (times == 0) continue;
        const double value = without(u, what, own);
        copies += times;
        const double step = value - mean;
        mean += step * (times / copies);
        squares += times * step * (value - mean);
      }
      if (copies > 1) sum += (copies - 1) / copies * squares;
    }
    return sum;
  }

  double without(std::size_t unit, const draw& what, own_workspace& own) const noexcept {
    for (const std::size_t row : rows_[unit]) own.weight[row] -= patients_[row];
    double value = 0;
    inner_->evaluate({own.weight, what.label, what.relabelled}, *own.inner, span<double>(&value, 1));
    for (const std::size_t row : rows_[unit]) own.weight[row] += patients_[row];
    return value;
  }

  std::unique_ptr<statistic> inner_;
  resampling_units units_;
  std::vector<std::vector<std::size_t>> rows_;
  std::vector<double> patients_;
  statistic_spec spec_;
};

}  // namespace her2mod
