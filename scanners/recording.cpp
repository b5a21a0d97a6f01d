#include "scanners/recording.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>

#include "libfit/error.h"
#include "scanners/detail/bytes.h"
#include "scanners/detail/frame_packing.h"
#include "scanners/detail/recording_records.h"

namespace fit {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path) {
  throw Error(ErrorKind::io, fmt::format("{} could not be written: {}.", path.string(), std::strerror(errno)));
}

void append_lens(std::string& bytes, const Intrinsics& k) {
  append_little(bytes, static_cast<std::uint32_t>(k.width));
  append_little(bytes, static_cast<std::uint32_t>(k.height));
  for (const double value : {k.fx_px, k.fy_px, k.cx_px, k.cy_px}) append_little(bytes, value);
}

void append_packed(std::string& bytes, const std::string& packed) {
  append_little(bytes, static_cast<std::uint32_t>(packed.size()));
  bytes += packed;
}

bool fits(const Intrinsics& size, std::size_t samples, std::size_t channels) {
  return size.width > 0 && size.height > 0 &&
         samples == channels * static_cast<std::size_t>(size.width) * static_cast<std::size_t>(size.height);
}

}  // namespace

std::uint32_t record_checksum(std::uint32_t kind, std::string_view payload) {
  std::string head;
  append_little(head, kind);
  append_little(head, static_cast<std::uint32_t>(payload.size()));
  const auto start = crc32_z(0, reinterpret_cast<const Bytef*>(head.data()), head.size());
  return static_cast<std::uint32_t>(crc32_z(start, reinterpret_cast<const Bytef*>(payload.data()), payload.size()));
}

RecordingWriter::RecordingWriter(const std::filesystem::path& path, const CameraInfo& info) : path_(path) {
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor_ < 0 && errno == EEXIST)
    throw Error(
        ErrorKind::io,
        fmt::format("{} exists already, and a recording is never written over; give another name.", path.string()));
  if (descriptor_ < 0) fail(path);
  try {
    record_ = recording_magic;
    append(record_camera, camera_json(info));
    sync();
  } catch (const Error&) {
    ::close(descriptor_);
    ::unlink(path.c_str());
    throw;
  }
}

RecordingWriter::~RecordingWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void RecordingWriter::append(std::uint32_t kind, const std::string& payload) {
  if (payload.size() > 0xffffffffu) throw Error(ErrorKind::bad_input, "A frame is too large for a recording.");
  append_little(record_, record_magic);
  append_little(record_, kind);
  append_little(record_, static_cast<std::uint32_t>(payload.size()));
  append_little(record_, record_checksum(kind, payload));
  record_ += payload;
  for (std::size_t done = 0; done < record_.size();) {
    const ssize_t put = ::write(descriptor_, record_.data() + done, record_.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      const int reason = errno;
      // Half a record would hide nothing, but it would look like a power cut.
      if (::ftruncate(descriptor_, static_cast<off_t>(size_)) == 0)
        ::lseek(descriptor_, static_cast<off_t>(size_), SEEK_SET);
      record_.clear();
      errno = reason;
      fail(path_);
    }
    done += static_cast<std::size_t>(put);
  }
  size_ += record_.size();
  record_.clear();
}

void RecordingWriter::sync() {
  if (::fdatasync(descriptor_) != 0) fail(path_);
  synced_ = std::chrono::steady_clock::now();
}

void RecordingWriter::write(const Frame& frame) {
  const bool color = !frame.color.rgb.empty();
  if (!fits(frame.depth.intrinsics, frame.depth.counts.size(), 1) ||
      (color && !fits(frame.color.intrinsics, frame.color.rgb.size(), 3)))
    throw Error(ErrorKind::bad_input, "A frame's size and its number of pixels do not agree.");
  payload_.clear();
  append_little(payload_, frame.time_s);
  append_little(payload_, (frame.world_from_camera ? frame_has_pose : 0u) | (color ? frame_has_color : 0u));
  std::string packed;
  append_lens(payload_, frame.depth.intrinsics);
  append_little(payload_, frame.depth.mm_per_count);
  pack_counts(frame.depth.counts, frame.depth.intrinsics.width, frame.depth.intrinsics.height, packed);
  append_packed(payload_, packed);
  if (frame.world_from_camera)
    for (int r = 0; r < 3; ++r)
      for (int c = 0; c < 4; ++c) append_little(payload_, frame.world_from_camera->matrix()(r, c));
  if (color) {
    append_lens(payload_, frame.color.intrinsics);
    append_little(payload_, frame.color.time_s);
    pack_colors(frame.color.rgb, frame.color.intrinsics.width, frame.color.intrinsics.height, packed);
    append_packed(payload_, packed);
  }
  append(record_frame, payload_);
  if (std::chrono::steady_clock::now() - synced_ > std::chrono::seconds(1)) sync();
}

void RecordingWriter::finish() {
  append(record_end, "");
  sync();
  ::close(descriptor_);
  descriptor_ = -1;
}

}  // namespace fit
