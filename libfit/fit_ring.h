#pragma once

#include <optional>
#include <vector>

#include "libfit/progress.h"
#include "libfit/solid.h"

namespace fit {

/// What a tape and a calliper read on a socket that stands on its block, at one height.
struct SocketSection {
  double height_mm = 0.0;         ///< above what it stands on
  double outside_girth_mm = 0.0;  ///< a tape round the outside, over hollows
  double inside_girth_mm = 0.0;   ///< the same of the cavity; 0 where there is none that is closed all round
};

/// Sections every `spacing_mm` from the lowest place up to the highest. Needs: z up, a closed mesh.
/// Throws Error::bad_params (a spacing that is not positive).
std::vector<SocketSection> socket_sections(const Mesh& standing, double spacing_mm);

/// The part between two heights, closed by flat faces. Throws Error::bad_params (low not below high), Error::bad_input
/// (nothing of the part is there), Error::no_solution (the part crosses itself in one of the faces).
Solid slab(const Solid& part, double low_mm, double high_mm);

/// Pieces of a socket to print in minutes and try on before all of it is printed in hours.
struct FitRings {
  Solid top;                                  ///< the highest part that goes all the way round
  Solid middle;                               ///< half way from there down to the end of the cavity
  double top_from_mm = 0.0, top_to_mm = 0.0;  ///< heights in the socket
  double middle_from_mm = 0.0, middle_to_mm = 0.0;
};

/// Two rings of a socket that stands on its block, moved down to z = 0.
/// Throws Error::bad_params (height), Error::bad_input (no cavity that goes all the way round, or one that is less than
/// three rings deep), Error::no_solution (as `slab`), Cancelled.
FitRings fit_rings(const Solid& standing, double ring_mm = 20.0, const Progress& progress = {});

}  // namespace fit
