#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libfit/mesh.h"

namespace fit {

/// A statistical model of limbs that somebody else made: any shape = mean + sum of score k times mode k.
/// What is drawn from it inherits the licence of the model; nothing of it is part of Fit.
struct ShapeModel {
  std::string model_name;       ///< of its file
  std::vector<double> mean_mm;  ///< x, y, z of vertex after vertex; z proximal, y posterior, as in the file
  std::vector<std::vector<double>> modes_mm;        ///< one a mode, as long as `mean_mm`, for a score of 1
  std::vector<double> lowest_score, highest_score;  ///< among the people whom the model was made from
  std::vector<Eigen::Vector3i> triangles;
  std::vector<int> part;  ///< one a vertex: 0 is skin, the others are bones
};

/// Reads a model out of an npz file with the arrays mean (corners x 3), modes (modes x 3 corners), lo, hi (modes), weld
/// (the vertex of each corner), rep (a corner of each vertex), part (the part of each vertex). Each three corners are a
/// triangle. `mm_per_unit` is the scale of its numbers.
/// Throws Error::io, Error::bad_input.
ShapeModel read_shape_model(const std::filesystem::path& path, double mm_per_unit = 38.3);

struct DrawnShape {
  Mesh skin;                ///< z proximal, y anterior, mm; open above
  std::vector<Mesh> bones;  ///< by number of their part
  std::vector<double> scores;
  std::string licence_note;  ///< one sentence that must go where the limb goes
};

/// A limb drawn evenly between the lowest and the highest scores times `spread`; the same for the same seed. Spread 0
/// is the mean. Throws Error::bad_params (spread outside 0 to 2).
DrawnShape draw_shape(const ShapeModel& model, int seed, double spread = 0.8);

}  // namespace fit
