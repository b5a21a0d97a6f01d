#include "libfit/draping_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

#include "libfit/detail/contour.h"
#include "libfit/detail/cross_section.h"
#include "libfit/detail/proximal_extension.h"
#include "libfit/detail/solid_field.h"

namespace fit {

namespace {

using Eigen::Vector3d;

constexpr double kLeftAroundBoreMm = 10.0;
constexpr double kLeftAroundKeyMm = 5.0;
constexpr double kKeyDepthMm = 12.0;     // in either piece
constexpr double kKeyClearanceMm = 0.3;  // of its diameter, and of its length
constexpr std::array<std::array<double, 2>, 3> kKeyDiametersMm{{{16.0, 12.0}, {12.0, 9.0}, {8.0, 6.0}}};

/// The positive closed above what is kept of it.
struct Body {
  detail::ClosedPositive closed;
  detail::ClosestPoint to_positive;
  double base_mm;

  Body(const Mesh& positive, const DrapeParams& params, double top_mm)
      : closed(detail::extended_and_closed(positive, top_mm + params.mandrel_diameter_mm + 2.0 * kLeftAroundBoreMm)),
        to_positive(closed.mesh),
        base_mm(top_mm) {}

  // Of a positive that is closed nothing goes on above, and there is no base to bore.
  bool open() const { return !closed.opening.empty(); }

