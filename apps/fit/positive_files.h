#pragma once

#include <string>
#include <utility>
#include <vector>

#include "libfit/pipeline.h"
#include "libfit/progress.h"

namespace fit::cli {

/// The positive as a workshop drapes or carves it.
struct PositiveFiles {
  std::vector<std::pair<std::string, Solid>> prints;  ///< by the name of the file, as they stand on the printer
  std::string aop;                                    ///< text of positive.aop; empty where radii cannot hold the shape
  Findings findings;
};

/// draping_model.stl, and when the printer is too low for it the same in pieces with keys; the positive as radii about
/// the limb's axis, and what they cannot hold; the blank that it is carved of. Prints are drawn larger by what the
/// material shrinks. Needs: limb, rectified and draping_model in `outputs`. Throws Cancelled.
PositiveFiles positive_files(const Design& design, const Outputs& outputs, const Progress& progress = {});

/// A part as it is drawn for the printer: larger by what the material, if one was chosen, shrinks.
Mesh for_the_bed(const Design& design, Mesh part);

}  // namespace fit::cli
