#pragma once

// The whole core. C++17, no R; needs the headers of Boost.Math, of Eigen with its unsupported FFT, and
// of CRAN package sitmo.

#include <her2mod/base/heartbeat.hpp>
#include <her2mod/dose/profile.hpp>
#include <her2mod/exact/conditional_odds.hpp>
#include <her2mod/exact/fisher.hpp>
#include <her2mod/exact/ideal_bootstrap.hpp>
#include <her2mod/exact/ideal_studentized.hpp>
#include <her2mod/exact/linear_null.hpp>
#include <her2mod/exact/mean_bootstrap.hpp>
#include <her2mod/exact/order_statistic.hpp>
#include <her2mod/exact/relabelling_interval.hpp>
#include <her2mod/exact/score_exact.hpp>
#include <her2mod/exact/score_interval.hpp>
#include <her2mod/exact/unconditional.hpp>
#include <her2mod/infer/bootstrap_interval.hpp>
#include <her2mod/infer/bootstrap_p.hpp>
#include <her2mod/infer/interval_error.hpp>
#include <her2mod/infer/monte_carlo.hpp>
#include <her2mod/infer/multiplicity.hpp>
#include <her2mod/infer/proportion.hpp>
#include <her2mod/infer/sequential.hpp>
#include <her2mod/infer/survival_band.hpp>
#include <her2mod/infer/two_proportions.hpp>
#include <her2mod/math/form_maximum.hpp>
#include <her2mod/math/logistic_model.hpp>
#include <her2mod/math/normal_maximum.hpp>
#include <her2mod/resample/bootstrap.hpp>
#include <her2mod/resample/engine.hpp>
#include <her2mod/resample/enumeration.hpp>
#include <her2mod/resample/imputation.hpp>
#include <her2mod/resample/jackknife.hpp>
#include <her2mod/resample/jackknife_error.hpp>
#include <her2mod/resample/permutation.hpp>
#include <her2mod/resample/shared_permutation.hpp>
#include <her2mod/stat/registry.hpp>
#include <her2mod/surv/cox_model.hpp>
#include <her2mod/surv/cox_replicate.hpp>
#include <her2mod/surv/cumulative_incidence.hpp>
#include <her2mod/surv/gray.hpp>
#include <her2mod/surv/tied_times.hpp>
