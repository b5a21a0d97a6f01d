#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

#include "libfit/detail/closest_point.h"
#include "libfit/detail/part_distance.h"
#include "libfit/detail/print_checks.h"
#include "libfit/detail/trim_surface.h"
#include "libfit/detail/wall_thickness.h"
#include "libfit/error.h"
#include "libfit/parallel.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;

constexpr double kFlareHeight = 14.0;  // see SolidifyParams::flare_mm
constexpr double kMost = 80.0;         // nothing of a socket is thicker
constexpr double kTolerance = 0.05;    // the outer surface may fall short of the positive and the wall by this much
/// Noise of the skin finer than the triangles makes the inner surface stand into the wall here and there; the plastic
/// may be thinner than asked by that and no more than this: half of what a common nozzle lays down.
constexpr double kPlasticTolerance = 0.2;
constexpr double kLocalTolerance = 0.3;
constexpr std::size_t kGrain = 2048;

enum class Sheet : std::uint8_t { neither, inner, outer, doubtful };

class Walls {
 public:
  Walls(const SocketCase& made, const SolidifyParams& asked)
      : made_(made),
        socket_(made.socket.mesh()),
        trim_(made.trimline),
        wall_(asked, bounding_box(made.rectified.positive).lowest.z()),
        band_(std::max(1.5 * asked.trimline_wall_mm, asked.flare_mm > 0.0 ? kFlareHeight + 1.0 : 0.0)),
        hole_margin_(1.5 * asked.resolution_mm),
        half_wall_(0.5 * asked.wall_mm),
        sheet_(socket_.vertices.size(), Sheet::neither),
        short_of_asked_(socket_.vertices.size(), 0.0),
        beside_positive_mm_(socket_.vertices.size(), 0.0),
        wall_mm_(socket_.vertices.size(), std::numeric_limits<double>::quiet_NaN()) {
    for (const BlockPart& part : made.hardware.parts)
      if (part.cut) holes_.emplace_back(part, made.hardware.limb_from_block);
  }

  Values measure(const Progress& progress) {
    const ClosestPoint to_positive(made_.rectified.positive, Sides::left_out);
    const std::vector<Vector3d> normals = vertex_normals(socket_);
    progress(0.3);
    parallel_for(socket_.vertices.size(), kGrain, [&](std::size_t begin, std::size_t end) {
      int hint = -1;
      for (std::size_t i = begin; i < end; ++i) measure_from_positive(to_positive, normals[i], i, hint);
    });
    tell_folds_of_the_inner_surface();
    progress(0.6);
    const Mesh outer = outer_surface();
    if (outer.triangles.empty())
      throw Error(ErrorKind::bad_input,
                  "The socket has no outer surface around the positive; make it again from this positive.");
    const ClosestPoint to_outer(outer, Sides::left_out);
    progress(0.8);
    parallel_for(socket_.vertices.size(), kGrain, [&](std::size_t begin, std::size_t end) {
      int hint = -1;
      for (std::size_t i = begin; i < end; ++i) {
        if (sheet_[i] != Sheet::inner) continue;
        const auto closest = to_outer.within(socket_.vertices[i], kMost, hint);
        if (!closest) continue;
        hint = closest->triangle;
        wall_mm_[i] = closest->signed_mm;
      }
    });
    progress(1.0);
    return wall_mm_;
  }

