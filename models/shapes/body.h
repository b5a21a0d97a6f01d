#pragma once

#include <Eigen/Geometry>
#include <memory>
#include <variant>
#include <vector>

namespace fit {

/// A limb whose radius changes evenly from one end to the other: bones' shafts, tendons.
struct RoundCone {
  Eigen::Vector3d from, to;
  double from_radius_mm, to_radius_mm;
  double widen_x = 1.0;  ///< times as wide along x
};

struct Ellipsoid {
  Eigen::Vector3d center;
  Eigen::Vector3d radii_mm;
  Eigen::Matrix3d turned = Eigen::Matrix3d::Identity();  ///< from the ellipsoid's axes to the body's
};

/// Elliptic sections stacked along z, closed below by a rounded end, open above (its last section goes on for ever).
struct Tube {
  struct Section {
    double z, center_x, center_y, half_x, half_y;
  };
  std::vector<Section> sections;  ///< from the lowest up, at least two
  double end_mm = 40.0;           ///< height of the rounded end below the lowest section
  double end_squareness = 0.0;    ///< 0: half an ellipsoid; 1: flatter, with a tighter edge
};

/// A bone of three faces, such as the shaft of the tibia: rounded triangles stacked along z, with flat, rounded ends.
struct Prism {
  struct Section {
    double z;
    Eigen::Vector2d corners[3];  ///< counter-clockwise seen from above
    double rounding_mm;
  };
  std::vector<Section> sections;  ///< from the lowest up, at least two
};

/// A solid made of simple ones, joined and cut with soft seams. Its value at a point is about the distance to its skin
/// in mm, negative inside: exact enough for blending, and always of the right sign.
class Body {
 public:
  using Shape = std::variant<RoundCone, Ellipsoid, Tube, Prism>;

  /// Adds `shape`, grown by `cover_mm`, rounding the seam over about `blend_mm`.
  void add(Shape shape, double blend_mm, double cover_mm = 0.0,
           const Eigen::Isometry3d& body_from_shape = Eigen::Isometry3d::Identity());
  void cut(Shape shape, double blend_mm, const Eigen::Isometry3d& body_from_shape = Eigen::Isometry3d::Identity());
  /// Adds another body grown by `cover_mm`.
  void add(std::shared_ptr<const Body> other, double blend_mm, double cover_mm);

  double distance_mm(const Eigen::Vector3d& point) const;

  struct Ball {
    Eigen::Vector3d center = Eigen::Vector3d::Zero();
    double radius_mm = 0.0;
  };
  /// A ball around all that was added.
  Ball ball() const;

 private:
  struct Part {
    std::variant<RoundCone, Ellipsoid, Tube, Prism, std::shared_ptr<const Body>> shape;
    double blend_mm, cover_mm;
    bool cuts;
    Eigen::Isometry3d shape_from_body;
    Ball ball;  ///< around the shape, in the body's frame
  };
  void add_part(decltype(Part::shape) shape, double blend_mm, double cover_mm, bool cuts,
                const Eigen::Isometry3d& body_from_shape);

  std::vector<Part> parts_;
};

}  // namespace fit
