#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libfit/aop.h"
#include "libfit/detail/cross_section.h"
#include "libfit/detail/mesh_formats.h"
#include "libfit/measure.h"

namespace fit {

namespace {

using detail::refuse;
using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kRad = std::numbers::pi / 180.0;
constexpr double kLandmarkOffMm = 5.0;
constexpr double kFirstSliceMm = 0.25;  ///< steps in which the first slice is looked for from the lowest place up
constexpr double kEndAtMostMm = 30.0;   ///< how far up
constexpr double kFlatEndMm = 1.0;      ///< what is lost below the first slice and worth a warning
constexpr double kDetailMm = 0.5;       ///< what is lost between the radii and worth a warning

/// What landmarks are called in four letters.
struct ShortName {
  Landmark landmark;
  std::string_view name;
};
constexpr ShortName short_names[] = {
    {Landmark::mid_patellar_tendon, "MPT"},
    {Landmark::fibular_head, "FH"},
    {Landmark::lateral_condyle, "LC"},
    {Landmark::medial_condyle, "MC"},
    {Landmark::medial_tibial_flare, "MTF"},
    {Landmark::tibial_tubercle, "TT"},
    {Landmark::tibial_crest, "TC"},
    {Landmark::popliteal_fossa, "PF"},
    {Landmark::anterior_distal_tibia, "DT"},
    {Landmark::distal_fibula, "DF"},
    {Landmark::distal_end, "DE"},
};

/// Unit direction of a spoke in the limb frame, seen from proximal.
Vector2d direction(double angle_deg, const AopGrid& grid) {
  const double angle = (angle_deg - grid.aop_anterior_deg) * kRad * (grid.aop_clockwise ? 1.0 : -1.0);
  return {std::sin(angle), std::cos(angle)};
}

double angle_deg_of(const Vector2d& point, const AopGrid& grid) {
  const double angle = std::atan2(point.x(), point.y()) / kRad * (grid.aop_clockwise ? 1.0 : -1.0);
  return angle + grid.aop_anterior_deg;
}

/// The radii of some slices of a file, between which the surface is taken as bilinear.
class Radii {
 public:
  Radii(const Aop& aop, std::size_t first_slice, std::size_t slices)
      : angles_(aop.angles_deg),
        heights_(aop.heights_mm.begin() + first_slice, aop.heights_mm.begin() + first_slice + slices),
        radii_(aop.radii_mm.begin() + first_slice * angles_.size(),
               aop.radii_mm.begin() + (first_slice + slices) * angles_.size()) {}

  std::size_t spokes() const { return angles_.size(); }
  std::size_t slices() const { return heights_.size(); }
  double height_mm(std::size_t slice) const { return heights_[slice]; }
  double& at(std::size_t slice, std::size_t spoke) { return radii_[slice * spokes() + spoke]; }
  double at(std::size_t slice, std::size_t spoke) const { return radii_[slice * spokes() + spoke]; }

  bool reaches(double height_mm) const { return height_mm >= heights_.front() && height_mm <= heights_.back(); }

  double between(double angle_deg, double height_mm) const {
    const double turned = angles_.front() + std::fmod(std::fmod(angle_deg - angles_.front(), 360.0) + 360.0, 360.0);
    const std::size_t next = std::upper_bound(angles_.begin(), angles_.end(), turned) - angles_.begin();
    const std::size_t k = next - 1;
    const double end_deg = next == spokes() ? angles_.front() + 360.0 : angles_[next];
    const double across = (turned - angles_[k]) / (end_deg - angles_[k]);
    const auto above = std::upper_bound(heights_.begin() + 1, heights_.end() - 1, height_mm) - heights_.begin();
    const double up = (height_mm - heights_[above - 1]) / (heights_[above] - heights_[above - 1]);
    const auto on_slice = [&](std::size_t slice) {
      return (1.0 - across) * at(slice, k) + across * at(slice, next % spokes());
    };
    return (1.0 - up) * on_slice(above - 1) + up * on_slice(above);
  }

  /// Fills zero radii from the nearest spokes on both sides. The number of them. Throws (a clause) where most are zero.
  int fill_zeros() {
    int filled = 0;
    for (std::size_t i = 0; i < slices(); ++i) {
      std::vector<std::size_t> known;
      for (std::size_t k = 0; k < spokes(); ++k)
        if (at(i, k) > 0.0) known.push_back(k);
      if (2 * known.size() < spokes()) refuse("most radii of its slice at {:g} mm are zero", height_mm(i));
      for (std::size_t n = 0; n < known.size(); ++n) {
        const std::size_t from = known[n];
        const std::size_t steps = (known[(n + 1) % known.size()] + spokes() - from - 1) % spokes() + 1;
        const double to_radius = at(i, known[(n + 1) % known.size()]);
        for (std::size_t step = 1; step < steps; ++step, ++filled) {
          const double share = static_cast<double>(step) / static_cast<double>(steps);
          at(i, (from + step) % spokes()) = (1.0 - share) * at(i, from) + share * to_radius;
        }
      }
    }
    return filled;
  }