  /// The least distance of the outer surface from the positive, as it is seen from both sides of the wall.
  double least_from_positive_mm() const {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < wall_mm_.size(); ++i)
      if (!std::isnan(wall_mm_[i])) least = std::min(least, wall_mm_[i] + beside_positive_mm_[i]);
    return least;
  }

  /// The vertex of the outer surface that is farthest short of the wall asked at its place, and by how much.
  std::pair<std::size_t, double> farthest_short() const {
    const auto worst = std::max_element(short_of_asked_.begin(), short_of_asked_.end());
    return {static_cast<std::size_t>(worst - short_of_asked_.begin()), *worst};
  }

 private:
  void measure_from_positive(const ClosestPoint& to_positive, const Vector3d& normal, std::size_t i, int& hint) {
    const Vector3d& vertex = socket_.vertices[i];
    const Jet above = trim_.above(vertex);
    if (above.value > -band_ || in_a_hole(vertex)) return;
    const auto closest = to_positive.within(vertex, kMost, hint);
    if (!closest) return;
    hint = closest->triangle;
    const double distance = closest->signed_mm;
    if (distance < half_wall_ && faces_the_limb(normal, closest->triangle)) {
      sheet_[i] = Sheet::inner;
      beside_positive_mm_[i] = distance;
      return;
    }
    sheet_[i] = distance < half_wall_ ? Sheet::doubtful : Sheet::outer;
    wall_mm_[i] = distance;
    short_of_asked_[i] = wall_.at(vertex, above).value - distance;
  }

  /// In a fold of the skin the nearest triangle may face anywhere, and so a vertex of the inner surface may seem to
  /// face away from the limb. Such doubtful vertices belong to the inner surface when they hang on to it and not on to
  /// the outer one; else the wall is thin there indeed.
  void tell_folds_of_the_inner_surface() {
    std::vector<int> patch(sheet_.size());
    std::iota(patch.begin(), patch.end(), 0);
    const auto patch_of = [&](int vertex) {
      while (patch[vertex] != vertex) vertex = patch[vertex] = patch[patch[vertex]];
      return vertex;
    };
    const auto for_doubtful_sides = [&](auto&& work) {
      for (const Eigen::Vector3i& t : socket_.triangles)
        for (int k = 0; k < 3; ++k)
          for (const int other : {t[(k + 1) % 3], t[(k + 2) % 3]})
            if (sheet_[t[k]] == Sheet::doubtful) work(t[k], other);
    };
    for_doubtful_sides([&](int vertex, int other) {
      if (sheet_[other] == Sheet::doubtful) patch[patch_of(vertex)] = patch_of(other);
    });
    std::vector<bool> on_inner(sheet_.size(), false), on_outer(sheet_.size(), false);
    for_doubtful_sides([&](int vertex, int other) {
      if (sheet_[other] == Sheet::inner) on_inner[patch_of(vertex)] = true;
      if (sheet_[other] == Sheet::outer) on_outer[patch_of(vertex)] = true;
    });
    for (std::size_t i = 0; i < sheet_.size(); ++i) {
      if (sheet_[i] != Sheet::doubtful) continue;
      const int root = patch_of(static_cast<int>(i));
      sheet_[i] = on_inner[root] && !on_outer[root] ? Sheet::inner : Sheet::outer;
      if (sheet_[i] == Sheet::inner) short_of_asked_[i] = 0.0;
    }
  }

  bool in_a_hole(const Vector3d& point) const {
    return std::any_of(holes_.begin(), holes_.end(), [&](const PlacedPart& hole) {
      return hole.at_least(point) < hole_margin_ && hole.at(point).value < hole_margin_;
    });
  }

  bool faces_the_limb(const Vector3d& normal, int triangle) const {
    const Mesh& positive = made_.rectified.positive;
    const Eigen::Vector3i& t = positive.triangles[triangle];
    const Vector3d& a = positive.vertices[t[0]];
    return normal.dot((positive.vertices[t[1]] - a).cross(positive.vertices[t[2]] - a)) < 0.0;
  }

  Mesh outer_surface() const {
    Mesh outer;
    outer.vertices = socket_.vertices;
    for (const Eigen::Vector3i& t : socket_.triangles)
      if (sheet_[t[0]] == Sheet::outer && sheet_[t[1]] == Sheet::outer && sheet_[t[2]] == Sheet::outer)
        outer.triangles.push_back(t);
    return outer;
  }

  const SocketCase& made_;
  const Mesh& socket_;
  const TrimSurface trim_;
  const WallThickness wall_;
  const double band_, hole_margin_, half_wall_;
  std::vector<PlacedPart> holes_;
  std::vector<Sheet> sheet_;
  Values short_of_asked_;
  Values beside_positive_mm_;  ///< of vertices of the inner surface
  Values wall_mm_;
};

}  // namespace

void check_wall(const SocketCase& made, const SolidifyParams& asked, Checked& checked, const Progress& progress) {
  Walls walls(made, asked);
  checked.wall_mm = walls.measure(progress);
  std::size_t thinnest = 0;
  checked.thinnest_mm = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < checked.wall_mm.size(); ++i)
    if (checked.wall_mm[i] < checked.thinnest_mm) {
      checked.thinnest_mm = checked.wall_mm[i];
      thinnest = i;
    }
  const std::vector<Vector3d>& vertices = made.socket.mesh().vertices;
  const bool missing = checked.thinnest_mm < 0.5;
  const bool thin = checked.thinnest_mm < asked.wall_mm - kPlasticTolerance ||
                    walls.least_from_positive_mm() < asked.wall_mm - kTolerance;
  checked.findings.push_back({missing ? "wall_missing"
                              : thin  ? "wall_thin"
                                      : "wall_thinnest",
                              thin ? Severity::forbid : Severity::note,
                              {{"thinnest_mm", checked.thinnest_mm, ""}, {"asked_mm", asked.wall_mm, ""}},
                              vertices[thinnest]});
  const auto [where, short_mm] = walls.farthest_short();
  if (short_mm > kLocalTolerance)
    checked.findings.push_back(
        {"wall_region_thin",
         Severity::warn,
         {{"measured_mm", checked.wall_mm[where], ""}, {"asked_mm", checked.wall_mm[where] + short_mm, ""}},
         vertices[where]});
}

}  // namespace fit::detail
