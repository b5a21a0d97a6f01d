#pragma once

#include <Eigen/Dense>
#include <cmath>

namespace fit {

using Matrix6d = Eigen::Matrix<double, 6, 6>;
using Vector6d = Eigen::Matrix<double, 6, 1>;

/// The rigid motion exp(step), step = (translation, rotation vector), about `pivot_mm`: the point p goes to
/// pivot + rotation (p - pivot) + translation.
inline Eigen::Isometry3d motion_of(const Vector6d& step, const Eigen::Vector3d& pivot_mm) {
  const double angle = step.tail<3>().norm();
  Eigen::Isometry3d motion = Eigen::Isometry3d::Identity();
  if (angle > 1e-12) motion.linear() = Eigen::AngleAxisd(angle, step.tail<3>() / angle).toRotationMatrix();
  motion.translation() = pivot_mm + step.head<3>() - motion.linear() * pivot_mm;
  return motion;
}

/// A pose whose rotation was multiplied up many times, made a rotation again.
inline Eigen::Isometry3d orthonormal(Eigen::Isometry3d pose) {
  pose.linear() = Eigen::Quaterniond(pose.linear()).normalized().toRotationMatrix();
  return pose;
}

/// Sums of a weighted least-squares problem in the six numbers of a motion: a x = b.
struct PoseEquations {
  Matrix6d a = Matrix6d::Zero();
  Vector6d b = Vector6d::Zero();
  double weight = 0.0;   ///< sum of the weights
  double squares = 0.0;  ///< sum of weight x residual^2
  int used = 0;
  int asked = 0;

  /// A residual that grows by `slope` . (movement of `arm` + pivot) is to become 0. The lower half of `a` is left to
  /// `complete`.
  void add(double residual, const Eigen::Vector3d& slope, const Eigen::Vector3d& arm, double w) {
    const Eigen::Vector3d turn = arm.cross(slope);
    const double j[6] = {slope.x(), slope.y(), slope.z(), turn.x(), turn.y(), turn.z()};
    for (int column = 0; column < 6; ++column) {
      const double weighted = w * j[column];
      for (int row = 0; row <= column; ++row) a(row, column) += weighted * j[row];
      b[column] -= weighted * residual;
    }
    weight += w;
    squares += w * residual * residual;
    ++used;
  }
  void complete() { a.triangularView<Eigen::StrictlyLower>() = a.transpose(); }
  /// The same, of equations that were added in a camera that stands in the world as `turn` says.
  void complete(const Eigen::Matrix3d& turn) {
    complete();
    for (int row = 0; row < 6; row += 3) {
      for (int column = 0; column < 6; column += 3)
        a.block<3, 3>(row, column) = turn * a.block<3, 3>(row, column).eval() * turn.transpose();
      b.segment<3>(row) = turn * b.segment<3>(row).eval();
    }
  }
  void add(const PoseEquations& other, double share) {
    a += share * other.a;
    b += share * other.b;
  }
  double rms() const { return weight > 0 ? std::sqrt(squares / weight) : 0.0; }
};

/// Tukey's weight of a residual: 1 at 0, 0 from `limit` on.
inline double tukey(double residual, double limit) {
  const double share = residual / limit;
  const double rest = 1.0 - share * share;
  return rest > 0 ? rest * rest : 0.0;
}

}  // namespace fit
