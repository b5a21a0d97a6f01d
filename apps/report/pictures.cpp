#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/report/changes.h"
#include "apps/report/color_scale.h"
#include "apps/report/html.h"
#include "apps/report/render.h"
#include "apps/report/report_parts.h"
#include "apps/report/texts.h"
#include "libfit/parallel.h"

namespace fit::report {

namespace {

using Eigen::Vector3d;

const Rgb kSkin(0.86, 0.74, 0.63), kPlastic(0.80, 0.83, 0.86), kInside(0.62, 0.67, 0.74), kTrimline(0.10, 0.28, 0.56),
    kDot(0.64, 0.05, 0.10);

constexpr int kWidth = 320, kHeight = 370;

struct NamedView {
  View view;
  std::string caption, left, right;  ///< what lies on the two sides of the picture
};

/// The limb from its four sides, all to one scale; from above too where asked.
std::vector<NamedView> views_of(const Mesh& mesh, const Limb& limb, bool from_above) {
  const double lateral = lateral_sign(limb.side);
  const Box box = bounding_box(mesh);
  std::vector<NamedView> views;
  for (const Vector3d& toward :
       {Vector3d(0, 1, 0), Vector3d(lateral, 0, 0), Vector3d(0, -1, 0), Vector3d(-lateral, 0, 0)}) {
    const Vector3d right = Vector3d(0, 0, 1).cross(toward);
    views.push_back({view_of(box, toward, Vector3d(0, 0, 1), kWidth, kHeight),
                     text("pictures.view", {{"direction", direction_in_words(limb, toward)}}),
                     direction_in_words(limb, -right), direction_in_words(limb, right)});
  }
  if (from_above)
    views.push_back({view_of(box, Vector3d(0, 0, 1), Vector3d(0, 1, 0), kWidth, kHeight), text("pictures.from_above"),
                     direction_in_words(limb, Vector3d(-1, 0, 0)), direction_in_words(limb, Vector3d(1, 0, 0))});
  // One scale for all, and no higher than the tallest needs.
  double scale = 0.0, tall_mm = 0.0;
  for (const NamedView& named : views) {
    scale = std::max(scale, named.view.mm_per_px);
    tall_mm = std::max(tall_mm, named.view.up.cwiseAbs().dot(box.size()));
  }
  for (NamedView& named : views) {
    named.view.mm_per_px = scale;
    named.view.height_px = std::clamp(static_cast<int>(tall_mm / scale) + 8, 60, kHeight);
  }
  return views;
}

/// Dots where the trimline crosses the edges of a surface around the limb's axis.
std::vector<Mark> trimline_marks(const Mesh& mesh, const Trimline& trimline) {
  std::vector<double> above(mesh.vertices.size());
  for (std::size_t i = 0; i < above.size(); ++i) {
    const Vector3d& v = mesh.vertices[i];
    above[i] = v.z() - trimline.height_at(std::atan2(v.y(), v.x()));
  }
  std::vector<Mark> marks;
  for (const Eigen::Vector3i& t : mesh.triangles)
    for (int k = 0; k < 3; ++k) {
      const auto a = static_cast<std::size_t>(t[k]), b = static_cast<std::size_t>(t[(k + 1) % 3]);
      if ((above[a] < 0.0) == (above[b] < 0.0)) continue;
      marks.push_back({mesh.vertices[a] + (mesh.vertices[b] - mesh.vertices[a]) * (above[a] / (above[a] - above[b])),
                       1.0, kTrimline});
    }
  return marks;
}

/// A name beside a dot, over the picture.
std::string tag(const View& view, const Vector3d& point, const std::string& name) {
  const Eigen::Vector2d at = view.pixel(point);
  return fmt::format("<span class=\"tag\" style=\"left:{:.1f}%;top:{:.1f}%\">{}</span>", 100.0 * at.x() / view.width_px,
                     100.0 * at.y() / view.height_px, escaped(name));
}

std::string landmark_tags(const Limb& limb, const View& view) {
  std::string tags;
  for (const auto& [landmark, place] : limb.landmarks) {
    const Eigen::Vector2d out(place.point_mm.x(), place.point_mm.y());
    const bool faces_the_viewer = landmark == Landmark::distal_end
                                      ? view.toward_viewer.y() > 0.5
                                      : out.dot(view.toward_viewer.head<2>()) > 0.55 * out.norm();
    if (faces_the_viewer) tags += tag(view, place.point_mm, text("abbreviation." + std::string(name_of(landmark))));
  }
  return tags;
}

/// Pictures in a row with captions, sides and one scale bar. `overlay(view)` is HTML laid over each.
template <class Overlay>
std::string row(const std::vector<Subject>& subjects, const std::vector<NamedView>& views,
                const std::vector<Mark>& marks, const Overlay& overlay) {
  std::vector<View> plain;
  for (const NamedView& named : views) plain.push_back(named.view);
  const std::vector<Picture> pictures = render(subjects, plain, marks);
  std::vector<std::string> encoded(pictures.size());
  parallel_for(pictures.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) encoded[i] = base64(png(pictures[i]));
  });
  std::string html = "<div class=\"row\">";
  for (std::size_t i = 0; i < views.size(); ++i) {
    const NamedView& named = views[i];
    html += fmt::format(
        "<figure><div class=\"picture\"><img width=\"{}\" height=\"{}\" alt=\"{}\" "
        "src=\"data:image/png;base64,{}\">{}</div>"
        "<div class=\"sides\"><span>{}</span><span>{}</span></div><figcaption>{}</figcaption></figure>",
        named.view.width_px, named.view.height_px, escaped(named.caption), encoded[i], overlay(named.view),
        escaped(named.left), escaped(named.right), escaped(named.caption));
  }
  const double bar_percent = 100.0 * 50.0 / (views.front().view.mm_per_px * views.front().view.width_px);
  return html + fmt::format("</div><div class=\"scale\" style=\"width:calc({:.2f}% / {})\">{}</div>", bar_percent,
                            views.size(), escaped(text("pictures.scale")));
}

