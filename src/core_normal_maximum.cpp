// The tails of maxima of normal variables and of quadratic forms, compiled once. No R here: the C++ tests compile it, too.

#include <her2mod/math/form_maximum_code.hpp>
#include <her2mod/math/normal_maximum_code.hpp>
