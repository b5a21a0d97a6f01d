#include "libfit/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "libfit/error.h"

namespace fit {
namespace {

TEST(ParallelBoth, RunsBothAndTheFirstOnTheCallingThread) {
  const std::thread::id here = std::this_thread::get_id();
  for (int round = 0; round < 100; ++round) {
    std::atomic<int> items = 0;
    bool aside_ran = false;
    parallel_both(
        [&] {
          EXPECT_EQ(std::this_thread::get_id(), here);
          parallel_for(100, 3, [&](std::size_t begin, std::size_t end) { items += static_cast<int>(end - begin); });
        },
        [&] {
          parallel_for(50, 1, [&](std::size_t begin, std::size_t end) { items += static_cast<int>(end - begin); });
          aside_ran = true;
        });
    EXPECT_EQ(items, 150);
    EXPECT_TRUE(aside_ran);
  }
}

TEST(ParallelBoth, HandsOutAnExceptionOfEitherAfterBothEnded) {
  const auto fails = [] { throw Error(ErrorKind::bad_input, "no"); };
  bool ended = false;
  EXPECT_THROW(parallel_both(fails, [&] { ended = true; }), Error);
  EXPECT_TRUE(ended);
  ended = false;
  EXPECT_THROW(parallel_both([&] { ended = true; }, fails), Error);
  EXPECT_TRUE(ended);
  EXPECT_THROW(parallel_both([] { throw Cancelled(); }, fails), Cancelled);
}

}  // namespace
}  // namespace fit
