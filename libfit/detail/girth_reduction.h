#pragma once

#include <functional>
#include <vector>

#include "libfit/mesh.h"
#include "libfit/progress.h"

namespace fit::detail {

/// Where the girth asked for was missed by more than 0.2 %.
struct GirthMissed {
  double height_mm;
  double asked_percent;
  double reached_percent;
};

/// Shrinks (or widens) every section of `surface` towards its middle, at its own height, until its girth as a tape
/// reads it is down by `percent_at(height_mm)`; `free[i]` says how far vertex i goes along: 1 wholly, 0 not at all.
/// What stays makes the rest of its section take more, up to three times what was asked and 1 % of the girth. Heights
/// do not change, and where all are free this is a smooth map of space that folds nothing. Needs: closed below
/// `top_mm`. Returns the heights at which the girth was missed.
std::vector<GirthMissed> reduce_girths(Mesh& surface, double top_mm, const std::function<double(double)>& percent_at,
                                       const Values& free, const Progress& progress = {});

}  // namespace fit::detail
