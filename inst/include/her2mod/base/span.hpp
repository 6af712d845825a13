#pragma once

// A view of contiguous values owned by somebody else (std::span is C++20).

#include <cstddef>
#include <type_traits>
#include <vector>

namespace her2mod {

template <class T>
class span {
 public:
  constexpr span() noexcept = default;
  constexpr span(T* data, std::size_t size) noexcept : data_(data), size_(size) {}

  template <class U, class = std::enable_if_t<std::is_same_v<std::remove_const_t<T>, U>>>
  span(std::vector<U>& v) noexcept : data_(v.data()), size_(v.size()) {}

  template <class U,
            class = std::enable_if_t<std::is_const_v<T> && std::is_same_v<std::remove_const_t<T>, U>>>
  span(const std::vector<U>& v) noexcept : data_(v.data()), size_(v.size()) {}

  // A writable view is also a readable one.
  template <class U, class = std::enable_if_t<std::is_const_v<T> && std::is_same_v<std::remove_const_t<T>, U>>,
            class = void>
  constexpr span(const span<U>& other) noexcept : data_(other.data()), size_(other.size()) {}

  constexpr T* data() const noexcept { return data_; }
  constexpr std::size_t size() const noexcept { return size_; }
  constexpr bool empty() const noexcept { return size_ == 0; }
  constexpr T& operator[](std::size_t i) const noexcept { return data_[i]; }
  constexpr T* begin() const noexcept { return data_; }
  constexpr T* end() const noexcept { return data_ + size_; }
  constexpr span subspan(std::size_t first, std::size_t count) const noexcept {
    return span(data_ + first, count);
  }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace her2mod
