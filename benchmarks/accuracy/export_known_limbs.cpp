// export_known_limbs OUT.bin OWN [MODEL.npz DRAWN]: radial maps of limbs whose landmarks are known, for train_knee.py:
// of OWN limbs of Fit's generator and of DRAWN ones of a shape model. All are right limbs. Each limb is seen from a few
// frames: two whose axis ends near the knee, as at the end of a search, and two whose axis ends anywhere, as at its
// start. A map is four int32 (limb; 1 for Fit's own; 1 near the knee; heights), a
// double (the lowest height; 2 mm between the heights), float32 (heights x 12 complex harmonics) and doubles (11
// landmarks x 3, in the order of Landmark, in the map's frame; mm), little-endian.

#include <cstdlib>
#include <iostream>
#include <string>

#include "benchmarks/accuracy/located_limbs.h"
#include "libfit/detail/limb_axis.h"
#include "libfit/detail/radial_map.h"
#include "libfit/error.h"
#include "libfit/file.h"
#include "models/shapes/seeded.h"

namespace {

constexpr double kSpacingMm = 2.0;
constexpr double kLeastAboveKneeMm = 5.0;

template <class Value>
void put(const Value* values, std::size_t count, std::string& bytes) {
  bytes.append(reinterpret_cast<const char*>(values), count * sizeof *values);
}

/// The limb from the frame whose axis ends at the height of a point.
void append_map(const fit::KnownLimb& limb, int number, bool near_knee, const Eigen::Vector3d& axis_to,
                std::string& bytes) {
  const fit::detail::PosedLimb posed(limb.skin);
  Eigen::Isometry3d frame = fit::detail::frame_on_axis(posed, Eigen::Isometry3d::Identity(), axis_to, 4);
  const fit::detail::InFrame here(posed, frame);
  const Eigen::Vector3d tendon = frame * limb.truth.at(fit::Landmark::mid_patellar_tendon).point_mm;
  if (here.top_mm < tendon.z() + kLeastAboveKneeMm) return;
  const fit::detail::RadialMap map(here.surface, here.distal_mm, here.top_mm, kSpacingMm);
  const int heights = static_cast<int>((map.highest_mm() - map.lowest_mm()) / kSpacingMm + 1.5);
  const int head[4] = {number, limb.own, near_knee, heights};
  put(head, 4, bytes);
  const double lowest = map.lowest_mm();
  put(&lowest, 1, bytes);
  for (int i = 0; i < heights; ++i)
    for (const std::complex<double>& harmonic : map.at(lowest + i * kSpacingMm)) {
      const float parts[2] = {static_cast<float>(harmonic.real()), static_cast<float>(harmonic.imag())};
      put(parts, 2, bytes);
    }
  for (int i = 0; i <= static_cast<int>(fit::Landmark::distal_end); ++i) {
    const Eigen::Vector3d point = frame * limb.truth.at(static_cast<fit::Landmark>(i)).point_mm;
    put(point.data(), 3, bytes);
  }
}

void append(const fit::KnownLimb& limb, int number, std::string& bytes) {
  fit::SeededDraws draws(static_cast<std::uint64_t>(number), limb.own ? 401 : 402);
  const Eigen::Vector3d tendon = limb.truth.at(fit::Landmark::mid_patellar_tendon).point_mm;
  const double top = fit::bounding_box(limb.skin).highest.z(), low = fit::bounding_box(limb.skin).lowest.z();
  for (const double up : {tendon.z() + draws.uniform(-6.0, 6.0), tendon.z() + draws.uniform(-15.0, 15.0),
                          low + (top - low) * draws.uniform(0.4, 0.7), low + (top - low) * draws.uniform(0.7, 1.0)}) {
    const bool near_knee = std::abs(up - tendon.z()) <= 15.0;
    try {
      append_map(limb, number, near_knee, {tendon.x(), tendon.y(), up}, bytes);
    } catch (const fit::Error&) {
      continue;  // no axis, or an axis that leaves the limb
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 5) {
    std::cerr << "usage: export_known_limbs OUT.bin OWN [MODEL.npz DRAWN]\n";
    return 2;
  }
  try {
    std::string bytes;
    // Seeds that locate_landmarks does not measure on.
    const int own = std::atoi(argv[2]);
    for (int i = 0; i < own; ++i)
      append(i % 3 == 2 ? fit::known_anywhere(100000 + i) : fit::known_generated(10000 + i), i, bytes);
    if (argc == 5) {
      const fit::ShapeModel model = fit::read_shape_model(argv[3]);
      int skipped = 0;
      for (int i = 0; i < std::atoi(argv[4]); ++i) try {
          append(fit::known_drawn(model, 40000 + i, i % 2 == 0 ? 0.8 : 1.0), own + i, bytes);
        } catch (const fit::Error&) {
          ++skipped;  // a shape at the edge of the model, without skin over a bone
        }
      std::cout << skipped << " draws without all landmarks were left out\n";
    }
    fit::write_file(argv[1], bytes);
  } catch (const fit::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
