#include "scanners/devices.h"

#include <gmock/gmock.h>
#include <linux/videodev2.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>
#include <deque>
#include <map>

#include "scanners/calibrations.h"
#include "scanners/detail/mirror.h"
#include "scanners/detail/v4l2_calls.h"
#include "tests/scanners/recording_files.h"

namespace fit::test {

using ::testing::HasSubstr;

namespace {

/// A RealSense as uvcvideo shows it, held to the order of calls that the kernel's documentation demands. No camera was
/// at hand: this tests our half of the conversation, not a device.
class FakeNode : public V4l2Calls {
 public:
  int open_reason = 0, request_reason = 0;
  std::uint32_t format = V4L2_PIX_FMT_Z16;
  std::uint32_t width = 8, height = 6, padding = 0;
  std::deque<std::vector<std::uint16_t>> frames;  ///< empty: one that is damaged
  std::size_t at_once = 1;                        ///< frames that have come whenever somebody waits
  std::vector<std::string> broken;                ///< rules that were broken
  int mapped = 0;
  bool is_open = false, streaming = false;

  int open(const std::string&) override {
    if (open_reason) return fail(open_reason);
    is_open = true;
    return 7;
  }
  int close(int) override {
    if (mapped != 0) broken.push_back("closed while mapped");
    if (streaming) broken.push_back("closed while streaming");
    is_open = false;
    return 0;
  }
  void* map(int, std::size_t length, off_t offset) override {
    ++mapped;
    auto& memory = memories_[static_cast<std::size_t>(offset)];
    memory.resize(length);
    return memory.data();
  }
  void unmap(void*, std::size_t) override { --mapped; }
  int wait(int, int) override {
    if (!streaming) broken.push_back("waited before streaming");
    for (std::size_t i = 0; i < at_once && !frames.empty() && !queued_.empty(); ++i) fill();
    return done_.empty() ? 0 : 1;
  }
  int ioctl(int, unsigned long request, void* argument) override {
    switch (request) {
      case VIDIOC_QUERYCAP:
        std::memcpy(static_cast<v4l2_capability*>(argument)->card, "Intel(R) RealSense(TM) Depth Ca", 31);
        static_cast<v4l2_capability*>(argument)->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
        return 0;
      case VIDIOC_ENUM_FMT:
        if (static_cast<v4l2_fmtdesc*>(argument)->index > 0) return fail(EINVAL);
        static_cast<v4l2_fmtdesc*>(argument)->pixelformat = format;
        return 0;
      case VIDIOC_S_FMT: {
        auto& pix = static_cast<v4l2_format*>(argument)->fmt.pix;
        pix.width = width;
        pix.height = height;
        pix.pixelformat = format;
        pix.bytesperline = 2 * width + padding;
        return 0;
      }
      case VIDIOC_S_PARM:
        return fail(ENOTTY);
      case VIDIOC_REQBUFS:
        if (request_reason) return fail(request_reason);
        static_cast<v4l2_requestbuffers*>(argument)->count = 3;  // fewer than asked for
        return 0;
      case VIDIOC_QUERYBUF:
        static_cast<v4l2_buffer*>(argument)->length = plane() * (format == V4L2_PIX_FMT_INZI ? 2 : 1);
        static_cast<v4l2_buffer*>(argument)->m.offset = static_cast<v4l2_buffer*>(argument)->index;
        return 0;
      case VIDIOC_QBUF:
        queued_.push_back(static_cast<v4l2_buffer*>(argument)->index);
        return 0;
      case VIDIOC_DQBUF:
        if (done_.empty()) return fail(EAGAIN);
        *static_cast<v4l2_buffer*>(argument) = done_.front();
        done_.pop_front();
        return 0;
      case VIDIOC_STREAMON:
        streaming = true;
        return 0;
      case VIDIOC_STREAMOFF:
        streaming = false;
        return 0;
      default:
        return fail(ENOTTY);
    }
  }

