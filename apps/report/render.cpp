#include "apps/report/render.h"

#include <png.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <limits>

#include "libfit/error.h"
#include "libfit/parallel.h"

namespace fit {

namespace {

constexpr int kSamples = 3;  // a side of the pixel
constexpr int kMiddle = kSamples * kSamples / 2;
constexpr float kNothing = -std::numeric_limits<float>::infinity();

struct Axes {
  Eigen::Vector3d right, up, toward;
};

Axes axes_of(const View& view) {
  const Eigen::Vector3d right = view.up.cross(view.toward_viewer);
  if (!(right.norm() > 1e-9 * view.up.norm() * view.toward_viewer.norm()) || !(view.mm_per_px > 0.0))
    throw Error(ErrorKind::bad_params, "A view needs a direction, an 'up' that is not along it, and a scale.");
  Axes axes;
  axes.toward = view.toward_viewer.normalized();
  axes.right = right.normalized();
  axes.up = axes.toward.cross(axes.right);
  return axes;
}

/// A vertex in samples from the left and the top, its distance towards the viewer in mm, and how brightly its outer and
/// its inner side are lit.
struct DrawnVertex {
  double x, y;
  float depth, front, back;
};

/// Light from above left and a little from everywhere.
class Light {
 public:
  explicit Light(const Axes& axes)
      : key_((-0.45 * axes.right + 0.55 * axes.up + 0.8 * axes.toward).normalized()),
        fill_((0.8 * axes.right + 0.1 * axes.up + 0.5 * axes.toward).normalized()),
        toward_(axes.toward) {}

  float on(const Eigen::Vector3d& normal) const {
    const auto part = [&](const Eigen::Vector3d& from) { return std::max(0.0, normal.dot(from)); };
    return static_cast<float>(std::min(1.12, 0.36 + 0.50 * part(key_) + 0.16 * part(fill_) + 0.10 * part(toward_)));
  }

 private:
  Eigen::Vector3d key_, fill_, toward_;
};

struct Sample {
  float depth = kNothing;
  std::int32_t subject = -1;
  std::int32_t triangle = -1;
};

class Canvas {
 public:
  Canvas(const View& view, const Axes& axes)
      : view_(view),
        axes_(axes),
        width_(view.width_px * kSamples),
        height_(view.height_px * kSamples),
        nearest_(view.cut_mm ? static_cast<float>(*view.cut_mm) : std::numeric_limits<float>::infinity()),
        samples_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_)) {}

  DrawnVertex project(const Eigen::Vector3d& point) const {
    const Eigen::Vector3d p = point - view_.center_mm;
    const double scale = kSamples / view_.mm_per_px;
    return {0.5 * width_ + scale * p.dot(axes_.right), 0.5 * height_ - scale * p.dot(axes_.up),
            static_cast<float>(p.dot(axes_.toward)), 1.0f, 1.0f};
  }

  /// `closed`: of a closed surface, whose inner side is hidden.
  void add(std::int32_t subject, bool closed, std::int32_t triangle, const DrawnVertex& a, const DrawnVertex& b,
           const DrawnVertex& c) {
    const double twice_area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
    if (twice_area == 0.0 || !std::isfinite(twice_area) || (closed && twice_area > 0.0)) return;
    const int x0 = first(std::min({a.x, b.x, c.x})), x1 = last(std::max({a.x, b.x, c.x}), width_);
    const int y0 = first(std::min({a.y, b.y, c.y})), y1 = last(std::max({a.y, b.y, c.y}), height_);
    if (x0 >= x1 || y0 >= y1) return;
    const double s = 1.0 / twice_area;
    const double wb_right = (c.y - a.y) * s, wc_right = (a.y - b.y) * s;
    for (int y = y0; y < y1; ++y) {
      const double px = x0 + 0.5 - a.x, py = y + 0.5 - a.y;
      double wb = (px * (c.y - a.y) - py * (c.x - a.x)) * s;
      double wc = ((b.x - a.x) * py - (b.y - a.y) * px) * s;
      for (int x = x0; x < x1; ++x, wb += wb_right, wc += wc_right) {
        if (wb < 0.0 || wc < 0.0 || wb + wc > 1.0) continue;
        const float depth =
            a.depth + static_cast<float>(wb) * (b.depth - a.depth) + static_cast<float>(wc) * (c.depth - a.depth);
        Sample& sample =
            samples_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)];
        if (depth > sample.depth && depth <= nearest_) sample = {depth, subject, triangle};
      }
    }
  }

  const Sample& at(int x, int y) const {
    return samples_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x)];
  }

 private:
  // A sample lies in the middle of its square: from the first that is not left of v to before the first right of it.
  static int first(double v) { return static_cast<int>(std::clamp(std::ceil(v - 0.5), 0.0, 1e6)); }
  static int last(double v, int size) {
    return static_cast<int>(std::clamp(std::floor(v + 0.5), 0.0, static_cast<double>(size)));
  }

  const View& view_;
  const Axes& axes_;
  int width_, height_;
  float nearest_;
  std::vector<Sample> samples_;
};

