#pragma once

// Ctrl-C while the core computes: R's own interrupt, by way of a C++ exception, since R's jump would
// skip destructors.

#include "convert.h"

#include <RcppThread.h>

#include <her2mod/base/heartbeat.hpp>

namespace her2mod {
namespace r {

// Runs `body`, whose heartbeats look for an interrupt; one seen by them or by the executor becomes
// R's own.
template <class Body>
auto interruptible(const Body& body) {
  try {
    const heartbeat_hook watch([] { RcppThread::checkUserInterrupt(); });
    return body();
  } catch (const RcppThread::UserInterruptException&) {
    throw Rcpp::internal::InterruptedException();
  }
}

}  // namespace r
}  // namespace her2mod
