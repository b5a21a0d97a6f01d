#pragma once

#include <cmath>
#include <cstdint>

/// Chance and angles that are the same on every machine: whole numbers, and + - * / sqrt, which IEEE 754 rounds
/// exactly. The C library's sin, cos, exp and log differ in their last bits between systems, so none of them is used
/// here.
namespace fit {

/// Random numbers by counter: the n-th draw of a stream depends on (seed, stream, n) alone, so that adding a draw to
/// one feature of a limb changes no other. The mixer is the finaliser of splitmix64 (Steele, Lea, Flood 2014), applied
/// twice.
class SeededDraws {
 public:
  SeededDraws(std::uint64_t seed, std::uint64_t stream) : key_(mixed(mixed(seed) + stream * 0x9E3779B97F4A7C15u)) {}

  std::uint64_t bits() { return mixed(key_ + ++count_ * 0x9E3779B97F4A7C15u); }

  /// From `lowest` up to, not including, `highest`.
  double uniform(double lowest, double highest) {
    return lowest + (highest - lowest) * (static_cast<double>(bits() >> 11) * 0x1p-53);
  }

  /// A whole number from 0 to `count` - 1.
  int below(int count) { return static_cast<int>(uniform(0.0, count)); }

  bool chance(double probability) { return uniform(0.0, 1.0) < probability; }

  /// Mean 0, standard deviation 1, never beyond 3.46: the sum of four uniform draws (Irwin-Hall), scaled.
  double bell() {
    double sum = 0.0;
    for (int i = 0; i < 4; ++i) sum += uniform(-0.5, 0.5);
    return sum * 1.7320508075688772;
  }

  static std::uint64_t mixed(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return x ^ (x >> 31);
  }

 private:
  std::uint64_t key_;
  std::uint64_t count_ = 0;
};

inline constexpr double kPi = 3.14159265358979323846;

struct SineCosine {
  double sine, cosine;
};

/// Sine and cosine within 1e-15 for angles up to 7 rad: Taylor series on -pi/4 .. pi/4.
inline SineCosine sine_cosine(double angle_rad) {
  const double quarter = std::floor(angle_rad * (2.0 / kPi) + 0.5);
  const double x = (angle_rad - quarter * 1.5707963267948966) - quarter * 6.123233995736766e-17;
  const double q = x * x;
  const double s =
      x *
      (1.0 -
       q / 6.0 *
           (1.0 - q / 20.0 *
                      (1.0 - q / 42.0 * (1.0 - q / 72.0 * (1.0 - q / 110.0 * (1.0 - q / 156.0 * (1.0 - q / 210.0)))))));
  const double c =
      1.0 -
      q / 2.0 *
          (1.0 -
           q / 12.0 *
               (1.0 -
                q / 30.0 *
                    (1.0 - q / 56.0 * (1.0 - q / 90.0 * (1.0 - q / 132.0 * (1.0 - q / 182.0 * (1.0 - q / 240.0)))))));
  switch (static_cast<int>(quarter - 4.0 * std::floor(quarter / 4.0))) {
    case 0:
      return {s, c};
    case 1:
      return {c, -s};
    case 2:
      return {-s, -c};
    default:
      return {-c, s};
  }
}

}  // namespace fit
