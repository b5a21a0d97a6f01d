#pragma once

#include <cstddef>
#include <functional>

namespace fit {

/// Sets how many threads the functions below may use. Called once, in main; all cores without it.
/// Throws Error::bad_params outside 1 to 256.
void set_threads(int threads);

/// Calls `work(begin, end)` for consecutive pieces of 0 .. count of about `grain` items, on all threads.
/// The pieces depend on `count` and `grain` alone, never on the number of threads. What `work` writes must depend
/// on the item alone. An exception out of `work` comes out here.
void parallel_for(std::size_t count, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& work);

/// Adds up `work(begin, end)` over the same pieces, always in the same order: the same bits on any number of threads.
double parallel_sum(std::size_t count, std::size_t grain, const std::function<double(std::size_t, std::size_t)>& work);

/// Calls `main` and, beside it where there is more than one thread, `aside`. `main` runs on the calling thread without
/// a pause, so it may report progress; `aside` may not. After both ended an exception comes out here, that of `main`
/// first.
void parallel_both(const std::function<void()>& main, const std::function<void()>& aside);

}  // namespace fit
