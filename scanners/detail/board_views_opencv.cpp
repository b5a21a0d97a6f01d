#ifdef FIT_HAS_OPENCV

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <opencv2/aruco.hpp>
#include <opencv2/calib3d.hpp>
#include <opencv2/imgproc.hpp>

#include "libfit/error.h"
#include "scanners/detail/board_views.h"

namespace fit {

namespace {

constexpr int fewest_corners = 12;
constexpr int fewest_markers = 6;

using Centres = std::map<int, cv::Point2f>;  // a marker's number and its centre

cv::Mat grey_of(const ColorImage& image) {
  const cv::Mat rgb(image.intrinsics.height, image.intrinsics.width, CV_8UC3,
                    const_cast<std::uint8_t*>(image.rgb.data()));
  cv::Mat grey;
  cv::cvtColor(rgb, grey, cv::COLOR_RGB2GRAY);
  return grey;
}

/// The centre of a square seen askew: where its diagonals cross.
cv::Point2f centre_of(const std::vector<cv::Point2f>& q) {
  const cv::Point2f a = q[2] - q[0];
  const cv::Point2f b = q[3] - q[1];
  const float cross = a.x * b.y - a.y * b.x;
  if (std::abs(cross) < 1e-6f) return (q[0] + q[2]) * 0.5f;
  const cv::Point2f between = q[1] - q[0];
  return q[0] + a * ((between.x * b.y - between.y * b.x) / cross);
}

/// Markers are looked for at twice the size in small images: a bit of one has 2 to 4 pixels there.
Centres find_markers(const cv::Mat& grey, int dictionary) {
  cv::Mat large;
  const double factor = grey.cols <= 1000 ? 2.0 : 1.0;
  cv::resize(grey, large, {}, factor, factor, cv::INTER_CUBIC);
  std::vector<std::vector<cv::Point2f>> squares;
  std::vector<int> ids;
  cv::aruco::detectMarkers(large, cv::aruco::getPredefinedDictionary(dictionary), squares, ids);
  Centres centres;
  for (std::size_t i = 0; i < ids.size(); ++i)
    centres[ids[i]] = (centre_of(squares[i]) + cv::Point2f(0.5f, 0.5f)) / factor - cv::Point2f(0.5f, 0.5f);
  return centres;
}

/// The square, column and row, that holds a marker: they are numbered along the rows, on every second square.
cv::Point square_of(int marker, int columns, int parity) {
  for (int y = 0;; ++y) {
    const int first = (y + parity) % 2 == 0 ? 1 : 0;
    const int in_row = (columns - first + 1) / 2;
    if (marker < in_row) return {first + 2 * marker, y};
    marker -= in_row;
  }
}

/// The board-to-image homography of a layout, and how far it misses the markers, in squares.
cv::Mat homography_of(const Centres& centres, int columns, int parity, double& miss) {
  std::vector<cv::Point2f> board;
  std::vector<cv::Point2f> image;
  for (const auto& [marker, centre] : centres) {
    const cv::Point square = square_of(marker, columns, parity);
    board.emplace_back(square.x + 0.5f, square.y + 0.5f);
    image.push_back(centre);
  }
  miss = 1e9;
  // A mirrored or collapsed layout has no homography.
  const cv::Mat h = cv::findHomography(image, board, cv::RANSAC, 0.2);
  if (h.empty()) return {};
  std::vector<cv::Point2f> mapped;
  cv::perspectiveTransform(image, mapped, h);
  std::vector<double> distances;
  for (std::size_t i = 0; i < board.size(); ++i) distances.push_back(cv::norm(mapped[i] - board[i]));
  std::nth_element(distances.begin(), distances.begin() + static_cast<std::ptrdiff_t>(distances.size() * 8 / 10),
                   distances.end());
  miss = distances[distances.size() * 8 / 10];
  cv::Mat inverse;
  cv::invert(h, inverse);
  return inverse;
}

int dictionary_of(const cv::Mat& grey) {
  static constexpr std::array families{
      cv::aruco::DICT_4X4_50,         cv::aruco::DICT_4X4_250,       cv::aruco::DICT_4X4_1000, cv::aruco::DICT_5X5_50,
      cv::aruco::DICT_5X5_250,        cv::aruco::DICT_5X5_1000,      cv::aruco::DICT_6X6_50,   cv::aruco::DICT_6X6_250,
      cv::aruco::DICT_6X6_1000,       cv::aruco::DICT_7X7_50,        cv::aruco::DICT_7X7_250,  cv::aruco::DICT_7X7_1000,
      cv::aruco::DICT_ARUCO_ORIGINAL, cv::aruco::DICT_APRILTAG_36h11};
  int best = -1;
  std::size_t most = fewest_markers - 1;
  for (const int family : families)
    if (const std::size_t found = find_markers(grey, family).size(); found > most) {
      most = found;
      best = family;
    }
  return best;
}

/// A quarter of a square's side in the image, at a corner: corners are refined in windows that hold one corner alone.
int window_at(const cv::Mat& h, cv::Point2f corner) {
  std::vector<cv::Point2f> around{corner, corner + cv::Point2f(1, 0), corner + cv::Point2f(0, 1)};
  std::vector<cv::Point2f> image;
  cv::perspectiveTransform(around, image, h);
  const double side = std::min(cv::norm(image[1] - image[0]), cv::norm(image[2] - image[0]));
  return std::clamp(static_cast<int>(side / 4.0), 2, 10);
}

/// Refines predicted corners and keeps those that stayed near.
void add_corner(const cv::Mat& grey, cv::Point2f predicted, cv::Point2f board_squares, int window, double square_mm,
                BoardView& view) {
  const float edge = static_cast<float>(window + 2);
  if (predicted.x < edge || predicted.y < edge || predicted.x > grey.cols - 1 - edge ||
      predicted.y > grey.rows - 1 - edge)
    return;
  std::vector<cv::Point2f> corner{predicted};
  cv::cornerSubPix(grey, corner, {window, window}, {-1, -1},
                   {cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 40, 0.001});
  if (cv::norm(corner[0] - predicted) > window) return;
  view.board_mm.emplace_back(square_mm * board_squares.x, square_mm * board_squares.y);
  view.image_px.emplace_back(corner[0].x, corner[0].y);
}

std::optional<BoardView> enough(BoardView view) {
  if (static_cast<int>(view.board_mm.size()) < fewest_corners) return std::nullopt;
  return view;
}

std::optional<BoardView> find_checker(const cv::Mat& grey, const Board& board) {
  std::vector<cv::Point2f> corners;
  if (!cv::findChessboardCornersSB(grey, {board.columns, board.rows}, corners, cv::CALIB_CB_NORMALIZE_IMAGE))
    return std::nullopt;
  BoardView view;
  for (int i = 0; i < board.columns * board.rows; ++i) {
    view.board_mm.emplace_back(board.square_mm * (i % board.columns), board.square_mm * (i / board.columns));
    view.image_px.emplace_back(corners[static_cast<std::size_t>(i)].x, corners[static_cast<std::size_t>(i)].y);
  }
  return enough(view);
}

struct CvViews {
  std::vector<std::vector<cv::Point3f>> board;
  std::vector<std::vector<cv::Point2f>> image;
};

CvViews cv_views(const std::vector<BoardView>& views) {
  CvViews all;
  for (const BoardView& view : views) {
    all.board.emplace_back();
    all.image.emplace_back();
    for (std::size_t i = 0; i < view.board_mm.size(); ++i) {
      all.board.back().emplace_back(static_cast<float>(view.board_mm[i].x()), static_cast<float>(view.board_mm[i].y()),
                                    0.f);
      all.image.back().emplace_back(static_cast<float>(view.image_px[i].x()), static_cast<float>(view.image_px[i].y()));
    }
  }
  return all;
}

/// Removes corners that lie more than three standard deviations off; whether there were any.
bool remove_outliers(std::vector<BoardView>& views, const CvViews& all, const cv::Mat& k,
                     const std::vector<cv::Mat>& turns, const std::vector<cv::Mat>& shifts, double residual) {
  bool any = false;
  for (std::size_t v = 0; v < views.size(); ++v) {
    std::vector<cv::Point2f> projected;
    cv::projectPoints(all.board[v], turns[v], shifts[v], k, cv::noArray(), projected);
    BoardView kept;
    for (std::size_t i = 0; i < projected.size(); ++i) {
      if (cv::norm(projected[i] - all.image[v][i]) > 3.0 * residual) continue;
      kept.board_mm.push_back(views[v].board_mm[i]);
      kept.image_px.push_back(views[v].image_px[i]);
    }
    if (kept.board_mm.size() == views[v].board_mm.size() || kept.board_mm.size() < 8) continue;
    any = true;
    views[v] = std::move(kept);
  }
  return any;
}

}  // namespace

BoardFinder::BoardFinder(const Board& board) : board_(board) {}

std::optional<BoardView> BoardFinder::find(const ColorImage& image) {
  const cv::Mat grey = grey_of(image);
  if (board_.kind == Board::Kind::checker) return find_checker(grey, board_);
  if (dictionary_ < 0) dictionary_ = dictionary_of(grey);
  if (dictionary_ < 0) return std::nullopt;
  const Centres centres = find_markers(grey, dictionary_);
  if (static_cast<int>(centres.size()) < fewest_markers) return std::nullopt;
  double miss = 1e9;
  if (columns_ == 0) {
    double least = 0.12;
    for (int columns = 3; columns <= 40; ++columns)
      for (int parity = 0; parity < 2; ++parity) {
        homography_of(centres, columns, parity, miss);
        if (miss >= least) continue;
        least = miss;
        columns_ = columns;
        parity_ = parity;
      }
    if (columns_ == 0) return std::nullopt;
  }
  const cv::Mat h = homography_of(centres, columns_, parity_, miss);
  if (h.empty() || miss > 0.12) return std::nullopt;
  std::map<std::pair<int, int>, bool> seen;
  for (const auto& [marker, centre] : centres) {
    const cv::Point square = square_of(marker, columns_, parity_);
    seen[{square.x, square.y}] = true;
  }
  // An inner corner touches two squares with markers, across from each other: both must be seen.
  BoardView view;
  int last_row = 0;
  for (const auto& [square, yes] : seen) last_row = std::max(last_row, square.second);
  for (int y = 1; y <= last_row; ++y)
    for (int x = 1; x < columns_; ++x) {
      const bool falling = seen.contains({x - 1, y - 1}) && seen.contains({x, y});
      const bool rising = seen.contains({x, y - 1}) && seen.contains({x - 1, y});
      if (!falling && !rising) continue;
      const cv::Point2f corner(static_cast<float>(x), static_cast<float>(y));
      std::vector<cv::Point2f> predicted;
      cv::perspectiveTransform(std::vector<cv::Point2f>{corner}, predicted, h);
      add_corner(grey, predicted[0], corner, window_at(h, corner), board_.square_mm, view);
    }
  return enough(view);
}

FocalFit fit_focal(std::vector<BoardView>& views, const Intrinsics& start) {
  constexpr int lens = cv::CALIB_FIX_PRINCIPAL_POINT | cv::CALIB_FIX_ASPECT_RATIO | cv::CALIB_ZERO_TANGENT_DIST |
                       cv::CALIB_FIX_K1 | cv::CALIB_FIX_K2 | cv::CALIB_FIX_K3 | cv::CALIB_USE_INTRINSIC_GUESS;
  const cv::Size size(start.width, start.height);
  const double focal = start.fx_px > 0 ? start.fx_px : static_cast<double>(start.width);
  const double aspect = start.fy_px > 0 ? start.fy_px / focal : 1.0;
  FocalFit fit;
  for (int round = 0; round < 4; ++round) {
    const CvViews all = cv_views(views);
    cv::Mat k = (cv::Mat_<double>(3, 3) << focal, 0, start.cx_px, 0, focal * aspect, start.cy_px, 0, 0, 1);
    cv::Mat distortion = cv::Mat::zeros(1, 5, CV_64F);
    std::vector<cv::Mat> turns, shifts;
    cv::Mat sigma, sigma_poses, residuals;
    try {
      fit.residual_px =
          cv::calibrateCamera(all.board, all.image, size, k, distortion, turns, shifts, sigma, sigma_poses, residuals,
                              lens, {cv::TermCriteria::COUNT + cv::TermCriteria::EPS, 200, 1e-10});
    } catch (const cv::Exception&) {
      throw Error(ErrorKind::bad_input, "The views of the board do not give a focal length; show it from more sides.");
    }
    fit.focal_px = k.at<double>(0, 0);
    fit.sigma_px = sigma.at<double>(1, 0) > 0 ? sigma.at<double>(1, 0) : sigma.at<double>(0, 0);
    fit.poses.clear();
    for (std::size_t v = 0; v < views.size(); ++v) {
      cv::Mat turn;
      cv::Rodrigues(turns[v], turn);
      BoardPose pose;
      for (int r = 0; r < 3; ++r) {
        for (int c = 0; c < 3; ++c) pose.camera_from_board.matrix()(r, c) = turn.at<double>(r, c);
        pose.camera_from_board.matrix()(r, 3) = shifts[v].at<double>(r);
      }
      fit.poses.push_back(pose);
    }
    if (round == 3 || !remove_outliers(views, all, k, turns, shifts, fit.residual_px)) break;
  }
  return fit;
}

}  // namespace fit

#endif
