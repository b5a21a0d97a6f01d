#pragma once

#include <Eigen/Geometry>
#include <map>
#include <string>
#include <vector>

#include "libfit/mesh_io.h"

namespace fit::detail {

class ZipPackage;

/// A use of an object, in another object or on the print bed.
struct ThreemfUse {
  std::string part;  ///< of the package in which the object is; empty for the one in which this use is
  int object = 0;
  Eigen::Affine3d placed_from_object = Eigen::Affine3d::Identity();
};

struct ThreemfObject {
  bool is_printed = true;  ///< types model and surface; not the supports
  std::vector<Eigen::Vector3d> vertices;
  std::vector<Eigen::Vector3i> triangles;
  std::vector<ThreemfUse> components;
};

/// What one model part of a 3MF package says (3MF core specification 1.3, chapters 3 and 4).
struct ThreemfModel {
  std::string unit = "millimeter";
  std::map<int, ThreemfObject> objects;
  std::vector<ThreemfUse> items;  ///< of its build
};

/// Parses a model part and checks it: elements in their places, ids given once and found, indices in range, numbers
/// that are numbers, no extension required that would change the shape. Throws (a clause) naming part and line.
ThreemfModel read_threemf_model(ZipPackage& package, const std::string& part, const Progress& progress);

}  // namespace fit::detail
