#include <algorithm>

#include "models/shapes/anatomy.h"
#include "models/shapes/seeded.h"

// The frame's height 0 is the perineum. Sources:
// - thigh girth at the crotch, about 600 mm, and the heights of crotch and trochanter, about 80 mm apart: Gordon et al.
//   2014, 2012 Anthropometric Survey of U.S. Army Personnel, NATICK/TR-15/007;
// - femoral head about 46 mm across, shaft about 27 mm, muscles and bony prominences: Gray's Anatomy, 20th ed. (1918).
// Positions that no source gives in mm are this file's own choice.
namespace fit {

namespace {

using Eigen::Vector3d;

struct Person {
  double bone, girth, distal_end, femur_end, middle, distal, squareness, distal_x, distal_y, gluteal, adductors;
  Vector3d femur_tip;
};

Person person_of(const GenerateParams& p) {
  SeededDraws draws(static_cast<std::uint64_t>(p.seed), 2);
  const auto vary = [&](double mean, double deviation) { return mean + p.variation * deviation * draws.bell(); };
  Person o;
  o.bone = std::clamp(vary(1.0, 0.045), 0.85, 1.15);
  o.girth = p.girth_scale * std::clamp(vary(1.0, 0.06), 0.82, 1.2);
  o.distal_end = -p.limb_length_mm;
  const double pad = std::clamp(vary(30.0, 7.0), 16.0, 50.0) + 0.4 * p.fat_mm;
  o.femur_end = o.distal_end + std::min(pad, 0.3 * p.limb_length_mm);
  const double profile[3][2] = {{0.86, 0.66}, {0.94, 0.86}, {0.90, 1.02}};
  const double* shape = profile[static_cast<int>(p.shape)];
  // A short limb has no room for much of an outline.
  const double outline = std::clamp((p.limb_length_mm - 30.0) / 150.0, 0.0, 1.0);
  o.middle = vary(1.0 + outline * (shape[0] - 1.0), 0.03);
  o.distal = vary(1.0 + outline * (shape[1] - 1.0), 0.04) * (1.0 + 0.01 * p.oedema_percent);
  o.squareness = std::clamp(vary(0.2, 0.2), 0.0, 0.8);
  o.distal_x = vary(4.0, 4.0);
  o.distal_y = vary(4.0, 4.0);
  o.gluteal = vary(1.0, 0.08);
  o.adductors = vary(1.0, 0.08);
  // Abducted and flexed, as the muscles that were left pull it.
  o.femur_tip = Vector3d(vary(16.0, 5.0), vary(12.0, 4.0), o.femur_end);
  return o;
}

std::shared_ptr<const Body> femur_of(const Person& o) {
  const double b = o.bone;
  Body femur;
  const Vector3d neck = Vector3d(46, 0, 66) * b, head = Vector3d(6, 8, 98) * b;
  femur.add(RoundCone{o.femur_tip + Vector3d(0, 0, 13.0 * b), neck, 13.0 * b, 17.0 * b}, 0.0);
  femur.add(RoundCone{neck, head, 15.0 * b, 17.0 * b}, 14.0 * b);
  femur.add(Ellipsoid{head, Vector3d(23, 23, 23) * b}, 6.0 * b);
  femur.add(Ellipsoid{Vector3d(62, -6, 76) * b, Vector3d(15, 19, 24) * b}, 10.0 * b);  // greater trochanter
  return std::make_shared<const Body>(std::move(femur));
}

std::shared_ptr<const Body> ischium_of(const Person& o) {
  const double b = o.bone;
  Body ischium;
  ischium.add(Ellipsoid{Vector3d(-46, -42, 40) * b, Vector3d(15, 17, 24) * b}, 0.0);
  ischium.add(RoundCone{Vector3d(-46, -38, 46) * b, Vector3d(-38, -18, 72) * b, 12.0 * b, 12.0 * b}, 10.0);
  return std::make_shared<const Body>(std::move(ischium));
}

void add_flesh(const Person& o, const GenerateParams& p, Body& skin) {
  const double g = o.girth, fat = p.fat_mm;
  const double x = 84.0 * g + fat, y = 88.0 * g + fat;
  const double end = std::min(0.8 * x * o.distal, 0.45 * p.limb_length_mm), low = o.distal_end + end;
  Tube flesh;
  flesh.sections = {{low, o.distal_x, o.distal_y, x * o.distal, y * o.distal * 0.98},
                    {0.5 * low, 0.5 * o.distal_x, 0.5 * o.distal_y, x * o.middle, y * o.middle},
                    {0.1 * low, 0.0, 0.0, x, y},
                    {90.0, 12.0, -4.0, 1.06 * x, 1.02 * y},
                    {200.0, 16.0, -4.0, 1.08 * x, 1.0 * y}};
  flesh.end_mm = end;
  flesh.end_squareness = o.squareness;
  skin.add(flesh, 0.0);
  const double reach = std::clamp(p.limb_length_mm / 220.0, 0.3, 1.6);
  skin.add(Ellipsoid{Vector3d(20 * g, -52 * g, 78), Vector3d(64 * g, 48 * g * o.gluteal, 66)},
           26.0);  // gluteus maximus
  skin.add(Ellipsoid{Vector3d(-48 * g, -4 * g, -34 * reach), Vector3d(34 * g * o.adductors, 54 * g, 80 * reach)},
           36.0);  // adductors
  skin.add(Ellipsoid{Vector3d(14 * g, 44 * g, -60 * reach), Vector3d(42 * g, 42 * g, 100 * reach)},
           36.0);  // rectus femoris
  skin.add(Ellipsoid{Vector3d(-8 * g, -44 * g, -60 * reach), Vector3d(44 * g, 38 * g, 95 * reach)},
           36.0);  // hamstrings
  skin.add(RoundCone{Vector3d(-66 * g, 44 * g, 60), Vector3d(-34 * g, 52 * g, -90 * reach), 9.0, 8.0}, 20.0,
           5.0 + 0.6 * fat);                                                              // adductor longus
  skin.cut(Ellipsoid{Vector3d(-22 * g, 104 * g + fat, 16), Vector3d(22, 18, 46)}, 24.0);  // femoral triangle (Scarpa)
}

}  // namespace

Anatomy transfemoral_anatomy(const GenerateParams& params) {
  const Person o = person_of(params);
  const double b = o.bone, g = o.girth, fat = params.fat_mm;
  Anatomy a;
  a.centerline.distal = Vector3d(0.5 * o.distal_x, 0.5 * o.distal_y,
                                 o.distal_end + std::min(0.62 * 84.0 * g * o.distal, 0.42 * params.limb_length_mm));
  const auto height = [&](double z) { return z - a.centerline.distal.z(); };
  // The rim: just above the perineum on the medial side, above the trochanter on the lateral one.
  const double middle = std::max(params.proximal_mm, 62.0);
  a.centerline.top_mm = height(middle);
  a.centerline.top_lateral_mm = middle - 12.0;

  const auto femur = femur_of(o), ischium = ischium_of(o);
  Body skeleton;
  skeleton.add(femur, 0.0, 0.0);
  skeleton.add(ischium, 0.0, 0.0);
  a.skeleton = std::make_shared<const Body>(std::move(skeleton));
  add_flesh(o, params, a.skin);
  a.skin.add(femur, 22.0, 16.0 + 0.5 * fat);
  a.skin.add(ischium, 18.0, 20.0 + 0.5 * fat);
  a.skin.add(a.skeleton, 1.0, 3.0);

  a.bones = {{"femur", femur, o.femur_tip + Vector3d(0, 0, 20.0 * b), Vector3d(42, 1, 72) * b},
             {"ischium", ischium, Vector3d(-46, -41, 40) * b, Vector3d(-44, -35, 52) * b}};
  a.rays = {{Landmark::ischial_tuberosity, Vector3d(-46, -42, 26) * b, Vector3d(-0.1, -0.8, -0.6)},
            {Landmark::greater_trochanter, Vector3d(62, -6, 76) * b, Vector3d(1, 0, 0)},
            {Landmark::adductor_longus_tendon, Vector3d(-56 * g, 20 * g, 4), Vector3d(-0.35, 0.94, 0)},
            {Landmark::perineum, Vector3d(-20, -4, 0), Vector3d(-1, 0, 0)}};
  return a;
}

}  // namespace fit
