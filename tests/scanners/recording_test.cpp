#include "scanners/recording.h"

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <csignal>

#include "tests/scanners/recording_files.h"

namespace fit::test {

using ::testing::HasSubstr;

namespace {

CameraInfo some_camera() {
  CameraInfo info;
  info.format = "test camera";
  info.device = "test camera 7";
  info.depth = {16, 12, 20, 21, 7.5, 5.5};
  info.color = Intrinsics{8, 6, 10, 10, 3.5, 2.5};
  info.color_from_depth.translation() = Eigen::Vector3d(15, 0, 1);
  info.frames_per_s = 30;
  return info;
}

Frame some_frame(int index) {
  Frame frame;
  frame.time_s = index / 30.0;
  frame.depth.intrinsics = some_camera().depth;
  frame.depth.mm_per_count = 0.1;
  frame.depth.counts = ramp(16, 12, 100 * index);
  frame.depth.counts[5] = 65535;
  frame.color.intrinsics = *some_camera().color;
  frame.color.time_s = frame.time_s + 0.01;
  frame.color.rgb = colors(8, 6);
  if (index % 2) {
    frame.world_from_camera = Eigen::Isometry3d::Identity();
    frame.world_from_camera->translation() = Eigen::Vector3d(index, 2, 3);
  }
  return frame;
}

void expect_same(const Frame& a, const Frame& b) {
  EXPECT_EQ(a.time_s, b.time_s);
  EXPECT_EQ(a.depth.intrinsics, b.depth.intrinsics);
  EXPECT_EQ(a.depth.mm_per_count, b.depth.mm_per_count);
  EXPECT_EQ(a.depth.counts, b.depth.counts);
  EXPECT_EQ(a.color.rgb, b.color.rgb);
  EXPECT_EQ(a.color.time_s, b.color.time_s);
  ASSERT_EQ(a.world_from_camera.has_value(), b.world_from_camera.has_value());
  if (a.world_from_camera) EXPECT_EQ(a.world_from_camera->matrix(), b.world_from_camera->matrix());
}

/// A finished recording and the file's size after each frame.
std::vector<std::uint64_t> write_recording(const fs::path& path, int frames) {
  std::vector<std::uint64_t> ends;
  RecordingWriter writer(path, some_camera());
  for (int i = 0; i < frames; ++i) {
    writer.write(some_frame(i));
    ends.push_back(writer.size_bytes());
  }
  writer.finish();
  return ends;
}

}  // namespace

TEST(Recording, GivesBackEveryBit) {
  Folder folder;
  write_recording(folder.path() / "r.fitrec", 4);
  const auto camera = open_recording(folder.path() / "r.fitrec");
  EXPECT_EQ(camera->info().device, "test camera 7");
  EXPECT_EQ(camera->info().depth, some_camera().depth);
  EXPECT_EQ(camera->info().color, some_camera().color);
  EXPECT_EQ(camera->info().color_from_depth.matrix(), some_camera().color_from_depth.matrix());
  EXPECT_EQ(camera->info().frames, 4u);
  const auto frames = frames_of(*camera);
  ASSERT_EQ(frames.size(), 4u);
  for (int i = 0; i < 4; ++i) expect_same(frames[static_cast<std::size_t>(i)], some_frame(i));
  EXPECT_TRUE(camera->findings().empty());
}

TEST(Recording, CutAtAnyByteKeepsAllFramesBefore) {
  Folder folder;
  const auto ends = write_recording(folder.path() / "whole.fitrec", 3);
  const std::string whole = slurp(folder.path() / "whole.fitrec");
  for (std::uint64_t size = ends[1]; size < ends[2]; ++size) {
    write(folder.path() / "cut.fitrec", whole.substr(0, size));
    const auto camera = open_recording(folder.path() / "cut.fitrec");
    const auto frames = frames_of(*camera);
    ASSERT_EQ(frames.size(), 2u) << size;
    ASSERT_EQ(frames[1].depth.counts, some_frame(1).depth.counts);
    ASSERT_EQ(camera->findings().back().code, "recording_cut_short");
  }
}

TEST(Recording, ADamagedByteCostsOneFrameAlone) {
  Folder folder;
  const auto ends = write_recording(folder.path() / "whole.fitrec", 3);
  const std::string whole = slurp(folder.path() / "whole.fitrec");
  for (std::uint64_t at = ends[0]; at < ends[1]; ++at) {
    std::string bytes = whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x5a);
    write(folder.path() / "bad.fitrec", bytes);
    const auto camera = open_recording(folder.path() / "bad.fitrec");
    const auto frames = frames_of(*camera);
    ASSERT_EQ(frames.size(), 2u) << at;
    ASSERT_EQ(frames[0].depth.counts, some_frame(0).depth.counts);
    ASSERT_EQ(frames[1].depth.counts, some_frame(2).depth.counts);
  }
}

TEST(Recording, OfAKilledProgramKeepsEveryFrameThatWasWritten) {
  Folder folder;
  const fs::path path = folder.path() / "killed.fitrec";
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    RecordingWriter writer(path, some_camera());
    for (int i = 0;; ++i) {
      writer.write(some_frame(i % 5));
      if (::write(pipe_ends[1], "x", 1) != 1) ::_exit(1);
    }
  }
  char written = 0;
  std::size_t frames = 0;
  while (frames < 20 && ::read(pipe_ends[0], &written, 1) == 1) ++frames;
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_GE(frames_of(*open_recording(path)).size(), frames);
}

TEST(Recording, IsNeverWrittenOver) {
  Folder folder;
  write(folder.path() / "r.fitrec", "something");
  EXPECT_THROW(RecordingWriter(folder.path() / "r.fitrec", some_camera()), Error);
  EXPECT_EQ(slurp(folder.path() / "r.fitrec"), "something");
}

TEST(Recording, RefusesAFrameWhosePixelsDoNotFit) {
  Folder folder;
  RecordingWriter writer(folder.path() / "r.fitrec", some_camera());
  Frame frame = some_frame(0);
  frame.depth.counts.pop_back();
  EXPECT_THROW(writer.write(frame), Error);
}

TEST(Recording, SaysWhenTheDiskIsFull) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
  EXPECT_THROW(RecordingWriter("/dev/full/x", some_camera()), Error);
}

TEST(Recording, RefusesOneWithoutItsCamera) {
  Folder folder;
  write(folder.path() / "r.fitrec", "FITREC1\n");
  EXPECT_THAT(refusal(folder.path() / "r.fitrec"), HasSubstr("which camera"));
}

TEST(Recording, SurvivesDamage) {
  Folder folder;
  write_recording(folder.path() / "r.fitrec", 3);
  survive_damage(folder.path() / "r.fitrec", folder.path() / "r.fitrec", 1000);
}

}  // namespace fit::test
