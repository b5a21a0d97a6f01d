#include "libfit/detail/limb_axis.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "libfit/detail/cross_section.h"
#include "libfit/detail/open_edges.h"
#include "libfit/error.h"
#include "libfit/parallel.h"

namespace fit::detail {

namespace {

constexpr int kAxisSections = 25;

/// x and y of the line through section centroids, as value at height 0 and slope.
struct Line {
  Eigen::Vector2d at_zero;
  Eigen::Vector2d slope;
};

Line centroid_line(const Mesh& surface, double from, double to) {
  std::vector<double> heights;
  for (int i = 0; i < kAxisSections; ++i) heights.push_back(from + (to - from) * i / (kAxisSections - 1));
  Eigen::Vector2d mean = Eigen::Vector2d::Zero();
  double mean_height = 0.0;
  std::vector<std::pair<double, Eigen::Vector2d>> centroids;
  const auto sections = cross_sections(surface, heights);
  for (int i = 0; i < kAxisSections; ++i) {
    // A bent thigh may hang down beside the limb: it ends in the opening, so its outline is not closed.
    const Outline* skin = largest_closed(sections[i]);
    if (!skin) continue;
    centroids.emplace_back(heights[i], centroid(*skin));
    mean_height += heights[i];
    mean += centroids.back().second;
  }
  if (centroids.size() < 5)
    throw Error(ErrorKind::bad_input,
                "The limb's axis cannot be found: too few of its cross-sections are closed; "
                "scan more of the limb, or give its axis.");
  mean /= static_cast<double>(centroids.size());
  mean_height /= static_cast<double>(centroids.size());
  Eigen::Vector2d slope = Eigen::Vector2d::Zero();
  double spread = 0.0;
  for (const auto& [height, point] : centroids) {
    slope += (height - mean_height) * (point - mean);
    spread += (height - mean_height) * (height - mean_height);
  }
  slope /= spread;
  return {mean - mean_height * slope, slope};
}

}  // namespace

PosedLimb::PosedLimb(const Mesh& of) : surface(of), up(Eigen::Vector3d::Zero()), centroid(Eigen::Vector3d::Zero()) {
  const std::vector<Opening> found = openings(surface);
  if (!found.empty())
    for (const auto& edge : found.front().edges) {
      rim.push_back(edge[0]);
      // The opening's lid would run along each edge the other way.
      up -= 0.5 * (surface.vertices[edge[0]] - surface.vertices[found.front().edges.front()[0]])
                      .cross(surface.vertices[edge[1]] - surface.vertices[edge[0]]);
    }
  if (up.norm() > 0.0) up.normalize();
  double area = 0.0;
  for (const Eigen::Vector3i& t : surface.triangles) {
    const Eigen::Vector3d& a = surface.vertices[t[0]];
    const Eigen::Vector3d& b = surface.vertices[t[1]];
    const Eigen::Vector3d& c = surface.vertices[t[2]];
    const double twice = (b - a).cross(c - a).norm();
    area += twice;
    centroid += twice / 3.0 * (a + b + c);
  }
  if (area > 0.0) centroid /= area;
}

InFrame::InFrame(const PosedLimb& limb, const Eigen::Isometry3d& frame_from_scan)
    : surface(limb.surface), top_mm(1e300) {
  const Eigen::Matrix3d turn = frame_from_scan.linear();
  const Eigen::Vector3d shift = frame_from_scan.translation();
  parallel_for(surface.vertices.size(), 16384, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) surface.vertices[i] = turn * limb.surface.vertices[i] + shift;
  });
  const Box box = bounding_box(surface);
  distal_mm = box.lowest.z();
  for (int vertex : limb.rim) top_mm = std::min(top_mm, surface.vertices[vertex].z());
  if (limb.rim.empty()) top_mm = box.highest.z();
}

