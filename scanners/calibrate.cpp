#include "scanners/calibrate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

#include "libfit/error.h"
#include "scanners/detail/board_views.h"
#include "scanners/detail/image_sequence.h"

namespace fit {

Board board_from(const std::string& text) {
  Board board;
  const std::size_t first = text.find(':');
  const std::size_t last = text.rfind(':');
  const std::string kind = text.substr(0, first);
  char* end = nullptr;
  const std::string side = last == std::string::npos ? "" : text.substr(last + 1);
  board.square_mm = std::strtod(side.c_str(), &end);
  bool good = !side.empty() && *end == 0 && board.square_mm >= 1 && board.square_mm <= 500;
  if (kind == "checker") {
    board.kind = Board::Kind::checker;
    good = good && first < last &&
           std::sscanf(text.substr(first + 1, last - first - 1).c_str(), "%dx%d", &board.columns, &board.rows) == 2 &&
           board.columns >= 3 && board.columns <= 50 && board.rows >= 3 && board.rows <= 50;
  } else {
    good = good && kind == "charuco";
  }
  if (!good)
    throw Error(
        ErrorKind::bad_params,
        fmt::format("The board is '{}'; say charuco:SQUARE_MM, as charuco:20.875, or checker:COLUMNSxROWS:SQUARE_MM "
                    "with its inner corners, as checker:9x6:25.",
                    text));
  return board;
}

#ifndef FIT_HAS_OPENCV

bool can_calibrate() { return false; }

DeviceCalibration calibrate(Camera&, const Board&, const Progress&) {
  throw Error(ErrorKind::no_solution,
              "This build cannot calibrate a camera; install libopencv-contrib-dev and build it again.");
}

#else

bool can_calibrate() { return true; }

namespace {

constexpr int fewest_views = 4;
constexpr int most_views = 60;  // more add time, not truth
constexpr double most_sigma_percent = 0.5;
constexpr double least_tilt_deg = 12.0;  // of at least two views: a board seen straight on fits any focal length

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

struct SeenBoard {
  BoardView view;
  DepthImage depth;
};

/// Whether depth is measured through the colour images' lens, or was resampled to it.
bool one_lens(const CameraInfo& info, const Frame& frame) {
  const Intrinsics& d = frame.depth.intrinsics;
  const Intrinsics c = resized(frame.color.intrinsics, d.width, d.height);
  return info.color_from_depth.isApprox(Eigen::Isometry3d::Identity()) &&
         std::abs(c.fx_px - d.fx_px) < 1e-3 * d.fx_px && std::abs(c.cx_px - d.cx_px) < 2.0;
}

/// True over measured depth: the median over the pixels on the board. None where too few lie on it.
std::optional<double> depth_scale_of(const SeenBoard& seen, const BoardPose& pose,
                                     const Eigen::Isometry3d& color_from_depth, double focal_scale) {
  Eigen::Vector2d low = seen.view.board_mm.front();
  Eigen::Vector2d high = low;
  for (const Eigen::Vector2d& corner : seen.view.board_mm) {
    low = low.cwiseMin(corner);
    high = high.cwiseMax(corner);
  }
  const Intrinsics& k = seen.depth.intrinsics;
  const Eigen::Isometry3d board_from_depth = pose.camera_from_board.inverse() * color_from_depth;
  const Eigen::Vector3d origin = board_from_depth.translation();
  std::vector<double> scales;
  for (int v = 0; v < k.height; v += 2)
    for (int u = 0; u < k.width; u += 2) {
      const double z = seen.depth.depth_mm(u, v);
      if (z <= 0) continue;
      const Eigen::Vector3d point((u - k.cx_px) / (k.fx_px * focal_scale) * z,
                                  (v - k.cy_px) / (k.fy_px * focal_scale) * z, z);
      const Eigen::Vector3d along = board_from_depth.linear() * point;
      // The board is the plane z = 0 of its own frame: the ray origin + s along meets it there.
      const double s = -origin.z() / along.z();
      const Eigen::Vector3d hit = origin + s * along;
      if (s > 0.5 && s < 2.0 && hit.x() > low.x() && hit.x() < high.x() && hit.y() > low.y() && hit.y() < high.y())
        scales.push_back(s);
    }
  if (scales.size() < 200) return std::nullopt;
  return median(std::move(scales));
}

/// How many views see the board askew.
int tilted_views(const FocalFit& fit) {
  const double straight = std::cos(least_tilt_deg * std::numbers::pi / 180.0);
  return static_cast<int>(std::count_if(fit.poses.begin(), fit.poses.end(), [&](const BoardPose& pose) {
    return std::abs(pose.camera_from_board.linear()(2, 2)) < straight;
  }));
}

void fit_depth_scale(const std::vector<SeenBoard>& seen, const FocalFit& fit, const CameraInfo& info,
                     DeviceCalibration& result) {
  std::vector<double> scales;
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (const auto scale =
            depth_scale_of(seen[i], fit.poses[i], info.color_from_depth, result.depth_focal ? result.focal_scale : 1.0))
      scales.push_back(*scale);
  if (static_cast<int>(scales.size()) < fewest_views) return;
  result.depth_scale = median(scales);
  std::vector<double> off;
  for (const double scale : scales) off.push_back(std::abs(scale - result.depth_scale));
  result.depth_scale_spread_percent = 148.26 * median(off);
}

}  // namespace

DeviceCalibration calibrate(Camera& camera, const Board& board, const Progress& progress) {
  BoardFinder finder(board);
  std::vector<SeenBoard> seen;
  Frame frame;
  Intrinsics maker;
  bool shared = false;
  const double all = static_cast<double>(camera.info().frames.value_or(100));
  for (double read = 0; static_cast<int>(seen.size()) < most_views && camera.next(frame); ++read) {
    progress(0.9 * std::min(1.0, read / all));
    if (frame.color.rgb.empty()) continue;
    auto view = finder.find(frame.color);
    if (!view) continue;
    if (seen.empty()) {
      maker = frame.color.intrinsics;
      shared = one_lens(camera.info(), frame);
    }
    if (frame.color.intrinsics.width != maker.width || frame.color.intrinsics.height != maker.height) continue;
    seen.push_back({std::move(*view), frame.depth});
  }
  if (static_cast<int>(seen.size()) < fewest_views)
    throw Error(
        ErrorKind::bad_input,
        fmt::format("The board was seen in {} of the frames; at least {} are needed, from different sides and with "
                    "most of it in the image.",
                    seen.size(), fewest_views));
  std::vector<BoardView> views;
  for (const SeenBoard& one : seen) views.push_back(one.view);
  const FocalFit fit = fit_focal(views, maker);

  DeviceCalibration result;
  result.device = camera.info().device;
  result.focal_px = fit.focal_px;
  result.width = maker.width;
  result.focal_scale = maker.fx_px > 0 ? fit.focal_px / maker.fx_px : 0.0;
  result.focal_sigma_percent = 100.0 * fit.sigma_px / fit.focal_px;
  result.depth_focal = shared;
  result.views = static_cast<int>(seen.size());
  result.residual_px = fit.residual_px;
  if (!(result.focal_sigma_percent < most_sigma_percent) || !(fit.residual_px < 2.0) || tilted_views(fit) < 2)
    throw Error(ErrorKind::bad_input,
                fmt::format("The views do not tell the focal length ({} of {} are tilted, standard deviation {:.1f} %, "
                            "corners scatter by {:.2f} px); tilt the flat board by 20 to 50 degrees to every side.",
                            tilted_views(fit), result.views, result.focal_sigma_percent, fit.residual_px));
  fit_depth_scale(seen, fit, camera.info(), result);
  progress(1.0);
  return result;
}

#endif

std::unique_ptr<Camera> open_pictures(const std::vector<std::filesystem::path>& pictures) {
  ImageSequence sequence;
  if (!pictures.empty()) sequence.path = pictures.front();
  sequence.load = load_file;
  sequence.info.format = "set of pictures";
  sequence.info.focal_known = false;
  sequence.decode = [](std::size_t, const std::string& bytes, Frame& frame) {
    RawImage image;
    decode_image(bytes, image);
    to_color(image, frame.color);
    Intrinsics& k = frame.color.intrinsics;
    k.cx_px = (k.width - 1) / 2.0;
    k.cy_px = (k.height - 1) / 2.0;
    k.fx_px = k.fy_px = 0;
    frame.depth.intrinsics = {1, 1, 0, 0, 0, 0};
    frame.depth.counts.assign(1, 0);
  };
  for (const auto& picture : pictures) sequence.frames.push_back({0.0, picture.string(), "", {}, {}});
  return open_sequence(std::move(sequence));
}

}  // namespace fit
