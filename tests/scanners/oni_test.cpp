#include <gmock/gmock.h>

#include "scanners/detail/bytes.h"
#include "scanners/detail/oni_depth.h"
#include "tests/scanners/recording_files.h"

namespace fit::test {

using ::testing::HasSubstr;

namespace {

template <class T>
std::string little(T value) {
  std::string bytes;
  append_little(bytes, value);
  return bytes;
}

std::string text(const std::string& value) {
  return little(static_cast<std::uint32_t>(value.size() + 1)) + value + std::string(1, '\0');
}

std::string record(std::uint32_t type, std::uint32_t node, const std::string& fields, const std::string& payload = "") {
  return std::string("NIR\0", 4) + little(type) + little(node) +
         little(static_cast<std::uint32_t>(28 + fields.size())) + little(static_cast<std::uint32_t>(payload.size())) +
         little(std::uint64_t{0}) + fields + payload;
}

std::string property(std::uint32_t type, std::uint32_t node, const std::string& name, const std::string& value) {
  return record(type, node, text(name) + little(static_cast<std::uint32_t>(value.size())) + value);
}

std::string node(std::uint32_t id, std::uint32_t type, const std::string& name, const std::string& codec) {
  return record(0x0d, id, text(name) + little(type) + codec + little(2u) + std::string(24, '\0'));
}

std::string frame(std::uint32_t id, std::uint64_t time_us, std::uint32_t number, const std::string& data) {
  return record(0x0a, id, little(time_us) + little(number), data);
}

/// 8 x 6 depth as OpenNI's codec 16z packs it: the first value, then a large value each.
std::string packed(const std::vector<std::uint16_t>& counts) {
  std::string bytes = little(counts[0]);
  for (std::size_t i = 1; i < counts.size(); ++i) {
    bytes += '\xff';
    bytes += static_cast<char>(counts[i] >> 8);
    bytes += static_cast<char>(counts[i] & 255);
  }
  return bytes;
}

std::string oni(const std::string& more = "") {
  const std::string mode = little(8u) + little(6u) + little(30u);
  const std::string rgb(reinterpret_cast<const char*>(colors(8, 6).data()), 3 * 48);
  return "NI10" + std::string("\1\0\1\0\0\0\0\0", 8) + little(std::uint64_t{66000}) + little(2u) +
         node(1, 2, "Depth", "16zP") + property(6, 1, "xnMapOutputMode", mode) +
         property(6, 1, "xnFOV", little(1.0) + little(0.8)) + node(2, 3, "Image", "NONE") +
         property(6, 2, "xnMapOutputMode", mode) + more + record(0x09, 1, "") + frame(2, 1000, 1, rgb) +
         frame(1, 2000, 1, packed(ramp(8, 6))) + frame(2, 34000, 2, std::string(3 * 48, '\0')) +
         frame(1, 35000, 2, packed(ramp(8, 6, 900))) + record(0x0b, 0, "");
}

}  // namespace

TEST(Oni, TurnsAMirrorsImageBack) {
  Folder folder;
  write(folder.path() / "r.oni", oni(property(3, 1, "xnMirror", little(std::uint64_t{1}))));
  const auto frames = frames_of(*open_recording(folder.path() / "r.oni"));
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].depth.counts[0], ramp(8, 6)[7]);
  EXPECT_EQ(frames[0].color.rgb[0], colors(8, 6)[21]);
}

TEST(Oni, ReadsDepthAndColorOfBothStreams) {
  Folder folder;
  write(folder.path() / "r.oni", oni());
  const auto camera = open_recording(folder.path() / "r.oni");
  EXPECT_NEAR(camera->info().depth.fx_px, 4.0 / std::tan(0.5), 1e-9);
  EXPECT_TRUE(camera->info().focal_known);
  const auto frames = frames_of(*camera);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].depth.counts, ramp(8, 6));
  EXPECT_EQ(frames[1].depth.counts, ramp(8, 6, 900));
  EXPECT_EQ(frames[0].color.rgb, colors(8, 6));
  EXPECT_NEAR(frames[1].time_s - frames[0].time_s, 0.033, 1e-9);
  EXPECT_TRUE(camera->findings().empty());
}

TEST(Oni, UnpacksDifferencesRunsAndTables) {
  std::vector<std::uint16_t> counts(9);
  // 100; 6 - 4 = less 2 -> and less -1; a run of one pair; a medium difference of 20; a lone half byte.
  const std::string bytes = little(std::uint16_t{100}) + "\x85" + "\xe1" + "\xff\xd4" + std::string("\x7f\x01\x00", 3) +
                            std::string("\x6d", 1);
  unpack_oni_depth(bytes, false, counts);
  EXPECT_EQ(counts, (std::vector<std::uint16_t>{100, 98, 99, 99, 99, 79, 78, 256, 256}));
  std::vector<std::uint16_t> through_table(3);
  const std::string table = little(std::uint16_t{2}) + little(std::uint16_t{0}) + little(std::uint16_t{777});
  unpack_oni_depth(table + little(std::uint16_t{1}) + "\x76", true, through_table);
  EXPECT_EQ(through_table, (std::vector<std::uint16_t>{777, 0, 0}));
  EXPECT_THROW(unpack_oni_depth(table + little(std::uint16_t{2}) + "\x66", true, through_table), Error);
  EXPECT_THROW(unpack_oni_depth(little(std::uint16_t{1}), false, through_table), Error);
}

TEST(Oni, KeepsTheFramesBeforeACut) {
  Folder folder;
  const std::string whole = oni();
  write(folder.path() / "r.oni", whole.substr(0, whole.size() - 60));
  const auto camera = open_recording(folder.path() / "r.oni");
  EXPECT_EQ(frames_of(*camera).size(), 1u);
  ASSERT_FALSE(camera->findings().empty());
  EXPECT_EQ(camera->findings().back().code, "recording_cut_short");
}

TEST(Oni, RefusesOneWithoutDepth) {
  Folder folder;
  write(folder.path() / "r.oni", oni().substr(0, 24));
  EXPECT_THAT(refusal(folder.path() / "r.oni"), HasSubstr("no depth"));
}

TEST(Oni, SurvivesDamage) {
  Folder folder;
  write(folder.path() / "r.oni", oni());
  survive_damage(folder.path() / "r.oni", folder.path() / "r.oni", 1000);
}

TEST(Oni, ReadsWhatOpenNi2ItselfWrote) {
  const fs::path real = fs::path(FIT_SHARED_DATA) / "recordings" / "openni2_dummy.oni";
  if (!fs::exists(real)) GTEST_SKIP() << "the shared recordings are not there";
  const auto camera = open_recording(real);
  const auto frames = frames_of(*camera);
  ASSERT_EQ(frames.size(), 6u);
  EXPECT_EQ(frames[0].depth.intrinsics.width, 320);
  EXPECT_TRUE(camera->findings().empty());
}

}  // namespace fit::test
