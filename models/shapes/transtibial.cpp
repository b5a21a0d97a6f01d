#include <algorithm>

#include "models/shapes/anatomy.h"
#include "models/shapes/seeded.h"

// Sizes are of a mean adult and vary by `variation`. Sources:
// - tibial plateau: 69.6 +- 9.2 mm wide, 46.1 +- 6.1 mm deep (Liu et al. 2013, J Arthroplasty 28:778);
// - patella: 44.6 +- 4.3 mm wide, 25.1 +- 2.3 mm thick with its cartilage (MRI of 927 knees, Rowan University preprint
// 130, 2020);
// - girths of knee and calf, about 380 mm both: Gordon et al. 2014, 2012 Anthropometric Survey of U.S. Army Personnel,
// NATICK/TR-15/007;
// - course of tendons, muscles and bony prominences under the skin: Gray's Anatomy, 20th ed. (1918), surface anatomy of
// the lower limb. Positions that no source gives in mm (muscle bellies, tissue over bone) are this file's own choice.
namespace fit {

namespace {

using Eigen::Isometry3d;
using Eigen::Vector2d;
using Eigen::Vector3d;

constexpr double kTendonMiddle = -14.0;  // height of the mid-patellar tendon, from the joint line

Isometry3d turned_about_x(double angle_rad, const Vector3d& pivot) {
  const auto [s, c] = sine_cosine(angle_rad);
  Isometry3d pose = Isometry3d::Identity();
  pose.linear() << 1, 0, 0, 0, c, -s, 0, s, c;
  pose.translation() = pivot - pose.linear() * pivot;
  return pose;
}

/// What one person has of everything, in mm from the joint line.
struct Person {
  double bone;   ///< size of the bones
  double girth;  ///< of soft tissue across the limb
  double reach;  ///< how far the calf's muscles reach down
  double cover;  ///< tissue between bone and skin at the knee and on the shin
  double distal_end, tibia_end, fibula_end;
  double calf, neck, distal;  ///< half widths of the shank, as fractions
  double squareness, dog_ear[2], distal_back, crest_turn, fibula_out, head_out, calf_drop, calf_medial;
  Isometry3d femur;  ///< posture: shank from thigh
  Isometry3d patella;
};

Person person_of(const GenerateParams& p) {
  SeededDraws draws(static_cast<std::uint64_t>(p.seed), 1);
  const auto vary = [&](double mean, double deviation) { return mean + p.variation * deviation * draws.bell(); };
  Person o;
  o.bone = std::clamp(vary(1.0, 0.045), 0.85, 1.15);
  o.girth = p.girth_scale * std::clamp(vary(1.0, 0.05), 0.85, 1.2);
  o.cover = 4.0 + 0.55 * p.fat_mm;
  o.distal_end = kTendonMiddle * o.bone - p.limb_length_mm;
  const double pad = std::clamp(vary(15.0, 3.5), 8.0, 26.0) + 0.4 * p.fat_mm;
  o.tibia_end = o.distal_end + std::min(pad, 0.25 * p.limb_length_mm);
  o.fibula_end = o.tibia_end + std::clamp(vary(13.0, 5.0), 2.0, 26.0) * std::min(1.0, p.limb_length_mm / 130.0);
  o.reach = std::clamp((p.limb_length_mm - 20.0) / 130.0, 0.45, 2.2);
  const double profile[3][3] = {{1.0, 0.90, 0.74}, {0.98, 0.94, 0.93}, {0.94, 0.90, 1.10}};
  const double* shape = profile[static_cast<int>(p.shape)];
  // A short limb has no room for much of an outline.
  const double outline = std::clamp((p.limb_length_mm - 30.0) / 90.0, 0.0, 1.0);
  o.calf = vary(1.0 + outline * (shape[0] - 1.0), 0.035);
  o.neck = vary(1.0 + outline * (shape[1] - 1.0), 0.03);
  o.distal = vary(1.0 + outline * (shape[2] - 1.0), 0.04) * (1.0 + 0.01 * p.oedema_percent);
  o.squareness = std::clamp(vary(0.25, 0.2), 0.0, 0.8);
  // Folds of skin left at the two ends of the suture.
  for (double& ear : o.dog_ear) ear = draws.chance(0.5) ? std::clamp(vary(1.0, 2.5), 0.0, 6.0) : 0.0;
  o.distal_back = vary(0.0, 3.0);
  o.crest_turn = vary(0.0, 1.5);
  o.fibula_out = vary(0.0, 1.5);
  o.head_out = std::clamp(vary(0.0, 1.3), -2.5, 3.0);
  o.calf_drop = vary(0.0, 6.0);
  o.calf_medial = vary(0.0, 2.0);
  const double flexion = p.knee_flexion_deg * kPi / 180.0;
  o.femur = turned_about_x(flexion, Vector3d(0, -6, 20) * o.bone);
  // In flexion the tendon holds the patella near the tibia: it follows the femur for a part of the way only.
  o.patella = turned_about_x(0.30 * flexion, Vector3d(0, 32, -34) * o.bone) *
              turned_about_x(0.25 * flexion, Vector3d(0, 40, 24) * o.bone);
  return o;
}

/// Corners of the tibia's shaft at a depth below the joint: the crest in front, then the medial-posterior and the
/// lateral-posterior border.
Prism::Section shaft(const Person& o, double z, double front, double medial, double medial_back, double lateral,
                     double lateral_back, double rounding) {
  const double b = o.bone;
  return {
      z,
      {Vector2d(1.0 + o.crest_turn, front - rounding) * b, Vector2d(-medial + rounding, -medial_back + rounding) * b,
       Vector2d(lateral - rounding, -lateral_back + rounding) * b},
      rounding * b};
}

std::shared_ptr<const Body> tibia_of(const Person& o) {
  const double b = o.bone;
  Body tibia;
  Prism prism;
  for (const Prism::Section& s :
       {shaft(o, -420 * b, 17, 18, 7, 13, 8, 3.5), shaft(o, -250 * b, 19, 17, 8, 13, 9, 3.5),
        shaft(o, -150 * b, 22, 17.5, 9, 14, 10, 3.5), shaft(o, -90 * b, 25.5, 19, 10, 15.5, 11, 4.0),
        shaft(o, -55 * b, 30, 24, 14, 21, 14, 6.0), shaft(o, -22 * b, 30, 36, 20, 35, 18, 12.0),
        shaft(o, -4 * b, 25, 36, 21, 35, 20, 12.0)})
    prism.sections.push_back(s);
  // Cut where the surgeon sawed, its shape there kept.
  while (prism.sections.size() > 2 && prism.sections[1].z <= o.tibia_end + 4.0)
    prism.sections.erase(prism.sections.begin());
  Prism::Section& end = prism.sections.front();
  const Prism::Section& next = prism.sections[1];
  const double t = (o.tibia_end - end.z) / (next.z - end.z), u = t * t * (3.0 - 2.0 * t);
  for (int k = 0; k < 3; ++k) end.corners[k] += u * (next.corners[k] - end.corners[k]);
  end.rounding_mm += u * (next.rounding_mm - end.rounding_mm);
  end.z = o.tibia_end;
  tibia.add(prism, 0.0);
  for (double side : {-1.0, 1.0})  // condyles: medial the deeper one
    tibia.add(Ellipsoid{Vector3d(side * 18.5, side < 0 ? -3.0 : -4.0, -11) * b,
                        Vector3d(17.5, side < 0 ? 23.5 : 21.0, 11) * b},
              8.0 * b);
  tibia.add(Ellipsoid{Vector3d(3.0, 26.5, -37) * b, Vector3d(9.5, 7.5, 13) * b}, 8.0 * b);  // tubercle
  return std::make_shared<const Body>(std::move(tibia));
}

std::shared_ptr<const Body> fibula_of(const Person& o) {
  const double b = o.bone;
  Body fibula;
  const Vector3d head = Vector3d(36 + o.head_out, -17, -22) * b, neck = Vector3d(32 + o.fibula_out, -17, -58) * b;
  const double z = std::min(o.fibula_end, neck.z() - 8.0);
  fibula.add(Ellipsoid{head, Vector3d(9.5, 11, 13) * b}, 0.0);
  fibula.add(RoundCone{head - Vector3d(1, 0, 8) * b, neck, 7.0 * b, 5.5 * b}, 6.0);
  fibula.add(RoundCone{neck, Vector3d(neck.x() - 0.055 * (neck.z() - z), neck.y() + 0.03 * (neck.z() - z), z + 6.0),
                       5.5 * b, 6.0 * b},
             4.0);
  return std::make_shared<const Body>(std::move(fibula));
}

std::shared_ptr<const Body> patella_of(const Person& o) {
  Body patella;
  patella.add(Ellipsoid{Vector3d(0, 40, 25) * o.bone, Vector3d(22, 11, 20) * o.bone}, 0.0, 0.0, o.patella);
  patella.add(Ellipsoid{Vector3d(0, 41, 9) * o.bone, Vector3d(10, 7, 10) * o.bone}, 8.0, 0.0, o.patella);  // apex
  return std::make_shared<const Body>(std::move(patella));
}

std::shared_ptr<const Body> femur_of(const Person& o, double top) {
  const double b = o.bone;
  Body femur;
  femur.add(
      RoundCone{Vector3d(0, 0, 42) * b, Vector3d(2 * b, 5 * b, std::max(top + 60.0, 140.0)), 20.0 * b, 13.5 * b, 1.15},
      0.0, 0.0, o.femur);
  for (double side : {-1.0, 1.0}) {
    femur.add(Ellipsoid{Vector3d(side * 23, -8, 20) * b, Vector3d(16, 29, 20) * b}, 14.0 * b, 0.0, o.femur);
    femur.add(Ellipsoid{Vector3d(side * 34, -6, 24) * b, Vector3d(8, 11, 11) * b}, 8.0 * b, 0.0,
              o.femur);  // epicondyle
  }
  femur.add(Ellipsoid{Vector3d(0, -8, 22) * b, Vector3d(20, 22, 17) * b}, 8.0 * b, 0.0, o.femur);   // the notch, filled
  femur.add(Ellipsoid{Vector3d(2, 18, 30) * b, Vector3d(20, 11, 18) * b}, 12.0 * b, 0.0, o.femur);  // trochlea
  return std::make_shared<const Body>(std::move(femur));
}

/// Muscle and fat of the shank, behind and beside the tibia, down to the rounded distal end.
void add_shank(const Person& o, const GenerateParams& p, Body& skin) {
  const double b = o.bone, g = o.girth, fat = 0.8 * p.fat_mm;
  const double distal_half = 47.0 * g * o.distal + fat;
  const double end = std::min(0.80 * distal_half, 0.42 * p.limb_length_mm);
  const double low = o.distal_end + end, high = -30.0 * b;
  // Half widths: lateral and front to back; the front of the flesh lies just behind the crest.
  struct Station {
    double down, half_x, half_y;
  };
  const double x = 47.0 * g + fat, y = 46.0 * g + fat;
  const Station stations[] = {{0.0, x, y},
                              {0.30, x * (0.3 + 0.7 * o.calf), y * (0.3 + 0.7 * o.calf)},
                              {0.65, x * o.neck, y * o.neck},
                              {1.0, x * o.distal, y * o.distal * 0.98}};
  const auto front = [](double z) {
    return 33.0 - std::clamp(-(z + 30.0) / 8.0, 0.0, 6.0) - std::clamp(-(z + 78.0) / 17.0, 0.0, 7.0);
  };
  Tube flesh;
  for (int i = 3; i >= 0; --i) {
    const Station& s = stations[i];
    const double z = high + s.down * (low - high);
    const double center_y = (front(z / b) + s.down * o.distal_back) * b + 0.6 * fat - s.half_y;
    flesh.sections.push_back({z, 2.0 * b, center_y, s.half_x, s.half_y});
  }
  flesh.sections.push_back({high + 60.0 * b, 0.0, (30.0 * b - y), 0.85 * x, 0.85 * y});
  flesh.end_mm = end;
  flesh.end_squareness = o.squareness;
  skin.add(flesh, 0.0);

  for (int i = 0; i < 2; ++i) {
    if (o.dog_ear[i] <= 0.0) continue;
    const double out = (i ? 1.0 : -1.0) * (distal_half - 16.0 + o.dog_ear[i]);
    skin.add(Ellipsoid{Vector3d(2.0 * b + out, flesh.sections.front().center_y + 3.0, low - 0.15 * end),
                       Vector3d(14, 20, 17)},
             14.0);
  }

  // A muscle's belly from `top` down to `bottom`, which ends above the rounded end.
  const auto belly = [&](double center_x, double center_y, double top, double bottom, double half_x, double half_y) {
    bottom = std::min(std::max(bottom, low + 4.0), top - 20.0);
    const Vector3d center(center_x, center_y, 0.5 * (top + bottom));
    skin.add(Ellipsoid{center, Vector3d(half_x, half_y, 0.5 * (top - bottom))}, 16.0);
  };
  const double behind = -38.0 * g - 0.6 * fat, reach = o.reach, bulk = 52.0 * o.calf * reach, drop = o.calf_drop;
  belly(-18 - o.calf_medial, behind + 2, -22 - 8 * reach - drop, -82 - 8 * reach - drop - bulk, 23 * g,
        23 * g);  // gastrocnemius
  belly(20, behind + 4, -18 - 10 * reach - 0.5 * drop, -74 - 10 * reach - 0.5 * drop - 0.85 * bulk, 21 * g, 21 * g);
  belly(20 * b, 9 * b + 0.5 * fat, -24 - 4 * reach, -72 - 64 * reach, 16 * g + 0.4 * fat,
        15 * g + 0.3 * fat);  // tibialis anterior
}

/// Muscle and fat above the knee, and the cords that frame the hollow behind it.
void add_thigh(const Person& o, const GenerateParams& p, Body& skin) {
  const double b = o.bone, g = o.girth, fat = p.fat_mm;
  Tube thigh;
  thigh.sections = {{6, 0, -9 * b, 47 * g + 0.6 * fat, 46 * g + 0.6 * fat},
                    {48, 0, -7 * b, 50 * g + 0.8 * fat, 53 * g + 0.8 * fat},
                    {100, 0, -5 * b, 58 * g + fat, 61 * g + fat},
                    {200, 2, -3 * b, 72 * g + 1.3 * fat, 75 * g + 1.3 * fat}};
  thigh.end_mm = 40.0;
  skin.add(thigh, 22.0, 0.0, o.femur);
  skin.add(Ellipsoid{Vector3d(-30 * g, 22 * g, 78), Vector3d(22 * g, 20 * g, 34)}, 16.0, 0.0,
           o.femur);  // vastus medialis
  skin.add(Ellipsoid{Vector3d(28 * g, 24 * g, 104), Vector3d(22 * g, 20 * g, 44)}, 16.0, 0.0,
           o.femur);  // vastus lateralis
  const Vector3d biceps = o.femur * Vector3d(34 * g, -42 * g, 62), semi = o.femur * Vector3d(-33 * g, -43 * g, 62);
  skin.add(RoundCone{Vector3d(36, -22, -16) * b, biceps, 6.0, 11.0}, 13.0, 4.0 + 0.6 * fat);
  skin.add(RoundCone{Vector3d(-27, -24, -42) * b, semi, 7.0, 11.0}, 13.0, 4.0 + 0.6 * fat);
}

}  // namespace

Anatomy transtibial_anatomy(const GenerateParams& params) {
  const Person o = person_of(params);
  const double b = o.bone, fat = params.fat_mm;
  Anatomy a;
  a.centerline.distal = Vector3d(
      1.0, -14.0 * o.girth, o.distal_end + std::min(0.62 * 47.0 * o.girth * o.distal, 0.4 * params.limb_length_mm));
  const auto height = [&](double z) { return z - a.centerline.distal.z(); };
  const double knee = 12.0 * b, half_bend = 30.0 + 0.6 * params.knee_flexion_deg;
  a.centerline.bend_from_mm = std::max(height(knee - half_bend), 1.0);
  a.centerline.bend_to_mm = height(knee + half_bend);
  a.centerline.bend_rad = params.knee_flexion_deg * kPi / 180.0;
  a.centerline.top_mm = height(kTendonMiddle * b + params.proximal_mm);

  const auto tibia = tibia_of(o), fibula = fibula_of(o), patella = patella_of(o),
             femur = femur_of(o, params.proximal_mm);
  Body skeleton;
  for (const auto& bone : {tibia, fibula, patella, femur}) skeleton.add(bone, 0.0, 0.0);
  a.skeleton = std::make_shared<const Body>(std::move(skeleton));

  add_shank(o, params, a.skin);
  add_thigh(o, params, a.skin);
  a.skin.cut(Ellipsoid{Vector3d(0, -70 * o.girth - fat, 2), Vector3d(20, 17 * o.girth, 34)}, 16.0);  // popliteal hollow
  a.skin.add(Ellipsoid{Vector3d(0, 24, 26) * b, Vector3d(45, 27, 40) * b}, 16.0, 0.5 * fat,
             o.patella);  // retinaculum and quadriceps' tendon
  a.skin.add(femur, 14.0, 5.5 + 0.8 * fat);
  a.skin.add(tibia, 13.0, o.cover);
  a.skin.add(fibula, 12.0, o.cover + 0.5);
  a.skin.add(patella, 12.0, 3.5 + 0.5 * fat);
  const Vector3d apex = o.patella * Vector3d(0, 42 * b, 6 * b), tubercle = Vector3d(3, 31, -34) * b;
  a.skin.add(RoundCone{apex, tubercle, 5.5, 5.0, 2.1}, 9.0, 2.5 + 0.4 * fat);  // patellar tendon
  for (double side : {-1.0, 1.0})                                              // the hollows beside the tendon
    a.skin.cut(Ellipsoid{Vector3d(side * 28, 57, -2) * b, Vector3d(12, 12, 20) * b}, 18.0);
  a.skin.add(a.skeleton, 1.0, 2.5);

  const double x = -0.055 * (-58.0 * b - o.fibula_end);
  const Vector3d fibula_tip((32 + o.fibula_out) * b + x, -17 * b + 0.03 * (-58.0 * b - o.fibula_end),
                            o.fibula_end + 5.0);
  const double crest_middle = 0.5 * (-45.0 * b + o.tibia_end + 10.0);
  a.bones = {{"tibia", tibia, Vector3d(0, 2 * b, o.tibia_end + 8.0), Vector3d(0, 0, -12 * b)},
             {"fibula", fibula, fibula_tip + Vector3d(0, 0, 2.0), Vector3d((36 + o.head_out) * b, -17 * b, -22 * b)},
             {"patella", patella, o.patella * Vector3d(0, 40 * b, 22 * b), o.patella * Vector3d(0, 40 * b, 27 * b)},
             {"femur", femur, o.femur * (Vector3d(0, -4, 18) * b),
              o.femur * Vector3d(1, 3 * b, std::max(params.proximal_mm + 55.0, 135.0))}};
  a.rays = {
      {Landmark::mid_patellar_tendon, 0.5 * (apex + tubercle) - Vector3d(0, 12, 0), Vector3d(0, 1, 0)},
      {Landmark::fibular_head, Vector3d(36 + o.head_out, -17, -22) * b, Vector3d(0.9, -0.43, 0)},
      {Landmark::lateral_condyle, o.femur * (Vector3d(30, -6, 24) * b), Vector3d(1, 0, 0)},
      {Landmark::medial_condyle, o.femur * (Vector3d(-30, -6, 24) * b), Vector3d(-1, 0, 0)},
      {Landmark::medial_tibial_flare, Vector3d(-22, 6, -27) * b, Vector3d(-0.8, 0.6, 0)},
      {Landmark::tibial_tubercle, Vector3d(3, 20, -37) * b, Vector3d(0, 1, 0)},
      {Landmark::tibial_crest, Vector3d(1 + o.crest_turn, 8, crest_middle / b) * b, Vector3d(0, 1, 0)},
      {Landmark::popliteal_fossa, Vector3d(0, -20 * b, kTendonMiddle * b), Vector3d(0, -1, 0)},
      {Landmark::anterior_distal_tibia, Vector3d((1 + o.crest_turn) * b, 10, o.tibia_end + 6.0),
       Vector3d(0, 0.9, -0.43)},
      {Landmark::distal_fibula, fibula_tip, Vector3d(0.9, -0.3, -0.3)},
  };
  return a;
}

}  // namespace fit
