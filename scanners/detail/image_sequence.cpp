#include "scanners/detail/image_sequence.h"

#include <fmt/format.h>

#include <utility>

#include "libfit/error.h"
#include "scanners/detail/byte_file.h"

namespace fit {

namespace {

class SequenceCamera : public Camera {
 public:
  explicit SequenceCamera(ImageSequence sequence) : sequence_(std::move(sequence)) {
    ImageSequence& s = sequence_;
    if (s.frames.empty()) refuse_recording(s.path, s.info.format, "it holds no depth image");
    s.info.frames = s.frames.size();
    Frame first;
    try {
      read(0, first);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::bad_input) throw;
      refuse_recording(s.path, s.info.format, fmt::format("its first frame cannot be read ({})", error.what()));
    }
    s.info.depth = first.depth.intrinsics;
    if (!first.color.rgb.empty()) s.info.color = first.color.intrinsics;
  }

  const CameraInfo& info() const override { return sequence_.info; }

  bool next(Frame& frame) override {
    while (next_ < sequence_.frames.size()) {
      try {
        read(next_++, frame);
        ++read_;
        return true;
      } catch (const Error& error) {
        if (error.kind() == ErrorKind::io) throw;
        ++lost_;
      }
    }
    return false;
  }

  Findings findings() const override { return lost_frames(lost_, read_); }

 private:
  void read(std::size_t index, Frame& frame) {
    const SequenceFrame& entry = sequence_.frames[index];
    frame.time_s = entry.time_s;
    frame.world_from_camera = entry.world_from_camera;
    frame.depth.intrinsics = entry.intrinsics.value_or(sequence_.info.depth);
    const bool any_size = !sequence_.info.focal_known;
    if (any_size) frame.depth.intrinsics.width = frame.depth.intrinsics.height = 0;
    frame.depth.mm_per_count = sequence_.mm_per_count;
    sequence_.load(entry.depth, bytes_);
    frame.color.rgb.clear();
    if (sequence_.decode) {
      sequence_.decode(index, bytes_, frame);
    } else {
      decode_image(bytes_, image_, sequence_.pnm_order);
      to_depth(image_, frame.depth);
    }
    if (any_size) {
      const Intrinsics& size = frame.depth.intrinsics;
      frame.depth.intrinsics = resized(sequence_.info.depth, size.width, size.height);
    }
    if (sequence_.convert) sequence_.convert(frame.depth);
    if (entry.color.empty()) return;
    sequence_.load(entry.color, bytes_);
    decode_image(bytes_, image_);
    frame.color.time_s = entry.time_s;
    frame.color.intrinsics = sequence_.info.color.value_or(frame.depth.intrinsics);
    to_color(image_, frame.color);
  }

  ImageSequence sequence_;
  std::size_t next_ = 0;
  std::size_t read_ = 0;
  std::size_t lost_ = 0;
  std::string bytes_;
  RawImage image_;
};

}  // namespace

void load_file(const std::string& path, std::string& bytes) {
  // A picture that is missing is a damaged frame, not a reason to stop.
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none))
    throw Error(ErrorKind::bad_input, fmt::format("{} is not there", path));
  const ByteFile file(path);
  if (file.size() > 1'000'000'000) throw Error(ErrorKind::bad_input, fmt::format("{} is too large for an image", path));
  file.read(0, file.size(), bytes);
}

std::unique_ptr<Camera> open_sequence(ImageSequence sequence) {
  return std::make_unique<SequenceCamera>(std::move(sequence));
}

Findings lost_frames(std::size_t lost, std::size_t read) {
  if (lost == 0) return {};
  return {{"recording_frames_damaged",
           Severity::warn,
           {{"lost", static_cast<double>(lost), ""}, {"frames", static_cast<double>(lost + read), ""}},
           {}}};
}

}  // namespace fit
