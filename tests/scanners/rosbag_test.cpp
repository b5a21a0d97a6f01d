#include <bzlib.h>
#include <gmock/gmock.h>
#include <lz4frame.h>

#include "scanners/detail/bytes.h"
#include "tests/scanners/recording_files.h"

namespace fit::test {

using ::testing::HasSubstr;

namespace {

std::string text(const std::string& value) {
  std::string bytes;
  append_little(bytes, static_cast<std::uint32_t>(value.size()));
  return bytes + value;
}

template <class T>
std::string little(T value) {
  std::string bytes;
  append_little(bytes, value);
  return bytes;
}

std::string record(const std::vector<std::pair<std::string, std::string>>& fields, const std::string& data) {
  std::string header;
  for (const auto& [name, value] : fields) header += text(name + "=" + value);
  return text(header) + text(data);
}

std::string connection(std::uint32_t id, const std::string& topic, const std::string& type) {
  return record({{"op", "\x07"}, {"conn", little(id)}, {"topic", topic}},
                text("topic=" + topic) + text("type=" + type));
}

std::string message(std::uint32_t id, double time_s, const std::string& data) {
  const auto whole = static_cast<std::uint32_t>(time_s);
  return record({{"op", "\x02"},
                 {"conn", little(id)},
                 {"time", little(whole) + little(static_cast<std::uint32_t>(1e9 * (time_s - whole)))}},
                data);
}

std::string stamp(double time_s) {
  const auto whole = static_cast<std::uint32_t>(time_s);
  return little(0u) + little(whole) + little(static_cast<std::uint32_t>(std::lround(1e9 * (time_s - whole)))) +
         text("");
}

std::string image(double time_s, int width, int height, const std::string& encoding, const std::string& data) {
  return stamp(time_s) + little(height) + little(width) + text(encoding) + little(std::uint8_t{0}) +
         little(static_cast<std::uint32_t>(data.size() / static_cast<std::size_t>(height))) + text(data);
}

std::string camera_info(int width, int height, double fx, double fy, double cx, double cy) {
  std::string bytes = stamp(0) + little(height) + little(width) + text("plumb_bob") + little(5u);
  for (int i = 0; i < 5; ++i) bytes += little(0.0);
  for (const double k : {fx, 0.0, cx, 0.0, fy, cy, 0.0, 0.0, 1.0}) bytes += little(k);
  return bytes;
}

std::string bytes_of(const std::vector<std::uint16_t>& counts) {
  return {reinterpret_cast<const char*>(counts.data()), 2 * counts.size()};
}

std::string lz4(const std::string& bytes) {
  std::string packed(LZ4F_compressFrameBound(bytes.size(), nullptr), '\0');
  packed.resize(LZ4F_compressFrame(packed.data(), packed.size(), bytes.data(), bytes.size(), nullptr));
  return packed;
}

std::string bz2(std::string bytes) {
  std::string packed(bytes.size() + bytes.size() / 50 + 1000, '\0');
  auto size = static_cast<unsigned>(packed.size());
  BZ2_bzBuffToBuffCompress(packed.data(), &size, bytes.data(), static_cast<unsigned>(bytes.size()), 9, 0, 0);
  packed.resize(size);
  return packed;
}

std::string chunk(const std::string& compression, const std::string& records) {
  return record(
      {{"op", "\x05"}, {"compression", compression}, {"size", little(static_cast<std::uint32_t>(records.size()))}},
      compression == "lz4"   ? lz4(records)
      : compression == "bz2" ? bz2(records)
                             : records);
}

/// As RealSense's SDK writes: device, intrinsics, poses and options first, then frames.
std::string realsense_bag(const std::string& compression) {
  std::string pose_bytes;
  for (const double v : {0.015, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0}) pose_bytes += little(v);
  std::string at_origin;
  for (const double v : {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0}) at_origin += little(v);
  const std::string depth = "/device_0/sensor_0/Depth_0";
  const std::string color = "/device_0/sensor_1/Color_0";
  const std::string rgb(reinterpret_cast<const char*>(colors(8, 6).data()), 3 * 48);
  const std::string about =
      connection(1, depth + "/info/camera_info", "sensor_msgs/CameraInfo") +
      message(1, 0, camera_info(8, 6, 9, 10, 3.5, 2.5)) +
      connection(2, color + "/info/camera_info", "sensor_msgs/CameraInfo") +
      message(2, 0, camera_info(8, 6, 11, 12, 3.5, 2.5)) + connection(3, "/device_0/info", "diagnostic_msgs/KeyValue") +
      message(3, 0, text("Name") + text("Intel RealSense D435")) + message(3, 0, text("Serial Number") + text("123")) +
      connection(4, "/device_0/sensor_0/option/Depth Units/value", "std_msgs/Float32") +
      message(4, 0, little(0.0001f)) + connection(5, depth + "/tf/0", "geometry_msgs/Transform") +
      message(5, 0, at_origin) + connection(6, color + "/tf/0", "geometry_msgs/Transform") + message(6, 0, pose_bytes);
  const std::string frames = connection(7, depth + "/image/data", "sensor_msgs/Image") +
                             connection(8, color + "/image/data", "sensor_msgs/Image") +
                             message(8, 1.0, image(1.00, 8, 6, "rgb8", std::string(3 * 48, '\0'))) +
                             message(7, 1.1, image(1.03, 8, 6, "mono16", bytes_of(ramp(8, 6)))) +
                             message(8, 1.2, image(1.04, 8, 6, "rgb8", rgb)) +
                             message(7, 1.3, image(1.07, 8, 6, "mono16", bytes_of(ramp(8, 6, 700))));
  return "#ROSBAG V2.0\n" + record({{"op", "\x03"}, {"conn_count", little(8u)}}, std::string(100, ' ')) +
         chunk(compression, about) + chunk(compression, frames);
}

}  // namespace

TEST(Rosbag, ReadsWhatRealSensesSdkWritesInEachCompression) {
  for (const char* compression : {"none", "lz4", "bz2"}) {
    Folder folder;
    write(folder.path() / "r.bag", realsense_bag(compression));
    const auto camera = open_recording(folder.path() / "r.bag");
    EXPECT_EQ(camera->info().device, "Intel RealSense D435 123");
    EXPECT_EQ(camera->info().depth, (Intrinsics{8, 6, 9, 10, 3.5, 2.5}));
    EXPECT_EQ(camera->info().color->fx_px, 11);
    EXPECT_NEAR(camera->info().color_from_depth.translation().x(), -15.0, 1e-9);
    const auto frames = frames_of(*camera);
    ASSERT_EQ(frames.size(), 2u) << compression;
    EXPECT_EQ(frames[0].depth.counts, ramp(8, 6));
    EXPECT_NEAR(frames[0].depth.depth_mm(1, 0), 50.1, 1e-9);
    EXPECT_TRUE(camera->findings().empty());
  }
}

TEST(Rosbag, GivesEachDepthTheNearestColorEvenWhenItComesLater) {
  Folder folder;
  write(folder.path() / "r.bag", realsense_bag("none"));
  const auto frames = frames_of(*open_recording(folder.path() / "r.bag"));
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].color.rgb, colors(8, 6));
  EXPECT_NEAR(frames[0].color.time_s, 1.04, 1e-6);
}

