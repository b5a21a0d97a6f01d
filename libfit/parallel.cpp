#include "libfit/parallel.h"

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <vector>

#include "libfit/error.h"

namespace fit {

void set_threads(int threads) {
  if (threads < 1 || threads > 256) throw Error(ErrorKind::bad_params, "The number of threads must be 1 to 256.");
  static std::unique_ptr<tbb::global_control> control;
  control.reset();
  control = std::make_unique<tbb::global_control>(tbb::global_control::max_allowed_parallelism,
                                                  static_cast<std::size_t>(threads));
}

void parallel_for(std::size_t count, std::size_t grain, const std::function<void(std::size_t, std::size_t)>& work) {
  grain = std::max<std::size_t>(grain, 1);
  const std::size_t pieces = (count + grain - 1) / grain;
  if (pieces == 0) return;
  tbb::parallel_for(
      tbb::blocked_range<std::size_t>(0, pieces, 1),
      [&](const tbb::blocked_range<std::size_t>& range) {
        for (std::size_t piece = range.begin(); piece != range.end(); ++piece)
          work(piece * grain, std::min(count, (piece + 1) * grain));
      },
      tbb::simple_partitioner());
}

double parallel_sum(std::size_t count, std::size_t grain, const std::function<double(std::size_t, std::size_t)>& work) {
  grain = std::max<std::size_t>(grain, 1);
  std::vector<double> sums((count + grain - 1) / grain, 0.0);
  parallel_for(count, grain, [&](std::size_t begin, std::size_t end) { sums[begin / grain] = work(begin, end); });
  double total = 0.0;
  for (double sum : sums) total += sum;
  return total;
}

void parallel_both(const std::function<void()>& main, const std::function<void()>& aside) {
  std::exception_ptr failure_of_main, failure_of_aside;
  // Isolated, so that a wait inside `main` does not take up the whole of `aside` on this thread.
  const auto run = [](const std::function<void()>& work, std::exception_ptr& failure) {
    try {
      tbb::this_task_arena::isolate(work);
    } catch (...) {
      failure = std::current_exception();
    }
  };
  tbb::task_group group;
  group.run([&] { run(aside, failure_of_aside); });
  run(main, failure_of_main);
  group.wait();
  if (failure_of_main) std::rethrow_exception(failure_of_main);
  if (failure_of_aside) std::rethrow_exception(failure_of_aside);
}

}  // namespace fit