void check(const std::vector<Subject>& subjects, const std::vector<View>& views) {
  for (const View& view : views)
    if (view.width_px < 1 || view.height_px < 1 || static_cast<double>(view.width_px) * view.height_px > 16e6)
      throw Error(ErrorKind::bad_params, "A picture must have between one and 16 million pixels.");
  for (const Subject& subject : subjects) {
    const std::size_t vertices = subject.mesh->vertices.size();
    if ((!subject.vertex_colors.empty() && subject.vertex_colors.size() != vertices) ||
        (!subject.hatched.empty() && subject.hatched.size() != subject.mesh->triangles.size()))
      throw Error(ErrorKind::bad_params, "A surface to draw must have one colour a vertex and one hatch a triangle.");
    for (const Eigen::Vector3i& t : subject.mesh->triangles)
      for (int i = 0; i < 3; ++i)
        if (t[i] < 0 || static_cast<std::size_t>(t[i]) >= vertices)
          throw Error(ErrorKind::bad_input, "A surface to draw names a vertex that it does not have.");
  }
}

using Normals = std::vector<Eigen::Vector3d>;

/// A subject with its vertices as one view sees them.
struct Drawn {
  const Subject& subject;
  std::vector<DrawnVertex> vertices;
};

Drawn drawn(const Subject& subject, const Normals& normals, const Canvas& canvas, const Light& light) {
  Drawn result{subject, {}};
  result.vertices.reserve(normals.size());
  for (std::size_t i = 0; i < normals.size(); ++i) {
    result.vertices.push_back(canvas.project(subject.mesh->vertices[i]));
    result.vertices.back().front = light.on(normals[i]);
    result.vertices.back().back = light.on(-normals[i]);
  }
  return result;
}

Rgb color_of(const Sample& sample, const Drawn& drawn, double x, double y) {
  const Subject& subject = drawn.subject;
  const Eigen::Vector3i& t = subject.mesh->triangles[static_cast<std::size_t>(sample.triangle)];
  const auto i = static_cast<std::size_t>(t[0]), j = static_cast<std::size_t>(t[1]), k = static_cast<std::size_t>(t[2]);
  const DrawnVertex &a = drawn.vertices[i], &b = drawn.vertices[j], &c = drawn.vertices[k];
  const double twice_area = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
  const double wb = ((x - a.x) * (c.y - a.y) - (y - a.y) * (c.x - a.x)) / twice_area;
  const double wc = ((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)) / twice_area;
  const double wa = 1.0 - wb - wc;
  // On the screen's axes, y down, a triangle that faces the viewer runs clockwise.
  const bool back = twice_area > 0.0;
  Rgb base = subject.color;
  if (!subject.vertex_colors.empty())
    base = wa * subject.vertex_colors[i] + wb * subject.vertex_colors[j] + wc * subject.vertex_colors[k];
  if (back) base = subject.back_color ? *subject.back_color : Rgb(0.72 * base);
  if (!subject.hatched.empty() && subject.hatched[static_cast<std::size_t>(sample.triangle)]) {
    const double stripe = (x + y) / (kSamples * 7.0);
    if (stripe - std::floor(stripe) < 0.38) base = Rgb(0.16, 0.16, 0.22);
  }
  return base * (back ? wa * a.back + wb * b.back + wc * c.back : wa * a.front + wb * b.front + wc * c.front);
}

/// Whether the middle sample of a pixel stands for all: they are of one surface without stripes, and hardly apart.
bool smooth_at(const Canvas& canvas, const std::vector<Drawn>& all, int x, int y, double mm_per_px) {
  const Sample& middle = canvas.at(x * kSamples + kSamples / 2, y * kSamples + kSamples / 2);
  if (middle.triangle < 0 || !all[static_cast<std::size_t>(middle.subject)].subject.hatched.empty()) return false;
  for (int k = 0; k < kSamples * kSamples; ++k) {
    const Sample& sample = canvas.at(x * kSamples + k % kSamples, y * kSamples + k / kSamples);
    // Also false for nothing, which is infinitely far.
    if (sample.subject != middle.subject || !(std::abs(sample.depth - middle.depth) < mm_per_px)) return false;
  }
  return true;
}

