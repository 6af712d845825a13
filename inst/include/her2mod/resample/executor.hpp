#pragma once

// The seam between the engine and its host. The engine asks for its work loop to be run by a number
// of workers at once; who the workers are (threads that R may interrupt, std::thread, nobody) is
// the caller's business.

#include <cstddef>
#include <functional>

namespace her2mod {

class executor {
 public:
  virtual ~executor() = default;

  // How many workers run() uses.
  virtual std::size_t width() const noexcept = 0;

  // Calls work(0), ..., work(width() - 1), at once or in turn; returns when all have returned and
  // rethrows what one of them threw.
  virtual void run(const std::function<void(std::size_t)>& work) = 0;

  // Called by each worker between pieces of work, with the replicates it has finished since its
  // last call; throws to stop the run.
  virtual void checkpoint(std::size_t finished) = 0;
};

// The caller's own thread.
class serial_executor final : public executor {
 public:
  std::size_t width() const noexcept override { return 1; }
  void run(const std::function<void(std::size_t)>& work) override { work(0); }
  void checkpoint(std::size_t) override {}
};

}  // namespace her2mod
