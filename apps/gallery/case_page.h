#pragma once

#include <string>

#include "libfit/pipeline.h"
#include "libfit/progress.h"

namespace fit {

/// What the page of a case shows.
struct CasePage {
  const Design& design;
  const Outputs& outputs;
  const Findings& findings;
  bool printable = false;
  std::string case_id;
  std::string assets;  ///< the folder with the files of gallery_assets, as seen from the page; empty: they are in it
};

/// One HTML file to look at limb, positive and socket from all sides, cut open, with changes and walls in colour, the
/// findings, and girths before and after; pictures where the browser has no WebGL or the build had no three.js. It
/// needs no network. The same bytes for the same case. Throws Cancelled.
std::string case_page_html(const CasePage& page, const Progress& progress = {});

/// A small picture of the socket, or of the limb where there is none, as a PNG; empty when there is neither.
std::string thumbnail_png(const Outputs& outputs);

}  // namespace fit
