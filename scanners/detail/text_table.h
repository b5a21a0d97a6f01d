#pragma once

#include <Eigen/Geometry>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "scanners/frame.h"

namespace fit {

/// The lines of a text file of up to 64 MB without comments (#) and empty ones, each split at blanks or commas.
/// Throws Error::io, Error::bad_input for a file too large.
std::vector<std::vector<std::string>> read_table(const std::filesystem::path& path);

/// The numbers of a row from `first`; none when any is not a number.
std::optional<std::vector<double>> numbers(const std::vector<std::string>& row, std::size_t first = 0);

/// A pose from a translation in metres and a quaternion (x, y, z, w); none when that is no rotation.
std::optional<Eigen::Isometry3d> pose_from(const double* translation_m, const double* quaternion);

/// The pose of a camera with y up and z backward (ARKit) as one with y down and z forward.
Eigen::Isometry3d from_y_up(const Eigen::Isometry3d& world_from_camera);

/// Intrinsics as Open3D writes them: width, height, intrinsic_matrix (9 numbers, column by column).
/// None when there is no such file; throws Error::bad_input when it is broken.
std::optional<Intrinsics> read_open3d_intrinsics(const std::filesystem::path& path);

}  // namespace fit
