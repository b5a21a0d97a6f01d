#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scanners/camera.h"

/// What the writer and the reader of Fit's recordings share; the format is described in scanners/recording.h.
namespace fit {

constexpr std::string_view recording_magic = "FITREC1\n";
constexpr std::uint32_t record_magic = 0x43455246;  // "FREC"
constexpr std::uint32_t record_camera = 1;
constexpr std::uint32_t record_frame = 2;
constexpr std::uint32_t record_end = 3;
constexpr std::uint32_t frame_has_pose = 1;
constexpr std::uint32_t frame_has_color = 2;

std::uint32_t record_checksum(std::uint32_t kind, std::string_view payload);

std::string camera_json(const CameraInfo& info);
/// Throws Error::bad_input.
CameraInfo camera_from_json(std::string_view json);

}  // namespace fit
