#pragma once

#include "scanners/frame.h"

namespace fit {

/// What the factory measured of a Kinect v1, as libfreenect reads it from the device; the usual values.
struct KinectPlane {
  double emitter_cm = 7.5;      ///< from the infrared camera to its projector
  double reference_mm = 120.0;  ///< the reference plane is ten times as far away
  double pixel_mm = 0.1042;     ///< size of a pixel there, over ten
  double const_shift = 200.0;

  double focal_px() const { return reference_mm / (2.0 * pixel_mm); }
};

/// Turns the sensor's raw 11 bits into tenths of a millimetre (libfreenect, registration.c).
void convert_kinect_raw(DepthImage& depth, const KinectPlane& plane = {});

}  // namespace fit
