#include "libfit/as_printed.h"

#include <algorithm>
#include <cmath>

#include "libfit/detail/closest_point.h"
#include "libfit/detail/spread.h"
#include "libfit/parallel.h"

namespace fit {

namespace {

using Eigen::Vector3d;

constexpr std::size_t kGrain = 4096;
constexpr double kOnPositiveMm = 0.05;
constexpr double kPieceMm = 2.0;     // of a line, that one place stands for
constexpr double kFarthestMm = 3.0;  // a line that belongs to no surface of the socket
const double kLeastSlope = std::sin(25.0 * M_PI / 180.0);

Vector3d triangle_normal(const Mesh& mesh, int triangle) {
  const Eigen::Vector3i& t = mesh.triangles[static_cast<std::size_t>(triangle)];
  const Vector3d& a = mesh.vertices[static_cast<std::size_t>(t[0])];
  return (mesh.vertices[static_cast<std::size_t>(t[1])] - a)
      .cross(mesh.vertices[static_cast<std::size_t>(t[2])] - a)
      .normalized();
}

/// Sine of the angle between the horizontal and a surface: 1 for an upright wall.
double slope(const Vector3d& normal, const Vector3d& up) {
  const double vertical = normal.dot(up);
  return std::sqrt(std::max(0.0, 1.0 - vertical * vertical));
}

class Reading {
 public:
  Reading(const Eigen::Affine3d& limb_from_print, const Mesh& positive, const Mesh& socket)
      : limb_from_print_(limb_from_print),
        up_((limb_from_print.linear() * Vector3d::UnitZ()).normalized()),
        socket_(socket),
        to_positive_(positive),
        to_socket_(socket) {}

  /// Off the positive, and the area that it stands for; nothing of a line that is not of the inside.
  void take(const PrintedLine& line, int& near_socket, int& near_positive,
            std::vector<std::pair<double, double>>& found) const {
    const Eigen::Vector2d from = line.from_mm.cast<double>(), to = line.to_mm.cast<double>();
    const double length_mm = (to - from).norm();
    if (!(length_mm > 0.0)) return;
    const Eigen::Vector2d along = (to - from) / length_mm, beside(-along.y(), along.x());
    const int pieces = static_cast<int>(std::ceil(length_mm / kPieceMm));
    for (int i = 0; i < pieces; ++i) {
      Vector3d middle;
      middle << from + (to - from) * ((i + 0.5) / pieces), line.middle_z_mm;
      const auto nearest = to_socket_.within(limb_from_print_ * middle, kFarthestMm, near_socket);
      if (!nearest) continue;
      near_socket = nearest->triangle;
      const Vector3d normal = triangle_normal(socket_, nearest->triangle);
      const double steep = slope(normal, up_);
      if (!(steep > kLeastSlope) || !on_positive(nearest->point_mm, near_positive)) continue;
      Vector3d half = Vector3d::Zero();
      half.head<2>() = beside * (0.5 * line.width_mm);
      // Away from the plastic, wherever the line itself lies.
      if (normal.dot(limb_from_print_.linear() * half) < 0.0) half = -half;
      for (double quarter : {-0.25, 0.25}) {
        const Vector3d edge = limb_from_print_ * (middle + half + Vector3d(0.0, 0.0, quarter * line.layer_mm));
        const detail::Closest off = to_positive_.at(edge, near_positive);
        near_positive = off.triangle;
        found.emplace_back(off.signed_mm, length_mm / pieces * line.layer_mm / 2.0 / steep);
      }
    }
  }

  /// Of the socket's surface that lies on the positive and is as steep as what is read.
  double area_to_see_mm2() const {
    std::vector<double> areas((socket_.triangles.size() + kGrain - 1) / kGrain, 0.0);
    parallel_for(socket_.triangles.size(), kGrain, [&](std::size_t begin, std::size_t end) {
      int near = -1;
      for (std::size_t i = begin; i < end; ++i) {
        const Eigen::Vector3i& t = socket_.triangles[i];
        const Vector3d &a = socket_.vertices[static_cast<std::size_t>(t[0])],
                       &b = socket_.vertices[static_cast<std::size_t>(t[1])],
                       &c = socket_.vertices[static_cast<std::size_t>(t[2])];
        const Vector3d twice = (b - a).cross(c - a);
        if (slope(twice.normalized(), up_) > kLeastSlope && on_positive((a + b + c) / 3.0, near))
          areas[begin / kGrain] += twice.norm() / 2.0;
      }
    });
    double sum = 0.0;
    for (double area : areas) sum += area;
    return sum;
  }

 private:
  bool on_positive(const Vector3d& point_mm, int& near) const {
    const auto closest = to_positive_.within(point_mm, kOnPositiveMm, near);
    if (closest) near = closest->triangle;
    return closest.has_value();
  }

  Eigen::Affine3d limb_from_print_;
  Vector3d up_;
  const Mesh& socket_;
  detail::ClosestPoint to_positive_, to_socket_;
};

}  // namespace

AsPrinted as_printed(const std::vector<PrintedLine>& lines, const Eigen::Affine3d& limb_from_print,
                     const Mesh& positive, const Solid& socket, const Progress& progress) {
  progress(0.0);
  const Reading reading(limb_from_print, positive, socket.mesh());
  progress(0.2);
  std::vector<std::vector<std::pair<double, double>>> pieces((lines.size() + kGrain - 1) / kGrain);
  parallel_for(lines.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    int near_socket = -1, near_positive = -1;
    for (std::size_t i = begin; i < end; ++i)
      reading.take(lines[i], near_socket, near_positive, pieces[begin / kGrain]);
  });
  progress(0.8);
  std::vector<std::pair<double, double>> found;
  double seen_mm2 = 0.0;
  for (const auto& piece : pieces) found.insert(found.end(), piece.begin(), piece.end());
  for (const auto& [off_mm, area_mm2] : found) seen_mm2 += area_mm2;
  const detail::Spread spread = detail::spread_of(std::move(found));
  const double to_see_mm2 = reading.area_to_see_mm2();
  progress(1.0);
  return {spread.mean, spread.iqr, spread.largest, to_see_mm2 > 0.0 ? 100.0 * seen_mm2 / to_see_mm2 : 0.0};
}

}  // namespace fit
