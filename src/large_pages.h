#pragma once

// Fresh memory of several megabytes, in large pages where the system has them on request (Linux): to
// touch it first page by page can take longer than to compute the replicates that it is for.

#include <cstddef>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#endif

namespace her2mod {
namespace r {

#if defined(__linux__) && defined(MADV_HUGEPAGE)
inline void ask_for_large_pages(void* memory, std::size_t bytes) noexcept {
  constexpr std::size_t several = std::size_t{1} << 21;
  const long page = sysconf(_SC_PAGESIZE);
  if (bytes < several || page <= 0) return;
  // Whole pages; the first and the last are shared with others, whom it does no harm. It is advice: if
  // it is not taken, nothing is lost.
  const auto size = static_cast<std::uintptr_t>(page);
  const std::uintptr_t begin = reinterpret_cast<std::uintptr_t>(memory) / size * size;
  const std::uintptr_t end = (reinterpret_cast<std::uintptr_t>(memory) + bytes + size - 1) / size * size;
  madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}
#else
inline void ask_for_large_pages(void*, std::size_t) noexcept {}
#endif

}  // namespace r
}  // namespace her2mod
