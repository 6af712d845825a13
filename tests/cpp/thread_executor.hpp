#pragma once

// An executor on std::thread, as a host other than R would write it.

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <stdexcept>
#include <thread>
#include <vector>

#include <her2mod/resample/executor.hpp>

// What a checkpoint throws to stop a run.
struct stopped : std::runtime_error {
  stopped() : std::runtime_error("stopped") {}
};

class thread_executor final : public her2mod::executor {
 public:
  // stop_after: the number of finished replicates from which checkpoints throw.
  explicit thread_executor(std::size_t width, std::size_t stop_after = static_cast<std::size_t>(-1))
      : width_(width), stop_after_(stop_after) {}

  std::size_t width() const noexcept override { return width_; }

  void run(const std::function<void(std::size_t)>& work) override {
    std::vector<std::exception_ptr> failures(width_);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < width_; ++i)
      threads.emplace_back([&, i] {
        try {
          work(i);
        } catch (...) {
          failures[i] = std::current_exception();
        }
      });
    for (std::thread& t : threads) t.join();
    for (const std::exception_ptr& failure : failures)
      if (failure) std::rethrow_exception(failure);
  }

  void checkpoint(std::size_t finished) override {
    if ((finished_ += finished) >= stop_after_) throw stopped();
  }

  std::size_t finished() const noexcept { return finished_; }

 private:
  std::size_t width_, stop_after_;
  std::atomic<std::size_t> finished_{0};
};
