#pragma once

// The core is headers only: included, and nothing else to be built. A program of many files can
// have what is slow to compile (Boost, Eigen, the statistics) compiled once instead. It defines
// HER2MOD_COMPILED for all its files; then x.hpp only declares what x_code.hpp defines, and one
// file of the program includes all x_code.hpp and stat/registry.hpp, as src/core_*.cpp do.

#ifdef HER2MOD_COMPILED
#define HER2MOD_INLINE
#else
#define HER2MOD_INLINE inline
#endif
