#include "models/shapes/tube_mesh.h"

#include <algorithm>
#include <cmath>

#include "libfit/parallel.h"

namespace fit {

namespace {

using Eigen::Vector3d;

constexpr int kAngles = 192;
constexpr int kEndRows = 40;

struct Frame {
  Vector3d origin, front, up;  // the third axis is x
};

Frame frame_at(const Centerline& line, double along) {
  const double bent = std::clamp(along, line.bend_from_mm, line.bend_to_mm) - line.bend_from_mm;
  const double radius = line.bend_rad > 0.0 ? (line.bend_to_mm - line.bend_from_mm) / line.bend_rad : 0.0;
  if (radius == 0.0) return {line.distal + Vector3d(0, 0, along), Vector3d(0, 1, 0), Vector3d(0, 0, 1)};
  const auto [s, c] = sine_cosine(bent / radius);
  const Vector3d up(0, -s, c), front(0, c, s);
  Vector3d origin = line.distal + Vector3d(0, 0, std::min(along, line.bend_from_mm));
  origin += radius * Vector3d(0, c - 1.0, s) + std::max(along - line.bend_to_mm, 0.0) * up;
  return {origin, front, up};
}

/// Catmull-Rom.
double cubic(double a, double b, double c, double d, double t) {
  return b + 0.5 * t * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)));
}

/// Where the rays towards the inside of the bend must start: they would meet behind its middle.
double start_of(const Centerline& line, double along) {
  if (line.bend_rad <= 0.0 || along <= line.bend_from_mm || along >= line.bend_to_mm) return 220.0;
  return std::min(220.0, 0.95 * (line.bend_to_mm - line.bend_from_mm) / line.bend_rad);
}

/// One ring of vertices: `count` of them, the first at `first_turn`.
struct Ring {
  double along_mm;
  int count;
  double first_turn;
  int first_vertex = 0;
};

/// The mean outline from pole to rim, by its length.
class Meridian {
 public:
  Meridian(const Centerline& line, const std::function<double(double)>& mean_radius) {
    const auto add = [&](double along, double out, double height) {
      const double step =
          along_.empty()
              ? 0.0
              : std::sqrt((out - out_.back()) * (out - out_.back()) + (height - height_) * (height - height_));
      length_.push_back(along_.empty() ? 0.0 : length_.back() + step);
      along_.push_back(along);
      out_.push_back(out);
      height_ = height;
    };
    for (int i = 0; i <= 64; ++i) add_end(mean_radius, -1.0 + i / 64.0, 0.0, -1.0, add);
    const int steps = std::max(8, static_cast<int>(line.top_mm));
    for (int i = 1; i <= steps; ++i)
      add(line.top_mm * i / steps, mean_radius(line.top_mm * i / steps), line.top_mm * i / steps);
    if (line.closed_above)
      for (int i = 1; i <= 64; ++i) add_end(mean_radius, line.top_mm + i / 64.0, line.top_mm, 1.0, add);
  }

  double length() const { return length_.back(); }
  double along(double length) const { return value(along_, length); }
  double out(double length) const { return value(out_, length); }
  double length_at(double along) const {
    const auto i = static_cast<std::size_t>(std::lower_bound(along_.begin(), along_.end(), along) - along_.begin());
    return length_[std::min(i, length_.size() - 1)];
  }

 private:
  template <class Add>
  static void add_end(const std::function<double(double)>& mean_radius, double along, double edge, double sign,
                      const Add& add) {
    const auto [s, c] = sine_cosine((1.0 - std::abs(along - edge)) * 0.5 * kPi);
    const double r = mean_radius(along);
    add(along, r * s, edge + sign * r * c);
  }
  double value(const std::vector<double>& of, double length) const {
    const auto i =
        std::clamp<std::ptrdiff_t>(std::upper_bound(length_.begin(), length_.end(), length) - length_.begin(), 1,
                                   static_cast<std::ptrdiff_t>(length_.size()) - 1);
    const auto j = static_cast<std::size_t>(i);
    const double span = length_[j] - length_[j - 1];
    const double t = span > 0.0 ? std::clamp((length - length_[j - 1]) / span, 0.0, 1.0) : 0.0;
    return of[j - 1] + t * (of[j] - of[j - 1]);
  }

  std::vector<double> along_, out_, length_;
  double height_ = 0.0;
};

