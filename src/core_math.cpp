// What of the core needs Boost and Eigen, compiled once. No R here: the C++ tests compile it, too.

#include <her2mod/math/bridge_supremum_code.hpp>
#include <her2mod/math/fft_code.hpp>
#include <her2mod/math/gamma_ratio_code.hpp>
#include <her2mod/math/quadratic_form_code.hpp>
#include <her2mod/math/roots_code.hpp>
#include <her2mod/math/tails_code.hpp>
#include <her2mod/math/weighted_bridge_supremum_code.hpp>
