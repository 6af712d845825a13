#pragma once

// Several quadratic forms of one normal vector Z = (Z_1, ..., Z_m) with mean 0, as MaxCombo of three
// groups or more has them: Q_w = Z_w' V_w^- Z_w, V_w the covariance of Z_w, is chi-squared with
// r_w = rank V_w degrees of freedom. The probability that the smallest of their p-values is at most
// a, which is P(max Q_w >= q) where all r_w are the same. Tarone RE (1981, Biometrics 37:79) and
// Lee SH (2007, Comput Stat Data Anal 51:6557) took such maxima of two groups' tests; Karrison TG
// (2016, doi:10.1177/1536867X1601600308) has the covariance between weights.
//
// Let Z = L X, X standard normal in as many dimensions d as Z has, and L_w the rows of Z_w. Then
//   Q_w = |P_w X|^2,   P_w = L_w' V_w^- L_w,
// and P_w is an orthogonal projection, of rank r_w, since L_w L_w' = V_w. With X = s u, u on the
// unit sphere and s^2 independently chi-squared, and q_w with P(chi2_(r_w) > q_w) = a,
//   p = E_u[max_w h_w(u)],   h_w(u) = P(chi2_d > q_w / |P_w u|^2),   E_u[h_w(u)] = a.
// Small p come from the few u near the P_w's ranges. So u is not drawn evenly but as it is given
// that Q_w >= q_w, from each w in turn, which has the density h_w / a (the importance sampler of a
// union of rare events; Owen AB, Maximov Y, Chertkov M, arXiv:1710.06965):
//   p = a sum_w E[max_v h_v(u) / sum_v h_v(u) | Q_w >= q_w].
// The means are of continuous functions between 1 / m and 1, so p keeps its digits however small.
// X given that Q_w >= q_w is a standard normal X with its part Y = P_w X stretched to the length s,
// P(chi2_(r_w) > s^2) = a P(chi2_(r_w) > |Y|^2); and what is across may take either sign.

#include <cstddef>
#include <vector>

#include <her2mod/base/compiled.hpp>
#include <her2mod/math/normal_maximum.hpp>

namespace her2mod {

// P(min_w p_w <= a) of the p-values p_w of the `parts` forms; `covariance` of Z row by row, all Z_w
// of one length. A part without variance has no say. The error: of rounding where one form is left,
// that of normal_maximum_tail() where all r_w are 1, and otherwise that of shifted_sequence.hpp, with
// a target of 1e-3 of p, and at least 1e-6 of p, as directions may be rarer than the nodes. Below
// 1e-290 p is the sum of the forms' p-values, and so is the error. Not a number without variance
// anywhere.
HER2MOD_INLINE tail_probability form_maximum_tail(const std::vector<double>& covariance,
                                                  std::size_t parts, double a);

}  // namespace her2mod

#ifndef HER2MOD_COMPILED
#include <her2mod/math/form_maximum_code.hpp>
#endif
