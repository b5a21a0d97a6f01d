#include <fmt/format.h>
#include <zip.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "libfit/error.h"
#include "scanners/detail/byte_file.h"
#include "scanners/detail/depth_counts.h"
#include "scanners/detail/image_sequence.h"
#include "scanners/detail/lzfse.h"
#include "scanners/detail/text_table.h"
#include "scanners/formats.h"

// Recordings of the iPhone app Record3D: a zip with `metadata` (JSON: K column by column, w h of the colour, dw dh of
// the depth, poses qx qy qz qw tx ty tz with y up, fps) and rgbd/<n>.jpg, .depth (LZFSE, float metres), .conf (LZFSE,
// bytes 0 to 2).
namespace fit {

namespace {

const char* const format = "Record3D recording";
constexpr std::uint64_t largest_entry = 1u << 28;

/// A zip file, read an entry at a time.
class Zip {
 public:
  explicit Zip(const std::filesystem::path& path) {
    int reason = 0;
    zip_ = zip_open(path.c_str(), ZIP_RDONLY, &reason);
    if (!zip_) refuse_recording(path, format, "it is no sound zip file");
  }
  ~Zip() { zip_discard(zip_); }
  Zip(const Zip&) = delete;
  Zip& operator=(const Zip&) = delete;

  bool has(const std::string& name) const { return zip_name_locate(zip_, name.c_str(), 0) >= 0; }
  std::int64_t entries() const { return zip_get_num_entries(zip_, 0); }

  /// Throws Error::bad_input. What the directory says of a size is not believed.
  void read(const std::string& name, std::string& bytes) const {
    bytes.clear();
    zip_file_t* file = zip_fopen(zip_, name.c_str(), 0);
    if (!file) throw Error(ErrorKind::bad_input, fmt::format("{} is not there", name));
    std::string piece(1 << 16, '\0');
    zip_int64_t got = 0;
    while (bytes.size() < largest_entry && (got = zip_fread(file, piece.data(), piece.size())) > 0)
      bytes.append(piece, 0, static_cast<std::size_t>(got));
    const bool good = zip_fclose(file) == 0 && got == 0;
    if (!good) throw Error(ErrorKind::bad_input, fmt::format("{} is damaged", name));
  }

