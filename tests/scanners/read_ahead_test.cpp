#include "scanners/read_ahead.h"

#include <gmock/gmock.h>

#include "libfit/error.h"

namespace fit {

namespace {

/// Frames of one pixel, 1, 2, 3 ..., and then the end or an error.
class Counting : public Camera {
 public:
  Counting(int frames, bool breaks) : frames_(frames), breaks_(breaks) {}
  const CameraInfo& info() const override { return info_; }
  bool next(Frame& frame) override {
    if (given_ == frames_ && breaks_) throw Error(ErrorKind::io, "The disk is gone.");
    if (given_ == frames_) return false;
    frame.depth.counts = {static_cast<std::uint16_t>(++given_)};
    return true;
  }
  Findings findings() const override { return {{"frames_damaged", Severity::note, {}, {}}}; }

 private:
  CameraInfo info_;
  int frames_, given_ = 0;
  bool breaks_;
};

}  // namespace

TEST(ReadAhead, GivesTheSameFramesInTheirOrderAndThenTheEnd) {
  Counting counting(50, false);
  ReadAhead camera(counting);
  Frame frame;
  for (int i = 1; i <= 50; ++i) {
    ASSERT_TRUE(camera.next(frame));
    ASSERT_EQ(frame.depth.counts.front(), i);
  }
  EXPECT_FALSE(camera.next(frame));
  EXPECT_FALSE(camera.next(frame));
  EXPECT_EQ(camera.findings().size(), 1u);
}

TEST(ReadAhead, PassesOnWhatTheCameraThrowsAfterTheFramesBefore) {
  Counting counting(2, true);
  ReadAhead camera(counting);
  Frame frame;
  EXPECT_TRUE(camera.next(frame));
  EXPECT_TRUE(camera.next(frame));
  EXPECT_THROW(camera.next(frame), Error);
  EXPECT_FALSE(camera.next(frame));
}

TEST(ReadAhead, MayBeLeftInTheMiddle) {
  Counting counting(1000, false);
  Frame frame;
  {
    ReadAhead camera(counting);
    EXPECT_TRUE(camera.next(frame));
  }
  EXPECT_TRUE(counting.next(frame));
}

}  // namespace fit
