#include "scanners/detail/vertex_quality.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "libfit/parallel.h"

namespace fit {

namespace {

constexpr float least_cosine = 0.35f;  // 70 degrees: what is seen more askew is not seen
constexpr float hidden_mm = 4.0f;      // behind what the view saw by more: hidden

/// The colour of the pixel in which a point of the depth camera is seen, 0 to 1; false where it is not in the image.
bool color_at(const KeptColor& color, const Eigen::Vector3f& p, Eigen::Vector3f& result) {
  const Intrinsics& k = color.intrinsics;
  if (color.rgb.empty() || p.z() <= 0) return false;
  const float u = static_cast<float>(k.fx_px) * p.x() / p.z() + static_cast<float>(k.cx_px);
  const float v = static_cast<float>(k.fy_px) * p.y() / p.z() + static_cast<float>(k.cy_px);
  if (!(u >= 0 && v >= 0 && u < static_cast<float>(k.width - 1) && v < static_cast<float>(k.height - 1))) return false;
  const int left = static_cast<int>(u), top = static_cast<int>(v);
  const float s = u - static_cast<float>(left), t = v - static_cast<float>(top);
  const std::uint8_t* a = &color.rgb[3 * (static_cast<std::size_t>(top) * static_cast<std::size_t>(k.width) +
                                          static_cast<std::size_t>(left))];
  const std::uint8_t* b = a + 3 * static_cast<std::size_t>(k.width);
  for (int c = 0; c < 3; ++c)
    result[c] = ((1 - t) * ((1 - s) * a[c] + s * a[c + 3]) + t * ((1 - s) * b[c] + s * b[c + 3])) / 255.0f;
  return true;
}

}  // namespace

VertexViews look_up(const Mesh& mesh, const std::vector<KeyView>& views, const std::vector<KeptColor>& colors,
                    const Eigen::Isometry3d& color_from_depth) {
  VertexViews result;
  const std::vector<Eigen::Vector3d> normals = vertex_normals(mesh);
  const bool colored = std::any_of(colors.begin(), colors.end(), [](const KeptColor& c) { return !c.rgb.empty(); });
  result.seen_from.assign(mesh.vertices.size(), 0);
  if (colored) result.colors.assign(mesh.vertices.size(), Eigen::Vector3d::Constant(0.5));
  std::vector<Eigen::Isometry3f> camera_from_world;
  std::vector<Eigen::Vector3f> eyes;
  for (const KeyView& view : views) {
    camera_from_world.push_back(view.world_from_camera.inverse().cast<float>());
    eyes.push_back(view.world_from_camera.translation().cast<float>());
  }
  const Eigen::Isometry3f to_color = color_from_depth.cast<float>();
  parallel_for(mesh.vertices.size(), 1000, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Eigen::Vector3f vertex = mesh.vertices[i].cast<float>(), normal = normals[i].cast<float>();
      Eigen::Vector3f sum = Eigen::Vector3f::Zero();
      float weights = 0;
      for (std::size_t k = 0; k < views.size(); ++k) {
        const Eigen::Vector3f toward = eyes[k] - vertex;
        const float facing = normal.dot(toward), square = facing * facing / toward.squaredNorm();  // cosine^2
        if (facing <= 0 || square < least_cosine * least_cosine) continue;
        const FrameSurface& surface = views[k].surface;
        const Eigen::Vector3f p = camera_from_world[k] * vertex;
        if (p.z() <= 0) continue;
        const float per_z = 1.0f / p.z();
        const int u = static_cast<int>(static_cast<float>(surface.grid.fx_px) * p.x() * per_z +
                                       static_cast<float>(surface.grid.cx_px) + 0.5f);
        const int v = static_cast<int>(static_cast<float>(surface.grid.fy_px) * p.y() * per_z +
                                       static_cast<float>(surface.grid.cy_px) + 0.5f);
        if (!surface.holds(u, v)) continue;
        const std::size_t at = surface.at(u, v);
        if (!surface.sound(at) || p.z() > surface.z(at) + hidden_mm) continue;
        ++result.seen_from[i];
        Eigen::Vector3f color;
        if (!colored || k >= colors.size() || !color_at(colors[k], to_color * p, color)) continue;
        const float weight = square * square * square;  // the views that see it best, sharp; others fill in
        sum += weight * color;
        weights += weight;
      }
      if (weights > 0) result.colors[i] = (sum / weights).cast<double>();
    }
  });
  return result;
}

Eigen::Vector3d long_axis(const Mesh& mesh) {
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  for (const auto& v : mesh.vertices) mean += v;
  mean /= std::max<double>(1.0, static_cast<double>(mesh.vertices.size()));
  Eigen::Matrix3d spread = Eigen::Matrix3d::Zero();
  for (const auto& v : mesh.vertices) spread += (v - mean) * (v - mean).transpose();
  return Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d>(spread).eigenvectors().col(2);
}

}  // namespace fit
