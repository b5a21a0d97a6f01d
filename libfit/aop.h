#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libfit/finding.h"
#include "libfit/landmarks.h"
#include "libfit/mesh.h"
#include "libfit/params.h"

namespace fit {

struct AopLandmark {
  struct Point {
    double radius_mm = 0.0;
    double angle_deg = 0.0;
    double height_mm = 0.0;
    bool operator==(const Point&) const = default;
  };
  std::string name;  ///< four letters at most: "MPT"
  std::vector<Point> points;

  bool operator==(const AopLandmark&) const = default;
};

/// What a shape file of the American Academy of Orthotists and Prosthetists holds (.aop, version AAOP1): the radii of a
/// limb or positive about an axis, in its own numbers.
struct Aop {
  std::vector<std::string> comments;
  std::optional<Side> side;  ///< none: NONE
  std::vector<AopLandmark> landmarks;
  std::vector<double> angles_deg;  ///< of the spokes, ascending within one turn
  std::vector<double> heights_mm;  ///< of the slices, ascending: distal first
  std::vector<double> radii_mm;    ///< slice by slice, one a spoke
  std::vector<double> scalars;     ///< a second number that a radius may have: empty, or one a radius

  bool operator==(const Aop&) const = default;
};

/// What the file does not say: where its angles begin and which way they run. The default is that of common carvers.
struct AopGrid {
  double aop_anterior_deg = 0.0;
  bool aop_clockwise = true;

  bool operator==(const AopGrid&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"aop_anterior_deg", &AopGrid::aop_anterior_deg, -360.0, 360.0,
               "The angle in an .aop file that is anterior."},
        Switch{"aop_clockwise", &AopGrid::aop_clockwise, "Angles of an .aop file run clockwise, seen from proximal."},
    };
  }
};

/// Reads the text of a file; lines end in LF, CR or both. Allocates in proportion to the text, whatever it promises.
/// Throws Error::bad_input with a clause ("its line 12 has ..."): another format, cut off, a count or number that is
/// not one, a negative radius, spokes that do not go round once, slices out of order.
Aop parse_aop(std::string_view text);

/// The text that `parse_aop` reads back, with radii to 0.001 mm.
std::string aop_text(const Aop& aop);

struct AopSurface {
  Mesh surface;
  Landmarks landmarks;  ///< those whose name Fit knows, put on the surface at their angle and height
  Findings findings;
};

/// The surface of a file: z up its axis, y anterior, x the patient's right; closed by a flat cap at its distal end and
/// open at its proximal one. Slices without a shape (all radii zero) at either end are left out; single zero radii are
/// filled from the spokes beside them; a landmark whose radius is more than 5 mm off the surface is kept on it: each is
/// said in a finding. Throws Error::bad_input with a clause where less than three slices hold a shape.
AopSurface aop_surface(const Aop& aop, const AopGrid& grid = {});

struct AopSampling {
  int aop_spokes = 72;
  double aop_slice_mm = 3.0;

  bool operator==(const AopSampling&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Whole{"aop_spokes", &AopSampling::aop_spokes, 12, 720, "Radii of a slice in an .aop file."},
        Number{"aop_slice_mm", &AopSampling::aop_slice_mm, 0.25, 20.0, "From slice to slice in an .aop file."},
    };
  }
};

struct AopSampled {
  Aop aop;
  Findings findings;  ///< what a polar grid cannot hold: undercuts, detail between the spokes
};

/// The radii of a surface about the z axis, y being anterior: the outermost where it is met more than once. Slices run
/// from just above its lowest place to the last that is whole all round.
/// Throws Error::bad_input: no surface; the axis leaves it (a bent limb), so that no polar grid can hold it.
AopSampled sample_aop(const Mesh& surface, std::optional<Side> side, const Landmarks& landmarks = {},
                      const AopSampling& sampling = {}, const AopGrid& grid = {});

/// Throws Error::io.
void write_aop(const std::filesystem::path& path, const Aop& aop);

}  // namespace fit
