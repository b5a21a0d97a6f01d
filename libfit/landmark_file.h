#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "libfit/landmarks.h"

namespace fit {

/// Landmarks as they stand in a small JSON file:
/// { "format": "fit-landmarks 1", "frame": "scan" | "limb", "landmarks": { name: { "point_mm": [x, y, z], "confidence",
/// "confirmed" } } }. The frame is that of the scan file, or the limb frame (see libfit/limb.h).
struct LandmarkFile {
  Landmarks landmarks;
  bool in_limb_frame = false;

  bool operator==(const LandmarkFile&) const = default;
};

/// Needs: UTF-8 text. `name` is what errors call it. A landmark without "confirmed" was placed by a person: it counts
/// as confirmed; one without "confidence" has 1. Throws Error::bad_input: not JSON, another format, no frame, an
/// unknown landmark or key, a point that is not three numbers or farther than 10 m off.
LandmarkFile parse_landmarks(std::string_view text, const std::string& name);

/// The text that `parse_landmarks` reads back as the same values.
std::string landmarks_text(const LandmarkFile& file);

/// Throws Error::io besides.
LandmarkFile read_landmarks(const std::filesystem::path& path);

/// Throws Error::io.
void write_landmarks(const std::filesystem::path& path, const LandmarkFile& file);

}  // namespace fit
