#pragma once

// A statistic by its name, without the code of all of them (registry.hpp).

#include <memory>
#include <string>
#include <vector>

#include <her2mod/base/compiled.hpp>
#include <her2mod/stat/statistic.hpp>

namespace her2mod {

// The numbers a constructor takes, in the order of the spec's `parameter`.
using parameter_list = std::vector<double>;

struct registry_entry {
  const char* name;
  const statistic_spec* spec;
  std::unique_ptr<statistic> (*make)(const cohort&, const parameter_list&);
};

HER2MOD_INLINE const std::vector<registry_entry>& registry();

HER2MOD_INLINE std::unique_ptr<statistic> prepare(const std::string& name, const cohort& data,
                                                  const parameter_list& given = {});

}  // namespace her2mod

#ifndef HER2MOD_COMPILED
#include <her2mod/stat/registry.hpp>
#endif