 private:
  std::vector<double> angles_;
  std::vector<double> heights_;
  std::vector<double> radii_;
};

bool has_shape(const Aop& aop, std::size_t slice) {
  const auto begin = aop.radii_mm.begin() + slice * aop.angles_deg.size();
  return std::any_of(begin, begin + aop.angles_deg.size(), [](double radius) { return radius > 0.0; });
}

Mesh mesh_of(const Radii& radii, const Aop& aop, const AopGrid& grid, double tip_mm) {
  Mesh mesh;
  const int spokes = static_cast<int>(radii.spokes());
  std::vector<Vector2d> directions;
  for (double angle : aop.angles_deg) directions.push_back(direction(angle, grid));
  for (std::size_t i = 0; i < radii.slices(); ++i)
    for (int k = 0; k < spokes; ++k) {
      const Vector2d point = radii.at(i, k) * directions[k];
      mesh.vertices.emplace_back(point.x(), point.y(), radii.height_mm(i));
    }
  mesh.vertices.emplace_back(0.0, 0.0, tip_mm);
  const int tip = static_cast<int>(mesh.vertices.size()) - 1;
  const auto add = [&](int a, int b, int c) {
    mesh.triangles.emplace_back(a, grid.aop_clockwise ? c : b, grid.aop_clockwise ? b : c);
  };
  for (int k = 0; k < spokes; ++k) add(tip, (k + 1) % spokes, k);
  for (int i = 0; i + 1 < static_cast<int>(radii.slices()); ++i)
    for (int k = 0; k < spokes; ++k) {
      const int here = i * spokes + k, beside = i * spokes + (k + 1) % spokes;
      add(here, beside, beside + spokes);
      add(here, beside + spokes, here + spokes);
    }
  return mesh;
}

void place_landmarks(const Aop& aop, const AopGrid& grid, const Radii& radii, AopSurface& made) {
  std::string off;
  for (const AopLandmark& landmark : aop.landmarks) {
    double most_off_mm = 0.0;
    for (const AopLandmark::Point& point : landmark.points) {
      if (!radii.reaches(point.height_mm)) {
        most_off_mm = point.radius_mm;
        continue;
      }
      const double radius_mm = radii.between(point.angle_deg, point.height_mm);
      most_off_mm = std::max(most_off_mm, std::abs(point.radius_mm - radius_mm));
      const auto known = std::find_if(std::begin(short_names), std::end(short_names),
                                      [&](const ShortName& s) { return s.name == landmark.name; });
      if (known == std::end(short_names) || landmark.points.size() > 1) continue;
      LandmarkPlace place;
      place.point_mm << radius_mm * direction(point.angle_deg, grid), point.height_mm;
      made.landmarks[known->landmark] = place;
    }
    if (most_off_mm > kLandmarkOffMm) off += (off.empty() ? "" : ", ") + detail::one_line(landmark.name);
  }
  if (!off.empty()) made.findings.push_back({"aop_landmarks_off", Severity::warn, {{"landmarks", 0.0, off}}, {}});
}

/// Where a spoke from the axis meets an outline: the nearest and the farthest place.
struct Met {
  double nearest_mm = 1e300;
  double farthest_mm = -1.0;
};

Met met_by(const Vector2d& along, const detail::Outline& outline) {
  Met met;
  const std::vector<Vector2d>& points = outline.points;
  const auto beside = [&](const Vector2d& p) { return along.x() * p.y() - along.y() * p.x(); };
  double left = beside(points.back());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double right = beside(points[i]);
    const Vector2d& before = points[i == 0 ? points.size() - 1 : i - 1];
    if ((left < 0.0) != (right < 0.0)) {
      const double radius = (before + left / (left - right) * (points[i] - before)).dot(along);
      if (radius > 0.0) met = {std::min(met.nearest_mm, radius), std::max(met.farthest_mm, radius)};
    }
    left = right;
  }
  return met;
}

bool encloses_axis(const std::vector<detail::Outline>& section) {
  const detail::Outline* outline = detail::largest(section);
  return outline && detail::encloses(*outline, Vector2d::Zero());
}

/// The first slice lies as low as the axis is inside, the others at whole steps above the lowest place, up to where the
/// surface is whole.
std::vector<double> slice_heights(const Mesh& surface, double step_mm, Findings& findings) {
  const double lowest = bounding_box(surface).lowest.z();
  const double top = top_mm(surface);
  std::vector<double> tried;
  for (int i = 1; i * kFirstSliceMm < kEndAtMostMm; ++i) tried.push_back(lowest + i * kFirstSliceMm);
  const auto sections = detail::cross_sections(surface, tried);
  const auto first = std::find_if(sections.begin(), sections.end(), encloses_axis);
  if (first == sections.end())
    throw Error(ErrorKind::bad_input,
                "The axis does not meet the distal end: radii about it cannot hold the shape. Write it as STL.");
  std::vector<double> heights{tried[first - sections.begin()]};
  const double flat_mm = heights[0] - lowest;
  if (flat_mm > kFlatEndMm) findings.push_back({"aop_end_flat", Severity::warn, {{"flat_mm", flat_mm, {}}}, {}});
  for (int i = 1; lowest + i * step_mm < top; ++i)
    if (lowest + i * step_mm > heights[0] + 0.25 * step_mm) heights.push_back(lowest + i * step_mm);
  if (heights.size() < 3)
    throw Error(ErrorKind::bad_input, fmt::format("The surface is {:.1f} mm high, too low for three slices of {:g} mm.",
                                                  top - lowest, step_mm));
  return heights;
}

/// How far vertices lie from the surface between the radii, at most, and where; about square to the surface.
void report_lost_detail(const Mesh& surface, const Aop& aop, const AopGrid& grid, double base_mm, Findings& findings) {
  const Radii radii(aop, 0, aop.heights_mm.size());
  double most_mm = 0.0;
  Vector3d place = Vector3d::Zero();
  const std::vector<Vector3d> normals = vertex_normals(surface);
  for (std::size_t i = 0; i < surface.vertices.size(); ++i) {
    const Vector3d& vertex = surface.vertices[i];
    const double height_mm = vertex.z() - base_mm;
    if (!radii.reaches(height_mm)) continue;
    const Vector2d across = vertex.head<2>();
    const double beside_mm = across.norm() - radii.between(angle_deg_of(across, grid), height_mm);
    const double off_mm = std::abs(beside_mm * normals[i].head<2>().dot(across.normalized()));
    if (off_mm <= most_mm) continue;
    most_mm = off_mm;
    place = vertex;
  }
  if (most_mm > kDetailMm) findings.push_back({"aop_detail_lost", Severity::warn, {{"most_mm", most_mm, {}}}, place});
}

}  // namespace

