#pragma once

#include <algorithm>
#include <cstddef>

#include "libfit/parallel.h"
#include "libfit/progress.h"

namespace fit::detail {

/// Calls `work(i)` for every i below `count` on all threads, `grain` in a row, and reports in between. What `work`
/// writes must depend on i alone.
template <class Work>
void reported_for(std::size_t count, std::size_t grain, const Progress& progress, Work&& work) {
  constexpr std::size_t kReports = 16;
  const std::size_t share = std::max<std::size_t>((count + kReports - 1) / kReports, grain);
  for (std::size_t begin = 0; begin < count; begin += share) {
    progress(static_cast<double>(begin) / static_cast<double>(count));
    parallel_for(std::min(share, count - begin), grain, [&](std::size_t from, std::size_t to) {
      for (std::size_t i = from; i < to; ++i) work(begin + i);
    });
  }
  progress(1.0);
}

}  // namespace fit::detail
