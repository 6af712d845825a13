#pragma once

// The executor of an R session. Workers never touch R; the main thread asks R every 20 ms, through
// RcppThread's monitor, whether the user wants to stop. RcppThread's own pool is not used: its
// wait() takes note of an interrupt without telling the tasks that are running.

#include "interruptible.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include <her2mod/base/error.hpp>
#include <her2mod/resample/executor.hpp>

namespace her2mod {
namespace r {

class session_executor final : public executor {
 public:
  explicit session_executor(std::size_t threads) : threads_(threads < 1 ? 1 : threads) {}

  std::size_t width() const noexcept override { return threads_; }

  void run(const std::function<void(std::size_t)>& work) override {
    if (threads_ == 1) return work(0);
    running_ = threads_;
    stop_ = false;
    error_ = nullptr;
    std::vector<std::thread> workers;
    workers.reserve(threads_);
    try {
      for (std::size_t i = 0; i < threads_; ++i) workers.emplace_back([&, i] { run_one(work, i); });
    } catch (const std::system_error&) {
      // The system has no more threads to give: those that started do all of the work.
      const std::lock_guard<std::mutex> lock(mutex_);
      running_ -= threads_ - workers.size();
    }
    if (workers.empty()) throw numeric_error("No thread could be started.");
    wait_and_watch();
    for (std::thread& worker : workers) worker.join();
    RcppThread::checkUserInterrupt();  // throws if the watch saw an interrupt
    if (error_) std::rethrow_exception(error_);
  }

  void checkpoint(std::size_t) override {
    if (threads_ == 1)
      RcppThread::checkUserInterrupt();
    else if (stop_)
      throw stopped{};
  }

 private:
  struct stopped {};

  void run_one(const std::function<void(std::size_t)>& work, std::size_t worker) {
    try {
      work(worker);
    } catch (const stopped&) {
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!error_) error_ = std::current_exception();
      stop_ = true;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    --running_;
    finished_.notify_one();
  }

  void wait_and_watch() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (running_ > 0) {
      finished_.wait_for(lock, std::chrono::milliseconds(20));
      lock.unlock();
      if (RcppThread::isInterrupted()) stop_ = true;
      lock.lock();
    }
  }

  std::size_t threads_;
  std::size_t running_ = 0;
  std::atomic<bool> stop_{false};
  std::exception_ptr error_;
  std::mutex mutex_;
  std::condition_variable finished_;
};

}  // namespace r
}  // namespace her2mod