AopSurface aop_surface(const Aop& aop, const AopGrid& grid) {
  std::size_t first = 0, last = aop.heights_mm.size();
  while (first < last && !has_shape(aop, first)) ++first;
  while (last > first && !has_shape(aop, last - 1)) --last;
  if (last - first < 3) refuse("only {} of its slices hold a shape", last - first);

  AopSurface made;
  Radii radii(aop, first, last - first);
  if (const std::size_t empty = aop.heights_mm.size() - radii.slices(); empty > 0)
    made.findings.push_back({"aop_slices_empty", Severity::note, {{"slices", static_cast<double>(empty), {}}}, {}});
  if (const int filled = radii.fill_zeros(); filled > 0)
    made.findings.push_back({"aop_radii_filled", Severity::warn, {{"radii", static_cast<double>(filled), {}}}, {}});
  // An empty slice below the first is where the shape comes to a point.
  const double tip_mm = first > 0 ? aop.heights_mm[first - 1] : radii.height_mm(0);
  made.surface = mesh_of(radii, aop, grid, tip_mm);
  place_landmarks(aop, grid, radii, made);
  return made;
}

AopSampled sample_aop(const Mesh& surface, std::optional<Side> side, const Landmarks& landmarks,
                      const AopSampling& sampling, const AopGrid& grid) {
  validate(sampling);
  validate(grid);
  AopSampled sampled;
  const std::vector<double> heights = slice_heights(surface, sampling.aop_slice_mm, sampled.findings);
  Aop& aop = sampled.aop;
  aop.side = side;
  for (int k = 0; k < sampling.aop_spokes; ++k) aop.angles_deg.push_back(360.0 / sampling.aop_spokes * k);
  int undercuts = 0;
  double deepest_mm = 0.0;
  const auto sections = detail::cross_sections(surface, heights);
  for (std::size_t i = 0; i < heights.size(); ++i) {
    aop.heights_mm.push_back(heights[i] - heights[0]);
    if (!encloses_axis(sections[i]))
      throw Error(ErrorKind::bad_input,
                  fmt::format("The axis leaves the surface {:.0f} mm above its distal end: radii about it cannot hold "
                              "the shape. Write it as STL.",
                              heights[i] - heights[0]));
    for (double angle : aop.angles_deg) {
      const Met met = met_by(direction(angle, grid), *detail::largest(sections[i]));
      aop.radii_mm.push_back(met.farthest_mm);
      if (met.farthest_mm - met.nearest_mm < kDetailMm) continue;
      ++undercuts;
      deepest_mm = std::max(deepest_mm, met.farthest_mm - met.nearest_mm);
    }
  }
  if (undercuts > 0)
    sampled.findings.push_back({"aop_undercuts",
                                Severity::warn,
                                {{"radii", static_cast<double>(undercuts), {}}, {"depth_mm", deepest_mm, {}}},
                                {}});
  report_lost_detail(surface, aop, grid, heights[0], sampled.findings);
  for (const ShortName& known : short_names) {
    const auto found = landmarks.find(known.landmark);
    if (found == landmarks.end()) continue;
    const Vector3d& point = found->second.point_mm;
    aop.landmarks.push_back({std::string(known.name),
                             {{point.head<2>().norm(), angle_deg_of(point.head<2>(), grid), point.z() - heights[0]}}});
  }
  return sampled;
}

}  // namespace fit
