// The floor of a bootstrap replicate: the time to open its stream and to draw its indices, and
// nothing else. Arguments: the sizes of the two groups, replicates. Prints seconds a replicate.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <her2mod/rng/bounded.hpp>
#include <her2mod/rng/streams.hpp>

int main(int count, char** argument) {
  if (count != 4) return 1;
  const std::uint64_t n0 = std::strtoull(argument[1], nullptr, 10);
  const std::uint64_t n1 = std::strtoull(argument[2], nullptr, 10);
  const auto replicates = static_cast<std::uint64_t>(std::strtod(argument[3], nullptr));
  const her2mod::bounded_batch<std::uint64_t> batch0(n0), batch1(n1);
  her2mod::streams streams(1, her2mod::purpose::bootstrap);
  std::uint64_t sink = 0;  // so that no draw can be left out
  const auto use = [&sink](std::uint64_t index) { sink += index; };

  using clock = std::chrono::steady_clock;
  const auto start = clock::now();
  for (std::uint64_t replicate = 0; replicate < replicates; ++replicate) {
    auto generator = streams.open(replicate);
    her2mod::draw_indices(generator, batch0, n0, use);
    her2mod::draw_indices(generator, batch1, n1, use);
  }
  const double seconds = std::chrono::duration<double>(clock::now() - start).count();
  std::printf("%.6e\n", sink > 0 ? seconds / static_cast<double>(replicates) : 0.0);
}
