#pragma once

// A way out of long computations. Their loops call heartbeat(work), and a host that wants to look
// around meanwhile (for an interrupt, say) sets a hook: it is called after about every 5 ms of work,
// and stops the computation by throwing. `work` is about the nanoseconds since the last heartbeat.
//
// A hook is the thread's own, so that workers have none. Without one nothing happens.

#include <cstddef>
#include <functional>
#include <utility>

namespace her2mod {

class heartbeat_hook {
 public:
  static constexpr std::size_t usual_work = 5000000;

  // Until it goes, or another one is set while that one lives.
  explicit heartbeat_hook(std::function<void()> hook, std::size_t after = usual_work)
      : hook_(std::move(hook)), after_(after), outer_(current()) {
    current() = this;
  }
  ~heartbeat_hook() { current() = outer_; }
  heartbeat_hook(const heartbeat_hook&) = delete;
  heartbeat_hook& operator=(const heartbeat_hook&) = delete;

  void beat(std::size_t work) {
    done_ += work;
    if (done_ < after_) return;
    done_ = 0;
    hook_();
  }

  static heartbeat_hook*& current() noexcept {
    thread_local heartbeat_hook* hook = nullptr;
    return hook;
  }

 private:
  std::function<void()> hook_;
  std::size_t after_, done_ = 0;
  heartbeat_hook* outer_;
};

// Not to be called where nothing may be thrown.
inline void heartbeat(std::size_t work) {
  if (heartbeat_hook* const hook = heartbeat_hook::current()) hook->beat(work);
}

// In a loop of steps that are short beside a heartbeat: every 1024th of them, from the first on.
inline void heartbeat_at(std::size_t step, std::size_t work_of_one) {
  if (step % 1024 == 0) heartbeat(1024 * work_of_one);
}

}  // namespace her2mod
