#include "libfit/detail/orientation.h"

#include <Eigen/Geometry>
#include <array>
#include <cmath>

namespace fit::detail {

namespace {

constexpr double kEpsilon = 1.0 / (1LL << 53);
constexpr double kBound2d = (3.0 + 16.0 * kEpsilon) * kEpsilon;
constexpr double kBound3d = (7.0 + 56.0 * kEpsilon) * kEpsilon;

/// A number as the exact sum of doubles that do not overlap, smallest first, none of them zero.
struct Expansion {
  static constexpr int kMost = 192;  // what orient3d needs at most
  std::array<double, kMost> part;
  int count = 0;

  void append(double value) {
    if (value != 0.0) part[count++] = value;
  }
  int sign() const { return count == 0 ? 0 : part[count - 1] > 0.0 ? 1 : -1; }
};

struct Two {
  double high, low;
};

Two two_sum(double a, double b) {
  const double sum = a + b;
  const double from_b = sum - a;
  return {sum, (a - (sum - from_b)) + (b - from_b)};
}

Two halves(double a) {
  const double big = 134217729.0 * a;  // 2^27 + 1
  const double high = big - (big - a);
  return {high, a - high};
}

Two two_product(double a, double b) {
  const double product = a * b;
  const Two p = halves(a), q = halves(b);
  return {product, p.low * q.low - (((product - p.high * q.high) - p.low * q.high) - p.high * q.low)};
}

Expansion difference(double a, double b) {
  const Two sum = two_sum(a, -b);
  Expansion result;
  result.append(sum.low);
  result.append(sum.high);
  return result;
}

/// Shewchuk's fast expansion sum (1997, figure 8), zeros left out.
Expansion sum(const Expansion& a, const Expansion& b, double sign_of_b = 1.0) {
  Expansion result;
  int i = 0, k = 0;
  const auto next = [&] {
    const bool from_a = k == b.count || (i < a.count && std::abs(a.part[i]) < std::abs(b.part[k]));
    return from_a ? a.part[i++] : sign_of_b * b.part[k++];
  };
  if (a.count + b.count == 0) return result;
  double high = next();
  while (i < a.count || k < b.count) {
    const Two total = two_sum(high, next());
    result.append(total.low);
    high = total.high;
  }
  result.append(high);
  return result;
}

/// Shewchuk's scale expansion (1997, figure 13), zeros left out.
Expansion scaled(const Expansion& a, double factor) {
  Expansion result;
  double high = 0.0;
  for (int i = 0; i < a.count; ++i) {
    const Two product = two_product(a.part[i], factor);
    const Two low = two_sum(high, product.low);
    result.append(low.low);
    const Two total = two_sum(product.high, low.high);
    result.append(total.low);
    high = total.high;
  }
  result.append(high);
  return result;
}

Expansion product(const Expansion& a, const Expansion& b) {
  if (b.count == 0) return {};
  Expansion result = scaled(a, b.part[0]);
  for (int i = 1; i < b.count; ++i) result = sum(result, scaled(a, b.part[i]));
  return result;
}

/// ux vy - uy vx.
Expansion minor(const Expansion& ux, const Expansion& uy, const Expansion& vx, const Expansion& vy) {
  return sum(product(ux, vy), product(uy, vx), -1.0);
}

int exact_orient2d(const Eigen::Vector2d& a, const Eigen::Vector2d& b, const Eigen::Vector2d& c) {
  return minor(difference(a.x(), c.x()), difference(a.y(), c.y()), difference(b.x(), c.x()), difference(b.y(), c.y()))
      .sign();
}

int exact_orient3d(const Eigen::Vector3d& a, const Eigen::Vector3d& b, const Eigen::Vector3d& c,
                   const Eigen::Vector3d& d) {
  const auto along = [&](const Eigen::Vector3d& point, int axis) { return difference(point[axis], a[axis]); };
  const Expansion bx = along(b, 0), by = along(b, 1), bz = along(b, 2);
  const Expansion cx = along(c, 0), cy = along(c, 1), cz = along(c, 2);
  const Expansion x = product(minor(by, bz, cy, cz), along(d, 0));
  const Expansion y = product(minor(bz, bx, cz, cx), along(d, 1));
  const Expansion z = product(minor(bx, by, cx, cy), along(d, 2));
  return sum(sum(x, y), z).sign();
}

}  // namespace

int orient2d(const Eigen::Vector2d& a, const Eigen::Vector2d& b, const Eigen::Vector2d& c) {
  const double left = (a.x() - c.x()) * (b.y() - c.y());
  const double right = (a.y() - c.y()) * (b.x() - c.x());
  const double determinant = left - right;
  const double bound = kBound2d * (std::abs(left) + std::abs(right));
  if (determinant > bound) return 1;
  if (determinant < -bound) return -1;
  // Without a product there is nothing that was rounded: points on a line along an axis are the common case.
  if (bound == 0.0) return 0;
  return exact_orient2d(a, b, c);
}

int orient3d(const Eigen::Vector3d& a, const Eigen::Vector3d& b, const Eigen::Vector3d& c, const Eigen::Vector3d& d) {
  const Eigen::Vector3d u = b - a, v = c - a, w = d - a;
  const double yz = u.y() * v.z(), zy = u.z() * v.y();
  const double zx = u.z() * v.x(), xz = u.x() * v.z();
  const double xy = u.x() * v.y(), yx = u.y() * v.x();
  const double determinant = w.x() * (yz - zy) + w.y() * (zx - xz) + w.z() * (xy - yx);
  const double bound =
      kBound3d * (std::abs(w.x()) * (std::abs(yz) + std::abs(zy)) + std::abs(w.y()) * (std::abs(zx) + std::abs(xz)) +
                  std::abs(w.z()) * (std::abs(xy) + std::abs(yx)));
  if (determinant > bound) return 1;
  if (determinant < -bound) return -1;
  if (bound == 0.0) return 0;
  return exact_orient3d(a, b, c, d);
}

}  // namespace fit::detail
