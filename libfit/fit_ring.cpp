#include "libfit/fit_ring.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "libfit/detail/cap_loops.h"
#include "libfit/detail/cross_section.h"
#include "libfit/error.h"

namespace fit {

namespace {

using Eigen::Vector3d;

/// A smaller hole in a section is a bolt's, not the limb's.
constexpr double kLeastCavityShare = 0.3;
constexpr double kSearchStepMm = 1.0;

double tape_mm(std::vector<Eigen::Vector2d> points) {
  return detail::perimeter_mm({detail::convex_hull(std::move(points))});
}

SocketSection section_of(const std::vector<detail::Outline>& outlines, double height_mm) {
  SocketSection section{height_mm};
  std::vector<Eigen::Vector2d> all;
  const detail::Outline* cavity = nullptr;
  double outside_mm2 = 0.0;
  for (const detail::Outline& outline : outlines) {
    all.insert(all.end(), outline.points.begin(), outline.points.end());
    const double area = detail::area_mm2(outline);
    outside_mm2 = std::max(outside_mm2, area);
    if (area < 0.0 && (!cavity || area < detail::area_mm2(*cavity))) cavity = &outline;
  }
  if (all.empty()) return section;
  section.outside_girth_mm = tape_mm(std::move(all));
  if (cavity && -detail::area_mm2(*cavity) > kLeastCavityShare * outside_mm2)
    section.inside_girth_mm = tape_mm(cavity->points);
  return section;
}

/// The part above a plane, closed by a face in it that looks down.
class AbovePlane {
 public:
  AbovePlane(const Mesh& part, double height_mm) : part_(part), height_mm_(off_vertices(part, height_mm)) {}

  Mesh cut() {
    std::vector<int> number(part_.vertices.size(), -1);
    for (std::size_t i = 0; i < part_.vertices.size(); ++i)
      if (above(static_cast<int>(i))) {
        number[i] = static_cast<int>(kept_.vertices.size());
        kept_.vertices.push_back(part_.vertices[i]);
      }
    for (const Eigen::Vector3i& t : part_.triangles) take(t, number);
    close();
    return std::move(kept_);
  }

 private:
  /// A vertex in the plane would be neither above nor below: the plane gives way by less than a printer can tell.
  static double off_vertices(const Mesh& part, double height_mm) {
    constexpr double clear_mm = 1e-6, step_mm = 1.7e-5;
    const auto touches = [&] {
      return std::any_of(part.vertices.begin(), part.vertices.end(),
                         [&](const Vector3d& v) { return std::abs(v.z() - height_mm) < clear_mm; });
    };
    while (touches()) height_mm += step_mm;
    return height_mm;
  }

  bool above(int vertex) const { return part_.vertices[static_cast<std::size_t>(vertex)].z() > height_mm_; }

  /// Where an edge meets the plane; the same for both triangles beside it.
  int crossing(int a, int b) {
    const std::pair<int, int> edge = std::minmax(a, b);
    const auto [found, is_new] = on_plane_.try_emplace(edge, static_cast<int>(kept_.vertices.size()));
    if (is_new) {
      const Vector3d &p = part_.vertices[static_cast<std::size_t>(edge.first)],
                     &q = part_.vertices[static_cast<std::size_t>(edge.second)];
      Vector3d point = p + (height_mm_ - p.z()) / (q.z() - p.z()) * (q - p);
      point.z() = height_mm_;
      kept_.vertices.push_back(point);
    }
    return found->second;
  }

  void take(const Eigen::Vector3i& triangle, const std::vector<int>& number) {
    std::vector<int> corners;
    int leaves = -1, comes_back = -1;
    for (int k = 0; k < 3; ++k) {
      const int a = triangle[k], b = triangle[(k + 1) % 3];
      if (above(a)) corners.push_back(number[static_cast<std::size_t>(a)]);
      if (above(a) == above(b)) continue;
      corners.push_back(crossing(a, b));
      (above(a) ? leaves : comes_back) = corners.back();
    }
    for (std::size_t k = 2; k < corners.size(); ++k)
      kept_.triangles.emplace_back(corners[0], corners[k - 1], corners[k]);
    // The face runs along the same edge the other way.
    if (leaves >= 0) next_[comes_back] = leaves;
  }

