#include "benchmarks/accuracy/located_limbs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "libfit/error.h"
#include "models/shapes/bone_landmarks.h"
#include "models/shapes/generate_limb.h"
#include "models/shapes/scan_defects.h"
#include "models/shapes/seeded.h"

namespace fit {

namespace {

constexpr double kGrossMm = 10.0;

bool contradicted(const Located& located) {
  return std::any_of(located.findings.begin(), located.findings.end(),
                     [](const Finding& finding) { return finding.code == "side_contradicted"; });
}

/// Lays a right limb down somewhere, as a left one where `seed` is odd, and has it located.
LocatedLimb located(const std::string& source, int seed, const KnownLimb& known) {
  LocatedLimb result;
  result.source = source;
  result.seed = seed;
  result.side = seed % 2 == 1 ? Side::left : Side::right;
  const Eigen::Vector3d mirror(result.side == Side::left ? -1.0 : 1.0, 1.0, 1.0);
  const Eigen::Isometry3d pose = drawn_pose(seed);
  Repaired scan;
  scan.surface = result.side == Side::left ? flipped(known.skin) : known.skin;
  for (Eigen::Vector3d& vertex : scan.surface.vertices) vertex = pose * mirror.cwiseProduct(vertex);
  scan.invented.assign(scan.surface.triangles.size(), 0);
  try {
    const Located found = locate(scan, {}, {result.side, Level::transtibial, std::nullopt});
    result.frame_confidence = found.frame_confidence;
    result.right_side_contradicted = contradicted(found);
    for (const auto& [landmark, place] : known.truth) {
      const auto proposed = found.limb.landmarks.find(landmark);
      if (proposed == found.limb.landmarks.end()) continue;
      const Eigen::Vector3d truth = found.limb_from_scan * (pose * mirror.cwiseProduct(place.point_mm));
      result.landmarks.push_back({landmark, (proposed->second.point_mm - truth).norm(), proposed->second.confidence});
    }
    const Side other = result.side == Side::left ? Side::right : Side::left;
    result.wrong_side_contradicted = contradicted(locate(scan, {}, {other, Level::transtibial, std::nullopt}));
  } catch (const Error& error) {
    result.refusal = error.what();
  }
  return result;
}

std::string summary_line(const std::string& name, const std::vector<LandmarkError>& all) {
  std::vector<double> errors;
  int gross = 0, gross_flagged = 0, flagged = 0;
  for (const LandmarkError& one : all) {
    errors.push_back(one.error_mm);
    const bool low = one.confidence < kLowConfidence;
    flagged += low;
    gross += one.error_mm > kGrossMm;
    gross_flagged += one.error_mm > kGrossMm && low;
  }
  if (errors.empty()) return {};
  std::sort(errors.begin(), errors.end());
  const double count = static_cast<double>(errors.size());
  return fmt::format(
      "  {:24} median {:5.1f}  90 % {:5.1f}  over 10 mm {:5.1f} %, flagged {} of {}  flagged {:5.1f} %\n", name,
      errors[errors.size() / 2], errors[errors.size() * 9 / 10], 100.0 * gross / count, gross_flagged, gross,
      100.0 * flagged / count);
}

}  // namespace

KnownLimb known_generated(int seed) {
  SeededDraws draws(static_cast<std::uint64_t>(seed), 400);
  GenerateParams params;
  params.seed = 50000 + seed;
  params.triangles = 12000;
  params.limb_length_mm = draws.uniform(90.0, 230.0);
  params.shape = static_cast<LimbShape>(draws.below(3));
  params.girth_scale = draws.uniform(0.85, 1.2);
  params.fat_mm = draws.uniform(0.0, 10.0);
  params.oedema_percent = draws.uniform(0.0, 10.0);
  params.knee_flexion_deg = draws.uniform(0.0, 35.0);
  params.proximal_mm = draws.uniform(50.0, 150.0);
  params.scars = draws.below(3);
  Limb limb = generate_limb(params).limb;
  return {std::move(limb.surface), std::move(limb.landmarks), true};
}

KnownLimb known_anywhere(int seed) {
  GenerateParams params = draw_params(seed);
  params.side = Side::right;
  params.level = Level::transtibial;
  params.triangles = 12000;
  Limb limb = generate_limb(params).limb;
  return {std::move(limb.surface), std::move(limb.landmarks), true};
}

KnownLimb known_drawn(const ShapeModel& model, int seed, double spread) {
  DrawnShape drawn = draw_shape(model, seed, spread);
  Landmarks truth = landmarks_from_bones(drawn);
  return {std::move(drawn.skin), std::move(truth)};
}

LocatedLimb locate_generated(int seed) { return located("generator", seed, known_generated(seed)); }

LocatedLimb locate_drawn(const ShapeModel& model, int seed) {
  return located(model.model_name, seed, known_drawn(model, seed));
}

std::string summary(const std::string& title, const std::vector<LocatedLimb>& limbs) {
  std::map<Landmark, std::vector<LandmarkError>> by_landmark;
  std::vector<LandmarkError> all;
  int refused = 0, right_side = 0, wrong_side = 0;
  for (const LocatedLimb& limb : limbs) {
    refused += !limb.refusal.empty();
    right_side += limb.right_side_contradicted;
    wrong_side += limb.wrong_side_contradicted;
    for (const LandmarkError& one : limb.landmarks) {
      by_landmark[one.landmark].push_back(one);
      all.push_back(one);
    }
  }
  std::string text = fmt::format("{}: {}, {} refused; side contradicted: {} told rightly, {} told wrongly\n", title,
                                 limbs.size(), refused, right_side, wrong_side);
  for (const auto& [landmark, errors] : by_landmark) text += summary_line(std::string(name_of(landmark)), errors);
  return text + summary_line("all", all);
}

std::string landmark_csv_header() {
  return "source,seed,side,landmark,error_mm,confidence,flagged,frame_confidence,right_side_contradicted,"
         "wrong_side_contradicted\n";
}

std::string landmark_csv_rows(const LocatedLimb& limb) {
  std::string rows;
  for (const LandmarkError& one : limb.landmarks)
    rows += fmt::format("{},{},{},{},{:.2f},{:.4f},{:d},{:.3f},{:d},{:d}\n", limb.source, limb.seed, name_of(limb.side),
                        name_of(one.landmark), one.error_mm, one.confidence, one.confidence < kLowConfidence,
                        limb.frame_confidence, limb.right_side_contradicted, limb.wrong_side_contradicted);
  return rows;
}

}  // namespace fit
