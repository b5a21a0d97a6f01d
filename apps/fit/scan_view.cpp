#include "apps/fit/scan_view.h"

#include <fmt/format.h>

#include <filesystem>

#include "apps/report/render.h"
#include "libfit/error.h"
#include "libfit/file.h"
#include "libfit/mesh_io.h"
#include "scanners/unseen.h"

namespace fit::cli {

namespace {

constexpr double look_every_s = 1.0;
constexpr double most_share = 0.1;  // of the time that looking may take from scanning

bool is_picture(const std::string& name) { return std::filesystem::path(name).extension() == ".png"; }

}  // namespace

std::string four_sides(const Mesh& mesh, const std::vector<Eigen::Vector3d>& colors) {
  std::vector<View> views;
  for (const auto& toward :
       {Eigen::Vector3d(0, 0, -1), Eigen::Vector3d(1, 0, 0), Eigen::Vector3d(0, 0, 1), Eigen::Vector3d(-1, 0, 0)})
    views.push_back(view_of(bounding_box(mesh), toward, {0, -1, 0}, 400, 480));
  Subject subject;
  subject.mesh = &mesh;
  subject.vertex_colors = colors;
  subject.back_color = Rgb(0.35, 0.35, 0.4);
  const std::vector<Picture> pictures = render({subject}, views);
  Picture all;
  for (const Picture& picture : pictures) all.width_px += picture.width_px;
  all.height_px = pictures.front().height_px;
  for (int row = 0; row < all.height_px; ++row)
    for (const Picture& picture : pictures) {
      const auto begin = picture.rgb.begin() + 3 * static_cast<std::ptrdiff_t>(row) * picture.width_px;
      all.rgb.insert(all.rgb.end(), begin, begin + 3 * static_cast<std::ptrdiff_t>(picture.width_px));
    }
  return png(all);
}

ScanView::ScanView(Console& console, std::string preview) : console_(console), preview_(std::move(preview)) {
  if (preview_.empty() || is_picture(preview_)) return;
  const std::string ending = std::filesystem::path(preview_).extension().string();
  if (ending != ".ply" && ending != ".stl" && ending != ".obj" && ending != ".off")
    throw Error(ErrorKind::bad_params,
                fmt::format("--preview is '{}'; it must end in .png (a picture) or .ply, .stl, .obj or .off (a mesh).",
                            preview_));
}

void ScanView::show(const Fusion& fusion, Fusion::State state, const std::optional<std::size_t>& frames_expected) {
  ++frames_;
  const auto now = Clock::now();
  const double since = std::chrono::duration<double>(now - counted_at_).count();
  if (since > 0.5) {
    frames_per_s_ = static_cast<double>(frames_ - counted_) / since;
    counted_ = frames_;
    counted_at_ = now;
  }
  if (now >= next_look_ && state != Fusion::State::waiting && (console_.is_watched() || !preview_.empty())) {
    look(fusion);
    const double spent = std::chrono::duration<double>(Clock::now() - now).count();
    next_look_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                    std::chrono::duration<double>(std::max(look_every_s, spent / most_share)));
  }
  console_.show(line(state, frames_expected));
}

void ScanView::look(const Fusion& fusion) {
  const Mesh mesh = fusion.preview();
  if (mesh.triangles.empty()) return;
  const Unseen unseen = unseen_of(mesh);
  seen_percent_ = 100.0 - unseen.percent;
  advice_ = unseen.advice;
  if (preview_.empty()) return;
  if (is_picture(preview_))
    write_file(preview_, four_sides(mesh, {}));
  else
    write_mesh(preview_, mesh);
}

std::string ScanView::line(Fusion::State state, const std::optional<std::size_t>& frames_expected) const {
  std::string text = fmt::format("frame {}{}, {:.0f} a second", frames_,
                                 frames_expected ? fmt::format(" of {}", *frames_expected) : "", frames_per_s_);
  if (state == Fusion::State::waiting) return text + ": nothing in sight; hold the camera 30 to 60 cm from the limb";
  if (state == Fusion::State::lost) return text + ": place lost; go back slowly to what was scanned";
  if (seen_percent_ >= 0) text += fmt::format(", seen {:.0f} %", seen_percent_);
  if (seen_percent_ >= 0) text += advice_.empty() ? ": all seen" : ": " + advice_;
  return text;
}

}  // namespace fit::cli