  /// Around all of it, up to the base.
  Box box() const {
    // The extension may run out sideways of a limb that is bent.
    Box box = bounding_box(closed.mesh);
    if (open()) box.highest.z() = base_mm;
    return box;
  }
};

Body body_of(const Mesh& positive, const DrapeParams& params) {
  return Body(positive, params, bounding_box(positive).highest.z() + params.extension_mm);
}

double bore_depth_mm(const Body& body, const Vector3d& opening_mm, const DrapeParams& params) {
  const double needed = params.mandrel_diameter_mm / 2.0 + kLeftAroundBoreMm;
  double depth = 0.0;
  for (int triangle = -1; depth < params.mandrel_depth_mm; ++depth) {
    const detail::Closest closest = body.to_positive.at(opening_mm - Vector3d(0.0, 0.0, depth + 1.0), triangle);
    triangle = closest.triangle;
    // The lid of the closed positive lies above the base, and is no skin.
    if (closest.signed_mm > -needed && closest.point_mm.z() < body.base_mm + 1.0) break;
  }
  return std::min(depth, params.mandrel_depth_mm);
}

std::optional<Mandrel> mandrel_of(const Body& body, const DrapeParams& params) {
  if (!body.open() || params.mandrel_diameter_mm == 0.0) return std::nullopt;
  const auto sections = detail::cross_sections(body.closed.mesh, {body.base_mm});
  const detail::Outline* section = detail::largest(sections[0]);
  if (section == nullptr) return std::nullopt;
  Mandrel on_axis{Vector3d(0.0, 0.0, body.base_mm)}, in_middle = on_axis;
  in_middle.opening_mm.head<2>() = detail::centroid(*section);
  for (Mandrel* mandrel : {&on_axis, &in_middle}) mandrel->depth_mm = bore_depth_mm(body, mandrel->opening_mm, params);
  const Mandrel& deeper = in_middle.depth_mm > on_axis.depth_mm ? in_middle : on_axis;
  return deeper.depth_mm < 1.0 ? std::nullopt : std::optional(deeper);
}

/// What is taken away: a cylinder down from a place.
BlockPart hole(const Vector3d& top_mm, double diameter_mm, double depth_mm) {
  BlockPart part;
  part.shape = BlockPart::Shape::cylinder;
  part.cut = true;
  part.width_mm = part.depth_mm = diameter_mm;
  part.height_mm = depth_mm;
  part.block_from_part.translate(top_mm - Vector3d(0.0, 0.0, depth_mm));
  return part;
}

/// What is left of the body below a height, without the cuts.
Solid solid_of(const Body& body, double top_mm, const std::vector<BlockPart>& cuts, const Box& box,
               const DrapeParams& params, const Progress& progress) {
  detail::SolidField::Shape shape{
      .positive = &body.closed.mesh,
      .to_positive = &body.to_positive,
      .creases = nullptr,
      .wall = std::nullopt,
      .text = std::nullopt,
      .trim = detail::TrimSurface(Trimline{{top_mm, top_mm, top_mm}}),
      .parts = {},
      .reach_mm = 2.0 * params.drape_resolution_mm,
  };
  for (const BlockPart& cut : cuts) shape.parts.emplace_back(cut, Eigen::Isometry3d::Identity());
  const detail::SolidField field(std::move(shape));
  return Solid(detail::contour(field, box, params.drape_resolution_mm, progress));
}

void add_bore(const std::optional<Mandrel>& mandrel, const DrapeParams& params, std::vector<BlockPart>& cuts) {
  constexpr double beyond_mm = 5.0;
  if (mandrel)
    cuts.push_back(hole(mandrel->opening_mm + Vector3d(0.0, 0.0, beyond_mm), params.mandrel_diameter_mm,
                        mandrel->depth_mm + beyond_mm));
}

/// Two places in a face, as far apart as there is room, and the diameters of their keys.
struct Keys {
  std::array<Vector3d, 2> middle_mm;
  std::array<double, 2> diameter_mm;
};

std::optional<Keys> keys_in(const Body& body, double face_mm, const std::optional<Mandrel>& mandrel,
                            const DrapeParams& params) {
  constexpr double grid_mm = 4.0;
  const Box box = body.box();
  const bool bored = mandrel && face_mm > mandrel->opening_mm.z() - mandrel->depth_mm - 2.0 * kKeyDepthMm;
  const auto room_mm = [&](const Vector3d& at) {
    double room = bored ? (at - mandrel->opening_mm).head<2>().norm() - params.mandrel_diameter_mm / 2.0 : 1e300;
    for (double up : {-kKeyDepthMm, 0.0, kKeyDepthMm})
      room = std::min(room, -body.to_positive.at(at + Vector3d(0.0, 0.0, up)).signed_mm);
    return room;
  };
  std::vector<std::pair<Vector3d, double>> places;
  for (double x = box.lowest.x(); x < box.highest.x(); x += grid_mm)
    for (double y = box.lowest.y(); y < box.highest.y(); y += grid_mm)
      places.emplace_back(Vector3d(x, y, face_mm), room_mm(Vector3d(x, y, face_mm)));
  for (const auto& diameters : kKeyDiametersMm) {
    double farthest = 2.0 * diameters[0];
    std::optional<Keys> keys;
    for (const auto& [thick, thick_room] : places) {
      if (thick_room < diameters[0] / 2.0 + kLeftAroundKeyMm) continue;
      for (const auto& [thin, thin_room] : places) {
        if (thin_room < diameters[1] / 2.0 + kLeftAroundKeyMm || (thick - thin).norm() <= farthest) continue;
        farthest = (thick - thin).norm();
        keys = Keys{{thick, thin}, diameters};
      }
    }
    if (keys) return keys;
  }
  return std::nullopt;
}

/// A standing cylinder, added to a mesh.
void add_key(const Eigen::Vector2d& middle_mm, double diameter_mm, Mesh& mesh) {
  constexpr int sides = 64;
  const double height_mm = 2.0 * kKeyDepthMm - kKeyClearanceMm, radius_mm = (diameter_mm - kKeyClearanceMm) / 2.0;
  const int first = static_cast<int>(mesh.vertices.size());
  for (int i = 0; i < sides; ++i)
    for (double z : {0.0, height_mm}) {
      const double angle = 2.0 * std::numbers::pi * i / sides;
      mesh.vertices.emplace_back(middle_mm.x() + radius_mm * std::cos(angle),
                                 middle_mm.y() + radius_mm * std::sin(angle), z);
    }
  mesh.vertices.emplace_back(middle_mm.x(), middle_mm.y(), 0.0);
  mesh.vertices.emplace_back(middle_mm.x(), middle_mm.y(), height_mm);
  for (int i = 0; i < sides; ++i) {
    const int here = first + 2 * i, next = first + 2 * ((i + 1) % sides);
    mesh.triangles.emplace_back(here, next, next + 1);
    mesh.triangles.emplace_back(here, next + 1, here + 1);
    mesh.triangles.emplace_back(first + 2 * sides, next, here);
    mesh.triangles.emplace_back(first + 2 * sides + 1, here + 1, next + 1);
  }
}

}  // namespace

DrapingModel draping_model(const Mesh& positive, const DrapeParams& params, const Progress& progress) {
  validate(params);
  const Body body = body_of(positive, params);
  const std::optional<Mandrel> mandrel = mandrel_of(body, params);
  std::vector<BlockPart> cuts;
  add_bore(mandrel, params, cuts);
  return {solid_of(body, body.base_mm, cuts, body.box(), params, progress), mandrel};
}

CarvingStock carving_stock(const DrapingModel& model) {
  CarvingStock stock{Eigen::Vector2d::Zero()};
  if (model.mandrel) stock.axis_mm = model.mandrel->opening_mm.head<2>();
  for (const Vector3d& vertex : model.solid.mesh().vertices)
    stock.diameter_mm = std::max(stock.diameter_mm, 2.0 * (vertex.head<2>() - stock.axis_mm).norm());
  stock.length_mm = bounding_box(model.solid.mesh()).size().z();
  return stock;
}

DrapingPieces cut_draping_model(const Mesh& positive, double most_height_mm, const DrapeParams& params,
                                const Progress& progress) {
  validate(params);
  if (!(most_height_mm > 4.0 * kKeyDepthMm))
    throw Error(ErrorKind::bad_params, "A draping model cannot be cut into pieces lower than its keys are long.");
  const Body body = body_of(positive, params);
  const std::optional<Mandrel> mandrel = mandrel_of(body, params);
  const Box box = body.box();
  const int count = static_cast<int>(std::ceil(box.size().z() / most_height_mm));
  const double height_mm = box.size().z() / count;
  std::vector<std::optional<Keys>> faces(static_cast<std::size_t>(count) + 1);
  for (int i = 1; i < count; ++i) faces[i] = keys_in(body, box.lowest.z() + i * height_mm, mandrel, params);

  DrapingPieces made;
  Mesh keys;
  for (int i = 0; i < count; ++i) {
    const double low = box.lowest.z() + i * height_mm, high = low + height_mm;
    std::vector<BlockPart> cuts;
    add_bore(mandrel, params, cuts);
    if (i > 0) cuts.push_back(hole(Vector3d(0.0, 0.0, low), 4.0 * box.size().norm(), low - box.lowest.z() + 50.0));
    for (int face : {i, i + 1})
      for (int k = 0; faces[face] && k < 2; ++k)
        cuts.push_back(hole(faces[face]->middle_mm[k] + Vector3d(0.0, 0.0, kKeyDepthMm), faces[face]->diameter_mm[k],
                            2.0 * kKeyDepthMm));
    for (int k = 0; faces[i] && k < 2; ++k)
      add_key(Eigen::Vector2d(30.0 * i, 30.0 * k), faces[i]->diameter_mm[k], keys);
    Box piece = box;
    piece.lowest.z() = low;
    piece.highest.z() = high;
    made.pieces.push_back(solid_of(body, high, cuts, piece, params,
                                   progress.part(static_cast<double>(i) / count, static_cast<double>(i + 1) / count)));
  }
  if (!keys.triangles.empty()) made.keys.emplace(std::move(keys));
  return made;
}

}  // namespace fit