 private:
  zip_t* zip_ = nullptr;
};

struct Metadata {
  CameraInfo info;
  std::vector<std::optional<Eigen::Isometry3d>> poses;
  std::vector<std::optional<Intrinsics>> intrinsics;
  std::vector<double> times_s;
};

std::optional<Eigen::Isometry3d> pose_of(const nlohmann::json& json) {
  double v[7];
  for (std::size_t i = 0; i < 7; ++i) v[i] = json.at(i).get<double>();
  const auto pose = pose_from(v + 4, v);
  return pose ? std::optional(from_y_up(*pose)) : std::nullopt;
}

/// Apple scales intrinsics without moving the pixels' centres.
Intrinsics scaled(const Intrinsics& k, int width, int height) {
  const double x = static_cast<double>(width) / k.width;
  const double y = static_cast<double>(height) / k.height;
  return {width, height, k.fx_px * x, k.fy_px * y, k.cx_px * x, k.cy_px * y};
}

Metadata read_metadata(const std::string& text) {
  const auto json = nlohmann::json::parse(text);
  Metadata data;
  CameraInfo& info = data.info;
  const auto size = [&](const char* key) {
    const auto value = json.at(key).get<std::int64_t>();
    check_image_size(value, 1);
    return static_cast<int>(value);
  };
  const auto& k = json.at("K");
  const Intrinsics color{
      size("w"), size("h"), k.at(0).get<double>(), k.at(4).get<double>(), k.at(6).get<double>(), k.at(7).get<double>()};
  if (!(color.fx_px > 0 && color.fy_px > 0 && std::isfinite(color.fx_px + color.fy_px + color.cx_px + color.cy_px)))
    throw Error(ErrorKind::bad_input, "its intrinsics are none of a camera");
  // Early versions kept no size of the depth: the LiDAR's.
  const int width = json.contains("dw") ? size("dw") : (color.width < color.height ? 192 : 256);
  const int height = json.contains("dh") ? size("dh") : (color.width < color.height ? 256 : 192);
  info.color = color;
  info.depth = scaled(color, width, height);
  info.format = format;
  info.device = width * height < 100000 ? "iPhone LiDAR" : "iPhone TrueDepth";
  if (json.contains("fps") && json["fps"].is_number()) info.frames_per_s = json["fps"].get<double>();
  if (json.contains("poses"))
    for (const auto& pose : json["poses"]) data.poses.push_back(pose_of(pose));
  if (json.contains("perFrameIntrinsicCoeffs"))
    for (const auto& own : json["perFrameIntrinsicCoeffs"]) {
      const Intrinsics at{color.width,
                          color.height,
                          own.at(0).get<double>(),
                          own.at(1).get<double>(),
                          own.at(2).get<double>(),
                          own.at(3).get<double>()};
      data.intrinsics.push_back(at.fx_px > 0 && at.fy_px > 0 ? std::optional(scaled(at, width, height)) : std::nullopt);
    }
  if (json.contains("frameTimestamps"))
    for (const auto& time : json["frameTimestamps"]) data.times_s.push_back(time.get<double>());
  return data;
}

/// Depth that the phone itself does not believe is left out.
void drop_unsure(const std::string& confidence, std::vector<std::uint16_t>& counts) {
  if (confidence.size() != counts.size() || confidence.find_first_not_of('\0') == std::string::npos) return;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (confidence[i] == 0) counts[i] = 0;
}

}  // namespace

bool is_record3d(const std::filesystem::path& path, std::string_view head) {
  if (!head.starts_with("PK")) return false;
  try {
    const Zip zip(path);
    return zip.has("metadata") && (zip.has("rgbd/0.depth") || zip.has("rgbd/0.jpg"));
  } catch (const Error&) {
    return path.extension() == ".r3d";
  }
}

std::unique_ptr<Camera> open_record3d(const std::filesystem::path& path) {
  const auto zip = std::make_shared<Zip>(path);
  Metadata data;
  try {
    std::string text;
    zip->read("metadata", text);
    data = read_metadata(text);
  } catch (const nlohmann::json::exception&) {
    refuse_recording(path, format, "its metadata are not as they should be");
  } catch (const Error& error) {
    refuse_recording(path, format, error.what());
  }
  ImageSequence sequence;
  sequence.path = path;
  sequence.info = data.info;
  sequence.mm_per_count = float_depth_mm_per_count;
  sequence.load = [zip](const std::string& name, std::string& bytes) { zip->read(name, bytes); };
  sequence.decode = [zip](std::size_t index, const std::string& bytes, Frame& frame) {
    const auto pixels = static_cast<std::size_t>(frame.depth.intrinsics.width) *
                        static_cast<std::size_t>(frame.depth.intrinsics.height);
    const std::string metres = unpack_lzfse(bytes, 4 * pixels);
    if (metres.size() != 4 * pixels) throw Error(ErrorKind::bad_input, "a depth image has another size than was said");
    frame.depth.counts.resize(pixels);
    counts_from_metres(metres.data(), pixels, frame.depth.mm_per_count, frame.depth.counts.data());
    const std::string confidence = fmt::format("rgbd/{}.conf", index);
    if (!zip->has(confidence)) return;
    std::string packed;
    zip->read(confidence, packed);
    drop_unsure(unpack_lzfse(packed, pixels), frame.depth.counts);
  };
  for (std::size_t i = 0; static_cast<std::int64_t>(i) < zip->entries(); ++i) {
    SequenceFrame frame;
    frame.depth = fmt::format("rgbd/{}.depth", i);
    if (!zip->has(frame.depth)) break;
    const double rate = data.info.frames_per_s > 0 ? data.info.frames_per_s : 30.0;
    frame.time_s = i < data.times_s.size() ? data.times_s[i] : static_cast<double>(i) / rate;
    if (const std::string color = fmt::format("rgbd/{}.jpg", i); zip->has(color)) frame.color = color;
    if (i < data.poses.size()) frame.world_from_camera = data.poses[i];
    if (i < data.intrinsics.size()) frame.intrinsics = data.intrinsics[i];
    sequence.frames.push_back(std::move(frame));
  }
  return open_sequence(std::move(sequence));
}

}  // namespace fit
