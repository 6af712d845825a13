#pragma once

// Fisher-Yates, in place: each of the n! orders is equally likely.

#include <cstddef>
#include <utility>

#include <her2mod/base/span.hpp>
#include <her2mod/rng/bounded.hpp>

namespace her2mod {

template <class Generator, class T>
void shuffle(Generator& generator, span<T> values) noexcept {
  for (std::size_t left = values.size(); left > 1; --left)
    std::swap(values[left - 1], values[static_cast<std::size_t>(draw_below(generator, left))]);
}

}  // namespace her2mod
