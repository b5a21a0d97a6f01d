#include <gmock/gmock.h>

#include "tests/scanners/recording_files.h"

namespace fit::test {

using ::testing::HasSubstr;

namespace {

std::string number(std::uint64_t value) {
  std::string bytes;
  do {
    bytes.insert(bytes.begin(), static_cast<char>(value & 255));
    value >>= 8;
  } while (value);
  return bytes;
}

/// An element with a length of 8 bytes, as libmatroska writes the large ones.
std::string element(std::uint32_t id, const std::string& content) {
  std::string length(8, '\0');
  for (int i = 0; i < 8; ++i) length[static_cast<std::size_t>(7 - i)] = static_cast<char>(content.size() >> (8 * i));
  length[0] = 1;
  return number(id) + length + content;
}

/// One whose length is not known yet.
std::string open_element(std::uint32_t id, const std::string& content) {
  return number(id) + "\x01" + std::string(7, '\xff') + content;
}

std::string track(int id, const std::string& name, int width, int height, const std::string& fourcc) {
  return element(0xae, element(0xd7, number(static_cast<unsigned>(id))) + element(0x536e, name) +
                           element(0x86, "V_MS/VFW/FOURCC") + element(0x63a2, std::string(16, '\0') + fourcc) +
                           element(0xe0, element(0xb0, number(static_cast<unsigned>(width))) +
                                             element(0xba, number(static_cast<unsigned>(height)))));
}

std::string block_content(int track_id, int ticks, const std::string& data) {
  return std::string{static_cast<char>(0x80 | track_id), static_cast<char>(ticks >> 8), static_cast<char>(ticks),
                     '\0'} +
         data;
}

/// `k1` bends the depth camera's rays.
std::string calibration(double k1) {
  const auto camera = [&](const char* location, const char* shift, double k) {
    return std::string(R"({"Location": "CALIBRATION_CameraLocation)") + location +
           R"(", "Intrinsics": {"ModelParameters": [0.5, 0.5, 0.5, 0.5, )" + std::to_string(k) +
           R"(, 0, 0, 0, 0, 0, 0, 0, 0, 0]}, "Rt": {"Rotation": [1, 0, 0, 0, 1, 0, 0, 0, 1], "Translation": )" + shift +
           "}}";
  };
  return R"({"CalibrationInformation": {"Cameras": [)" + camera("D0", "[0, 0, 0]", k1) + ", " +
         camera("PV0", "[-0.032, 0, 0]", 0) + "]}}";
}

constexpr int width = 512;

std::vector<std::uint16_t> depth_counts() {
  std::vector<std::uint16_t> counts(width * width);
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = static_cast<std::uint16_t>(300 + i % 1000);
  return counts;
}

std::string depth_bytes() {
  std::string bytes;
  for (const std::uint16_t count : depth_counts()) {
    bytes += static_cast<char>(count >> 8);
    bytes += static_cast<char>(count & 255);
  }
  return bytes;
}

std::string mkv(double k1) {
  const std::string yuyv = std::string(8 * 6 * 2, '\x80');
  const std::string head =
      element(0x1549a966, element(0x2ad7b1, number(1000000))) +
      element(0x1654ae6b, track(1, "COLOR", 8, 6, "YUY2") + track(2, "DEPTH", width, width, "b16g")) +
      element(0x1254c367, element(0x7373, element(0x67c8, element(0x45a3, "K4A_DEVICE_SERIAL_NUMBER") +
                                                              element(0x4487, "000123")))) +
      element(0x1941a469, element(0x61a7, element(0x466e, "calibration.json") + element(0x465c, calibration(k1))));
  const std::string clusters =
      element(0x1f43b675, element(0xe7, number(1000)) + element(0xa0, element(0xa1, block_content(1, 1, yuyv))) +
                              element(0xa0, element(0xa1, block_content(2, 0, depth_bytes())))) +
      open_element(0x1f43b675, element(0xe7, number(2000)) + element(0xa3, block_content(2, 33, depth_bytes())));
  return element(0x1a45dfa3, element(0x4282, "matroska")) + open_element(0x18538067, head + clusters);
}

}  // namespace

TEST(AzureMkv, ReadsTracksCalibrationAndSerialNumber) {
  Folder folder;
  write(folder.path() / "r.mkv", mkv(0));
  const auto camera = open_recording(folder.path() / "r.mkv");
  EXPECT_EQ(camera->info().device, "Azure Kinect 000123");
  EXPECT_EQ(camera->info().depth, (Intrinsics{width, width, 256, 256, 255.5, 255.5}));
  EXPECT_NEAR(camera->info().color_from_depth.translation().x(), -32.0, 1e-9);
  const auto frames = frames_of(*camera);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].depth.counts, depth_counts());
  EXPECT_EQ(frames[0].color.rgb, std::vector<std::uint8_t>(3 * 48, 128));
  EXPECT_NEAR(frames[1].time_s, 2.033, 1e-9);
  EXPECT_TRUE(camera->findings().empty());
}

TEST(AzureMkv, StraightensTheLens) {
  Folder folder;
  write(folder.path() / "r.mkv", mkv(0.2));
  const auto frames = frames_of(*open_recording(folder.path() / "r.mkv"));
  ASSERT_EQ(frames.size(), 2u);
  // The ray through (383, 255) has x = 127.5 / 256; the lens shows it at x (1 + 0.2 x x).
  const double x = 127.5 / 256;
  const auto u = static_cast<std::size_t>(std::lround(256 * x * (1 + 0.2 * (x * x + 0.25 / 65536)) + 255.5));
  EXPECT_EQ(frames[0].depth.counts[255 * width + 383], depth_counts()[255 * width + u]);
}

TEST(AzureMkv, KeepsTheFramesBeforeACut) {
  Folder folder;
  const std::string whole = mkv(0);
  write(folder.path() / "r.mkv", whole.substr(0, whole.size() - 100));
  const auto camera = open_recording(folder.path() / "r.mkv");
  EXPECT_EQ(frames_of(*camera).size(), 1u);
  ASSERT_FALSE(camera->findings().empty());
}

TEST(AzureMkv, RefusesAVideoWithoutDepth) {
  Folder folder;
  write(folder.path() / "r.mkv", element(0x1a45dfa3, element(0x4282, "matroska")) + element(0x18538067, ""));
  EXPECT_THAT(refusal(folder.path() / "r.mkv"), HasSubstr("no depth track"));
}

TEST(AzureMkv, SurvivesDamage) {
  Folder folder;
  std::string small = mkv(0);
  // Two whole images would hide the structure from the damage: keep a little of the first.
  write(folder.path() / "r.mkv", small.substr(0, 3000));
  survive_damage(folder.path() / "r.mkv", folder.path() / "r.mkv", 500);
}

}  // namespace fit::test
