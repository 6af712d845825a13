#pragma once

// The executor of an R session: RcppThread's pool, which asks R on the main thread whether the
// user wants to stop. Workers never touch R.

#include <RcppThread.h>

#include <her2mod/resample/executor.hpp>

namespace her2mod {
namespace r {

class session_executor final : public executor {
 public:
  explicit session_executor(std::size_t threads) : threads_(threads < 1 ? 1 : threads) {}

  std::size_t width() const noexcept override { return threads_; }

  void run(const std::function<void(std::size_t)>& work) override {
    if (threads_ == 1) return work(0);
    RcppThread::ThreadPool pool(threads_);
    for (std::size_t worker = 0; worker < threads_; ++worker) pool.push(work, worker);
    pool.wait();
    pool.join();
  }

  void checkpoint(std::size_t) override { RcppThread::checkUserInterrupt(); }

 private:
  std::size_t threads_;
};

// Runs `body`; an interrupt seen by the executor becomes R's own interrupt.
template <class Body>
auto interruptible(const Body& body) {
  try {
    return body();
  } catch (const RcppThread::UserInterruptException&) {
    throw Rcpp::internal::InterruptedException();
  }
}

}  // namespace r
}  // namespace her2mod
