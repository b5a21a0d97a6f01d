#pragma once

#include "libfit/mesh.h"
#include "scanners/detail/field_grid.h"

namespace fit {

/// The zero of a field as triangles, welded, one vertex a cell that it passes through (surface nets, Gibson 1998, each
/// vertex then moved along the field's slope onto its zero). Open where the field was never seen.
struct FieldSurface {
  Mesh mesh;
  Values weight;  ///< one a vertex: of the field there
};

/// Nodes with less than `least_weight` count as never seen.
FieldSurface surface_of(const FieldGrid& field, double least_weight);

/// The median weight of the nodes next to the zero.
double typical_weight(const FieldGrid& field);

}  // namespace fit
