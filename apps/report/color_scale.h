#pragma once

#include <string>
#include <vector>

#include "apps/report/render.h"
#include "libfit/mesh.h"

namespace fit {

/// Turns numbers into colours that people with any colour vision can order, and that stay ordered in a grey print.
class ColorScale {
 public:
  /// Blue through white at zero to orange, from -`range` to +`range` (anchors of ColorBrewer's PuOr and RdBu).
  static ColorScale diverging(double range);
  /// Dark blue to yellow (anchors of cividis: Nunez, Anderton, Renslow 2018).
  static ColorScale sequential(double lowest, double highest);

  /// Grey for a value that is not a number; the end's colour beyond an end.
  Rgb color(double value) const;
  std::vector<Rgb> colors(const Values& values) const;
  double lowest() const { return lowest_; }
  double highest() const { return highest_; }

 private:
  ColorScale(double lowest, double highest, std::vector<Rgb> anchors)
      : lowest_(lowest), highest_(highest), anchors_(std::move(anchors)) {}

  double lowest_, highest_;
  std::vector<Rgb> anchors_;  ///< evenly spaced
};

/// The smallest of 1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8 times a power of ten that is not below `value`: a range that a
/// legend can show.
double round_range(double value);

/// "#1a2b3c".
std::string hex(const Rgb& color);

}  // namespace fit
