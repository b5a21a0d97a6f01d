#include "models/shapes/shape_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "libfit/detail/zip_package.h"
#include "libfit/error.h"
#include "libfit/file.h"
#include "models/shapes/npy.h"
#include "models/shapes/seeded.h"

namespace fit {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
  throw Error(ErrorKind::bad_input, fmt::format("{} is not a shape model that Fit can read: {}.", path.string(), what));
}

class Arrays {
 public:
  explicit Arrays(const std::filesystem::path& path) : path_(path), bytes_(read_file(path)) {}

  /// Throws unless the array has the shape; 0 stands for any size of at least one.
  std::vector<double> take(const std::string& name, const std::vector<std::size_t>& shape) {
    NpyArray array;
    try {
      detail::ZipPackage package(bytes_);
      std::string npy;
      package.read(name + ".npy", [&](std::string_view piece) { npy += piece; });
      array = read_npy(npy);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::bad_input) throw;
      refuse(path_, fmt::format("array '{}': {}", name, error.what()));
    }
    bool fits = array.shape.size() == shape.size();
    for (std::size_t i = 0; fits && i < shape.size(); ++i)
      fits = array.shape[i] > 0 && (shape[i] == 0 || array.shape[i] == shape[i]);
    if (!fits) refuse(path_, fmt::format("array '{}' has not the shape that the others ask for", name));
    for (double value : array.values)
      if (!std::isfinite(value)) refuse(path_, fmt::format("array '{}' holds a value that is not a number", name));
    return std::move(array.values);
  }

  /// Whole numbers from 0 to `count` - 1.
  std::vector<int> take_indices(const std::string& name, std::size_t size, std::size_t count) {
    std::vector<int> indices;
    for (double value : take(name, {size})) {
      if (!(value >= 0.0 && value < static_cast<double>(count)))
        refuse(path_, fmt::format("array '{}' holds an index out of range", name));
      indices.push_back(static_cast<int>(value));
    }
    return indices;
  }

 private:
  const std::filesystem::path& path_;
  std::string bytes_;
};

Mesh part_of(const ShapeModel& model, const std::vector<Eigen::Vector3d>& vertices, int part) {
  Mesh mesh;
  mesh.vertices = vertices;
  for (const Eigen::Vector3i& t : model.triangles)
    if (model.part[static_cast<std::size_t>(t[0])] == part) mesh.triangles.push_back(t);
  remove_unused_vertices(mesh);
  return mesh;
}

}  // namespace

ShapeModel read_shape_model(const std::filesystem::path& path, double mm_per_unit) {
  Arrays arrays(path);
  ShapeModel model;
  model.model_name = path.stem().string();
  const std::vector<double> mean = arrays.take("mean", {0, 3});
  const std::size_t corners = mean.size() / 3;
  if (corners % 3 != 0) refuse(path, "its corners do not come in threes");
  model.lowest_score = arrays.take("lo", {0});
  const std::size_t modes = model.lowest_score.size();
  model.highest_score = arrays.take("hi", {modes});
  const std::vector<double> mode_values = arrays.take("modes", {modes, 3 * corners});
  const std::vector<double> rep = arrays.take("rep", {0});
  const std::size_t vertices = rep.size();
  const std::vector<int> corner_of = arrays.take_indices("rep", vertices, corners);
  const std::vector<int> vertex_of = arrays.take_indices("weld", corners, vertices);
  model.part = arrays.take_indices("part", vertices, 1000);

  const auto pick = [&](const double* numbers) {
    std::vector<double> picked;
    picked.reserve(3 * vertices);
    for (int corner : corner_of)
      for (int k = 0; k < 3; ++k)
        picked.push_back(mm_per_unit * numbers[3 * static_cast<std::size_t>(corner) + static_cast<std::size_t>(k)]);
    return picked;
  };
  model.mean_mm = pick(mean.data());
  for (std::size_t m = 0; m < modes; ++m) model.modes_mm.push_back(pick(mode_values.data() + m * 3 * corners));
  for (std::size_t i = 0; i < corners; i += 3) {
    const Eigen::Vector3i t(vertex_of[i], vertex_of[i + 1], vertex_of[i + 2]);
    if (t[0] != t[1] && t[1] != t[2] && t[2] != t[0]) model.triangles.push_back(t);
  }
  return model;
}

DrawnShape draw_shape(const ShapeModel& model, int seed, double spread) {
  if (!(spread >= 0.0 && spread <= 2.0))
    throw Error(ErrorKind::bad_params, fmt::format("spread is {:g}; it must lie between 0 and 2.", spread));
  DrawnShape drawn;
  SeededDraws draws(static_cast<std::uint64_t>(seed), 300);
  std::vector<double> shape = model.mean_mm;
  for (std::size_t m = 0; m < model.modes_mm.size(); ++m) {
    drawn.scores.push_back(spread * draws.uniform(model.lowest_score[m], model.highest_score[m]));
    for (std::size_t i = 0; i < shape.size(); ++i) shape[i] += drawn.scores.back() * model.modes_mm[m][i];
  }
  std::vector<Eigen::Vector3d> vertices;
  for (std::size_t i = 0; i + 2 < shape.size(); i += 3) vertices.emplace_back(-shape[i], -shape[i + 1], shape[i + 2]);
  drawn.skin = part_of(model, vertices, 0);
  const int parts = model.part.empty() ? 0 : *std::max_element(model.part.begin(), model.part.end());
  for (int part = 1; part <= parts; ++part) drawn.bones.push_back(part_of(model, vertices, part));
  drawn.licence_note = fmt::format(
      "This limb was drawn from the shape model '{}' and inherits the licence of that model; it is not part of Fit.",
      model.model_name);
  return drawn;
}

}  // namespace fit
