#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libfit/progress.h"
#include "scanners/camera.h"

namespace fit {

/// A flat printed board of known size, seen by a camera that is to be calibrated.
struct Board {
  enum class Kind { charuco, checker };
  Kind kind = Kind::charuco;
  double square_mm = 0.0;  ///< side of a square, measured on the print: printers scale
  int columns = 0;         ///< inner corners across; a ChArUco board's size and dictionary are found by themselves
  int rows = 0;            ///< inner corners down
};

/// "charuco:20.875" (side of a square in mm) or "checker:9x6:25" (inner corners, side). Throws Error::bad_params.
Board board_from(const std::string& text);

/// What is true of a device, against what its maker says.
struct DeviceCalibration {
  std::string device;
  double focal_scale = 1.0;  ///< true focal length over the maker's
  double focal_px = 0.0;     ///< true, of the colour images, `width` pixels wide
  int width = 0;
  double focal_sigma_percent = 0.0;  ///< one standard deviation of it, from the corners' scatter
  bool depth_focal = false;          ///< colour and depth share the lens, so this is the depth's focal length too
  double depth_scale = 1.0;          ///< true depth over what is measured
  double depth_scale_spread_percent =
      0.0;  ///< between frames (a robust standard deviation); 0 where there was no depth
  int views = 0;
  double residual_px = 0.0;  ///< rms of the corners

  bool operator==(const DeviceCalibration&) const = default;
};

/// Whether this build can calibrate (OpenCV with its aruco module was there).
bool can_calibrate();

/// Finds the true focal length, and the scale of depth where there is depth, from frames that show the board: 5 or more
/// from different sides, tilted by 20 to 50 degrees. The principal point is the maker's (the image's middle where that
/// is not known), pixels are square, the lens is free of distortion as the maker's images are.
///
/// Method: Zhang, A Flexible New Technique for Camera Calibration (PAMI 2000), by OpenCV; corners that lie more than
/// three standard deviations off are left out. Depth: the pixels on the board against its plane, median of medians.
/// Throws Error::bad_input (no board seen, too few views, views that do not tell the focal length), Error::no_solution
/// in a build that cannot calibrate, Cancelled.
DeviceCalibration calibrate(Camera& camera, const Board& board, const Progress& progress = {});

/// A camera over picture files, for boards that were photographed one by one. Focal length not known, no depth (1 x 1).
std::unique_ptr<Camera> open_pictures(const std::vector<std::filesystem::path>& pictures);

}  // namespace fit
