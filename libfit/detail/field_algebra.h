#pragma once

#include <Eigen/Core>
#include <cmath>

namespace fit::detail {

/// A number with its gradient in space, carried through the same formulas as a plain double.
struct Jet {
  double value = 0.0;
  Eigen::Vector3d gradient = Eigen::Vector3d::Zero();

  Jet() = default;
  Jet(double constant) : value(constant) {}  // a constant is a jet without a slope
  Jet(double v, const Eigen::Vector3d& g) : value(v), gradient(g) {}
};

inline Jet operator-(const Jet& a) { return {-a.value, -a.gradient}; }
inline Jet operator+(const Jet& a, const Jet& b) { return {a.value + b.value, a.gradient + b.gradient}; }
inline Jet operator-(const Jet& a, const Jet& b) { return {a.value - b.value, a.gradient - b.gradient}; }
inline Jet operator*(const Jet& a, const Jet& b) {
  return {a.value * b.value, a.value * b.gradient + b.value * a.gradient};
}

inline double value_of(double a) { return a; }
inline double value_of(const Jet& a) { return a.value; }

inline double hypotenuse(double a, double b) { return std::sqrt(a * a + b * b); }
inline Jet hypotenuse(const Jet& a, const Jet& b) {
  const double length = hypotenuse(a.value, b.value);
  if (length == 0.0) return {0.0, a.gradient};
  return {length, (a.value * a.gradient + b.value * b.gradient) / length};
}

template <class T>
T smaller(const T& a, const T& b) {
  return value_of(b) < value_of(a) ? b : a;
}

template <class T>
T larger(const T& a, const T& b) {
  return value_of(a) < value_of(b) ? b : a;
}

/// Where both are inside, the edge in which their surfaces meet rounded with a radius: an exact arc where they meet at
/// a right angle. Does not fall when a or b grows, so bounds of a and b give bounds of it.
template <class T>
T rounded_intersection(const T& a, const T& b, double radius) {
  if (value_of(a) <= -radius || value_of(b) <= -radius) return larger(a, b);
  return hypotenuse(a + T(radius), b + T(radius)) - T(radius);
}

/// Where either is inside, the corner between them filled with a fillet of a radius. Does not fall when a or b grows.
template <class T>
T filleted_union(const T& a, const T& b, double radius) {
  return -rounded_intersection<T>(-a, -b, radius);
}

/// 0 below 0, 1 above 1, and between them a cubic that leaves both ends level; its slope is at most 1.5.
template <class T>
T smooth_step(const T& x) {
  if (value_of(x) <= 0.0) return T(0.0);
  if (value_of(x) >= 1.0) return T(1.0);
  return x * x * (T(3.0) - T(2.0) * x);
}

/// A quantity bounded over a ball.
struct Interval {
  double low, high;
};

}  // namespace fit::detail