std::string legend(const ColorScale& scale, const std::vector<double>& ticks, const std::string& low_word,
                   const std::string& high_word, const std::string& words) {
  std::string stops, labels;
  for (int i = 0; i <= 16; ++i)
    stops += fmt::format("{}{}", i ? "," : "",
                         hex(scale.color(scale.lowest() + (scale.highest() - scale.lowest()) * i / 16.0)));
  for (double tick : ticks)
    labels += fmt::format("<span style=\"left:{:.2f}%\"{}>{}</span>",
                          100.0 * (tick - scale.lowest()) / (scale.highest() - scale.lowest()),
                          tick == 0.0 ? " class=\"zero\"" : "", escaped(number(std::abs(tick))));
  return fmt::format(
      "<div class=\"legend\"><div class=\"bar\" style=\"background:linear-gradient(to "
      "right,{})\"><span>{}</span><span>{}</span></div><div "
      "class=\"ticks\">{}<em>mm</em></div><p>{}</p></div>",
      stops, escaped(low_word), escaped(high_word), labels, escaped(words));
}

std::string titled(const char* title_key, const std::string& body) {
  return fmt::format("<h2>{}</h2>{}", escaped(text(title_key)), body);
}

std::string note(const std::string& words) { return fmt::format("<p class=\"small-print\">{}</p>", escaped(words)); }

const auto kNothing = [](const View&) { return std::string(); };

}  // namespace

std::string limb_pictures(const ReportInput& input) {
  if (!input.outputs.limb) return "";
  const Limb& limb = *input.outputs.limb;
  Subject subject;
  subject.mesh = &limb.surface;
  subject.color = kSkin;
  if (limb.invented.size() == limb.surface.triangles.size() &&
      std::ranges::any_of(limb.invented, [](auto mark) { return mark != 0; }))
    subject.hatched = limb.invented;
  std::vector<Mark> marks;
  if (input.outputs.trimmed) marks = trimline_marks(limb.surface, input.outputs.trimmed->trimline);
  for (const auto& [landmark, place] : limb.landmarks) marks.push_back({place.point_mm, 3.2, kDot});
  const double invented_mm2 = input.outputs.repaired ? input.outputs.repaired->invented_mm2 : 0.0;
  const std::string words = text("pictures.limb_note") + " " +
                            (invented_mm2 > 0.0 ? text("pictures.hatched", {{"area", number(invented_mm2 / 100.0)}})
                                                : text("pictures.nothing_invented"));
  return titled("pictures.limb", row({subject}, views_of(limb.surface, limb, false), marks, [&](const View& view) {
                                   return landmark_tags(limb, view);
                                 }) + note(words));
}

