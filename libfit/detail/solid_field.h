#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "libfit/detail/closest_point.h"
#include "libfit/detail/field_algebra.h"
#include "libfit/detail/part_distance.h"
#include "libfit/detail/raised_text.h"
#include "libfit/detail/rounded_creases.h"
#include "libfit/detail/trim_surface.h"
#include "libfit/detail/wall_thickness.h"

namespace fit::detail {

/// Where the socket is in space, as one number: negative in its plastic, positive in the air, zero on its surface, and
/// near the surface about the distance to it.
///
/// outer = positive + wall, joined with the block's parts by fillets; less the positive (its cavity); less all above
/// the trim surface, with a rounded rim; less the cuts. A draping model is the same without wall, cavity and round rim.
class SolidField {
 public:
  struct Shape {
    const Mesh* positive = nullptr;  ///< closed
    const ClosestPoint* to_positive = nullptr;
    const RoundedCreases* creases = nullptr;  ///< of the cavity
    std::optional<WallThickness> wall;        ///< none: the positive itself, solid
    std::optional<RaisedText> text;           ///< on the outer surface
    TrimSurface trim;
    double rim_radius_mm = 0.0;
    double flare_mm = 0.0;
    std::vector<PlacedPart> parts;
    Eigen::Isometry3d block_from_limb = Eigen::Isometry3d::Identity();  ///< no fillet reaches below its z = 0
    double reach_mm = 2.0;  ///< the field is a distance at least this far from its surface
  };

  explicit SolidField(Shape shape) : shape_(std::move(shape)) {}

  /// What has a say in the field somewhere in a ball; all the rest need not be asked there.
  struct Nearby {
    bool trim = true;
    bool creases = true;
    bool text = true;
    std::uint32_t parts = ~0u;  ///< a bit each, the last one for all behind it
  };

  Nearby nearby(const Eigen::Vector3d& center_mm, double radius_mm) const;

  /// Asks for the positive's distance; `triangle` is the last answer nearby, and is kept up.
  Jet distance_to_positive(const Eigen::Vector3d& point_mm, int& triangle) const;

  Jet at(const Eigen::Vector3d& point_mm, int& triangle) const { return at(point_mm, triangle, Nearby()); }
  Jet at(const Eigen::Vector3d& point_mm, int& triangle, const Nearby& nearby) const;

  /// The wall at a point of the outer surface: from its nearest point of skin, this much was asked.
  struct Wall {
    Eigen::Vector3d skin_mm;
    double asked_mm;
  };

  /// Nothing where it is not the wall that makes the surface.
  std::optional<Wall> wall_at(const Eigen::Vector3d& point_mm, int& triangle) const;

  /// Bounds over a ball, told from bounds of the distance to the positive over it. Those of a point (radius 0) whose
  /// distance is known are the field there.
  Interval within(const Eigen::Vector3d& center_mm, double radius_mm, const Interval& to_positive,
                  const Nearby& nearby) const;

  const Shape& shape() const { return shape_; }

 private:
  template <class T, class PartDistance>
  T combined(const T& outer, const T& cavity, const T& above_trim, const T& block_height,
             const Eigen::Vector3d& point_mm, double slack_mm, const Nearby& nearby,
             PartDistance&& part_distance) const;
  bool matters(const PlacedPart& part, const Eigen::Vector3d& center_mm, double radius_mm) const;
  Jet flare(const Jet& above_trim) const;
  Jet distance(const Closest& closest, const Eigen::Vector3d& point_mm) const;
  /// What the field is combined of at a point.
  struct Operands {
    Closest closest;
    Jet to_positive, above_trim, flared, outer;
  };
  Operands operands(const Eigen::Vector3d& point_mm, int& triangle, const Nearby& nearby) const;
  Jet combined_at(const Eigen::Vector3d& point_mm, const Operands& now, const Nearby& nearby) const;

  Shape shape_;
};

}  // namespace fit::detail
