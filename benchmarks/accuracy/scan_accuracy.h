#pragma once

#include <string>
#include <vector>

namespace fit {

/// How a camera is moved around a limb, and what happens meanwhile.
enum class ScanMotion {
  turn,           ///< once round at 360 frames
  three_degrees,  ///< once round at 120 frames
  fast,           ///< 60 degrees and 0.3 m a second
  dropped,        ///< 30 % of the frames of `turn` are missing
  half,           ///< half a turn
  dropout,        ///< 20 % of the pixels are missing
  sway,           ///< the limb sways by 5 mm against everything else
  hand,           ///< a hand passes between camera and limb
  scene,          ///< a floor, a seat that the limb hangs from, the other leg
};
const std::vector<std::string>& scan_motion_names();

struct ScanCase {
  std::string sensor = "kinect_v1";
  int limb_seed = 1;
  ScanMotion motion = ScanMotion::turn;
  int seed = 1;
  double focal_error_percent = 0.0;
  double bias_mm = 0.0;
  bool colors = true;
};

/// A scan beside the limb that was scanned. Nothing is fitted: the first camera is where it truly was.
struct ScanError {
  std::size_t frames = 0, lost = 0, losses = 0;
  double mean_mm = 0.0;  ///< of |distance| of the scan's vertices from the limb
  double p95_mm = 0.0;
  double bias_mm = 0.0;         ///< of the signed distance; positive: too large
  double girth_percent = 0.0;   ///< largest of ten stations, where both were seen all round
  double volume_percent = 0.0;  ///< between those stations
  double twist_deg = 0.0;       ///< of the cameras about the limb's axis, root mean square
  double carried_mm = 0.0;      ///< how far points of the skin were carried off by wrong poses, root mean square
  double landmarks_mm = 0.0;    ///< how far off the skin's landmarks are in the scan, mean over those that were seen
  double landmark_worst_mm = 0.0;
  double tape_percent = 0.0;         ///< as girth_percent, after the scan was scaled by one factor to four true girths
  double tape_graded_percent = 0.0;  ///< the same, graded along the limb; both NaN where no girth could be taken
  double unseen_percent = 0.0;
  double expected_mm = 0.0;  ///< what the scan said of its error, median
  double cpu_ms = 0.0;       ///< a frame: taking it in
  double finish_cpu_s = 0.0;
  std::string said;  ///< codes of the findings
};
ScanError scan_error(const ScanCase& one);

std::string scan_csv_header();
std::string scan_csv_row(const ScanCase& one, const ScanError& error);

}  // namespace fit