  void close() {
    std::vector<std::vector<int>> loops;
    while (!next_.empty()) {
      std::vector<int>& loop = loops.emplace_back();
      for (auto at = next_.begin(); at != next_.end(); at = next_.find(last_)) {
        loop.push_back(at->first);
        last_ = at->second;
        next_.erase(at);
      }
    }
    // Seen from below, where the face's outside is.
    std::vector<Eigen::Vector2d> seen;
    for (const Vector3d& vertex : kept_.vertices) seen.emplace_back(vertex.x(), -vertex.y());
    const std::vector<Eigen::Vector3i> face = detail::cap_loops(seen, loops);
    kept_.triangles.insert(kept_.triangles.end(), face.begin(), face.end());
  }

  const Mesh& part_;
  double height_mm_;
  Mesh kept_;
  std::map<std::pair<int, int>, int> on_plane_;
  std::map<int, int> next_;  ///< of the face's edges
  int last_ = -1;
};

/// Turned by half a turn about x.
Mesh upside_down(Mesh mesh) {
  for (Vector3d& vertex : mesh.vertices) vertex = Vector3d(vertex.x(), -vertex.y(), -vertex.z());
  return mesh;
}

Solid on_the_bed(const Solid& part, double low_mm) {
  Mesh mesh = part.mesh();
  for (Vector3d& vertex : mesh.vertices) vertex.z() -= low_mm;
  return Solid(std::move(mesh));
}

}  // namespace

std::vector<SocketSection> socket_sections(const Mesh& standing, double spacing_mm) {
  if (!(spacing_mm > 0.0)) throw Error(ErrorKind::bad_params, "Sections of a socket need a distance between them.");
  const Box box = bounding_box(standing);
  std::vector<double> heights_mm;
  for (int i = 1; i * spacing_mm < box.size().z(); ++i) heights_mm.push_back(box.lowest.z() + i * spacing_mm);
  const auto outlines = detail::cross_sections(standing, heights_mm);
  std::vector<SocketSection> sections;
  for (std::size_t i = 0; i < heights_mm.size(); ++i)
    sections.push_back(section_of(outlines[i], heights_mm[i] - box.lowest.z()));
  return sections;
}

Solid slab(const Solid& part, double low_mm, double high_mm) {
  if (!(low_mm < high_mm)) throw Error(ErrorKind::bad_params, "A slab needs its lower height below its upper one.");
  const Mesh above = AbovePlane(part.mesh(), low_mm).cut();
  Mesh between = upside_down(AbovePlane(upside_down(above), -high_mm).cut());
  if (between.triangles.empty())
    throw Error(ErrorKind::bad_input,
                fmt::format("Nothing of the part lies between {:g} and {:g} mm.", low_mm, high_mm));
  return Solid(std::move(between));
}

FitRings fit_rings(const Solid& standing, double ring_mm, const Progress& progress) {
  if (!(ring_mm >= 2.0)) throw Error(ErrorKind::bad_params, "A ring to try on is at least 2 mm high.");
  const std::vector<SocketSection> sections = socket_sections(standing.mesh(), kSearchStepMm);
  progress(0.3);
  const auto round = [](const SocketSection& section) { return section.inside_girth_mm > 0.0; };
  const auto last = std::find_if(sections.rbegin(), sections.rend(), round);
  if (last == sections.rend())
    throw Error(ErrorKind::bad_input,
                "The part has no cavity that goes all the way round; give the socket as it stands "
                "on its block (socket.stl).");
  // Down from there, not past what is no cavity: a bore in the block may be wide.
  const auto end = std::find_if_not(last, sections.rend(), round);
  const double top_mm = last->height_mm, bottom_mm = std::prev(end)->height_mm;
  if (top_mm - bottom_mm < 3.0 * ring_mm)
    throw Error(ErrorKind::bad_input,
                fmt::format("The cavity goes all the way round over {:.0f} mm only, too little for rings of {:g} mm.",
                            top_mm - bottom_mm, ring_mm));
  const double base_mm = bounding_box(standing.mesh()).lowest.z();
  const double middle_mm = (top_mm - ring_mm + bottom_mm) / 2.0;
  const auto ring = [&](double to_mm) {
    return on_the_bed(slab(standing, base_mm + to_mm - ring_mm, base_mm + to_mm), base_mm + to_mm - ring_mm);
  };
  Solid top = ring(top_mm);
  progress(0.6);
  Solid middle = ring(middle_mm + ring_mm / 2.0);
  progress(1.0);
  return {std::move(top), std::move(middle),         top_mm - ring_mm,
          top_mm,         middle_mm - ring_mm / 2.0, middle_mm + ring_mm / 2.0};
}

}  // namespace fit
