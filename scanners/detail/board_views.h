#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "scanners/calibrate.h"

namespace fit {

/// The corners of a board that an image shows: where they are on the board (mm) and in the image (px).
struct BoardView {
  std::vector<Eigen::Vector2d> board_mm;
  std::vector<Eigen::Vector2d> image_px;
};

/// Finds the board in images; learns a ChArUco board's dictionary and size from the first images that show it.
class BoardFinder {
 public:
  explicit BoardFinder(const Board& board);
  /// None where the board is not seen well enough.
  std::optional<BoardView> find(const ColorImage& image);

 private:
  Board board_;
  int dictionary_ = -1;
  int columns_ = 0;  ///< squares across
  int parity_ = 0;   ///< whether the square in the first corner holds a marker
};

/// A view's place: the board's plane in the camera's frame, mm.
struct BoardPose {
  Eigen::Isometry3d camera_from_board = Eigen::Isometry3d::Identity();
};

struct FocalFit {
  double focal_px = 0.0;
  double sigma_px = 0.0;
  double residual_px = 0.0;
  std::vector<BoardPose> poses;  ///< one a view
};

/// Zhang's method with one unknown of the lens. `start` gives the principal point and, if it is not 0, where the focal
/// length begins. Corners far off are removed from `views`.
FocalFit fit_focal(std::vector<BoardView>& views, const Intrinsics& start);

}  // namespace fit
