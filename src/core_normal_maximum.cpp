// The tail of a normal maximum, compiled once. No R here: the C++ tests compile it, too.

#include <her2mod/math/normal_maximum_code.hpp>
