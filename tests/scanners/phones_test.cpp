#include <gmock/gmock.h>
#include <zip.h>

#include "scanners/detail/bytes.h"
#include "scanners/detail/lzfse.h"
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

std::string raw_lzfse(const std::string& bytes) {
  return "bvx-" + little(static_cast<std::uint32_t>(bytes.size())) + bytes + "bvx$";
}

std::string lzvn(const std::string& payload, std::size_t raw) {
  return "bvxn" + little(static_cast<std::uint32_t>(raw)) + little(static_cast<std::uint32_t>(payload.size())) +
         payload + "bvx$";
}

std::string metres(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), 4 * values.size()};
}

void write_zip(const fs::path& path, const std::vector<std::pair<std::string, std::string>>& entries) {
  int reason = 0;
  zip_t* zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &reason);
  for (const auto& [name, bytes] : entries)
    zip_file_add(zip, name.c_str(), zip_source_buffer(zip, bytes.data(), bytes.size(), 0), ZIP_FL_OVERWRITE);
  ASSERT_EQ(zip_close(zip), 0);
}

const char* const r3d_metadata =
    R"({"w": 6, "h": 4, "dw": 3, "dh": 2, "fps": 60, "K": [12, 0, 0, 0, 12, 0, 3, 2, 1],
        "poses": [[0, 0, 0, 1, 0.1, 0.2, 0.3]]})";

void write_r3d(const fs::path& path, const std::string& depth) {
  write_zip(path, {{"metadata", r3d_metadata},
                   {"rgbd/0.depth", depth},
                   {"rgbd/0.conf", raw_lzfse(std::string("\2\2\2\0\2\2", 6))},
                   {"rgbd/0.jpg", color_png(6, 4)}});  // pictures are known by content
}

const std::vector<float> six_depths{0.5f, 0.6f, 0.7f, 0.8f, 0.9f, std::nanf("")};

std::string bply() {
  const std::string json =
      R"({"width": 3, "height": 2, "timestamp": 7.5, "camera_intrinsics": {"intrinsicMatrix":
          [300, 0, 0, 0, 310, 0, 150, 100, 1], "intrinsicMatrixReferenceSize": [300, 200]}})";
  std::string file = "ply\nformat binary_little_endian 1.0\nelement metadata " + std::to_string(json.size()) +
                     "\nproperty uchar char\nelement color 6\nproperty float r\nproperty float g\nproperty float b\n"
                     "element depth 6\nproperty float d\nend_header\n" +
                     json;
  for (int i = 0; i < 18; ++i) file += little(static_cast<float>(i) / 17.0f);
  return file + metres({0.25f, 0.3f, 9999.0f, 0.35f, 0.4f, 0.45f});
}

void write_stray(const fs::path& folder) {
  write(folder / "camera_matrix.csv", "1500.0, 0.0, 960.0\n0.0, 1500.0, 720.0\n0.0, 0.0, 1.0\n");
  write(folder / "odometry.csv", "timestamp, frame, x, y, z, qx, qy, qz, qw\n9.5, 000000, 0.1, 0.2, 0.3, 0, 0, 0, 1\n");
  write(folder / "depth" / "000000.png", depth_png(256, 192));
  std::vector<std::uint8_t> confidence(256 * 192, 2);
  confidence[3] = 0;
  write(folder / "confidence" / "000000.png", png(256, 192, 1, confidence.data(), 8));
}

}  // namespace

TEST(Lzfse, UnpacksLzvnsOpcodes) {
  // Small literal "abc"; a match of 3, 3 back, after one literal "d"; the previous distance again; large match; end.
  const std::string end("\x06\0\0\0\0\0\0\0", 8);
  EXPECT_EQ(unpack_lzfse(lzvn("\xe3"
                              "abc" +
                                  std::string("\x40\x03", 2) + "d" + end,
                              7),
                         100),
            "abcdbcd");
  EXPECT_EQ(unpack_lzfse(lzvn("\xe1"
                              "a" +
                                  std::string("\x00\x01", 2) + std::string("\xf0\x02", 2) + end,
                              22),
                         100),
            std::string(22, 'a'));
  EXPECT_EQ(unpack_lzfse(lzvn("\xe2"
                              "ab" +
                                  std::string("\xa0\x08\x00", 3) + end,
                              5),
                         100),
            "ababa");
}

TEST(Lzfse, UnpacksABlockOfEntropyCodes) {
  // Literals of two symbols, each with half of the 1024 states: the symbol is a state's highest bit, the next state is
  // the rest with one bit more from the stream. So ten symbols of each of the four streams stand in the first states.
  const std::string literals = "abbabaabbbabaaabbaab";
  std::uint64_t states = 0;
  for (std::size_t i = 0; i < literals.size(); ++i)
    if (literals[i] == 'b') states |= std::uint64_t{1} << (10 * (i % 4) + 9 - i / 4);
  // One match: 16 + 1 literals, 16 + 2 bytes from 4 + 1 back; each has all states of its kind, so only extra bits are
  // read.
  std::string frequencies;
  std::uint64_t bits = 0;
  int count = 0;
  const auto put = [&](std::uint64_t value, int length) {
    bits |= value << count;
    for (count += length; count >= 8; count -= 8, bits >>= 8) frequencies += static_cast<char>(bits & 255);
  };
  const auto frequency = [&](std::uint64_t f) { f == 0 ? put(0, 2) : put(0xf | (f - 24) << 4, 14); };
  for (int i = 0; i < 20; ++i) frequency(i == 16 ? 64 : 0);
  for (int i = 0; i < 20; ++i) frequency(i == 16 ? 64 : 0);
  for (int i = 0; i < 64; ++i) frequency(i == 4 ? 256 : 0);
  for (int i = 0; i < 256; ++i) frequency(i == 'a' || i == 'b' ? 512 : 0);
  if (count > 0) put(0, 8 - count);
  const std::string match = std::string(7, '\0') + '\x15';  // 00, 01, 010, 1 from the top; two bits are unused
  const std::string block = "bvx2" + little(35u) +
                            little(std::uint64_t{20} | std::uint64_t{1} << 40 | std::uint64_t{7} << 60) +
                            little(states | std::uint64_t{8} << 40 | std::uint64_t{5} << 60) +
                            little(std::uint64_t{32 + frequencies.size()}) + frequencies + match + "bvx$";
  std::string expected = literals.substr(0, 17);
  for (int i = 0; i < 18; ++i) expected += expected[expected.size() - 5];
  EXPECT_EQ(unpack_lzfse(block, 100), expected);
}