TEST(Rosbag, ReadsFloatMetresOfARosDriver) {
  const std::vector<float> metres{0.5f, 0.0f, std::nanf(""), 1.25f, 9.0f, -1.0f};
  const std::string data(reinterpret_cast<const char*>(metres.data()), 24);
  Folder folder;
  write(folder.path() / "r.bag",
        "#ROSBAG V2.0\n" + chunk("none", connection(0, "/camera/depth/image", "sensor_msgs/Image") +
                                             message(0, 5, image(5, 3, 2, "32FC1", data)) +
                                             connection(1, "/camera/depth/camera_info", "sensor_msgs/CameraInfo") +
                                             message(1, 5, camera_info(3, 2, 4, 4, 1, 0.5))));
  const auto camera = open_recording(folder.path() / "r.bag");
  EXPECT_EQ(camera->info().depth.fx_px, 4);
  const auto frames = frames_of(*camera);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_NEAR(frames[0].depth.depth_mm(0, 0), 500.0, 0.03);
  EXPECT_NEAR(frames[0].depth.depth_mm(0, 1), 1250.0, 0.03);
  for (const std::size_t none : {1u, 2u, 4u, 5u}) EXPECT_EQ(frames[0].depth.counts[none], 0u) << none;
}

TEST(Rosbag, KeepsTheFramesBeforeACut) {
  Folder folder;
  std::string bag = realsense_bag("lz4");
  const std::string frames = bag;
  bag += chunk("lz4", message(7, 2.0, image(2.0, 8, 6, "mono16", bytes_of(ramp(8, 6)))));
  write(folder.path() / "r.bag", bag.substr(0, bag.size() - 20));
  const auto camera = open_recording(folder.path() / "r.bag");
  EXPECT_EQ(frames_of(*camera).size(), 2u);
  ASSERT_EQ(camera->findings().size(), 1u);
  EXPECT_EQ(camera->findings()[0].code, "recording_cut_short");
}

TEST(Rosbag, RefusesABagWithoutDepth) {
  Folder folder;
  write(folder.path() / "r.bag", "#ROSBAG V2.0\n" + chunk("none", connection(0, "/imu", "sensor_msgs/Imu")));
  EXPECT_THAT(refusal(folder.path() / "r.bag"), HasSubstr("no depth image"));
  write(folder.path() / "r.bag", "#ROSBAG V1.2\n");
  EXPECT_THAT(refusal(folder.path() / "r.bag"), HasSubstr("version 2.0"));
}

TEST(Rosbag, SurvivesDamage) {
  Folder folder;
  for (const char* compression : {"none", "lz4", "bz2"}) {
    write(folder.path() / "r.bag", realsense_bag(compression));
    survive_damage(folder.path() / "r.bag", folder.path() / "r.bag", 300);
  }
}

TEST(Rosbag, ReadsARealRecordingOfAD435) {
  const fs::path real = fs::path(FIT_SHARED_DATA) / "recordings" / "realsense_d435.bag";
  if (!fs::exists(real)) GTEST_SKIP() << "the shared recordings are not there";
  const auto camera = open_recording(real);
  EXPECT_THAT(camera->info().device, HasSubstr("D435"));
  EXPECT_NEAR(camera->info().depth.fx_px, 390.43, 0.01);
  const auto frames = frames_of(*camera);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].depth.mm_per_count, 1.0);
  EXPECT_EQ(frames[0].color.rgb.size(), 640u * 480 * 3);
  EXPECT_NEAR(frames[0].depth.depth_mm(320, 240), 1400, 700);
}

}  // namespace fit::test
