#pragma once

// A column of a cohort: values that nobody changes, its own or kept by somebody else (an R
// session). Copies share them, so 10^6 rows are held once; and where all rows have one value, it is
// listed for every row only when somebody asks where the values lie.

#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <her2mod/base/span.hpp>

namespace her2mod {

template <class T>
class column {
 public:
  column() = default;
  explicit column(std::vector<T> values)
      : column(std::make_shared<const std::vector<T>>(std::move(values))) {}
  // Values that are there for as long as `keeper` is.
  column(span<const T> values, std::shared_ptr<const void> keeper)
      : data_(values.data()), size_(values.size()), keeper_(std::move(keeper)) {}
  static column constant(std::size_t size, T value) {
    column all;
    all.size_ = size;
    all.value_ = value;
    all.listed_ = std::make_shared<listed>();
    return all;
  }

  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  bool is_constant() const noexcept { return listed_ != nullptr; }
  T operator[](std::size_t i) const noexcept { return data_ ? data_[i] : value_; }

  const T* data() const {
    if (!listed_) return data_;
    std::call_once(listed_->once, [this] { listed_->values.assign(size_, value_); });
    return listed_->values.data();
  }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }
  operator span<const T>() const { return {data(), size_}; }
  operator std::vector<T>() const {
    return listed_ ? std::vector<T>(size_, value_) : std::vector<T>(begin(), end());
  }

  friend bool operator==(const column& a, span<const T> b) noexcept {
    bool same = a.size() == b.size();
    for (std::size_t i = 0; same && i < b.size(); ++i) same = a[i] == b[i];
    return same;
  }
  friend bool operator==(span<const T> a, const column& b) noexcept { return b == a; }

 private:
  struct listed {
    std::once_flag once;
    std::vector<T> values;
  };

  explicit column(std::shared_ptr<const std::vector<T>> values) : column(*values, values) {}

  const T* data_ = nullptr;
  std::size_t size_ = 0;
  std::shared_ptr<const void> keeper_;
  T value_{};                       // of all rows, where there is no `data_`
  std::shared_ptr<listed> listed_;
};

}  // namespace her2mod
