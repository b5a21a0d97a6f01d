#include "libfit/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "libfit/detail/cross_section.h"
#include "libfit/detail/open_edges.h"

namespace fit {

namespace {

constexpr std::size_t kSlicesAtATime = 64;
constexpr double kMostStations = 20000.0;

void check_numbers(const Mesh& limb) {
  if (limb.triangles.empty()) throw Error(ErrorKind::bad_input, "The limb has no skin: its surface has no triangles.");
  for (const Eigen::Vector3d& vertex : limb.vertices)
    if (!vertex.allFinite())
      throw Error(ErrorKind::bad_input, "The limb has a vertex that is not a number; repair the scan.");
  const int count = static_cast<int>(limb.vertices.size());
  for (const Eigen::Vector3i& t : limb.triangles)
    if (t.minCoeff() < 0 || t.maxCoeff() >= count)
      throw Error(ErrorKind::bad_input,
                  "The limb has a triangle that names a vertex it does not have; repair the scan.");
}

void check_heights(const Mesh& limb, const std::vector<double>& heights) {
  const Box box = bounding_box(limb);
  for (double height : heights) {
    if (!std::isfinite(height)) throw Error(ErrorKind::bad_params, "A height to measure at is not a number.");
    if (!(height > box.lowest.z() && height <= box.highest.z()))
      throw Error(ErrorKind::bad_input,
                  fmt::format("There is no skin to measure at {:.1f} mm: the limb reaches from {:.1f} to {:.1f} mm.",
                              height, box.lowest.z(), box.highest.z()));
  }
}

void check_closed_below(const Mesh& limb, double top) {
  for (const auto& edge : detail::open_edges(limb))
    for (int end : edge) {
      const Eigen::Vector3d& place = limb.vertices[end];
      if (place.z() < top)
        throw Error(ErrorKind::bad_input,
                    fmt::format("The limb is open near ({:.1f}, {:.1f}, {:.1f}) mm, below the top slice at {:.1f} mm; "
                                "repair the scan, or measure lower.",
                                place.x(), place.y(), place.z(), top));
    }
}

/// Signed area of a piece of a triangle seen from above, and that area times its mean height over a base.
struct Flux {
  double area = 0.0;
  double area_height = 0.0;
};

/// The part of a triangle below a height, by clipping its corners (I. E. Sutherland and G. W. Hodgman 1974).
Flux flux_below(const Eigen::Vector3d (&corner)[3], double height, double base) {
  Eigen::Vector3d clipped[4];
  int count = 0;
  for (int i = 0; i < 3; ++i) {
    const Eigen::Vector3d& a = corner[i];
    const Eigen::Vector3d& b = corner[(i + 1) % 3];
    if (a.z() < height) clipped[count++] = a;
    if ((a.z() < height) != (b.z() < height)) clipped[count++] = a + (height - a.z()) / (b.z() - a.z()) * (b - a);
  }
  Flux flux;
  for (int i = 2; i < count; ++i) {
    const Eigen::Vector3d u = clipped[i - 1] - clipped[0];
    const Eigen::Vector3d v = clipped[i] - clipped[0];
    const double area = 0.5 * (u.x() * v.y() - u.y() * v.x());
    flux.area += area;
    flux.area_height += area * ((clipped[0].z() + clipped[i - 1].z() + clipped[i].z()) / 3.0 - base);
  }
  return flux;
}

/// Volumes below ascending heights, in one pass: a triangle wholly below a height counts in the sums of all heights
/// from there on, and is clipped by those that it crosses.
std::vector<double> volumes_below(const Mesh& limb, const std::vector<double>& heights, double base) {
  std::vector<Flux> whole(heights.size() + 1);
  std::vector<Flux> cut(heights.size());
  for (const Eigen::Vector3i& t : limb.triangles) {
    const Eigen::Vector3d corner[3] = {limb.vertices[t[0]], limb.vertices[t[1]], limb.vertices[t[2]]};
    const auto [lowest, highest] = std::minmax({corner[0].z(), corner[1].z(), corner[2].z()});
    auto height = std::upper_bound(heights.begin(), heights.end(), lowest);
    for (; height != heights.end() && *height < highest; ++height) {
      const Flux part = flux_below(corner, *height, base);
      Flux& sum = cut[height - heights.begin()];
      sum.area += part.area;
      sum.area_height += part.area_height;
    }
    const Eigen::Vector3d u = corner[1] - corner[0];
    const Eigen::Vector3d v = corner[2] - corner[0];
    const double area = 0.5 * (u.x() * v.y() - u.y() * v.x());
    Flux& sum = whole[height - heights.begin()];
    sum.area += area;
    sum.area_height += area * ((corner[0].z() + corner[1].z() + corner[2].z()) / 3.0 - base);
  }
  std::vector<double> volumes(heights.size());
  Flux below;
  for (std::size_t i = 0; i < heights.size(); ++i) {
    below.area += whole[i].area;
    below.area_height += whole[i].area_height;
    volumes[i] = below.area_height + cut[i].area_height - (heights[i] - base) * (below.area + cut[i].area);
  }
  return volumes;
}

Slice measured(const std::vector<detail::Outline>& outlines, double height) {
  const detail::Outline* skin = detail::largest(outlines);
  if (!skin) throw Error(ErrorKind::bad_input, fmt::format("There is no skin to measure at {:.1f} mm.", height));
  Slice slice{};
  slice.height_mm = height;
  slice.area_mm2 = detail::area_mm2(*skin);
  if (slice.area_mm2 < 0.0)
    throw Error(ErrorKind::bad_input,
                fmt::format("The limb's surface is inside out at {:.1f} mm; repair the scan.", height));
  for (const detail::Outline& other : outlines) {
    const double area = detail::area_mm2(other);
    if (area < 0.0 && detail::encloses(*skin, other.points[0])) slice.area_mm2 += area;
  }
  slice.perimeter_mm = detail::perimeter_mm(*skin);
  slice.girth_mm = detail::perimeter_mm({detail::convex_hull(skin->points)});
  Eigen::Vector2d lowest = skin->points[0];
  Eigen::Vector2d highest = skin->points[0];
  for (const Eigen::Vector2d& point : skin->points) {
    lowest = lowest.cwiseMin(point);
    highest = highest.cwiseMax(point);
  }
  slice.ml_mm = highest.x() - lowest.x();
  slice.ap_mm = highest.y() - lowest.y();
  return slice;
}

}  // namespace

std::vector<Slice> measure_at(const Mesh& limb, const std::vector<double>& heights_mm, const Progress& progress) {
  progress(0.0);
  check_numbers(limb);
  check_heights(limb, heights_mm);
  if (heights_mm.empty()) return {};

  std::vector<std::size_t> order(heights_mm.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return heights_mm[a] < heights_mm[b]; });
  std::vector<double> heights;
  heights.reserve(order.size());
  for (std::size_t i : order) heights.push_back(heights_mm[i]);
  check_closed_below(limb, heights.back());
  progress(0.2);

