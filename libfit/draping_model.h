#pragma once

#include <optional>
#include <vector>

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

/// The bore for the mandrel: straight down from the base.
struct Mandrel {
  Eigen::Vector3d opening_mm;  ///< its middle in the base
  double depth_mm = 0.0;
};

struct DrapingModel {
  Solid solid;
  std::optional<Mandrel> mandrel;  ///< none: not asked for, no room, or no base
};

/// The positive as a solid to drape polypropylene over or to carve: its surface, a straight extension above its
/// opening, a flat base on top (it is printed base down) and a bore along z for the mandrel: on the limb's axis, which
/// is that of an .aop file too, or in the middle of the base where the bore can be deeper there.
///
/// Needs: the positive in the limb frame, oriented, open above at its proximal opening alone or closed.
/// Vertices lie on the positive to 0.01 mm; edges of base and bore are sharp to 0.05 mm.
/// Throws Error::bad_params, Error::bad_input (not oriented, an opening too many), Cancelled.
DrapingModel draping_model(const Mesh& positive, const DrapeParams& params = {}, const Progress& progress = {});

/// The round blank that a model is carved of, about its mandrel's axis, or the limb's where there is none.
struct CarvingStock {
  Eigen::Vector2d axis_mm;  ///< where its axis is, in the limb frame
  double diameter_mm = 0.0;
  double length_mm = 0.0;
};
CarvingStock carving_stock(const DrapingModel& model);

/// A draping model in pieces for a printer that is too low for it.
struct DrapingPieces {
  std::vector<Solid> pieces;  ///< in the limb frame, the most distal first
  std::optional<Solid> keys;  ///< round keys, standing: each joint takes one thick and one thin, half in either piece
};

/// The draping model cut across into pieces of equal height, none higher than `most_height_mm`. Faces that meet have
/// two holes of different width for keys, so that a piece goes on one way only; a draping model carries no person.
/// Without keys where a face is too small for them. Throws as `draping_model`.
DrapingPieces cut_draping_model(const Mesh& positive, double most_height_mm, const DrapeParams& params = {},
                                const Progress& progress = {});

}  // namespace fit