std::string change_pictures(const ReportInput& input) {
  if (!input.outputs.limb || !input.outputs.rectified) return "";
  const Rectified& rectified = *input.outputs.rectified;
  if (rectified.change_mm.size() != rectified.positive.vertices.size() || rectified.change_mm.empty()) return "";
  const auto [lowest, highest] = std::minmax_element(rectified.change_mm.begin(), rectified.change_mm.end());
  const double range = std::max(1.0, round_range(std::max(std::abs(*lowest), std::abs(*highest))));
  const ColorScale scale = ColorScale::diverging(range);
  Subject subject;
  subject.mesh = &rectified.positive;
  subject.vertex_colors = scale.colors(rectified.change_mm);
  subject.back_color = Rgb(0.85, 0.85, 0.85);
  std::vector<Mark> marks;
  if (input.outputs.trimmed) marks = trimline_marks(rectified.positive, input.outputs.trimmed->trimline);
  const std::string words = text("pictures.change_legend", {{"lowest", number(std::max(0.0, -*lowest))},
                                                            {"highest", number(std::max(0.0, *highest))}});
  return titled("pictures.change",
                row({subject}, views_of(rectified.positive, *input.outputs.limb, false), marks, kNothing) +
                    legend(scale, {-range, -0.5 * range, 0.0, 0.5 * range, range}, text("pictures.pressed_in"),
                           text("pictures.built_up"), words));
}

std::string socket_pictures(const ReportInput& input) {
  if (!input.outputs.limb || !input.outputs.solidified) return "";
  Subject subject;
  const Mesh& socket = input.outputs.solidified->socket.mesh();
  subject.mesh = &socket;
  subject.closed = true;
  subject.color = kPlastic;
  subject.back_color = kInside;
  return titled("pictures.socket", row({subject}, views_of(socket, *input.outputs.limb, true), {}, kNothing));
}

std::string wall_pictures(const ReportInput& input) {
  if (!input.outputs.limb || !input.outputs.solidified || !input.outputs.checked) return "";
  const Mesh& socket = input.outputs.solidified->socket.mesh();
  const Values& wall_mm = input.outputs.checked->wall_mm;
  if (wall_mm.size() != socket.vertices.size()) return "";
  double lowest = 1e300, highest = -1e300;
  for (double mm : wall_mm) {
    if (!std::isfinite(mm)) continue;
    lowest = std::min(lowest, mm);
    highest = std::max(highest, mm);
  }
  if (lowest > highest) return "";
  // What was asked for lies in the middle; a thick distal block would leave one colour for all of the wall.
  const double asked = input.design.solidify.wall_mm, reach = std::max(2.0, std::ceil(asked - std::min(lowest, asked)));
  const double from = asked - reach, to = asked + reach;
  const ColorScale scale = ColorScale::sequential(from, to);
  Subject subject;
  subject.mesh = &socket;
  subject.closed = true;
  subject.vertex_colors = scale.colors(wall_mm);
  std::vector<double> ticks;
  for (int k = -2; k <= 2; ++k) ticks.push_back(asked + 0.5 * k * reach);
  const std::string words = text("pictures.wall_legend",
                                 {{"asked", number(asked)}, {"lowest", number(lowest)}, {"highest", number(highest)}});
  return titled("pictures.wall", row({subject}, views_of(socket, *input.outputs.limb, true), {}, kNothing) +
                                     legend(scale, ticks, text("pictures.thin"), text("pictures.thick"), words));
}

}  // namespace fit::report
