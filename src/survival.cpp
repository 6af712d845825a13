// Times and curves of survival data.

#include "convert.h"

#include <her2mod/surv/tied_times.hpp>

namespace {

using namespace her2mod;

}  // namespace

// The values of `time` with ties by survival's rule; those of `also` (entry times) count as well.
// Where no two different times are tied, the vectors themselves.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_tied_times(Rcpp::NumericVector time, Rcpp::NumericVector also) {
  std::vector<double> all(time.begin(), time.end());
  all.insert(all.end(), also.begin(), also.end());
  const time_grid grid = grid_of_times(std::move(all));
  if (grid.tied) {
    time = Rcpp::clone(time);
    also = Rcpp::clone(also);
    for (double& t : time) t = grid.snapped(t);
    for (double& t : also) t = grid.snapped(t);
  }
  return Rcpp::List::create(Rcpp::Named("time") = time, Rcpp::Named("also") = also);
}
