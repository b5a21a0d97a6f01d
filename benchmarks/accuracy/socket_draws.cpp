#include "benchmarks/accuracy/socket_draws.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "libfit/detail/closest_point.h"
#include "libfit/self_crossing.h"
#include "models/load.h"
#include "models/shapes/seeded.h"

namespace fit {

namespace {

/// Nearest distance of the socket's inner vertices to the positive, the worst of them. A vertex is inner when it lies
/// near the positive and faces against it: the walls of bores do not. The rim's band and the distal end are left out.
double inner_worst_mm(const Outputs& outputs, double asked_wall_mm) {
  const detail::ClosestPoint positive(outputs.rectified->positive);
  const Mesh& socket = outputs.solidified->socket.mesh();
  const std::vector<Eigen::Vector3d> normals = vertex_normals(socket);
  const std::vector<Eigen::Vector3d> positive_normals = vertex_normals(outputs.rectified->positive);
  const Trimline& trimline = outputs.trimmed->trimline;
  const double lowest_mm = bounding_box(outputs.rectified->positive).lowest.z();
  double worst_mm = 0.0;
  for (std::size_t i = 0; i < socket.vertices.size(); ++i) {
    const Eigen::Vector3d& vertex = socket.vertices[i];
    const double rim_mm = trimline.height_at(std::atan2(vertex.y(), vertex.x()));
    if (vertex.z() > rim_mm - 20.0 || vertex.z() < lowest_mm + 15.0) continue;
    const detail::Closest closest = positive.at(vertex);
    const double distance_mm = std::abs(closest.signed_mm);
    const int near = outputs.rectified->positive.triangles[closest.triangle][0];
    const bool inner = distance_mm < 0.25 * asked_wall_mm && normals[i].dot(positive_normals[near]) < -0.9;
    if (inner) worst_mm = std::max(worst_mm, distance_mm);
  }
  return worst_mm;
}

std::string codes(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings)
    if (text.find(finding.code) == std::string::npos) text += (text.empty() ? "" : " ") + finding.code;
  return text;
}

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (char c : text) result += c == '"' ? std::string("\"\"") : std::string(1, c);
  return result + "\"";
}

}  // namespace

Design draw_design(int seed, const GeneratedLimb& limb) {
  SeededDraws draws(static_cast<std::uint64_t>(seed), 200);
  Design design;
  design.locate.side = limb.limb.side;
  design.locate.level = limb.limb.level;
  design.landmarks = moved(limb.scan_from_limb, limb.limb.landmarks);
  for (auto& [name, place] : design.landmarks) place.confirmed = true;
  design.rectify.rectification = load_template(default_template(limb.limb.level));
  design.rectify.scanned_over = draws.chance(0.5) ? ScannedOver::skin : ScannedOver::liner;
  design.rectify.liner_mm = 3.0 * draws.below(4);
  design.rectify.sock_ply = draws.below(6);
  if (limb.limb.level == Level::transtibial && draws.chance(0.5))
    design.rectify.patellar_tendon_bearing = draws.uniform(0.0, 1.0);
  const double wall = draws.uniform(0.0, 1.0);
  design.solidify.wall_mm = wall < 0.1   ? draws.uniform(2.0, 4.0)
                            : wall > 0.9 ? draws.uniform(9.0, 15.0)
                                         : draws.uniform(4.0, 8.0);
  // Thin walls are for those who walk little; thinner ones still are for the engine, not for a leg.
  if (design.solidify.wall_mm < 6.0) design.check.activity = Activity::low;
  if (design.solidify.wall_mm < 4.0) design.overrides = {{"wall_for_activity", "drawn to try the engine"}};
  design.solidify.trimline_wall_mm = design.solidify.wall_mm + draws.uniform(0.0, 1.5);
  design.solidify.distal_wall_mm = design.solidify.wall_mm + draws.uniform(0.0, 4.0);
  for (double* wall_mm : {&design.solidify.trimline_wall_mm, &design.solidify.distal_wall_mm})
    *wall_mm = std::min(*wall_mm, 15.0);
  const std::vector<std::string> blocks = block_names();
  design.attach.block = load_block(blocks[static_cast<std::size_t>(draws.below(static_cast<int>(blocks.size())))]);
  design.attach.flexion_deg = draws.uniform(-5.0, 20.0);
  design.attach.adduction_deg = draws.uniform(-5.0, 12.0);
  design.attach.toe_out_deg = draws.uniform(-10.0, 15.0);
  design.attach.block_gap_mm = draws.uniform(6.0, 30.0);
  if (draws.chance(0.3)) design.attach.vent_bore_mm = draws.uniform(4.0, 30.0);
  return design;
}

SocketDraw draw_socket(int seed) {
  SocketDraw draw;
  draw.seed = seed;
  draw.limb = draw_params(seed);
  try {
    const GeneratedLimb limb = generate_limb(draw.limb);
    draw.design = draw_design(seed, limb);
    draw.asked_wall_mm = std::min(
        {draw.design.solidify.wall_mm, draw.design.solidify.trimline_wall_mm, draw.design.solidify.distal_wall_mm});
    Pipeline pipeline(limb.scan);
    pipeline.update(draw.design);
    const Outputs& outputs = pipeline.outputs();
    const Mesh& socket = outputs.solidified->socket.mesh();
    draw.triangles = socket.triangles.size();
    draw.crossings = self_crossings(socket).size();
    draw.thinnest_wall_mm = outputs.checked->thinnest_mm;
    draw.inner_worst_mm = inner_worst_mm(outputs, draw.asked_wall_mm);
    draw.forbidding = codes(forbidding(draw.design, outputs.findings));
  } catch (const Error& error) {
    draw.refusal = error.what();
  }
  return draw;
}

std::string csv_header() {
  return "seed,level,side,limb_length_mm,shape,girth_scale,scars,invaginations,limb_triangles,liner_mm,"
         "patellar_tendon_bearing,wall_mm,block,triangles,crossings,asked_wall_mm,thinnest_wall_mm,inner_worst_mm,"
         "forbidding,refusal\n";
}

std::string csv_row(const SocketDraw& draw) {
  return fmt::format("{},{},{},{:.1f},{},{:.3f},{},{},{},{:g},{:.2f},{:.2f},{},{},{},{:.2f},{:.2f},{:.4f},{},{}\n",
                     draw.seed, name_of(draw.limb.level), name_of(draw.limb.side), draw.limb.limb_length_mm,
                     name_of(draw.limb.shape), draw.limb.girth_scale, draw.limb.scars, draw.limb.invaginations,
                     draw.limb.triangles, draw.design.rectify.liner_mm.value_or(0.0),
                     draw.design.rectify.patellar_tendon_bearing, draw.design.solidify.wall_mm,
                     draw.design.attach.block.block_name, draw.triangles, draw.crossings, draw.asked_wall_mm,
                     draw.thinnest_wall_mm, draw.inner_worst_mm, draw.forbidding, quoted(draw.refusal));
}

}  // namespace fit
