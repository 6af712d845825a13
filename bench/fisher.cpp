// Time of Fisher's test in the core: microseconds a table, the median of five runs.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include <her2mod/exact/fisher.hpp>

int main() {
  using clock = std::chrono::steady_clock;
  constexpr int tables = 200000;
  std::vector<double> runs;
  double sink = 0;
  her2mod::mass_window scratch;
  for (int run = 0; run < 5; ++run) {
    const auto start = clock::now();
    for (int i = 0; i < tables; ++i)
      sink += her2mod::fisher_test({211, 458, 19.0 + i % 30, 117}, scratch).minimum_likelihood;
    runs.push_back(std::chrono::duration<double, std::micro>(clock::now() - start).count() / tables);
  }
  std::sort(runs.begin(), runs.end());
  std::printf("%.4f\n", sink > 0 ? runs[2] : 0.0);
}
