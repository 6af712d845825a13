#pragma once

// The root of a continuous function in a bracket: Boost's TOMS 748
// (Alefeld, Potra, Shi 1995, doi:10.1145/210089.210111).

#include <her2mod/base/compiled.hpp>

namespace her2mod {

// A function of a number, whatever its type: which one, and how to call it. It refers to it only.
struct number_function {
  const void* which;
  double (*call)(const void*, double);
  double operator()(double x) const { return call(which, x); }
};

HER2MOD_INLINE double find_root_of(number_function f, double low, double high);

// f(low) and f(high) have opposite signs (or one is 0). To about 1e-14 of the bracket's scale.
template <class F>
double find_root(const F& f, double low, double high) {
  const auto call = [](const void* which, double x) -> double { return (*static_cast<const F*>(which))(x); };
  return find_root_of({&f, call}, low, high);
}

}  // namespace her2mod

#ifndef HER2MOD_COMPILED
#include <her2mod/math/roots_code.hpp>
#endif