  const std::vector<double> volumes = volumes_below(limb, heights, bounding_box(limb).lowest.z());
  std::vector<Slice> slices(heights.size());
  for (std::size_t begin = 0; begin < heights.size(); begin += kSlicesAtATime) {
    progress(0.3 + 0.7 * static_cast<double>(begin) / static_cast<double>(heights.size()));
    const std::size_t end = std::min(heights.size(), begin + kSlicesAtATime);
    const auto first = heights.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto sections = detail::cross_sections(limb, {first, first + static_cast<std::ptrdiff_t>(end - begin)});
    for (std::size_t i = begin; i < end; ++i) {
      slices[order[i]] = measured(sections[i - begin], heights[i]);
      slices[order[i]].volume_mm3 = volumes[i];
    }
  }
  progress(1.0);
  return slices;
}

std::vector<Slice> measure(const Mesh& limb, const MeasureParams& params, const Progress& progress) {
  validate(params);
  check_numbers(limb);
  const double bottom = bounding_box(limb).lowest.z();
  const double top = top_mm(limb);
  const double spacing = params.station_spacing_mm;
  if ((top - bottom) / spacing > kMostStations)
    throw Error(ErrorKind::bad_params,
                fmt::format("station_spacing_mm is {:g}: that is over {:.0f} stations on a limb of {:.1f} mm; "
                            "space them wider.",
                            spacing, kMostStations, top - bottom));
  std::vector<double> heights;
  for (int i = 1; bottom + i * spacing < top; ++i) heights.push_back(bottom + i * spacing);
  if (heights.empty())
    throw Error(ErrorKind::bad_input,
                fmt::format("The limb is whole over {:.1f} mm only, less than the {:g} mm from station to station; "
                            "space the stations closer.",
                            top - bottom, spacing));
  return measure_at(limb, heights, progress);
}

double top_mm(const Mesh& limb) {
  check_numbers(limb);
  double top = bounding_box(limb).highest.z();
  double reaches = -1e300;
  for (const detail::Opening& opening : detail::openings(limb)) {
    double lowest = 1e300;
    double highest = -1e300;
    for (const auto& edge : opening.edges) {
      lowest = std::min(lowest, limb.vertices[edge[0]].z());
      highest = std::max(highest, limb.vertices[edge[0]].z());
    }
    if (highest <= reaches) continue;
    reaches = highest;
    top = lowest;
  }
  return top;
}

double limb_length_mm(const Limb& limb) {
  const double top = top_mm(limb.surface);
  const auto tendon = limb.landmarks.find(Landmark::mid_patellar_tendon);
  return (tendon == limb.landmarks.end() ? top : tendon->second.point_mm.z()) - bounding_box(limb.surface).lowest.z();
}

}  // namespace fit
