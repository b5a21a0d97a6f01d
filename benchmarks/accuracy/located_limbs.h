#pragma once

#include <string>
#include <vector>

#include "libfit/landmarks.h"
#include "libfit/locate.h"
#include "models/shapes/shape_model.h"

namespace fit {

/// A right transtibial limb whose landmarks are known, upright.
struct KnownLimb {
  Mesh skin;
  Landmarks truth;
  bool own = false;  ///< made by Fit's generator
};

/// Of Fit's own generator, drawn over what a clinic sees.
KnownLimb known_generated(int seed);

/// Of Fit's own generator, drawn over all that it makes: very short and very long, bulbous, bent, scarred, folded.
KnownLimb known_anywhere(int seed);

/// Drawn from a shape model with bones; the truth is that of landmarks_from_bones(). Throws Error::bad_input where a
/// bone has no skin over it.
KnownLimb known_drawn(const ShapeModel& model, int seed, double spread = 0.8);

/// A proposed landmark beside where it truly is.
struct LandmarkError {
  Landmark landmark;
  double error_mm;
  double confidence;
};

/// What `locate` made of a limb whose landmarks are known, in a pose of its own.
struct LocatedLimb {
  std::string source;
  int seed = 0;
  Side side = Side::right;
  std::vector<LandmarkError> landmarks;
  double frame_confidence = 0.0;
  bool right_side_contradicted = false;  ///< told the side that it is
  bool wrong_side_contradicted = false;  ///< told the other one
  std::string refusal;
};

/// The same limbs, laid down anywhere, those of odd seeds as left limbs, and located.
LocatedLimb locate_generated(int seed);
LocatedLimb locate_drawn(const ShapeModel& model, int seed);

/// Per landmark and over all: median and 90th percentile of the error, the share over 10 mm, the share of those that
/// are flagged (confidence under kLowConfidence), the share flagged in all.
std::string summary(const std::string& title, const std::vector<LocatedLimb>& limbs);

std::string landmark_csv_header();
std::string landmark_csv_rows(const LocatedLimb& limb);

}  // namespace fit