/// Rings of a mesh whose belt has 6 n vertices.
std::vector<Ring> rings_of(const Centerline& line, const Meridian& meridian, int n) {
  const double low = meridian.length_at(-0.4),
               high = line.closed_above ? meridian.length_at(line.top_mm + 0.4) : meridian.length();
  std::vector<Ring> rings;
  for (int k = 0; k < n; ++k) rings.push_back({meridian.along(low * k / n), std::max(6 * k, 1), 0.0});
  // Rows of the belt: 0.866 of the spacing around apart, so that triangles are equilateral.
  const int fine = 2048;
  std::vector<double> rows(fine + 1, 0.0);
  for (int i = 0; i < fine; ++i) {
    const double out = meridian.out(low + (high - low) * (i + 0.5) / fine);
    rows[static_cast<std::size_t>(i) + 1] =
        rows[static_cast<std::size_t>(i)] + (high - low) / fine * 6.0 * n / (2.0 * kPi * out * 0.8660254037844386);
  }
  const int count = std::max(1, static_cast<int>(rows.back() + 0.5));
  for (int i = 0, at = 0; i <= count; ++i) {
    const double wanted = rows.back() * i / count;
    while (at + 1 < fine && rows[static_cast<std::size_t>(at) + 1] < wanted) ++at;
    const double a = rows[static_cast<std::size_t>(at)], b = rows[static_cast<std::size_t>(at) + 1];
    const double length = low + (high - low) * (at + (wanted - a) / (b - a)) / fine;
    rings.push_back({i == count ? (line.closed_above ? meridian.along(high) : line.top_mm) : meridian.along(length),
                     6 * n, (i % 2) * 0.5 / (6.0 * n)});
  }
  if (line.closed_above)
    for (int k = n - 1; k >= 0; --k)
      rings.push_back({meridian.along(meridian.length() - (meridian.length() - high) * k / n), std::max(6 * k, 1),
                       rings.back().first_turn});
  int vertices = 0;
  for (Ring& ring : rings) {
    ring.first_vertex = vertices;
    vertices += ring.count;
  }
  return rings;
}

/// Triangles between a six-sided ring of 6 k vertices and the next one outside it.
void join_disc(const Ring& inner, const Ring& outer, int k, bool above, std::vector<Eigen::Vector3i>& triangles) {
  const auto in = [&](int i) { return inner.first_vertex + i % inner.count; };
  const auto out = [&](int i) { return outer.first_vertex + i % outer.count; };
  const auto add = [&](int a, int b, int c) {
    triangles.push_back(above ? Eigen::Vector3i(a, c, b) : Eigen::Vector3i(a, b, c));
  };
  for (int sector = 0; sector < 6; ++sector)
    for (int t = 0; t <= k; ++t) {
      add(out(sector * (k + 1) + t + 1), out(sector * (k + 1) + t), in(sector * k + t));
      if (t < k) add(in(sector * k + t), in(sector * k + t + 1), out(sector * (k + 1) + t + 1));
    }
}

void join_belt(const Ring& low, const Ring& high, std::vector<Eigen::Vector3i>& triangles) {
  const bool high_is_ahead = high.first_turn > low.first_turn;
  for (int j = 0; j < low.count; ++j) {
    const int next = (j + 1) % low.count;
    const int l0 = low.first_vertex + j, l1 = low.first_vertex + next, u0 = high.first_vertex + j,
              u1 = high.first_vertex + next;
    if (high_is_ahead) {
      triangles.insert(triangles.end(), {{l0, l1, u0}, {l1, u1, u0}});
    } else {
      triangles.insert(triangles.end(), {{l0, u1, u0}, {l0, l1, u1}});
    }
  }
}

int triangle_count(const std::vector<Ring>& rings) {
  int count = 0;
  for (std::size_t i = 0; i + 1 < rings.size(); ++i) {
    const int a = rings[i].count, b = rings[i + 1].count;
    count += a == 1 || b == 1 ? 6 : a + b;
  }
  return count;
}

}  // namespace

SkinRay skin_ray(const Centerline& line, double along_mm, double turn) {
  const auto [ts, tc] = sine_cosine(2.0 * kPi * turn);
  const bool below = along_mm < 0.0, above = line.closed_above && along_mm > line.top_mm;
  const double edge = below ? 0.0 : above ? line.top_mm : along_mm;
  const Frame f = frame_at(line, edge);
  Vector3d direction = tc * Vector3d(1, 0, 0) + ts * f.front;
  if (below || above) {
    const auto [s, c] = sine_cosine((1.0 - std::abs(along_mm - edge)) * 0.5 * kPi);
    direction = s * direction + (below ? -c : c) * f.up;
  } else if (line.top_lateral_mm != 0.0) {
    return {frame_at(line, along_mm * (1.0 + tc * line.top_lateral_mm / line.top_mm)).origin, direction};
  }
  return {f.origin, direction};
}

double outermost_mm(const Body& body, const SkinRay& ray, double start_mm) {
  const auto value = [&](double r) { return body.distance_mm(ray.origin + r * ray.direction); };
  double outside = start_mm, inside = start_mm, at_outside = value(start_mm), at_inside = at_outside;
  while (at_inside > 0.0) {
    outside = inside;
    at_outside = at_inside;
    inside -= std::max(0.85 * at_inside, 0.5);
    if (inside <= 0.0) return 0.0;
    at_inside = value(inside);
  }
  // Regula falsi, halving the side that stays (Illinois).
  for (int i = 0; i < 60 && outside - inside > 1e-9; ++i) {
    const double r = at_outside > at_inside ? inside - at_inside * (outside - inside) / (at_outside - at_inside)
                                            : 0.5 * (inside + outside);
    const double v = value(r);
    if (std::abs(v) < 1e-9) return r;
    if (v > 0.0) {
      outside = r;
      at_outside = v;
      at_inside *= 0.5;
    } else {
      inside = r;
      at_inside = v;
      at_outside *= 0.5;
    }
  }
  return 0.5 * (inside + outside);
}

