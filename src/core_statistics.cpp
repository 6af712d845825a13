// All statistics, compiled once. No R here: the C++ tests compile it, too.

#include <her2mod/stat/registry.hpp>
