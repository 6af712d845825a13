// The exact interval for the average effect of the labels on given patients.

#include "convert.h"
#include "interruptible.h"

#include <her2mod/exact/relabelling_interval.hpp>

// Lower and upper end, for group 1 minus group 0.
// [[Rcpp::export(rng = false)]]
std::vector<double> cpp_relabelling_interval(double x0, double n0, double x1, double n1,
                                             double level, const std::string& alternative) {
  const her2mod::interval ci = her2mod::r::interruptible([&] {
    return her2mod::relabelling_interval({x0, n0, x1, n1}, level, her2mod::r::to_alternative(alternative));
  });
  return {ci.low, ci.high};
}