RadiusGrid::RadiusGrid(const Body& body, const Centerline& line, const Progress& progress) {
  // Equal steps on both sides of the edge of the rounded end keep the rows smooth across it.
  const double edge = outermost_mm(body, skin_ray(line, 0.0, 0.0), 220.0);
  row_mm_ = std::max(0.5, 0.5 * kPi / kEndRows * edge);
  rows_ = kEndRows + static_cast<int>(line.top_mm / row_mm_) + 3;
  radius_mm_.resize(static_cast<std::size_t>(rows_) * kAngles);
  const std::size_t at_once = 16;
  for (std::size_t from = 0; from < static_cast<std::size_t>(rows_); from += at_once) {
    progress(static_cast<double>(from) / rows_);
    parallel_for(std::min(at_once, static_cast<std::size_t>(rows_) - from), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t row = from + begin; row < from + end; ++row) {
        const int r = static_cast<int>(row);
        const double along = r < kEndRows ? -1.0 + static_cast<double>(r) / kEndRows : (r - kEndRows) * row_mm_;
        const double furthest = start_of(line, along);
        double start = furthest;
        for (int k = 0; k < kAngles; ++k) {
          const SkinRay ray = skin_ray(line, along, static_cast<double>(k) / kAngles);
          // The neighbour tells where to start, unless that is not well outside.
          if (body.distance_mm(ray.origin + start * ray.direction) < 4.0) start = furthest;
          const double radius = outermost_mm(body, ray, start);
          radius_mm_[row * kAngles + static_cast<std::size_t>(k)] = radius;
          start = std::min(radius + 12.0, furthest);
        }
      }
    });
  }
}

double RadiusGrid::row_of(double along_mm) const {
  return along_mm < 0.0 ? (along_mm + 1.0) * kEndRows : kEndRows + along_mm / row_mm_;
}

double RadiusGrid::radius(int row, int column) const {
  if (row < 0) {
    row = -row;
    column += kAngles / 2;
  }
  row = std::min(row, rows_ - 1);
  column = ((column % kAngles) + kAngles) % kAngles;
  return radius_mm_[static_cast<std::size_t>(row) * kAngles + static_cast<std::size_t>(column)];
}

double RadiusGrid::at(double along_mm, double turn) const {
  const double row = row_of(along_mm), column = turn * kAngles;
  const int r = static_cast<int>(std::floor(row)), c = static_cast<int>(std::floor(column));
  double across[4];
  for (int i = 0; i < 4; ++i)
    across[i] = cubic(radius(r + i - 1, c - 1), radius(r + i - 1, c), radius(r + i - 1, c + 1),
                      radius(r + i - 1, c + 2), column - c);
  return cubic(across[0], across[1], across[2], across[3], row - r);
}

double RadiusGrid::mean(double along_mm) const {
  double sum = 0.0;
  for (int k = 0; k < 24; ++k) sum += at(along_mm, k / 24.0);
  return sum / 24.0;
}

Mesh tube_mesh(const Centerline& line, int triangles, const std::function<double(double)>& mean_radius_mm,
               const std::function<Vector3d(double, double)>& place) {
  const Meridian meridian(line, mean_radius_mm);
  int n = 3;
  while (n < 2000 && triangle_count(rings_of(line, meridian, n)) < triangles) ++n;
  const std::vector<Ring> rings = rings_of(line, meridian, n);

  Mesh mesh;
  mesh.triangles.reserve(static_cast<std::size_t>(triangle_count(rings)));
  for (std::size_t i = 0; i + 1 < rings.size(); ++i) {
    const int at = static_cast<int>(i), last = static_cast<int>(rings.size()) - 1;
    if (at < n) {
      join_disc(rings[i], rings[i + 1], at, false, mesh.triangles);
    } else if (line.closed_above && at >= last - n) {
      join_disc(rings[i + 1], rings[i], last - at - 1, true, mesh.triangles);
    } else {
      join_belt(rings[i], rings[i + 1], mesh.triangles);
    }
  }
  mesh.vertices.resize(static_cast<std::size_t>(rings.back().first_vertex + rings.back().count));
  parallel_for(rings.size(), 8, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      for (int j = 0; j < rings[i].count; ++j)
        mesh.vertices[static_cast<std::size_t>(rings[i].first_vertex + j)] =
            place(rings[i].along_mm, rings[i].first_turn + static_cast<double>(j) / rings[i].count);
  });
  return mesh;
}

}  // namespace fit
