#pragma once

#include <filesystem>
#include <memory>
#include <string_view>

#include "scanners/camera.h"

/// The readers of recordings, a file each. `is_x` looks at a path (and at a file's first kilobyte); `open_x` throws
/// Error as `open_recording` does.
namespace fit {

bool is_fit_recording(std::string_view head);
std::unique_ptr<Camera> open_fit_recording(const std::filesystem::path& path);

bool is_rosbag(std::string_view head);
std::unique_ptr<Camera> open_rosbag(const std::filesystem::path& path);

bool is_oni(std::string_view head);
std::unique_ptr<Camera> open_oni(const std::filesystem::path& path);

bool is_record3d(const std::filesystem::path& path, std::string_view head);
std::unique_ptr<Camera> open_record3d(const std::filesystem::path& path);

bool is_azure_mkv(std::string_view head);
std::unique_ptr<Camera> open_azure_mkv(const std::filesystem::path& path);

bool is_bply(std::string_view head);
bool is_bply_folder(const std::filesystem::path& folder);
std::unique_ptr<Camera> open_bply(const std::filesystem::path& path);

bool is_tum(const std::filesystem::path& folder);
std::unique_ptr<Camera> open_tum(const std::filesystem::path& folder);

bool is_fakenect(const std::filesystem::path& folder);
std::unique_ptr<Camera> open_fakenect(const std::filesystem::path& folder);

/// What this build lacks to read all of it; empty when nothing.
const char* stray_scanner_missing();
bool is_stray_scanner(const std::filesystem::path& folder);
std::unique_ptr<Camera> open_stray_scanner(const std::filesystem::path& folder);

bool is_truedepth_folder(const std::filesystem::path& folder);
std::unique_ptr<Camera> open_truedepth_folder(const std::filesystem::path& folder);

/// Open3D's layout and others like it: folders `depth` and `color` (or rgb, image).
bool is_image_folder(const std::filesystem::path& folder);
std::unique_ptr<Camera> open_image_folder(const std::filesystem::path& folder);

}  // namespace fit
