#include "libfit/detail/raised_text.h"

#include <gtest/gtest.h>

#include "libfit/error.h"

namespace fit::detail {
namespace {

using Eigen::Vector3d;

/// An L on a cylinder of radius 50 about z, read from one side.
RaisedText letter_l(const Vector3d& outward) { return RaisedText({"L"}, 12.0, {Vector3d::Zero(), outward, 50.0}); }

TEST(RaisedText, ReadsFromLeftToRightFromBehind) {
  const RaisedText text = letter_l(-Vector3d::UnitY());
  // Seen from behind, the person's left is on the left: the L's stem at -x, its foot at +x.
  EXPECT_EQ(text.at({-4.0, -50.0, 2.0}).value, RaisedText::kRaisedMm);
  EXPECT_EQ(text.at({4.0, -50.0, 2.0}).value, 0.0);
  EXPECT_EQ(text.at({3.0, -50.0, -6.0}).value, RaisedText::kRaisedMm);
}

TEST(RaisedText, ReadsFromLeftToRightFromTheFront) {
  const RaisedText text = letter_l(Vector3d::UnitY());
  EXPECT_EQ(text.at({4.0, 50.0, 2.0}).value, RaisedText::kRaisedMm);
  EXPECT_EQ(text.at({-4.0, 50.0, 2.0}).value, 0.0);
}

TEST(RaisedText, HasSidesAsSteepAsTheGradientTells) {
  const RaisedText text = letter_l(-Vector3d::UnitY());
  for (double x = -7.0; x < 7.0; x += 0.37)
    for (double z = -8.0; z < 8.0; z += 0.41) {
      const Vector3d point(x, -49.5, z);
      const Jet here = text.at(point);
      if (here.value <= 0.02 || here.value >= 0.78) continue;
      for (int axis = 0; axis < 3; ++axis) {
        const Vector3d step = 1e-6 * Vector3d::Unit(axis);
        EXPECT_NEAR(here.gradient[axis], (text.at(point + step).value - text.at(point - step).value) / 2e-6, 1e-3);
      }
    }
}

TEST(StrokeFont, DrawsEveryLetterWithinItsBox) {
  for (const char letter : std::string("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-./")) {
    const std::vector<Stroke> drawn = strokes(std::string(1, letter));
    EXPECT_FALSE(drawn.empty()) << letter;
    for (const Stroke& stroke : drawn)
      for (const Eigen::Vector2d& end : {stroke.from, stroke.to}) {
        EXPECT_GE(end.minCoeff(), 0.0);
        EXPECT_LE(end.x(), 4.0);
        EXPECT_LE(end.y(), kLetterHeight);
      }
  }
}

TEST(StrokeFont, RefusesWhatItHasNoLetterFor) { EXPECT_THROW(strokes("A_B"), Error); }

}  // namespace
}  // namespace fit::detail
