#include "models/shapes/bone_landmarks.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "libfit/detail/propose_landmarks.h"
#include "libfit/error.h"
#include "models/shapes/limb_frame.h"

namespace fit {

namespace {

using Eigen::Vector3d;

const Vector3d kAnterior(0.0, 1.0, 0.0);
const Vector3d kLateral(1.0, 0.0, 0.0);

/// The first skin that a ray from within the limb meets.
Vector3d skin_over(const Mesh& skin, const Vector3d& origin, const Vector3d& direction) {
  double nearest = 1e300;
  for (const Eigen::Vector3i& t : skin.triangles) {
    // Moeller and Trumbore 1997.
    const Vector3d& a = skin.vertices[t[0]];
    const Vector3d ab = skin.vertices[t[1]] - a, ac = skin.vertices[t[2]] - a, p = direction.cross(ac);
    const double det = ab.dot(p);
    if (std::abs(det) < 1e-12) continue;
    const Vector3d s = origin - a, q = s.cross(ab);
    const double u = s.dot(p) / det, v = direction.dot(q) / det, along = ac.dot(q) / det;
    if (u >= 0.0 && v >= 0.0 && u + v <= 1.0 && along > 0.0) nearest = std::min(nearest, along);
  }
  if (nearest == 1e300) throw Error(ErrorKind::bad_input, "A landmark of the drawn limb has no skin over its bone.");
  return origin + nearest * direction;
}

std::vector<Vector3d> those(const Mesh& bone, const std::function<bool(const Vector3d&)>& wanted) {
  std::vector<Vector3d> points;
  for (const Vector3d& point : bone.vertices)
    if (wanted(point)) points.push_back(point);
  if (points.empty()) throw Error(ErrorKind::bad_input, "A bone of the drawn limb is too short for its landmarks.");
  return points;
}

Vector3d farthest(const std::vector<Vector3d>& points, const Vector3d& direction) {
  return *std::max_element(points.begin(), points.end(),
                           [&](const Vector3d& a, const Vector3d& b) { return a.dot(direction) < b.dot(direction); });
}

Vector3d mean(const std::vector<Vector3d>& points) {
  Vector3d sum = Vector3d::Zero();
  for (const Vector3d& point : points) sum += point;
  return sum / static_cast<double>(points.size());
}

/// The bone's tubercle: where the front of the tibia stands out most from the chord between its plateau and its shaft.
Vector3d tubercle_of(const Mesh& tibia, double plateau_mm) {
  const double middle_x = mean(those(tibia, [&](const Vector3d& p) { return p.z() > plateau_mm - 20.0; })).x();
  std::vector<Vector3d> front;
  for (double z = plateau_mm - 70.0; z < plateau_mm - 5.0; z += 1.0) {
    std::vector<Vector3d> slab;
    for (const Vector3d& p : tibia.vertices)
      if (std::abs(p.z() - z) < 2.5 && std::abs(p.x() - middle_x) < 25.0) slab.push_back(p);
    if (!slab.empty()) front.push_back(farthest(slab, kAnterior));
  }
  if (front.size() < 3) throw Error(ErrorKind::bad_input, "The drawn limb's tibia is too short for its tubercle.");
  const Vector3d chord = front.back() - front.front();
  const Vector3d out = Vector3d(0.0, chord.z(), -chord.y()).normalized();
  double most = -1e300;
  const auto stands_out = [&](const Vector3d& p) { return (p - front.front()).dot(out); };
  const auto in_reach = [&](const Vector3d& p) { return p.z() < plateau_mm - 18.0 && p.z() > plateau_mm - 50.0; };
  for (const Vector3d& p : front)
    if (in_reach(p)) most = std::max(most, stands_out(p));
  Vector3d sum = Vector3d::Zero();
  double weights = 0.0;
  for (const Vector3d& p : front) {
    const double weight = in_reach(p) ? std::max(0.0, stands_out(p) - most + 1.5) : 0.0;
    sum += weight * p;
    weights += weight;
  }
  return sum / weights;
}

}  // namespace

Landmarks landmarks_from_bones(const DrawnShape& drawn) {
  if (drawn.bones.size() < 4)
    throw Error(ErrorKind::bad_input, "The drawn limb has no fibula, tibia, femur and patella to tell landmarks by.");
  const Mesh &skin = drawn.skin, &fibula = drawn.bones[0], &tibia = drawn.bones[1], &femur = drawn.bones[2],
             &patella = drawn.bones[3];
  Landmarks landmarks;
  const auto put = [&](Landmark landmark, const Vector3d& inside, const Vector3d& direction) {
    landmarks[landmark].point_mm = skin_over(skin, inside, direction);
  };
  const double plateau_mm = bounding_box(tibia).highest.z();
  const auto tibia_near = [&](double z, double reach_mm) {
    return those(tibia, [&](const Vector3d& p) { return std::abs(p.z() - z) < reach_mm; });
  };
  const Vector3d tubercle = tubercle_of(tibia, plateau_mm);
  const Vector3d apex = farthest(patella.vertices, -Vector3d::UnitZ());
  put(Landmark::mid_patellar_tendon, 0.5 * (apex + tubercle), kAnterior);
  put(Landmark::tibial_tubercle, tubercle, kAnterior);

  const Vector3d beside_the_shin(1.0, -0.35, 0.0);
  const Box fibula_box = bounding_box(fibula);
  const auto head = those(fibula, [&](const Vector3d& p) { return p.z() > fibula_box.highest.z() - 12.0; });
  put(Landmark::fibular_head, mean(head), beside_the_shin);
  const auto tip = those(fibula, [&](const Vector3d& p) { return p.z() < fibula_box.lowest.z() + 6.0; });
  put(Landmark::distal_fibula, mean(tip), beside_the_shin);

  const double joint_mm = bounding_box(femur).lowest.z();
  const auto condyles = those(femur, [&](const Vector3d& p) { return p.z() < joint_mm + 45.0; });
  const double lateral_x = farthest(condyles, kLateral).x(), medial_x = farthest(condyles, -kLateral).x();
  const auto outermost = [&](double x) {
    return mean(those(femur, [&](const Vector3d& p) { return p.z() < joint_mm + 45.0 && std::abs(p.x() - x) < 2.0; }));
  };
  put(Landmark::lateral_condyle, outermost(lateral_x) - 2.0 * kLateral, kLateral);
  put(Landmark::medial_condyle, outermost(medial_x) + 2.0 * kLateral, -kLateral);
  const Vector3d behind_the_joint(0.5 * (lateral_x + medial_x),
                                  mean(those(tibia, [&](const Vector3d& p) { return p.z() > plateau_mm - 15.0; })).y(),
                                  plateau_mm);
  put(Landmark::popliteal_fossa, behind_the_joint, -kAnterior);

  const Vector3d flare(-1.0, 0.6, 0.0);
  put(Landmark::medial_tibial_flare, farthest(tibia_near(plateau_mm - 28.0, 3.0), flare) - flare, flare);
  const double tibia_end_mm = bounding_box(tibia).lowest.z();
  const Vector3d end =
      farthest(those(tibia, [&](const Vector3d& p) { return p.z() < tibia_end_mm + 10.0; }), kAnterior);
  put(Landmark::anterior_distal_tibia, end - kAnterior, kAnterior);
  put(Landmark::tibial_crest, farthest(tibia_near(0.5 * (tubercle.z() + end.z()), 4.0), kAnterior) - kAnterior,
      kAnterior);

  const Eigen::Isometry3d limb_from_drawn =
      limb_frame(skin, landmarks.at(Landmark::mid_patellar_tendon).point_mm, kAnterior);
  Mesh in_limb_frame = skin;
  for (Vector3d& vertex : in_limb_frame.vertices) vertex = limb_from_drawn * vertex;
  landmarks[Landmark::distal_end].point_mm = limb_from_drawn.inverse() * detail::distal_end(in_limb_frame);
  return landmarks;
}

}  // namespace fit
