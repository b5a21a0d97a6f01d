#include "libfit/detail/orientation.h"

#include <array>
#include <cmath>
#include <limits>

namespace fit::detail {

namespace {

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

constexpr int kUnsure = 2;

/// The sign of a determinant when it is beyond the bound of its error; without a product there is nothing that was
/// rounded: points in a plane along two axes are the common case.
template <class Real>
int sign_beyond(Real determinant, Real bound) {
  if (determinant > bound) return 1;
  if (determinant < -bound) return -1;
  return bound == 0 ? 0 : kUnsure;
}

template <class Real>
int filtered_orient2d(const Eigen::Vector2d& a, const Eigen::Vector2d& b, const Eigen::Vector2d& c) {
  constexpr Real epsilon = std::numeric_limits<Real>::epsilon() / 2;
  constexpr Real bound = (3 + 16 * epsilon) * epsilon;
  const Real left = (Real(a.x()) - c.x()) * (Real(b.y()) - c.y());
  const Real right = (Real(a.y()) - c.y()) * (Real(b.x()) - c.x());
  return sign_beyond(left - right, bound * (std::abs(left) + std::abs(right)));
}

template <class Real>
int filtered_orient3d(const Eigen::Vector3d& a, const Eigen::Vector3d& b, const Eigen::Vector3d& c,
                      const Eigen::Vector3d& d) {
  constexpr Real epsilon = std::numeric_limits<Real>::epsilon() / 2;
  constexpr Real bound = (7 + 56 * epsilon) * epsilon;
  const Real ux = Real(b.x()) - a.x(), uy = Real(b.y()) - a.y(), uz = Real(b.z()) - a.z();
  const Real vx = Real(c.x()) - a.x(), vy = Real(c.y()) - a.y(), vz = Real(c.z()) - a.z();
  const Real wx = Real(d.x()) - a.x(), wy = Real(d.y()) - a.y(), wz = Real(d.z()) - a.z();
  const Real yz = uy * vz, zy = uz * vy, zx = uz * vx, xz = ux * vz, xy = ux * vy, yx = uy * vx;
  return sign_beyond(
      wx * (yz - zy) + wy * (zx - xz) + wz * (xy - yx),
      bound * (std::abs(wx) * (std::abs(yz) + std::abs(zy)) + std::abs(wy) * (std::abs(zx) + std::abs(xz)) +
               std::abs(wz) * (std::abs(xy) + std::abs(yx))));
}

}  // namespace

// Flat faces askew have points the last bits off their plane: the 64 bits of an x86 long double tell nearly all of them
// in a twentieth of the time of an expansion.

int orient2d(const Eigen::Vector2d& a, const Eigen::Vector2d& b, const Eigen::Vector2d& c) {
  int sign = filtered_orient2d<double>(a, b, c);
  if (sign == kUnsure) sign = filtered_orient2d<long double>(a, b, c);
  return sign == kUnsure ? exact_orient2d(a, b, c) : sign;
}

int orient3d(const Eigen::Vector3d& a, const Eigen::Vector3d& b, const Eigen::Vector3d& c, const Eigen::Vector3d& d) {
  int sign = filtered_orient3d<double>(a, b, c, d);
  if (sign == kUnsure) sign = filtered_orient3d<long double>(a, b, c, d);
  return sign == kUnsure ? exact_orient3d(a, b, c, d) : sign;
}

}  // namespace fit::detail
