#pragma once

// What weighted_bridge_supremum.hpp declares. In the
// time t = log(x / (1 - x)) / 2 the ratio B / sqrt(x (1 - x)) is the stationary Ornstein-Uhlenbeck
// process dU = -U dt + sqrt(2) dW, so this is the probability that U stays within +-c for
//   T = log(b (1 - a) / (a (1 - b))) / 2.
// With f its density with walls at +-c, g = f / sqrt(phi) solves dg/dt = g'' - (x^2/4 - 1/2) g, g =
// 0 at the walls, and the probability is
//   sum_i exp(-lambda_i T) (integral sqrt(phi) g_i)^2
// over orthonormal eigenfunctions. They are found in the even polynomials P_k - P_(k+2) of x / c
// (Legendre), of degree 160 at most (Shen 1994, doi:10.1137/0915089): exact to rounding, except
// that an interval shorter than about T = 1e-4 has an error of up to 1e-7. Nair (1984),
// doi:10.1080/00401706.1984.10487964, has the approximation of Miller and Siegmund (1982),
// doi:10.2307/2529881, for large c, instead: its 95% values are 0.3% too small or too large for
// wide ranges, and 1% and more too large for short ones.

#include <boost/math/quadrature/gauss.hpp>
#include <cmath>

#include <Eigen/Dense>

#include <her2mod/math/tails.hpp>
#include <her2mod/math/weighted_bridge_supremum.hpp>

namespace her2mod {

// For one c; inside(T) for any T.
class weighted_bridge {
 public:
  explicit weighted_bridge(double c) {
    const Eigen::MatrixXd basis = wall_functions();
    const Eigen::VectorXd squares = legendre_squares();
    const Eigen::MatrixXd by_x = times_x() * basis;
    const auto product = [&](const Eigen::MatrixXd& f) -> Eigen::MatrixXd {
      return f.transpose() * squares.asDiagonal() * f;
    };
    const Eigen::MatrixXd mass = product(basis);
    Eigen::MatrixXd energy = c * c / 4 * product(by_x) - mass / 2;
    // The derivative of P_k - P_(k+2) is -(2 k + 3) P_(k+1).
    for (Eigen::Index i = 0; i < functions; ++i) energy(i, i) += 2 * double(4 * i + 3) / (c * c);
    const Eigen::GeneralizedSelfAdjointEigenSolver<Eigen::MatrixXd> solved(energy, mass);
    rates_ = solved.eigenvalues();
    // phi(0)^(1/2) exp(-x^2/4) over c x, squared.
    constexpr double root_two_pi = 2.50662827463100050242;
    weights_ = (solved.eigenvectors().transpose() * (basis.transpose() * bell_shares(c)))
                   .array()
                   .square() *
               (c / root_two_pi);
  }

  double inside(double time) const {
    return (weights_.array() * (-rates_.array() * time).exp()).sum();
  }

 private:
  static constexpr Eigen::Index functions = 80, degrees = 2 * functions + 2;  // degrees 0, 1, ...

  // All in coordinates P_0, P_1, ...: a column P_(2i) - P_(2i+2).
  static Eigen::MatrixXd wall_functions() {
    Eigen::MatrixXd basis = Eigen::MatrixXd::Zero(degrees, functions);
    for (Eigen::Index i = 0; i < functions; ++i) {
      basis(2 * i, i) = 1;
      basis(2 * i + 2, i) = -1;
    }
    return basis;
  }
  // x P_k = ((k + 1) P_(k+1) + k P_(k-1)) / (2 k + 1).
  static Eigen::MatrixXd times_x() {
    Eigen::MatrixXd by_x = Eigen::MatrixXd::Zero(degrees, degrees);
    for (Eigen::Index k = 0; k < degrees; ++k) {
      if (k + 1 < degrees) by_x(k + 1, k) = double(k + 1) / double(2 * k + 1);
      if (k > 0) by_x(k - 1, k) = double(k) / double(2 * k + 1);
    }
    return by_x;
  }
  // Integrals of P_k^2 over [-1, 1].
  static Eigen::VectorXd legendre_squares() {
    Eigen::VectorXd squares(degrees);
    for (Eigen::Index k = 0; k < degrees; ++k) squares[k] = 2 / double(2 * k + 1);
    return squares;
  }
  // Integrals of P_k(x) exp(-c^2 x^2 / 4) over [-1, 1], even k.
  static Eigen::VectorXd bell_shares(double c) {
    using rule = boost::math::quadrature::gauss<double, 30>;
    constexpr int panels = 16;
    Eigen::VectorXd shares = Eigen::VectorXd::Zero(degrees), values(degrees);
    const auto add = [&](double x, double weight) {
      values[0] = 1;
      values[1] = x;
      for (Eigen::Index k = 1; k + 1 < degrees; ++k)
        values[k + 1] =
            (double(2 * k + 1) * x * values[k] - double(k) * values[k - 1]) / double(k + 1);
      shares += 2 * weight * std::exp(-c * c * x * x / 4) * values;
    };
    for (int p = 0; p < panels; ++p)
      for (std::size_t i = 0; i < rule::abscissa().size(); ++i)
        for (const double side : {-1.0, 1.0})
          add((p + 0.5 + side * rule::abscissa()[i] / 2) / panels, rule::weights()[i] / 2 / panels);
    return shares;
  }

  Eigen::VectorXd rates_, weights_;
};

HER2MOD_INLINE double weighted_bridge_inside(double a, double b, double c) {
  if (a == b) return 1 - 2 * normal_upper(c);
  return weighted_bridge(c).inside(std::log(b * (1 - a) / (a * (1 - b))) / 2);
}

}  // namespace her2mod
