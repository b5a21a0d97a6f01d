#pragma once

#include <Eigen/Core>
#include <string_view>
#include <vector>

namespace fit::detail {

/// A straight piece of a pen's way.
struct Stroke {
  Eigen::Vector2d from, to;
};

/// The height of a capital letter, and from one letter's left side to the next one's, in the font's units.
constexpr double kLetterHeight = 6.0;
constexpr double kLetterAdvance = 6.0;

/// A line of text as strokes in the font's units: the first letter's lower left corner at the origin, x to the reader's
/// right. Capital letters, digits, space and - . / ; small letters are written as capitals.
/// Throws Error::bad_params for any other character.
std::vector<Stroke> strokes(std::string_view text);

}  // namespace fit::detail
