#pragma once

#include "libfit/mesh.h"
#include "libfit/params.h"
#include "libfit/progress.h"
#include "libfit/solid.h"

namespace fit {

/// How the positive becomes a model to drape. The mandrel's sizes are unverified starting values: measure the
/// workshop's.
struct DrapeParams {
  double extension_mm = 30.0;
  double mandrel_diameter_mm = 25.0;
  double mandrel_depth_mm = 120.0;
  double drape_resolution_mm = 1.0;

  bool operator==(const DrapeParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"extension_mm", &DrapeParams::extension_mm, 0.0, 150.0,
               "How far the model goes on straight above the positive's opening."},
        Number{"mandrel_diameter_mm", &DrapeParams::mandrel_diameter_mm, 0.0, 80.0,
               "Bore for the mandrel; 0 for none."},
        Number{"mandrel_depth_mm", &DrapeParams::mandrel_depth_mm, 1.0, 400.0,
               "Depth of the bore, less where the positive would be left thinner than 10 mm."},
        Number{"drape_resolution_mm", &DrapeParams::drape_resolution_mm, 0.4, 3.0,
               "Size of the triangles of the draping model."},
    };
  }
};

/// The positive as a solid to drape polypropylene over or to carve: its surface, a straight extension above its
/// opening, a flat base on top (it is printed base down) and a bore along z for the mandrel in the middle of the base.
///
/// Needs: the positive in the limb frame, oriented, open above at its proximal opening alone or closed.
/// Vertices lie on the positive to 0.01 mm; edges of base and bore are sharp to 0.05 mm.
/// Throws Error::bad_params, Error::bad_input (not oriented, an opening too many), Cancelled.
Solid draping_model(const Mesh& positive, const DrapeParams& params = {}, const Progress& progress = {});

}  // namespace fit