TEST(Lzfse, RefusesMoreThanWasExpectedAndMatchesBeforeTheBeginning) {
  EXPECT_THROW(unpack_lzfse(raw_lzfse("abcdef"), 5), Error);
  EXPECT_THROW(unpack_lzfse(lzvn(std::string("\x00\x05", 2) + std::string("\x06\0\0\0\0\0\0\0", 8), 3), 100), Error);
  EXPECT_THROW(unpack_lzfse("bvx-", 5), Error);
  EXPECT_THROW(unpack_lzfse("nonsense", 5), Error);
}

TEST(Record3d, ReadsDepthColorPoseAndConfidence) {
  Folder folder;
  write_r3d(folder.path() / "a.r3d", raw_lzfse(metres(six_depths)));
  const auto camera = open_recording(folder.path() / "a.r3d");
  EXPECT_EQ(camera->info().depth, (Intrinsics{3, 2, 6, 6, 1.5, 1}));
  EXPECT_EQ(camera->info().frames_per_s, 60);
  const auto frames = frames_of(*camera);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_NEAR(frames[0].depth.depth_mm(1, 0), 600.0, 0.03);
  EXPECT_EQ(frames[0].depth.depth_mm(0, 1), 0.0);  // not confident
  EXPECT_EQ(frames[0].depth.depth_mm(2, 1), 0.0);  // no number
  EXPECT_EQ(frames[0].color.rgb, colors(6, 4));
  // y up and z backward become y down and z forward.
  const Eigen::Vector3d seen = *frames[0].world_from_camera * Eigen::Vector3d(1, 2, 3);
  EXPECT_NEAR((seen - Eigen::Vector3d(101, 198, 297)).norm(), 0, 1e-9);
}

TEST(Record3d, SurvivesDamage) {
  Folder folder;
  write_r3d(folder.path() / "a.r3d", raw_lzfse(metres(six_depths)));
  survive_damage(folder.path() / "a.r3d", folder.path() / "a.r3d", 1000);
}

TEST(Record3d, RefusesAZipWithoutFrames) {
  Folder folder;
  write_zip(folder.path() / "a.r3d", {{"metadata", r3d_metadata}, {"rgbd/0.jpg", color_png(6, 4)}});
  EXPECT_THAT(refusal(folder.path() / "a.r3d"), HasSubstr("no depth image"));
}

TEST(StandardCyborg, ReadsAFrameAndAFolderOfThem) {
  Folder folder;
  write(folder.path() / "frame-000.ply", bply());
  write(folder.path() / "frame-001.ply", bply());
  for (const fs::path& path : {folder.path() / "frame-000.ply", folder.path()}) {
    const auto camera = open_recording(path);
    EXPECT_EQ(camera->info().depth, (Intrinsics{3, 2, 3, 3.1, 1.5, 1}));
    const auto frames = frames_of(*camera);
    ASSERT_EQ(frames.size(), path == folder.path() ? 2u : 1u);
    EXPECT_NEAR(frames[0].depth.depth_mm(1, 0), 300.0, 0.03);
    EXPECT_EQ(frames[0].depth.depth_mm(2, 0), 0.0);
    EXPECT_EQ(frames[0].color.rgb[17], 255);
    EXPECT_EQ(frames[0].time_s, 7.5);
  }
}

TEST(StandardCyborg, SurvivesDamage) {
  Folder folder;
  write(folder.path() / "frame-000.ply", bply());
  survive_damage(folder.path() / "frame-000.ply", folder.path(), 1000);
}

TEST(StrayScanner, ReadsDepthPoseAndConfidence) {
  Folder folder;
  write_stray(folder.path());
  const auto camera = open_recording(folder.path());
  EXPECT_NEAR(camera->info().depth.fx_px, 200.0, 1e-9);
  const auto frames = frames_of(*camera);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].time_s, 9.5);
  EXPECT_EQ(frames[0].depth.depth_mm(4, 0), 504);
  EXPECT_EQ(frames[0].depth.depth_mm(3, 0), 0);
  EXPECT_NEAR((frames[0].world_from_camera->translation() - Eigen::Vector3d(100, 200, 300)).norm(), 0, 1e-9);
}

TEST(StrayScanner, SurvivesDamage) {
  Folder folder;
  write_stray(folder.path());
  survive_damage(folder.path() / "camera_matrix.csv", folder.path(), 100);
  survive_damage(folder.path() / "odometry.csv", folder.path(), 100);
}

}  // namespace fit::test
