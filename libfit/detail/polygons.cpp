#include "libfit/detail/polygons.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <span>

#include "libfit/detail/mesh_formats.h"

namespace fit::detail {

namespace {

using Point2 = Eigen::Vector2d;

double cross(const Point2& a, const Point2& b) { return a.x() * b.y() - a.y() * b.x(); }
double turn(const Point2& a, const Point2& b, const Point2& c) { return cross(b - a, c - b); }

/// Cuts polygons into triangles. One object a file: it limits the work that all hollow polygons together may take.
class Cutter {
 public:
  explicit Cutter(std::size_t corners) : work_left_(200'000'000 + 100 * corners) {}

  /// Triangles as positions in `outline`, counter-clockwise as it is.
  const std::vector<Eigen::Vector3i>& cut(const std::vector<Eigen::Vector3d>& vertices, std::span<const int> outline) {
    triangles_.clear();
    if (outline.size() > 3) flatten(vertices, outline);
    if (outline.size() == 3 || is_convex())
      fan(static_cast<int>(outline.size()));
    else
      clip_ears();
    return triangles_;
  }

 private:
  void fan(int size) {
    for (int i = 1; i + 1 < size; ++i) triangles_.emplace_back(0, i, i + 1);
  }

  /// Into the plane across the normal of Newell's method, which is the normal even of a polygon that is not flat.
  void flatten(const std::vector<Eigen::Vector3d>& vertices, std::span<const int> outline) {
    const Eigen::Vector3d& origin = vertices[outline[0]];
    Eigen::Vector3d normal = Eigen::Vector3d::Zero();
    for (std::size_t i = 1; i + 1 < outline.size(); ++i)
      normal += (vertices[outline[i]] - origin).cross(vertices[outline[i + 1]] - origin);
    const double length = normal.norm();
    normal = length > 0.0 && std::isfinite(length) ? Eigen::Vector3d(normal / length) : Eigen::Vector3d::UnitZ();
    const Eigen::Vector3d right = normal.unitOrthogonal();
    const Eigen::Vector3d up = normal.cross(right);
    flat_.resize(outline.size());
    for (std::size_t i = 0; i < outline.size(); ++i) {
      const Eigen::Vector3d from_origin = vertices[outline[i]] - origin;
      flat_[i] = {from_origin.dot(right), from_origin.dot(up)};
    }
  }

  bool is_convex() const {
    const std::size_t n = flat_.size();
    bool all_left = true;
    for (std::size_t i = 0; i < n; ++i) all_left &= turn(flat_[i], flat_[(i + 1) % n], flat_[(i + 2) % n]) >= 0.0;
    return all_left;
  }

  bool is_ear(int i) {
    const Point2& a = flat_[before_[i]];
    const Point2& b = flat_[i];
    const Point2& c = flat_[after_[i]];
    if (!(turn(a, b, c) > 0.0)) return false;
    for (int j = after_[after_[i]]; j != before_[i]; j = after_[j]) {
      if (work_left_-- == 0) refuse("its hollow faces have too many corners; save it as triangles");
      const Point2& p = flat_[j];
      if (p == a || p == b || p == c) continue;  // a slit that joins a hole to the outline
      if (cross(b - a, p - a) >= 0.0 && cross(c - b, p - b) >= 0.0 && cross(a - c, p - c) >= 0.0) return false;
    }
    return true;
  }

  void clip_ears() {
    const int n = static_cast<int>(flat_.size());
    before_.resize(flat_.size());
    after_.resize(flat_.size());
    for (int i = 0; i < n; ++i) {
      before_[i] = (i + n - 1) % n;
      after_[i] = (i + 1) % n;
    }
    int left = n;
    int looked_at = 0;
    for (int i = 0; left > 3;) {
      // Where there is no ear (an outline that crosses itself) any corner is as good as another.
      if (looked_at < left && !is_ear(i)) {
        i = after_[i];
        ++looked_at;
        continue;
      }
      triangles_.emplace_back(before_[i], i, after_[i]);
      after_[before_[i]] = after_[i];
      before_[after_[i]] = before_[i];
      i = before_[i];
      --left;
      looked_at = 0;
    }
    // The last triangle is whatever is left: corner i is among it.
    const int last = triangles_.empty() ? 0 : after_[triangles_.back()[0]];
    triangles_.emplace_back(before_[last], last, after_[last]);
  }

