#pragma once

// What form_maximum.hpp declares.

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <vector>

#include <Eigen/Dense>

#include <her2mod/base/error.hpp>
#include <her2mod/base/heartbeat.hpp>
#include <her2mod/math/chi2_tail.hpp>
#include <her2mod/math/form_maximum.hpp>
#include <her2mod/math/form_ranges.hpp>
#include <her2mod/math/shifted_sequence.hpp>
#include <her2mod/math/tails.hpp>

namespace her2mod {

// What all forms v see of form w's directions, one below the other: P_v y and P_v z, y inside the
// range of P_w and z across.
struct form_view {
  Eigen::MatrixXd inside, across;
};

inline std::vector<form_view> form_views(const std::vector<form_range>& forms) {
  std::vector<form_view> views;
  for (const form_range& w : forms) {
    Eigen::Index rows = 0;
    for (const form_range& v : forms) rows += v.inside.cols();
    form_view view{Eigen::MatrixXd(rows, w.inside.cols()), Eigen::MatrixXd(rows, w.across.cols())};
    Eigen::Index at = 0;
    for (const form_range& v : forms) {
      view.inside.middleRows(at, v.inside.cols()) = v.inside.transpose() * w.inside;
      view.across.middleRows(at, v.inside.cols()) = v.inside.transpose() * w.across;
      at += v.inside.cols();
    }
    views.push_back(std::move(view));
  }
  return views;
}

class form_shares {
 public:
  form_shares(const std::vector<form_range>& forms, double a)
      : views_(form_views(forms)), x_(forms[0].inside.rows()), d_(static_cast<int>(x_.size())) {
    for (const form_range& v : forms)
      critical_.push_back(2 * boost::math::gamma_q_inv(static_cast<double>(v.inside.cols()) / 2, a));
  }
  std::size_t dimensions() const noexcept { return static_cast<std::size_t>(d_); }

  // The sum over w of max h / sum h.
  double operator()(const std::vector<double>& point) {
    heartbeat(500 * views_.size());
    for (Eigen::Index i = 0; i < x_.size(); ++i) x_[i] = normal_quantile(point[static_cast<std::size_t>(i)]);
    double sum = 0;
    for (std::size_t w = 0; w < views_.size(); ++w) {
      stretch(w);
      sum += (largest_share(1) + largest_share(-1)) / 2;
    }
    return sum;
  }

 private:
  // x given that Q_w >= q_w.
  void stretch(std::size_t w) {
    const Eigen::Index r = views_[w].inside.cols();
    const double square = x_.head(r).squaredNorm();
    const double wanted = chi2_beyond(static_cast<int>(r), critical_[w], square);
    y_.noalias() = views_[w].inside * x_.head(r);
    y_ *= std::sqrt(wanted / square);
    z_.noalias() = views_[w].across * x_.tail(d_ - r);
    square_ = wanted + x_.tail(d_ - r).squaredNorm();
  }

  // Of y + z, or y - z.
  double largest_share(double sign) const {
    double most = 0, sum = 0;
    Eigen::Index at = 0;
    for (std::size_t v = 0; v < views_.size(); ++v) {
      const Eigen::Index r = views_[v].inside.cols();
      const double own = (y_.segment(at, r) + sign * z_.segment(at, r)).squaredNorm();
      const double h = chi2_upper(d_, critical_[v] * square_ / own);
      most = std::max(most, h);
      sum += h;
      at += r;
    }
    return most / sum;
  }

  std::vector<form_view> views_;
  std::vector<double> critical_;
  Eigen::VectorXd x_, y_, z_;
  int d_;
  double square_ = 0;
};

// All r_w are 1: Q_w is the square of a standard normal variable.
inline tail_probability line_maximum(const std::vector<form_range>& forms, double a) {
  std::vector<double> correlation;
  for (const form_range& v : forms)
    for (const form_range& w : forms) correlation.push_back(&v == &w ? 1.0 : v.inside.col(0).dot(w.inside.col(0)));
  return normal_maximum_tail(correlation, normal_critical(a / 2), alternative::two_sided);
}

inline Eigen::MatrixXd checked_covariance(const std::vector<double>& row_by_row, std::size_t parts) {
  const auto n = static_cast<std::size_t>(std::lround(std::sqrt(double(row_by_row.size()))));
  if (parts < 1 || n < parts || n % parts != 0 || n * n != row_by_row.size())
    throw input_error("A covariance matrix of parts of one length must be square.");
  const auto size = static_cast<Eigen::Index>(n);
  const Eigen::MatrixXd all = Eigen::Map<const Eigen::MatrixXd>(row_by_row.data(), size, size);
  if (!all.allFinite()) throw input_error("A covariance matrix must be finite.");
  return all;
}

HER2MOD_INLINE tail_probability form_maximum_tail(const std::vector<double>& covariance, std::size_t parts,
                                                  double a) {
  const std::vector<form_range> forms =
      form_ranges(checked_covariance(covariance, parts), static_cast<Eigen::Index>(parts));
  if (forms.empty() || std::isnan(a)) return {not_a_number, not_a_number, 0};
  const auto rank = static_cast<int>(forms[0].inside.rows());
  if (forms.size() == 1 || a <= 0 || a >= 1) return {std::min(std::max(a, 0.0), 1.0), 0, rank};
  const double sum = a * static_cast<double>(forms.size());
  if (a < 1e-290) return {sum, sum, rank};
  const auto is_line = [](const form_range& one) { return one.inside.cols() == 1; };
  if (std::all_of(forms.begin(), forms.end(), is_line)) return line_maximum(forms, a);
  form_shares shares(forms, a);
  const auto at = [&](const std::vector<double>& point) { return shares(point); };
  const quadrature_result share = shifted_mean(at, shares.dimensions(), 1e-3);
  return {std::min(1.0, a * share.value), a * std::max(share.error, 1e-6 * share.value), rank};
}

}  // namespace her2mod
