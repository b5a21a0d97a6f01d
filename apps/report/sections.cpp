#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/report/changes.h"
#include "apps/report/html.h"
#include "apps/report/outline.h"
#include "apps/report/report_parts.h"
#include "apps/report/texts.h"

namespace fit::report {

namespace {

using Eigen::Vector3d;

struct Drawing {
  CutPlane plane;
  std::string caption;
};

/// One section: wall, limb, positive; `box_mm` is the part of the plane to show (left, bottom, width, height).
std::string section(const ReportInput& input, const Drawing& drawing, const Eigen::Vector4d& box_mm) {
  const Outputs& outputs = input.outputs;
  const Limb& limb = *outputs.limb;
  std::string paths;
  const auto add = [&](const Mesh& mesh, const char* kind) {
    paths += fmt::format("<path class=\"{}\" d=\"{}\"/>", kind, svg_path(outlines(mesh, drawing.plane)));
  };
  if (outputs.solidified) add(outputs.solidified->socket.mesh(), "wall");
  if (outputs.rectified) add(outputs.rectified->positive, "positive");
  add(limb.surface, "limb");
  const bool upright = drawing.plane.up.z() > 0.5;
  const std::string left = direction_in_words(limb, -drawing.plane.right),
                    right = direction_in_words(limb, drawing.plane.right);
  const std::string above = upright ? text("leg.proximal") : direction_in_words(limb, drawing.plane.up);
  return fmt::format(
      "<figure><svg class=\"section\" viewBox=\"{:.0f} {:.0f} {:.0f} {:.0f}\" role=\"img\" "
      "aria-label=\"{}\">{}</svg><div class=\"sides\"><span>{}</span><span>&#8593; "
      "{}</span><span>{}</span></div><figcaption>{}</figcaption></figure>",
      10 * box_mm[0], -10 * (box_mm[1] + box_mm[3]), 10 * box_mm[2], 10 * box_mm[3], escaped(drawing.caption), paths,
      escaped(left), escaped(above), escaped(right), escaped(drawing.caption));
}

}  // namespace

std::string sections(const ReportInput& input) {
  const Outputs& outputs = input.outputs;
  if (!outputs.limb || !outputs.rectified) return "";
  Box box = bounding_box(outputs.limb->surface);
  for (const Mesh* mesh :
       {&outputs.rectified->positive, outputs.solidified ? &outputs.solidified->socket.mesh() : nullptr}) {
    if (!mesh) continue;
    const Box other = bounding_box(*mesh);
    box.lowest = box.lowest.cwiseMin(other.lowest);
    box.highest = box.highest.cwiseMax(other.highest);
  }
  const Vector3d margin = Vector3d::Constant(4.0);
  const Vector3d low = box.lowest - margin, size = box.size() + 2.0 * margin;

  std::string upright, level;
  upright +=
      section(input, {{Vector3d::Zero(), Vector3d(0, 1, 0), Vector3d(0, 0, 1)}, text("pictures.section_sagittal")},
              {low.y(), low.z(), size.y(), size.z()});
  upright +=
      section(input, {{Vector3d::Zero(), Vector3d(1, 0, 0), Vector3d(0, 0, 1)}, text("pictures.section_frontal")},
              {low.x(), low.z(), size.x(), size.z()});
  const auto upper = outputs.limb->landmarks.find(Landmark::mid_patellar_tendon);
  const double top = upper != outputs.limb->landmarks.end() ? upper->second.point_mm.z()
                                                            : 0.75 * bounding_box(outputs.limb->surface).highest.z();
  for (double fraction : {0.15, 0.4, 0.65, 0.95}) {
    const double z = std::round(fraction * top);
    level += section(input,
                     {{Vector3d(0, 0, z), Vector3d(1, 0, 0), Vector3d(0, 1, 0)},
                      text("pictures.section_at", {{"height", number(z, 0)}})},
                     {low.x(), low.y(), size.x(), size.y()});
  }
  return fmt::format(
      "<h2>{}</h2><div class=\"row two\">{}</div><div class=\"row\">{}</div><p class=\"small-print\">{}</p>",
      escaped(text("pictures.sections")), upright, level, escaped(text("pictures.sections_note")));
}

}  // namespace fit::report
