#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>

#include "libfit/error.h"
#include "scanners/detail/byte_file.h"
#include "scanners/detail/depth_counts.h"
#include "scanners/detail/image_sequence.h"
#include "scanners/formats.h"

// A frame of Standard Cyborg's scanner for TrueDepth cameras: a binary little-endian PLY whose elements are `metadata`
// (the characters of a JSON text), `color` (r g b, floats of 0 to 1) and `depth` (d, float metres; 9999, beyond any
// count, is none).
namespace fit {

namespace {

const char* const format = "Standard Cyborg recording";

struct Element {
  std::string name;
  std::uint64_t count = 0;
  std::uint64_t stride = 0;
};

struct Parts {
  std::string_view metadata, color, depth;
};

[[noreturn]] void refuse(const char* what) { throw Error(ErrorKind::bad_input, what); }

std::uint64_t size_of_type(const std::string& type) {
  if (type == "uchar" || type == "uint8" || type == "char" || type == "int8") return 1;
  if (type == "float" || type == "float32") return 4;
  refuse("its PLY holds another type of number");
}

Parts parts_of(std::string_view file) {
  constexpr std::string_view ending = "end_header\n";
  const std::size_t end = file.substr(0, 65536).find(ending);
  if (end == std::string_view::npos) refuse("its PLY header has no end");
  std::istringstream header{std::string(file.substr(0, end))};
  std::vector<Element> elements;
  bool binary = false;
  for (std::string line; std::getline(header, line);) {
    std::istringstream words(line);
    std::string first, second, third;
    words >> first >> second >> third;
    if (first == "format") binary = second == "binary_little_endian";
    if (first == "element") elements.push_back({second, std::strtoull(third.c_str(), nullptr, 10), 0});
    if (first == "property" && !elements.empty()) elements.back().stride += size_of_type(second);
  }
  if (!binary) refuse("its PLY is not binary");
  Parts parts;
  std::string_view rest = file.substr(end + ending.size());
  for (const Element& element : elements) {
    if (element.stride && element.count > rest.size() / element.stride) refuse("it ends too early");
    const std::string_view bytes = rest.substr(0, element.count * element.stride);
    rest.remove_prefix(bytes.size());
    if (element.name == "metadata" && element.stride == 1) parts.metadata = bytes;
    if (element.name == "color" && element.stride == 12) parts.color = bytes;
    if (element.name == "depth" && element.stride == 4) parts.depth = bytes;
  }
  if (parts.metadata.empty() || parts.depth.empty()) refuse("its PLY lacks metadata or depth");
  return parts;
}

/// The intrinsics are those of the full sensor; Apple scales them without moving the pixels' centres.
Intrinsics intrinsics_from(const nlohmann::json& json, int width, int height) {
  const auto& camera = json.at("camera_intrinsics");
  const auto pick = [&](const char* name, const char* legacy) -> const nlohmann::json& {
    return camera.contains(name) ? camera.at(name) : camera.at(legacy);
  };
  const auto& k = pick("intrinsicMatrix", "intrinsic_matrix");
  double across = 0;
  double down = 0;
  if (camera.contains("intrinsicMatrixReferenceSize")) {
    across = camera["intrinsicMatrixReferenceSize"].at(0).get<double>();
    down = camera["intrinsicMatrixReferenceSize"].at(1).get<double>();
  } else {
    across = camera.at("intrinsic_matrix_reference_dimensions_width").get<double>();
    down = camera.at("intrinsic_matrix_reference_dimensions_height").get<double>();
  }
  const double x = width / across;
  const double y = height / down;
  const Intrinsics found{width,
                         height,
                         k.at(0).get<double>() * x,
                         k.at(4).get<double>() * y,
                         k.at(6).get<double>() * x,
                         k.at(7).get<double>() * y};
  if (!(found.fx_px > 0 && found.fy_px > 0 && std::isfinite(found.fx_px + found.fy_px + found.cx_px + found.cy_px)))
    refuse("its intrinsics are none of a camera");
  return found;
}

void decode(const std::string& file, Frame& frame) {
  const Parts parts = parts_of(file);
  try {
    const auto json = nlohmann::json::parse(parts.metadata);
    const auto width = json.at("width").get<std::int64_t>();
    const auto height = json.at("height").get<std::int64_t>();
    check_image_size(width, height);
    const auto pixels = static_cast<std::size_t>(width * height);
    if (parts.depth.size() != 4 * pixels) refuse("its size and its depth do not agree");
    frame.depth.intrinsics = intrinsics_from(json, static_cast<int>(width), static_cast<int>(height));
    if (json.contains("timestamp") && json["timestamp"].is_number()) frame.time_s = json["timestamp"].get<double>();
    frame.depth.counts.resize(pixels);
    counts_from_metres(parts.depth.data(), pixels, frame.depth.mm_per_count, frame.depth.counts.data());
    if (parts.color.size() != 12 * pixels) return;
    frame.color.intrinsics = frame.depth.intrinsics;
    frame.color.time_s = frame.time_s;
    frame.color.rgb.resize(3 * pixels);
    for (std::size_t i = 0; i < 3 * pixels; ++i) {
      float value;
      std::memcpy(&value, parts.color.data() + 4 * i, 4);
      frame.color.rgb[i] = static_cast<std::uint8_t>(255.0f * (value > 0 ? std::min(value, 1.0f) : 0.0f) + 0.5f);
    }
  } catch (const nlohmann::json::exception&) {
    refuse("its metadata are not as they should be");
  }
}

std::vector<std::filesystem::path> frames_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (auto entry = std::filesystem::directory_iterator(folder, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
    if (entry->path().extension() == ".ply" || entry->path().extension() == ".bply") found.push_back(entry->path());
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

bool is_bply(std::string_view head) {
  return head.starts_with("ply") && head.find("element metadata ") != std::string_view::npos;
}

bool is_bply_folder(const std::filesystem::path& folder) {
  const auto frames = frames_in(folder);
  if (frames.empty()) return false;
  const ByteFile file(frames.front());
  return is_bply(file.read(0, std::min<std::uint64_t>(file.size(), 1024)));
}

std::unique_ptr<Camera> open_bply(const std::filesystem::path& path) {
  ImageSequence sequence;
  sequence.path = path;
  sequence.load = load_file;
  sequence.mm_per_count = float_depth_mm_per_count;
  sequence.info.format = format;
  sequence.info.device = "iPhone TrueDepth";
  sequence.decode = [](std::size_t, const std::string& bytes, Frame& frame) { decode(bytes, frame); };
  std::error_code none;
  const bool folder = std::filesystem::is_directory(path, none);
  for (const auto& file : folder ? frames_in(path) : std::vector{path}) {
    SequenceFrame frame;
    frame.time_s = static_cast<double>(sequence.frames.size()) / 30.0;
    frame.depth = file.string();
    sequence.frames.push_back(std::move(frame));
  }
  return open_sequence(std::move(sequence));
}

}  // namespace fit
