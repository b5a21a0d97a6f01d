#include "apps/gallery/case_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/gallery/assets.h"
#include "apps/gallery/coarse_mesh.h"
#include "apps/gallery/packed_mesh.h"
#include "apps/gallery/page_parts.h"
#include "apps/report/changes.h"
#include "apps/report/color_scale.h"
#include "apps/report/html.h"
#include "apps/report/render.h"

namespace fit {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t shown_triangles = 36000;
constexpr int scale_stops = 17;
const Rgb skin(0.86, 0.74, 0.63), plastic(0.80, 0.83, 0.86);

struct Layer {
  std::string name;  ///< limb, positive, socket
  CoarseMesh coarse;
  Values values;  ///< in mm; empty, or one a vertex
  std::optional<ColorScale> scale;
  Rgb color = plastic;
};

ColorScale change_scale(const Values& change_mm) {
  const auto [lowest, highest] = std::minmax_element(change_mm.begin(), change_mm.end());
  return ColorScale::diverging(std::max(1.0, round_range(std::max(std::abs(*lowest), std::abs(*highest)))));
}

/// What was asked lies in the middle: a thick distal block would leave one colour for all of the wall.
ColorScale wall_scale(double asked_mm, double thinnest_mm) {
  const double reach_mm = std::max(2.0, std::ceil(asked_mm - std::min(thinnest_mm, asked_mm)));
  return ColorScale::sequential(asked_mm - reach_mm, asked_mm + reach_mm);
}

std::vector<Layer> layers_of(const Design& design, const Outputs& outputs) {
  std::vector<Layer> layers;
  if (outputs.limb) layers.push_back({"limb", coarse_mesh(outputs.limb->surface, shown_triangles), {}, {}, skin});
  if (outputs.rectified) {
    Layer layer{"positive", coarse_mesh(outputs.rectified->positive, shown_triangles), {}, {}, Rgb(0.78, 0.80, 0.70)};
    const Values& change_mm = outputs.rectified->change_mm;
    if (!change_mm.empty() && change_mm.size() == outputs.rectified->positive.vertices.size()) {
      layer.values = coarse_values(layer.coarse, change_mm);
      layer.scale = change_scale(change_mm);
    }
    layers.push_back(std::move(layer));
  }
  if (outputs.solidified) {
    const Mesh& socket = outputs.solidified->socket.mesh();
    Layer layer{"socket", coarse_mesh(socket, shown_triangles), {}, {}, plastic};
    if (outputs.checked && outputs.checked->wall_mm.size() == socket.vertices.size()) {
      layer.values = coarse_values(layer.coarse, outputs.checked->wall_mm);
      layer.scale = wall_scale(design.solidify.wall_mm, outputs.checked->thinnest_mm);
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

Json triple(const Eigen::Vector3d& v) { return {v.x(), v.y(), v.z()}; }

Json json_of(const ColorScale& scale) {
  Json stops = Json::array();
  for (int i = 0; i < scale_stops; ++i)
    stops.push_back(hex(scale.color(scale.lowest() + (scale.highest() - scale.lowest()) * i / (scale_stops - 1))));
  return {{"lowest", scale.lowest()}, {"highest", scale.highest()}, {"stops", stops}};
}

Json json_of(const Layer& layer) {
  const PackedMesh packed = packed_mesh(layer.coarse.mesh);
  Json json{{"name", layer.name},
            {"color", hex(layer.color)},
            {"vertices", packed.vertices},
            {"triangles", packed.triangles},
            {"lowest_mm", triple(packed.lowest_mm)},
            {"step_mm", packed.step_mm},
            {"mesh", base64(packed.bytes)}};
  if (layer.scale) {
    json["values"] = base64(packed_values(layer.values));
    json["scale"] = json_of(*layer.scale);
  }
  return json;
}

/// Height, and girth of limb, positive, both in mm, change in percent: the most proximal first.
Json measures_of(const Outputs& outputs) {
  Json rows = Json::array();
  if (!outputs.stations || !outputs.rectified) return rows;
  const std::vector<Slice>&limb = outputs.stations->limb, &positive = outputs.stations->positive;
  for (std::size_t i = limb.size(); i-- > 0;)
    rows.push_back({limb[i].height_mm, limb[i].girth_mm, positive[i].girth_mm,
                    girth_change_percent(limb[i], positive[i], outputs.rectified->allowance_mm)});
  return rows;
}

Json findings_of(const Findings& findings) {
  Json list = Json::array();
  for (Severity severity : {Severity::forbid, Severity::warn, Severity::note})
    for (const Finding& finding : said_once(findings))
      if (finding.severity == severity) {
        Json one{{"severity", severity == Severity::forbid ? "forbid"
                              : severity == Severity::warn ? "warn"
                                                           : "note"},
                 {"code", finding.code},
                 {"sentence", sentence(finding)},
                 {"remedy", remedy(finding)}};
        if (finding.place_mm) one["place_mm"] = triple(*finding.place_mm);
        list.push_back(std::move(one));
      }
  return list;
}

Subject subject_of(const Layer& layer, bool mapped) {
  Subject subject;
  subject.mesh = &layer.coarse.mesh;
  subject.color = layer.color;
  if (mapped && layer.scale) subject.vertex_colors = layer.scale->colors(layer.values);
  return subject;
}

std::string picture_of(const Layer& layer, bool mapped, const Eigen::Vector3d& toward, int width_px, int height_px) {
  const View view = view_of(bounding_box(layer.coarse.mesh), toward, Eigen::Vector3d::UnitZ(), width_px, height_px);
  return png(render({subject_of(layer, mapped)}, {view}).front());
}

const Eigen::Vector3d oblique = Eigen::Vector3d(0.5, 1.0, 0.35).normalized();

/// For a browser without WebGL, and for the build without three.js.
std::string pictures_of(const std::vector<Layer>& layers, const Progress& progress) {
  std::string html;
  for (const Layer& layer : layers) {
    for (bool mapped : {false, true}) {
      if (mapped != layer.scale.has_value()) continue;
      progress(0.5);
      html += fmt::format(
          "<figure><img width=\"300\" height=\"360\" alt=\"{0}\" src=\"data:image/png;base64,{1}\">"
          "<figcaption data-text=\"{0}\"></figcaption></figure>",
          mapped ? (layer.name == "socket" ? "wall_map" : "change_map") : layer.name,
          base64(picture_of(layer, mapped, oblique, 300, 360)));
    }
  }
  return html;
}

}  // namespace

std::string case_page_html(const CasePage& page, const Progress& progress) {
  const std::vector<Layer> layers = layers_of(page.design, page.outputs);
  progress(0.4);
  Json data{{"id", page.case_id}, {"printable", page.printable}};
  if (page.design.locate.side) data["side"] = name_of(*page.design.locate.side);
  if (page.design.locate.level) data["level"] = name_of(*page.design.locate.level);
  data["findings"] = findings_of(page.findings);
  data["measures"] = measures_of(page.outputs);
  Json scene = Json::array();
  for (const Layer& layer : layers) scene.push_back(json_of(layer));
  data["layers"] = std::move(scene);
  const std::string pictures = pictures_of(layers, progress);
  progress(0.9);
  return page_html(
      page.case_id, "case",
      "<main id=\"case\"></main><section id=\"pictures\" class=\"pictures\" hidden>" + pictures + "</section>", data,
      page.assets, {"viewer.js", "case.js"});
}

std::string thumbnail_png(const Outputs& outputs) {
  const Mesh* mesh = outputs.solidified  ? &outputs.solidified->socket.mesh()
                     : outputs.rectified ? &outputs.rectified->positive
                     : outputs.limb      ? &outputs.limb->surface
                                         : nullptr;
  if (!mesh) return "";
  // The mesh as it is: a coarse one shows its cells in so small a picture.
  Subject subject;
  subject.mesh = mesh;
  subject.color = outputs.solidified ? plastic : skin;
  return png(render({subject}, {view_of(bounding_box(*mesh), oblique, Eigen::Vector3d::UnitZ(), 96, 120)}).front());
}

}  // namespace fit