 private:
  static int fail(int reason) {
    errno = reason;
    return -1;
  }
  std::uint32_t plane() const { return (2 * width + padding) * height; }
  void fill() {
    v4l2_buffer buffer{};
    buffer.index = queued_.front();
    queued_.pop_front();
    const auto& counts = frames.front();
    if (counts.empty()) buffer.flags = V4L2_BUF_FLAG_ERROR;
    auto* bytes = memories_[buffer.index].data();
    buffer.bytesused = plane() * (format == V4L2_PIX_FMT_INZI ? 2 : 1);
    if (format == V4L2_PIX_FMT_INZI) {
      for (std::uint32_t i = 0; i < width * height; ++i) {
        const std::uint16_t grey = 400;  // of 1023
        std::memcpy(bytes + 2 * i, &grey, 2);
      }
      bytes += plane();
    }
    for (std::uint32_t y = 0; !counts.empty() && y < height; ++y)
      std::memcpy(bytes + y * (2 * width + padding), counts.data() + y * width, 2 * width);
    buffer.timestamp = {static_cast<long>(++number_), 500000};
    done_.push_back(buffer);
    frames.pop_front();
  }

  std::map<std::size_t, std::vector<std::uint8_t>> memories_;
  std::deque<std::uint32_t> queued_;
  std::deque<v4l2_buffer> done_;
  std::size_t number_ = 0;
};

const UsbIdentity d435{0x8086, 0x0b07, "Intel(R) RealSense(TM) Depth Camera 435", "725112060411"};

std::string refusal(const std::shared_ptr<FakeNode>& node) {
  try {
    const auto camera = open_v4l2("/dev/video2", d435, node);
    Frame frame;
    camera->next(frame);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST(Devices, GiveTheDepthOfAVideoNodeRowByRowAndEndWhenItIsUnplugged) {
  auto node = std::make_shared<FakeNode>();
  node->padding = 10;
  node->frames = {ramp(8, 6), {}, ramp(8, 6, 900)};
  {
    const auto camera = open_v4l2("/dev/video2", d435, node);
    EXPECT_EQ(camera->info().device, "Intel(R) RealSense(TM) Depth Camera 435 725112060411");
    EXPECT_FALSE(camera->info().focal_known);
    const auto frames = frames_of(*camera);
    ASSERT_EQ(frames.size(), 2u);
    EXPECT_EQ(frames[0].depth.counts, ramp(8, 6));
    EXPECT_EQ(frames[1].depth.counts, ramp(8, 6, 900));
    EXPECT_DOUBLE_EQ(frames[1].time_s - frames[0].time_s, 2.0);
    ASSERT_EQ(camera->findings().size(), 2u);
    EXPECT_EQ(camera->findings()[1].code, "camera_gone");
  }
  EXPECT_TRUE(node->broken.empty()) << node->broken.front();
  EXPECT_FALSE(node->is_open);
}

TEST(Devices, TakeTheNewestFrameWhereSeveralWait) {
  auto node = std::make_shared<FakeNode>();
  node->at_once = 3;
  for (int i = 0; i < 6; ++i) node->frames.push_back(ramp(8, 6, static_cast<std::uint16_t>(100 * i)));
  const auto camera = open_v4l2("/dev/video2", d435, node);
  const auto frames = frames_of(*camera);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].depth.counts, ramp(8, 6, 200));
  EXPECT_EQ(frames[1].depth.counts, ramp(8, 6, 500));
}

TEST(Devices, GiveTheInfraredPictureOfAnSr300AsColourAndItsEighthsOfAMillimetre) {
  auto node = std::make_shared<FakeNode>();
  node->format = V4L2_PIX_FMT_INZI;
  node->frames = {ramp(8, 6)};
  const auto camera = open_v4l2("/dev/video2", {0x8086, 0x0aa5, "Intel RealSense SR300", "1"}, node);
  Frame frame;
  ASSERT_TRUE(camera->next(frame));
  EXPECT_EQ(frame.depth.counts, ramp(8, 6));
  EXPECT_EQ(frame.depth.mm_per_count, 0.125);
  EXPECT_EQ(frame.color.rgb, std::vector<std::uint8_t>(3 * 48, 100));
}

TEST(Devices, SayInOneSentenceWhyANodeCannotBeUsed) {
  auto node = std::make_shared<FakeNode>();
  node->open_reason = ENOENT;
  EXPECT_THAT(refusal(node), HasSubstr("plug it in"));
  node->open_reason = EACCES;
  EXPECT_THAT(refusal(node), HasSubstr("group video"));
  node->open_reason = 0;
  node->request_reason = EBUSY;
  EXPECT_THAT(refusal(node), HasSubstr("another program has it"));
  node->request_reason = 0;
  EXPECT_THAT(refusal(node), HasSubstr("sends no whole frames"));
  node->format = V4L2_PIX_FMT_YUYV;
  EXPECT_THAT(refusal(node), HasSubstr("gives no depth"));
  EXPECT_TRUE(node->broken.empty()) << node->broken.front();
}

TEST(Devices, AreCalibratedByTheirNameAsRecordingsAre) {
  auto node = std::make_shared<FakeNode>();
  node->frames = {ramp(8, 6)};
  DeviceCalibration known;
  known.device = "Intel(R) RealSense(TM) Depth Camera 435 725112060411";
  known.focal_px = 5.0;
  known.width = 8;
  known.depth_focal = true;
  const auto camera = calibrated(open_v4l2("/dev/video2", d435, node), {{known.device, known}});
  EXPECT_TRUE(camera->info().calibrated);
  EXPECT_DOUBLE_EQ(camera->info().depth.fx_px, 5.0);
}

TEST(Devices, AreKnownByWhatTheKernelSaysOfTheirUsb) {
  Folder folder;
  const auto usb = folder.path() / "devices/usb1/1-2";
  write(usb / "idVendor", "8086\n");
  write(usb / "idProduct", "0b07\n");
  write(usb / "product", "Intel(R) RealSense(TM) Depth Camera 435 \n");
  write(usb / "serial", "725112060411\n");
  std::filesystem::create_directories(usb / "1-2:1.0");
  std::filesystem::create_directories(folder.path() / "class/video4linux/video2");
  std::filesystem::create_directory_symlink(usb / "1-2:1.0", folder.path() / "class/video4linux/video2/device");
  const UsbIdentity identity = usb_identity("/dev/video2", folder.path());
  EXPECT_EQ(identity.vendor, 0x8086u);
  EXPECT_EQ(identity.product, 0x0b07u);
  EXPECT_EQ(identity.name, "Intel(R) RealSense(TM) Depth Camera 435");
  EXPECT_EQ(identity.serial, "725112060411");
  EXPECT_EQ(usb_identity("/dev/video9", folder.path()).vendor, 0u);
}

TEST(Devices, AreToldFromRecordingsByTheirNames) {
  for (const char* name : {"live", "openni2", "openni2:1d27/0609@1/2", "kinect:A003", "v4l2", "/dev/video7"})
    EXPECT_TRUE(is_device(name)) << name;
  for (const char* name : {"walk.bag", "folder", "C:walk.oni", ""}) EXPECT_FALSE(is_device(name)) << name;
  EXPECT_THROW(open_device("walk.bag"), Error);
  EXPECT_THROW(open_device("/dev/video63"), Error);
}

TEST(Devices, OfOpenNi2GiveWhatItsLibraryGives) {
  for (const DeviceDriver& driver : device_drivers())
    if (driver.name == "openni2" && !driver.missing.empty()) GTEST_SKIP() << driver.missing;
  std::unique_ptr<Camera> camera;
  try {
    camera = open_device("openni2:Dummy");  // Debian's package holds a driver that draws moving rings
  } catch (const Error& error) {
    GTEST_SKIP() << error.what();
  }
  Frame frame;
  for (int i = 0; i < 5; ++i) {
    ASSERT_TRUE(camera->next(frame));
    EXPECT_EQ(frame.depth.counts.size(), 320u * 240u);
    EXPECT_EQ(frame.color.rgb.size(), 3u * 320u * 240u);
    EXPECT_GT(*std::max_element(frame.depth.counts.begin(), frame.depth.counts.end()), 900);
  }
  EXPECT_THROW(open_device("openni2:no such camera"), Error);
}

TEST(Devices, AMirrorsImageIsTurnedBack) {
  Frame frame;
  frame.depth.intrinsics = {3, 2, 1, 1, 1, 0.5};
  frame.depth.counts = {1, 2, 3, 4, 5, 6};
  frame.color.intrinsics = {2, 1, 1, 1, 0.5, 0};
  frame.color.rgb = {1, 2, 3, 4, 5, 6};
  unmirror(frame);
  EXPECT_EQ(frame.depth.counts, (std::vector<std::uint16_t>{3, 2, 1, 6, 5, 4}));
  EXPECT_EQ(frame.color.rgb, (std::vector<std::uint8_t>{4, 5, 6, 1, 2, 3}));
}

}  // namespace fit::test