  std::size_t work_left_;
  std::vector<Point2> flat_;
  std::vector<int> before_;
  std::vector<int> after_;
  std::vector<Eigen::Vector3i> triangles_;
};

/// The outline of a face without corners that repeat the one before.
void outline_of(std::span<const std::int64_t> corners, std::vector<int>& outline) {
  outline.clear();
  for (std::int64_t corner : corners)
    if (outline.empty() || outline.back() != corner) outline.push_back(static_cast<int>(corner));
  while (outline.size() > 1 && outline.back() == outline.front()) outline.pop_back();
}

[[noreturn]] void refuse_corner(std::size_t face, std::int64_t corner, int first_index, std::size_t vertices) {
  refuse("its face {} names vertex {} and there are {}, counted from {}", face + 1, corner + first_index, vertices,
         first_index);
}

void check_corners(const Polygons& polygons, std::size_t vertices) {
  const auto bad = std::ranges::find_if(
      polygons.corners, [&](std::int64_t corner) { return static_cast<std::uint64_t>(corner) >= vertices; });
  if (bad == polygons.corners.end()) return;
  const auto place = static_cast<std::size_t>(bad - polygons.corners.begin());
  const auto face = std::ranges::upper_bound(polygons.ends, place) - polygons.ends.begin();
  refuse_corner(static_cast<std::size_t>(face), *bad, polygons.first_index, vertices);
}

}  // namespace

void check_corners(const Mesh& mesh, int first_index) {
  const std::size_t vertices = mesh.vertices.size();
  for (std::size_t i = 0; i < mesh.triangles.size(); ++i)
    for (int corner : mesh.triangles[i])
      if (static_cast<std::size_t>(corner) >= vertices) refuse_corner(i, corner, first_index, vertices);
}

std::vector<std::uint32_t> triangulate(const Polygons& polygons, MeshFile& file) {
  check_corners(polygons, file.mesh.vertices.size());
  std::vector<Eigen::Vector3i>& triangles = file.mesh.triangles;
  triangles.reserve(polygons.corners.size() - std::min(polygons.corners.size(), 2 * polygons.ends.size()));
  std::vector<std::uint32_t> faces;
  bool all_are_triangles = true;
  std::size_t left_out = 0;
  Cutter cutter(polygons.corners.size());
  std::vector<int> outline;
  std::size_t begin = 0;
  for (std::size_t face = 0; face < polygons.ends.size(); ++face) {
    const std::span<const std::int64_t> corners(polygons.corners.data() + begin, polygons.ends[face] - begin);
    begin = polygons.ends[face];
    if (corners.size() == 3) {
      triangles.emplace_back(corners[0], corners[1], corners[2]);
      if (!all_are_triangles) faces.push_back(static_cast<std::uint32_t>(face));
      continue;
    }
    if (all_are_triangles) {
      for (std::size_t i = 0; i < face; ++i) faces.push_back(static_cast<std::uint32_t>(i));
      all_are_triangles = false;
    }
    outline_of(corners, outline);
    if (outline.size() < 3) {
      ++left_out;
      continue;
    }
    for (const Eigen::Vector3i& t : cutter.cut(file.mesh.vertices, outline)) {
      triangles.emplace_back(outline[t[0]], outline[t[1]], outline[t[2]]);
      faces.push_back(static_cast<std::uint32_t>(face));
    }
  }
  if (left_out > 0)
    file.findings.push_back(
        {"file_faces_left_out", Severity::note, {{"faces", static_cast<double>(left_out), {}}}, {}});
  return faces;
}

}  // namespace fit::detail
