#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "libfit/error.h"
#include "scanners/detail/byte_file.h"
#include "scanners/detail/bytes.h"
#include "scanners/detail/frame_packing.h"
#include "scanners/detail/image_file.h"
#include "scanners/detail/image_sequence.h"
#include "scanners/detail/recording_records.h"
#include "scanners/formats.h"

namespace fit {

namespace {

const char* const format = "Fit recording";
constexpr std::uint64_t head_bytes = 16;
constexpr int most_searches = 100;  // a file full of false beginnings must not be read a million times

Intrinsics read_lens(Bytes& bytes) {
  const auto width = bytes.little<std::uint32_t>();
  const auto height = bytes.little<std::uint32_t>();
  check_image_size(width, height);
  Intrinsics k{static_cast<int>(width), static_cast<int>(height), 0, 0, 0, 0};
  for (double* value : {&k.fx_px, &k.fy_px, &k.cx_px, &k.cy_px}) *value = bytes.little<double>();
  return k;
}

void read_frame(std::string_view payload, Frame& frame) {
  Bytes bytes(payload);
  frame.time_s = bytes.little<double>();
  const auto flags = bytes.little<std::uint32_t>();
  frame.depth.intrinsics = read_lens(bytes);
  frame.depth.mm_per_count = bytes.little<double>();
  unpack_counts(bytes.text32(), frame.depth.intrinsics.width, frame.depth.intrinsics.height, frame.depth.counts);
  frame.world_from_camera.reset();
  if (flags & frame_has_pose) {
    Eigen::Isometry3d pose = Eigen::Isometry3d::Identity();
    for (int i = 0; i < 12; ++i) pose.matrix()(i / 4, i % 4) = bytes.little<double>();
    frame.world_from_camera = pose;
  }
  frame.color.rgb.clear();
  if (!(flags & frame_has_color)) return;
  frame.color.intrinsics = read_lens(bytes);
  frame.color.time_s = bytes.little<double>();
  unpack_colors(bytes.text32(), frame.color.intrinsics.width, frame.color.intrinsics.height, frame.color.rgb);
}

class RecordingCamera : public Camera {
 public:
  explicit RecordingCamera(const std::filesystem::path& path) : file_(path) {
    at_ = recording_magic.size();
    try {
      const auto camera = next_record();
      if (!camera || *camera != record_camera) refuse_recording(path, format, "it does not say which camera it was");
      info_ = camera_from_json(payload_);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::io) throw;
      refuse_recording(path, format, error.what());
    }
    info_.format = fmt::format("{} of a {}", format, info_.format);
    info_.frames = count_frames();
  }

  const CameraInfo& info() const override { return info_; }

  bool next(Frame& frame) override {
    while (const auto kind = next_record()) {
      if (*kind == record_end) finished_ = true;
      if (*kind != record_frame) continue;
      try {
        read_frame(payload_, frame);
        ++read_;
        return true;
      } catch (const Error&) {
        ++lost_;
      }
    }
    ended_ = true;
    return false;
  }

  Findings findings() const override {
    Findings found = lost_frames(lost_, read_);
    if (ended_ && !finished_) found.push_back({"recording_cut_short", Severity::warn, {}, {}});
    return found;
  }

 private:
  struct Head {
    std::uint32_t kind;
    std::uint32_t length;
    std::uint32_t checksum;
  };

  /// The record's head at `offset`; none where no whole record can be.
  std::optional<Head> head_at(std::uint64_t offset) {
    if (!file_.holds(offset, head_bytes)) return std::nullopt;
    file_.read(offset, head_bytes, head_);
    Bytes bytes(head_);
    if (bytes.little<std::uint32_t>() != record_magic) return std::nullopt;
    Head head{};
    head.kind = bytes.little<std::uint32_t>();
    head.length = bytes.little<std::uint32_t>();
    head.checksum = bytes.little<std::uint32_t>();
    if (!file_.holds(offset + head_bytes, head.length)) return std::nullopt;
    return head;
  }

  /// The kind of the next sound record, its payload in `payload_`; none at the end.
  std::optional<std::uint32_t> next_record() {
    for (;;) {
      const auto head = head_at(at_);
      if (!head) {
        if (!find_record()) return std::nullopt;
        continue;
      }
      file_.read(at_ + head_bytes, head->length, payload_);
      if (record_checksum(head->kind, payload_) == head->checksum) {
        at_ += head_bytes + head->length;
        return head->kind;
      }
      ++lost_;
      // The length itself may be what is damaged: go on behind the record only if another begins there.
      const std::uint64_t behind = at_ + head_bytes + head->length;
      at_ = behind == file_.size() || head_at(behind) ? behind : at_ + 4;
    }
  }

  /// Moves to where the next record may begin; false when there is none.
  bool find_record() {
    constexpr std::uint64_t piece = 1 << 20;
    std::string magic;
    append_little(magic, record_magic);
    if (at_ >= file_.size() || ++searches_ > most_searches) return false;
    for (std::uint64_t from = at_ + 1; file_.holds(from, magic.size());) {
      const std::uint64_t length = std::min(piece, file_.size() - from);
      file_.read(from, length, payload_);
      for (std::size_t found = payload_.find(magic); found != std::string::npos;
           found = payload_.find(magic, found + 1))
        if (head_at(from + found)) {
          at_ = from + found;
          return true;
        }
      from += length - (length > 3 ? 3 : 0);
      if (length <= 3 || length < piece) break;
    }
    return false;
  }

  std::size_t count_frames() {
    std::size_t frames = 0;
    std::uint64_t offset = at_;
    while (const auto head = head_at(offset)) {
      frames += head->kind == record_frame;
      offset += head_bytes + head->length;
    }
    return frames;
  }

  ByteFile file_;
  CameraInfo info_;
  std::uint64_t at_ = 0;
  std::string head_;
  std::string payload_;
  int searches_ = 0;
  bool finished_ = false;
  bool ended_ = false;
  std::size_t read_ = 0;
  std::size_t lost_ = 0;
};

}  // namespace

bool is_fit_recording(std::string_view head) { return head.starts_with(recording_magic); }

std::unique_ptr<Camera> open_fit_recording(const std::filesystem::path& path) {
  return std::make_unique<RecordingCamera>(path);
}

}  // namespace fit
