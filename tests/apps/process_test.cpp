#include "apps/slicing/process.h"

#include <gmock/gmock.h>

#include <chrono>

#include "libfit/error.h"

namespace fit {
namespace {

using ::testing::HasSubstr;

TEST(Process, GivesExitCodeAndBothOutputs) {
  const ProcessResult result = run_process({"sh", "-c", "echo out; echo err >&2; exit 7"}, 20);
  EXPECT_EQ(result.exit_code, 7);
  EXPECT_THAT(result.output, HasSubstr("out\n"));
  EXPECT_THAT(result.output, HasSubstr("err\n"));
}

TEST(Process, HasNoInputToWaitFor) { EXPECT_EQ(run_process({"cat"}, 20).exit_code, 0); }

TEST(Process, KeepsTheEndOfALongOutput) {
  const ProcessResult result = run_process({"sh", "-c", "yes | head -c 1000000; echo last"}, 20);
  EXPECT_LE(result.output.size(), 64u * 1024);
  EXPECT_TRUE(result.output.ends_with("last\n"));
}

TEST(Process, SaysTheSignalThatKilledAProgram) {
  EXPECT_EQ(run_process({"sh", "-c", "kill -9 $$"}, 20).exit_code, 128 + 9);
}

TEST(Process, RefusesAProgramThatIsNotThere) {
  try {
    run_process({"no-such-program-of-anybody"}, 20);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
    EXPECT_THAT(error.what(), HasSubstr("no-such-program-of-anybody"));
  }
}

TEST(Process, StopsAProgramThatTakesTooLong) {
  try {
    run_process({"sh", "-c", "sleep 60"}, 0.2);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::no_solution);
  }
}

TEST(Process, StopsAProgramThatClosedItsOutput) {
  EXPECT_THROW(run_process({"sh", "-c", "exec >&- 2>&-; sleep 60"}, 0.2), Error);
}

TEST(Process, StopsWhenAsked) {
  int reports = 0;
  EXPECT_THROW(
      run_process({"sh", "-c", "sleep 60"}, 60, Progress([&](double, std::string_view) { return ++reports < 3; })),
      Cancelled);
}

}  // namespace
}  // namespace fit
