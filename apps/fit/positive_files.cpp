#include "apps/fit/positive_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "apps/slicing/shrinkage.h"
#include "libfit/print_pose.h"

namespace fit::cli {

namespace {

/// The temperature at which sheets of polypropylene are draped: an unverified starting value.
constexpr double kDraping_c = 180.0;

Finding note(const char* code, std::vector<FindingValue> values) {
  return {code, Severity::note, std::move(values), std::nullopt};
}

/// Landmarks of the limb's skin, carried to the positive with the skin beside them.
Landmarks on_positive(const Limb& limb, const Mesh& positive) {
  Landmarks landmarks = limb.landmarks;
  const std::vector<Eigen::Vector3d>& skin = limb.surface.vertices;
  if (skin.size() != positive.vertices.size() || skin.empty()) return landmarks;
  for (auto& [landmark, place] : landmarks) {
    const auto nearest = std::min_element(
        skin.begin(), skin.end(), [&, point = place.point_mm](const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
          return (a - point).squaredNorm() < (b - point).squaredNorm();
        });
    const auto index = static_cast<std::size_t>(nearest - skin.begin());
    place.point_mm += positive.vertices[index] - skin[index];
  }
  return landmarks;
}

/// A case whose shape radii cannot hold has other files to carve from: nothing of it is more than a note here.
void add_aop(const Design& design, const Outputs& outputs, PositiveFiles& files) {
  const Mesh& positive = outputs.rectified->positive;
  try {
    AopSampled sampled = sample_aop(positive, design.locate.side, on_positive(*outputs.limb, positive));
    sampled.aop.comments = {"Positive model (the inside of the socket), in mm.",
                            "Angle 0 is anterior; angles run clockwise seen from proximal.",
                            "The radii are about the limb's axis; the file's z = 0 is its most distal slice."};
    files.aop = aop_text(sampled.aop);
    for (Finding& finding : sampled.findings) finding.severity = Severity::note;
    files.findings.insert(files.findings.end(), sampled.findings.begin(), sampled.findings.end());
  } catch (const Error& error) {
    files.findings.push_back(note("aop_not_written", {{"why", 0.0, error.what()}}));
  }
}

void say_stock(const Design& design, const DrapingModel& model, Findings& findings) {
  const CarvingStock stock = carving_stock(model);
  std::string bore = "without a bore";
  if (model.mandrel)
    bore = fmt::format("with a bore of {:g} mm, {:.0f} mm deep", design.drape.mandrel_diameter_mm,
                       model.mandrel->depth_mm);
  findings.push_back(note("carving_stock", {{"extension_mm", design.drape.extension_mm, ""},
                                            {"diameter_mm", stock.diameter_mm, ""},
                                            {"length_mm", stock.length_mm, ""},
                                            {"x_mm", stock.axis_mm.x(), ""},
                                            {"y_mm", stock.axis_mm.y(), ""},
                                            {"bore", 0.0, bore}}));
}

/// Base down, as it is printed.
Solid on_base(const Design& design, const Mesh& part) {
  return Solid(for_the_bed(design, moved(print_from_limb(part, -Eigen::Vector3d::UnitZ()), part)));
}

void add_pieces(const Design& design, const Outputs& outputs, const Progress& progress, PositiveFiles& files) {
  const Printer& printer = *design.printer;
  // The first layer and rounding need a little room.
  constexpr double room_mm = 1.0;
  const Eigen::Vector3d drawn = bounding_box(files.prints.front().second.mesh()).size();
  const FindingValue name{"printer", 0.0, printer.printer_name};
  const auto fits = [&](double x_mm, double y_mm) { return x_mm <= printer.bed_x_mm && y_mm <= printer.bed_y_mm; };
  if (!fits(drawn.x(), drawn.y()) && !fits(drawn.y(), drawn.x())) {
    files.findings.push_back({"draping_model_too_wide",
                              Severity::warn,
                              {{"width_mm", drawn.x(), ""}, {"depth_mm", drawn.y(), ""}, name},
                              std::nullopt});
    return;
  }
  if (drawn.z() <= printer.height_mm) return;
  const double larger = drawn.z() / bounding_box(outputs.draping_model->solid.mesh()).size().z();
  const DrapingPieces cut =
      cut_draping_model(outputs.rectified->positive, (printer.height_mm - room_mm) / larger, design.drape, progress);
  for (std::size_t i = 0; i < cut.pieces.size(); ++i)
    files.prints.emplace_back(fmt::format("draping_model_{}.stl", i + 1), on_base(design, cut.pieces[i].mesh()));
  if (cut.keys) files.prints.emplace_back("draping_model_keys.stl", Solid(for_the_bed(design, cut.keys->mesh())));
  files.findings.push_back(note("draping_model_cut", {{"height_mm", drawn.z(), ""},
                                                      name,
                                                      {"greatest_mm", printer.height_mm, ""},
                                                      {"pieces", static_cast<double>(cut.pieces.size()), ""}}));
}

void say_softening(const Material& material, Findings& findings) {
  if (material.softens_c <= 0.0 || material.softens_c >= kDraping_c) return;
  findings.push_back(note("draping_model_softens", {{"material", 0.0, material.material_name},
                                                    {"softens_c", material.softens_c, ""},
                                                    {"draping_c", kDraping_c, ""}}));
}

}  // namespace

Mesh for_the_bed(const Design& design, Mesh part) {
  return design.material ? compensated(*design.material, std::move(part)) : part;
}

PositiveFiles positive_files(const Design& design, const Outputs& outputs, const Progress& progress) {
  PositiveFiles files;
  add_aop(design, outputs, files);
  progress(0.1);
  say_stock(design, *outputs.draping_model, files.findings);
  files.prints.emplace_back("draping_model.stl", on_base(design, outputs.draping_model->solid.mesh()));
  if (design.printer) add_pieces(design, outputs, progress.part(0.2, 1.0), files);
  if (design.material) say_softening(*design.material, files.findings);
  progress(1.0);
  return files;
}

}  // namespace fit::cli
