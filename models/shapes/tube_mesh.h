#pragma once

#include <functional>
#include <vector>

#include "libfit/mesh.h"
#include "libfit/progress.h"
#include "models/shapes/anatomy.h"
#include "models/shapes/seeded.h"

namespace fit {

/// A place on the skin before it has a radius: the ray from `origin` along the unit vector `direction`.
/// `along_mm` runs up the centerline from its distal point; from -1 (the pole) to 0 it turns over the rounded end, and
/// on a line that is closed above from `top_mm` to `top_mm` + 1 likewise. `turn` goes about the line, in whole turns,
/// from lateral to anterior.
struct SkinRay {
  Eigen::Vector3d origin, direction;
};
SkinRay skin_ray(const Centerline& line, double along_mm, double turn);

/// How far out on the ray the body ends; 0 when the ray misses it. Within 1e-8 mm.
double outermost_mm(const Body& body, const SkinRay& ray, double start_mm);

/// The radius of a body around a centerline, found on a grid and smooth between its points.
class RadiusGrid {
 public:
  RadiusGrid(const Body& body, const Centerline& line, const Progress& progress);
  double at(double along_mm, double turn) const;
  /// Mean around the line.
  double mean(double along_mm) const;

 private:
  double row_of(double along_mm) const;
  double radius(int row, int column) const;

  double row_mm_ = 2.0;
  int rows_ = 0;
  std::vector<double> radius_mm_;  // row by row, the rounded end first
};

/// A regular mesh of nearly equilateral triangles over a centerline: rings around it, six-sided rings over its ends.
/// Open above, unless the line is closed there. `mean_radius_mm(along_mm)` steers the spacing; `place(along_mm, turn)`
/// gives the points and is called from several threads. About `triangles` triangles.
Mesh tube_mesh(const Centerline& line, int triangles, const std::function<double(double)>& mean_radius_mm,
               const std::function<Eigen::Vector3d(double, double)>& place);

}  // namespace fit
