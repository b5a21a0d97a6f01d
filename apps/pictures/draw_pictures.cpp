// Draws the pictures of README and docs/ into a folder: from the scan to the socket, and the six numbers that place the
// distal block, on both sides.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "apps/report/color_scale.h"
#include "apps/report/render.h"
#include "libfit/file.h"
#include "libfit/pipeline.h"
#include "models/load.h"
#include "models/shapes/generate_limb.h"

namespace fit {
namespace {

using Eigen::Vector3d;

const Rgb skin(0.86, 0.74, 0.63), plastic(0.80, 0.83, 0.86), inside(0.62, 0.67, 0.74), red(0.64, 0.05, 0.10),
    line(0.10, 0.28, 0.56);

Picture beside(const std::vector<Picture>& pictures) {
  Picture all;
  all.height_px = pictures.front().height_px;
  for (const Picture& picture : pictures) all.width_px += picture.width_px;
  for (int row = 0; row < all.height_px; ++row)
    for (const Picture& picture : pictures) {
      const auto begin = picture.rgb.begin() + std::ptrdiff_t{3} * row * picture.width_px;
      all.rgb.insert(all.rgb.end(), begin, begin + std::ptrdiff_t{3} * picture.width_px);
    }
  return all;
}

Design design_for(Side side) {
  Design design;
  design.locate.side = side;
  design.locate.level = Level::transtibial;
  design.rectify.liner_mm = 6.0;
  design.rectify.scanned_over = ScannedOver::liner;
  design.rectify.rectification = load_template(default_template(Level::transtibial));
  design.attach.block = load_block(kDefaultBlock);
  design.solidify.resolution_mm = 1.5;
  design.drape.drape_resolution_mm = 3.0;
  return design;
}

Subject plain(const Mesh& mesh, const Rgb& color) {
  Subject subject;
  subject.mesh = &mesh;
  subject.color = color;
  subject.back_color = inside;
  return subject;
}

View view_from(const Vector3d& toward, const Vector3d& up, const Vector3d& middle) {
  View view;
  view.toward_viewer = toward.normalized();
  view.up = up;
  view.center_mm = middle;
  view.mm_per_px = 1.5;
  view.width_px = 176;
  view.height_px = 190;
  return view;
}

Vector3d middle_of(const Mesh& mesh) {
  const Box box = bounding_box(mesh);
  return 0.5 * (box.lowest + box.highest);
}

/// The scan as it came, the limb with its landmarks and trimline, the change, the socket outside and inside.
void draw_steps(const std::filesystem::path& folder) {
  GenerateParams person;
  person.seed = 7;
  person.triangles = 40000;
  person.defects.floor = true;
  person.defects.crumbs = 8;
  person.defects.holes = 2;
  person.defects.scan_noise_mm = 0.05;
  const GeneratedLimb generated = generate_limb(person);
  Pipeline pipeline(generated.scan);
  const Design design = design_for(person.side);
  pipeline.update(design);
  const Outputs& outputs = pipeline.outputs();

  const Vector3d toward(0.45, 1.0, 0.25), up(0, 0, 1), middle = middle_of(outputs.limb->surface);
  Subject scan = plain(generated.scan, skin);
  Subject limb = plain(outputs.limb->surface, skin);
  limb.hatched = outputs.limb->invented;
  std::vector<Mark> marks;
  for (const auto& [landmark, place] : outputs.limb->landmarks) marks.push_back({place.point_mm, 3.0, red});
  const Trimline& trimline = outputs.trimmed->trimline;
  for (const Vector3d& v : outputs.limb->surface.vertices)
    if (std::abs(v.z() - trimline.height_at(std::atan2(v.y(), v.x()))) < 0.7) marks.push_back({v, 1.0, line});
  const auto& change_mm = outputs.rectified->change_mm;
  const double most = std::max(std::abs(*std::min_element(change_mm.begin(), change_mm.end())),
                               std::abs(*std::max_element(change_mm.begin(), change_mm.end())));
  Subject change = plain(outputs.rectified->positive, skin);
  change.vertex_colors = ColorScale::diverging(round_range(most)).colors(change_mm);
  const Subject socket = plain(outputs.solidified->socket.mesh(), plastic);

  View wide = view_from(toward, up, middle_of(generated.scan));
  View near = view_from(toward, up, middle);
  View above = view_from(Vector3d(0.25, 0.9, 0.8), up, middle);
  for (View* view : {&wide, &near, &above}) {
    view->mm_per_px = view == &wide ? 1.7 : 1.15;
    view->width_px = view == &wide ? 300 : 180;
    view->height_px = 260;
  }
  write_file(folder / "steps.png",
             png(beside({render({scan}, {wide})[0], render({limb}, {near}, marks)[0], render({change}, {near})[0],
                         render({socket}, {near})[0], render({socket}, {above})[0]})));
}

/// One of the numbers that place the block.
struct Sign {
  const char* name;
  double AttachParams::*value;
  double shown;
  enum { from_lateral, from_front, from_below } seen;
  bool as_printed;  ///< upright on the block, else upright as the limb
};

constexpr Sign signs[] = {
    {"flexion_deg", &AttachParams::flexion_deg, 15.0, Sign::from_lateral, true},
    {"adduction_deg", &AttachParams::adduction_deg, 15.0, Sign::from_front, true},
    {"toe_out_deg", &AttachParams::toe_out_deg, 30.0, Sign::from_below, false},
    {"block_anterior_mm", &AttachParams::block_anterior_mm, 20.0, Sign::from_lateral, false},
    {"block_lateral_mm", &AttachParams::block_lateral_mm, 20.0, Sign::from_front, false},
    {"block_gap_mm", &AttachParams::block_gap_mm, 40.0, Sign::from_front, false},
};

Picture socket_with(const Sign& sign, double value, Pipeline& pipeline, Design design) {
  design.attach.flexion_deg = design.attach.adduction_deg = 0.0;
  design.attach.*sign.value = value;
  pipeline.update(design, {}, Stage::solidified);
  const Outputs& outputs = pipeline.outputs();
  const Eigen::Isometry3d& limb_from_block = outputs.attached->hardware.limb_from_block;
  const Mesh& socket = outputs.solidified->socket.mesh();

  const double lateral = lateral_sign(*design.locate.side);
  const Eigen::Isometry3d shown_from_limb =
      sign.as_printed ? limb_from_block.inverse() : Eigen::Isometry3d(Eigen::Isometry3d::Identity());
  Mesh turned = socket;
  for (Vector3d& vertex : turned.vertices) vertex = shown_from_limb * vertex;
  // The middle of the block's front face.
  const Vector3d front = shown_from_limb * limb_from_block * Vector3d(0.0, 32.0, 8.0);
  const Vector3d middle = sign.as_printed ? Vector3d(0, 0, 110) : Vector3d(0, 0, 85);
  View view = sign.seen == Sign::from_lateral ? view_from(Vector3d(lateral, 0, 0), Vector3d(0, 0, 1), middle)
              : sign.seen == Sign::from_front ? view_from(Vector3d(0, 1, 0), Vector3d(0, 0, 1), middle)
                                              : view_from(Vector3d(0, 0, -1), Vector3d(0, 1, 0), Vector3d(0, 0, 0));
  return render({plain(turned, plastic)}, {view}, {{front, 4.0, red}})[0];
}

/// On a left and a right limb: without, and with the positive value.
void draw_signs(const std::filesystem::path& folder) {
  std::vector<std::vector<Picture>> rows(std::size(signs));
  for (const Side side : {Side::left, Side::right}) {
    GenerateParams person;
    person.side = side;
    person.triangles = 20000;
    const GeneratedLimb generated = generate_limb(person);
    Pipeline pipeline(generated.scan);
    const Design design = design_for(side);
    for (std::size_t i = 0; i < std::size(signs); ++i) {
      const double neutral = signs[i].value == &AttachParams::block_gap_mm ? AttachParams{}.block_gap_mm : 0.0;
      rows[i].push_back(socket_with(signs[i], neutral, pipeline, design));
      rows[i].push_back(socket_with(signs[i], signs[i].shown, pipeline, design));
    }
  }
  for (std::size_t i = 0; i < std::size(signs); ++i)
    write_file(folder / fmt::format("{}.png", signs[i].name), png(beside(rows[i])));
}

}  // namespace
}  // namespace fit

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: draw_pictures FOLDER\n", stderr);
    return 2;
  }
  try {
    fit::draw_steps(argv[1]);
    fit::draw_signs(argv[1]);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "draw_pictures: %s\n", problem.what());
    return 1;
  }
  return 0;
}
