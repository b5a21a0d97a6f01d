#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace fit::detail {

/// Allocates large arrays on pages of 2 MB where the system has them, and leaves numbers unset that nobody sets: the
/// first touch of 4 kB pages takes longer than reading a mesh into them (measured: 150 ms against 23 ms for 300,000
/// triangles on a virtual machine).
template <class T>
struct LargePages {
  using value_type = T;

  LargePages() = default;
  template <class U>
  LargePages(const LargePages<U>&) {}

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < worth_it) return std::allocator<T>().allocate(count);
    void* const memory = std::aligned_alloc(page, (bytes + page - 1) / page * page);
    if (!memory) throw std::bad_alloc();
    ::madvise(memory, bytes, MADV_HUGEPAGE);  // a wish; the system may not know it
    return static_cast<T*>(memory);
  }
  void deallocate(T* memory, std::size_t count) {
    if (count * sizeof(T) < worth_it)
      std::allocator<T>().deallocate(memory, count);
    else
      std::free(memory);
  }

  template <class U>
  void construct(U* at) {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Value>
  void construct(U* at, Value&&... value) {
    ::new (static_cast<void*>(at)) U(std::forward<Value>(value)...);
  }

  bool operator==(const LargePages&) const = default;

 private:
  static constexpr std::size_t page = std::size_t{2} << 20;
  static constexpr std::size_t worth_it = page / 2;
};

template <class T>
using LargeVector = std::vector<T, LargePages<T>>;

}  // namespace fit::detail