Eigen::Vector3d axis_of_walls(const Mesh& surface, const Eigen::Vector3d& up) {
  Eigen::Vector3d axis = up.normalized();
  for (int i = 0; i < 4; ++i) {
    Eigen::Matrix3d spread = Eigen::Matrix3d::Zero();
    Eigen::Vector3d mean = Eigen::Vector3d::Zero();
    double weights = 0.0;
    for (const Eigen::Vector3i& t : surface.triangles) {
      const Eigen::Vector3d& a = surface.vertices[t[0]];
      Eigen::Vector3d normal = (surface.vertices[t[1]] - a).cross(surface.vertices[t[2]] - a);
      const double twice = normal.norm();
      if (!(twice > 0.0)) continue;
      normal /= twice;
      const double along = normal.dot(axis);
      const double weight = twice * (1.0 - along * along);
      spread += weight * normal * normal.transpose();
      mean += weight * normal;
      weights += weight;
    }
    if (!(weights > 0.0)) return axis;
    mean /= weights;
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(spread / weights - mean * mean.transpose());
    const Eigen::Vector3d least = solver.eigenvectors().col(0);
    axis = least.dot(axis) < 0.0 ? Eigen::Vector3d(-least) : least;
  }
  return axis;
}

Eigen::Isometry3d starting_frame(const PosedLimb& limb, const Eigen::Vector3d& up) {
  const Eigen::Vector3d z = up.normalized();
  Eigen::Matrix3d spread = Eigen::Matrix3d::Zero();
  for (const Eigen::Vector3i& t : limb.surface.triangles) {
    const Eigen::Vector3d& a = limb.surface.vertices[t[0]];
    const Eigen::Vector3d& b = limb.surface.vertices[t[1]];
    const Eigen::Vector3d& c = limb.surface.vertices[t[2]];
    Eigen::Vector3d from = (a + b + c) / 3.0 - limb.centroid;
    from -= from.dot(z) * z;
    spread += (b - a).cross(c - a).norm() * from * from.transpose();
  }
  // The eigenvectors: the axis, then the narrower side, then the wider one. Sign and equality do not matter: the
  // searches that start here look all round, in steps that divide the half turn.
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver(spread);
  Eigen::Vector3d x = solver.eigenvectors().col(2);
  x = (x - x.dot(z) * z).normalized();
  Eigen::Isometry3d frame = Eigen::Isometry3d::Identity();
  frame.linear().row(0) = x;
  frame.linear().row(1) = z.cross(x);
  frame.linear().row(2) = z;
  frame.translation() = -(frame.linear() * limb.centroid);
  return frame;
}

Eigen::Isometry3d frame_on_axis(const PosedLimb& limb, Eigen::Isometry3d frame_from_scan,
                                const std::optional<Eigen::Vector3d>& knee, int iterations, bool keep_direction) {
  for (int i = 0; i < iterations; ++i) {
    const InFrame limb_here(limb, frame_from_scan);
    const double top = knee ? (frame_from_scan * *knee).z() : limb_here.top_mm;
    const double length = top - limb_here.distal_mm;
    if (!(length > 1.0))
      throw Error(ErrorKind::bad_input,
                  "The limb's axis cannot be found: hardly any skin lies all round the limb between its "
                  "distal end and its opening; scan more of the limb, or give its axis.");
    Line line =
        centroid_line(limb_here.surface, limb_here.distal_mm + 0.2 * length, limb_here.distal_mm + 0.8 * length);
    if (keep_direction) {
      line.at_zero += (limb_here.distal_mm + 0.5 * length) * line.slope;
      line.slope.setZero();
    }
    const Eigen::Vector3d direction = Eigen::Vector3d(line.slope.x(), line.slope.y(), 1.0).normalized();
    const Eigen::Matrix3d turn =
        Eigen::Quaterniond::FromTwoVectors(direction, Eigen::Vector3d::UnitZ()).toRotationMatrix();
    Eigen::Isometry3d step = Eigen::Isometry3d::Identity();
    step.linear() = turn;
    step.translation() = -(turn * Eigen::Vector3d(line.at_zero.x(), line.at_zero.y(), 0.0));
    frame_from_scan = step * frame_from_scan;
    double lowest = 1e300;
    for (const Eigen::Vector3d& vertex : limb.surface.vertices)
      lowest = std::min(lowest, frame_from_scan.linear().row(2).dot(vertex));
    frame_from_scan.translation().z() = -lowest;
  }
  return frame_from_scan;
}

}  // namespace fit::detail