/// Depth of the middle sample of each pixel.
std::vector<float> pixel_depths(const Canvas& canvas, const View& view) {
  std::vector<float> depth;
  depth.reserve(static_cast<std::size_t>(view.width_px) * static_cast<std::size_t>(view.height_px));
  for (int y = 0; y < view.height_px; ++y)
    for (int x = 0; x < view.width_px; ++x)
      depth.push_back(canvas.at(x * kSamples + kSamples / 2, y * kSamples + kSamples / 2).depth);
  return depth;
}

/// How dark the surroundings make a pixel: neighbours in front of it shade it, and a step in depth draws a line.
double shade(const std::vector<float>& depth, const View& view, int x, int y) {
  const auto at = [&](int dx, int dy) {
    const int px = std::clamp(x + dx, 0, view.width_px - 1), py = std::clamp(y + dy, 0, view.height_px - 1);
    return depth[static_cast<std::size_t>(py) * static_cast<std::size_t>(view.width_px) + static_cast<std::size_t>(px)];
  };
  const float here = at(0, 0);
  const int reach = std::max(2, static_cast<int>(7.0 / view.mm_per_px));
  static constexpr int kAround[8][2] = {{2, 0}, {1, 1}, {0, 2}, {-1, 1}, {-2, 0}, {-1, -1}, {0, -2}, {1, -1}};
  double hidden = 0.0;
  for (const auto& d : kAround)
    for (int ring = 1; ring <= 2; ++ring) {
      const int dx = d[0] * reach * ring / 4, dy = d[1] * reach * ring / 4;
      const float a = at(dx, dy), b = at(-dx, -dy);
      if (a == kNothing || b == kNothing) continue;
      // A hollow: the mean of the two sides lies nearer to the viewer than here.
      const double rise = 0.5 * (static_cast<double>(a) + static_cast<double>(b)) - static_cast<double>(here);
      hidden += std::clamp(rise / (0.8 * ring), -0.35, 1.0);
    }
  double light = 1.0 - 0.22 * hidden / 16.0 * 2.0;
  // A line where the surface ends in front of something, not where it merely runs away steeply.
  const float step = static_cast<float>(std::max(2.5, 5.0 * view.mm_per_px));
  for (const auto& d : {std::pair{1, 0}, std::pair{-1, 0}, std::pair{0, 1}, std::pair{0, -1}})
    if (here - at(d.first, d.second) > step + 2.0f * std::max(0.0f, at(-d.first, -d.second) - here))
      light = std::min(light, 0.45);
  return std::clamp(light, 0.35, 1.1);
}

void draw(const std::vector<Mark>& marks, const Canvas& canvas, const View& view, Picture& picture) {
  for (const Mark& mark : marks) {
    const DrawnVertex p = canvas.project(mark.point_mm);
    const double cx = p.x / kSamples, cy = p.y / kSamples;
    for (int y = std::max(0, static_cast<int>(cy - mark.radius_px - 1));
         y < std::min(view.height_px, static_cast<int>(cy + mark.radius_px + 2)); ++y)
      for (int x = std::max(0, static_cast<int>(cx - mark.radius_px - 1));
           x < std::min(view.width_px, static_cast<int>(cx + mark.radius_px + 2)); ++x) {
        const double inside =
            mark.radius_px + 0.5 - std::sqrt((x + 0.5 - cx) * (x + 0.5 - cx) + (y + 0.5 - cy) * (y + 0.5 - cy));
        if (inside <= 0.0 || canvas.at(x * kSamples + 1, y * kSamples + 1).depth > p.depth + 3.0f) continue;
        std::uint8_t* pixel = &picture.rgb[3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(view.width_px) +
                                                static_cast<std::size_t>(x))];
        for (int k = 0; k < 3; ++k)
          pixel[k] = static_cast<std::uint8_t>(
              std::lround(pixel[k] + std::min(inside, 1.0) * (255.0 * mark.color[k] - pixel[k])));
      }
  }
}

void rasterise(const std::vector<Drawn>& all, bool cut, Canvas& canvas) {
  for (std::size_t s = 0; s < all.size(); ++s) {
    const auto corner = [&](int i) -> const DrawnVertex& { return all[s].vertices[static_cast<std::size_t>(i)]; };
    const std::vector<Eigen::Vector3i>& triangles = all[s].subject.mesh->triangles;
    const bool closed = all[s].subject.closed && !cut;
    for (std::size_t i = 0; i < triangles.size(); ++i)
      canvas.add(static_cast<std::int32_t>(s), closed, static_cast<std::int32_t>(i), corner(triangles[i][0]),
                 corner(triangles[i][1]), corner(triangles[i][2]));
  }
}

