#include "models/shapes/generate_limb.h"

#include <algorithm>
#include <cmath>

#include "libfit/detail/propose_landmarks.h"
#include "libfit/parallel.h"
#include "models/shapes/anatomy.h"
#include "models/shapes/limb_frame.h"
#include "models/shapes/scan_defects.h"
#include "models/shapes/seeded.h"
#include "models/shapes/skin_relief.h"
#include "models/shapes/tube_mesh.h"

namespace fit {

namespace {

using Eigen::Isometry3d;
using Eigen::Vector3d;

constexpr double kLeastCover = 2.0;  // of tissue over bone, mm

/// The point of the surface that a ray meets last.
Vector3d last_hit(const Mesh& mesh, const Vector3d& origin, const Vector3d& direction) {
  double furthest = -1.0;
  for (const Eigen::Vector3i& t : mesh.triangles) {
    const Vector3d &a = mesh.vertices[static_cast<std::size_t>(t[0])],
                   &b = mesh.vertices[static_cast<std::size_t>(t[1])],
                   &c = mesh.vertices[static_cast<std::size_t>(t[2])];
    // Moeller and Trumbore 1997.
    const Vector3d ab = b - a, ac = c - a, p = direction.cross(ac);
    const double det = ab.dot(p);
    if (std::abs(det) < 1e-14) continue;
    const Vector3d s = origin - a, q = s.cross(ab);
    const double u = s.dot(p) / det, v = direction.dot(q) / det;
    if (u < -1e-9 || v < -1e-9 || u + v > 1.0 + 1e-9) continue;
    furthest = std::max(furthest, ac.dot(q) / det);
  }
  if (furthest < 0.0)
    throw Error(ErrorKind::no_solution,
                "A generated limb has no skin where a landmark should be; change limb_length_mm or proximal_mm.");
  return origin + furthest * direction;
}

Mesh bone_surface(const BoneBody& bone, double triangles) {
  const Vector3d up = (bone.to - bone.from).normalized(), x = (Vector3d(1, 0, 0) - up.x() * up).normalized();
  Isometry3d pose = Isometry3d::Identity();
  pose.linear() << x, up.cross(x), up;
  pose.translation() = bone.from;
  Centerline line;
  line.top_mm = (bone.to - bone.from).norm();
  line.closed_above = true;
  const auto radius = [&](double along, double turn) {
    const SkinRay ray = skin_ray(line, along, turn);
    return outermost_mm(*bone.body, {pose * ray.origin, pose.linear() * ray.direction}, 120.0);
  };
  const auto mean = [&](double along) {
    double sum = 0.0;
    for (int k = 0; k < 6; ++k) sum += radius(along, k / 6.0);
    return std::max(sum / 6.0, 2.0);
  };
  return tube_mesh(line, static_cast<int>(triangles), mean, [&](double along, double turn) {
    const SkinRay ray = skin_ray(line, along, turn);
    return Vector3d(pose * (ray.origin + radius(along, turn) * ray.direction));
  });
}

void carry(const Isometry3d& to_from, Mesh& mesh) {
  for (Vector3d& v : mesh.vertices) v = to_from * v;
}

void mirror(Mesh& mesh) {
  for (Vector3d& v : mesh.vertices) v.x() = -v.x();
  for (Eigen::Vector3i& t : mesh.triangles) std::swap(t[1], t[2]);
}

/// A right limb in its anatomical frame.
GeneratedLimb right_limb(const GenerateParams& params, const Anatomy& anatomy, const Progress& progress) {
  const Centerline& line = anatomy.centerline;
  const RadiusGrid grid(anatomy.skin, line, progress.part(0.0, 0.5));
  const auto smooth = [&](double along, double turn) {
    const SkinRay ray = skin_ray(line, along, turn);
    return Vector3d(ray.origin + grid.at(along, turn) * ray.direction);
  };
  const SkinRelief relief(params, line.top_mm, smooth);
  GeneratedLimb result;
  result.limb.surface = tube_mesh(
      line, params.triangles, [&](double along) { return grid.mean(along); },
      [&](double along, double turn) {
        const SkinRay ray = skin_ray(line, along, turn);
        const double radius = grid.at(along, turn);
        const Vector3d point = ray.origin + radius * ray.direction;
        double height = relief.height_mm(point);
        // A groove ends where the bone would show through.
        if (height < -0.4)
          height = -std::min(-height, std::max(0.0, anatomy.skeleton->distance_mm(point) - kLeastCover));
        return Vector3d(ray.origin + std::max(radius + height, 1.0) * ray.direction);
      });
  progress(0.8);
  for (const LandmarkRay& ray : anatomy.rays)
    result.limb.landmarks[ray.landmark] = {last_hit(result.limb.surface, ray.inside, ray.direction.normalized()), 1.0,
                                           true};
  for (const BoneBody& bone : anatomy.bones) result.bones.push_back({bone.name, bone_surface(bone, 4000)});
  return result;
}

}  // namespace

GeneratedLimb generate_limb(const GenerateParams& params, const Progress& progress) {
  validate(params);
  if (params.level != Level::transtibial && params.level != Level::transfemoral)
    throw Error(ErrorKind::bad_params, fmt::format("level is {}; limbs are generated for transtibial and transfemoral.",
                                                   name_of(params.level)));
  const Anatomy anatomy =
      params.level == Level::transtibial ? transtibial_anatomy(params) : transfemoral_anatomy(params);
  GeneratedLimb result = right_limb(params, anatomy, progress.part(0.0, 0.9));
  result.limb.side = params.side;
  result.limb.level = params.level;

  const Landmark upper = params.level == Level::transtibial ? Landmark::mid_patellar_tendon : Landmark::perineum;
  const Vector3d front = params.level == Level::transtibial
                             ? result.limb.landmarks.at(upper).point_mm - anatomy.centerline.distal
                             : Vector3d(0, 1, 0);
  const Isometry3d limb_from_anatomy = limb_frame(result.limb.surface, result.limb.landmarks.at(upper).point_mm, front);
  carry(limb_from_anatomy, result.limb.surface);
  for (Bone& bone : result.bones) carry(limb_from_anatomy, bone.surface);
  result.limb.landmarks = moved(limb_from_anatomy, result.limb.landmarks);
  result.limb.landmarks[Landmark::distal_end] = {detail::distal_end(result.limb.surface), 1.0, true};

  result.scan = scanned(result.limb.surface, params.seed, params.defects);
  if (params.side == Side::left) {
    mirror(result.scan);
    mirror(result.limb.surface);
    for (Bone& bone : result.bones) mirror(bone.surface);
    for (auto& [name, place] : result.limb.landmarks) place.point_mm.x() = -place.point_mm.x();
  }
  result.limb.invented.assign(result.limb.surface.triangles.size(), 0);
  if (params.defects.random_pose) {
    result.scan_from_limb = drawn_pose(params.seed);
    carry(result.scan_from_limb, result.scan);
  }
  progress(1.0);
  return result;
}

GenerateParams draw_params(int seed) {
  SeededDraws draws(static_cast<std::uint64_t>(seed), 100);
  GenerateParams p;
  p.seed = seed;
  p.side = draws.chance(0.5) ? Side::left : Side::right;
  p.level = draws.chance(0.25) ? Level::transfemoral : Level::transtibial;
  const double size = draws.uniform(0.0, 1.0);
  p.limb_length_mm = size < 0.08 ? 80.0 : size > 0.95 ? draws.uniform(300.0, 500.0) : draws.uniform(90.0, 240.0);
  p.shape = static_cast<LimbShape>(draws.below(3));
  p.girth_scale = draws.uniform(0.78, 1.3);
  p.fat_mm = draws.chance(0.3) ? draws.uniform(8.0, 25.0) : draws.uniform(0.0, 8.0);
  p.oedema_percent = draws.chance(0.25) ? draws.uniform(5.0, 25.0) : 0.0;
  p.variation = draws.uniform(0.5, 1.6);
  p.knee_flexion_deg = draws.chance(0.2) ? draws.uniform(25.0, 60.0) : draws.uniform(0.0, 25.0);
  p.proximal_mm = draws.uniform(50.0, 110.0);
  p.scars = draws.chance(0.6) ? 1 + draws.below(3) : 0;
  p.scar_depth_mm = draws.uniform(1.0, 10.0);
  p.invaginations = draws.chance(0.3) ? 1 + draws.below(2) : 0;
  p.invagination_depth_mm = draws.uniform(6.0, 28.0);
  p.skin_noise_mm = draws.uniform(0.0, 0.3);
  p.triangles = 5000 + draws.below(55001);
  return p;
}

}  // namespace fit