Picture picture_of(const std::vector<Subject>& subjects, const std::vector<Normals>& normals, const View& view,
                   const std::vector<Mark>& marks) {
  const Axes axes = axes_of(view);
  Canvas canvas(view, axes);
  std::vector<Drawn> all;
  for (std::size_t s = 0; s < subjects.size(); ++s) all.push_back(drawn(subjects[s], normals[s], canvas, Light(axes)));
  rasterise(all, view.cut_mm.has_value(), canvas);
  const std::vector<float> depth = pixel_depths(canvas, view);
  Picture picture{view.width_px, view.height_px, {}};
  picture.rgb.reserve(3 * depth.size());
  for (int y = 0; y < view.height_px; ++y)
    for (int x = 0; x < view.width_px; ++x) {
      Rgb sum = Rgb::Zero();
      int covered = 0;
      const bool smooth = smooth_at(canvas, all, x, y, view.mm_per_px);
      for (int k = 0; k < kSamples * kSamples; ++k) {
        const int sx = x * kSamples + k % kSamples, sy = y * kSamples + k / kSamples;
        const Sample& sample = canvas.at(sx, sy);
        if (sample.triangle < 0 || (smooth && k != kMiddle)) continue;
        sum += color_of(sample, all[static_cast<std::size_t>(sample.subject)], sx + 0.5, sy + 0.5);
        ++covered;
      }
      if (smooth) {
        covered = kSamples * kSamples;
        sum *= covered;
      }
      if (covered) sum *= shade(depth, view, x, y);
      const Rgb color = (sum + Rgb::Ones() * (kSamples * kSamples - covered)) / (kSamples * kSamples);
      for (int k = 0; k < 3; ++k)
        picture.rgb.push_back(static_cast<std::uint8_t>(std::lround(255.0 * std::clamp(color[k], 0.0, 1.0))));
    }
  draw(marks, canvas, view, picture);
  return picture;
}

}  // namespace

Eigen::Vector2d View::pixel(const Eigen::Vector3d& point_mm) const {
  const Axes axes = axes_of(*this);
  const Eigen::Vector3d p = point_mm - center_mm;
  return {0.5 * width_px + p.dot(axes.right) / mm_per_px, 0.5 * height_px - p.dot(axes.up) / mm_per_px};
}

View view_of(const Box& box, const Eigen::Vector3d& toward_viewer, const Eigen::Vector3d& up, int width_px,
             int height_px) {
  View view;
  view.toward_viewer = toward_viewer;
  view.up = up;
  view.center_mm = 0.5 * (box.lowest + box.highest);
  view.width_px = width_px;
  view.height_px = height_px;
  const Axes axes = axes_of(view);
  const double wide = axes.right.cwiseAbs().dot(box.size()), tall = axes.up.cwiseAbs().dot(box.size());
  view.mm_per_px = std::max({wide / (0.94 * width_px), tall / (0.94 * height_px), 1e-6});
  return view;
}

std::vector<Picture> render(const std::vector<Subject>& subjects, const std::vector<View>& views,
                            const std::vector<Mark>& marks) {
  check(subjects, views);
  std::vector<Normals> normals;
  for (const Subject& subject : subjects) normals.push_back(vertex_normals(*subject.mesh));
  std::vector<Picture> pictures(views.size());
  parallel_for(views.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) pictures[i] = picture_of(subjects, normals, views[i], marks);
  });
  return pictures;
}

std::string png(const Picture& picture) {
  std::string bytes;
  png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(writer);
  png_set_write_fn(
      writer, &bytes,
      [](png_structp w, png_bytep data, png_size_t size) {
        static_cast<std::string*>(png_get_io_ptr(w))->append(reinterpret_cast<const char*>(data), size);
      },
      nullptr);
  png_set_IHDR(writer, info, static_cast<png_uint_32>(picture.width_px), static_cast<png_uint_32>(picture.height_px), 8,
               PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level(writer, 4);
  png_set_filter(writer, 0, PNG_FILTER_SUB);
  png_write_info(writer, info);
  for (int y = 0; y < picture.height_px; ++y)
    png_write_row(writer,
                  picture.rgb.data() + 3 * static_cast<std::size_t>(y) * static_cast<std::size_t>(picture.width_px));
  png_write_end(writer, info);
  png_destroy_write_struct(&writer, &info);
  return bytes;
}

}  // namespace fit
