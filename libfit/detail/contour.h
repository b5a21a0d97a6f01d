#pragma once

#include "libfit/detail/solid_field.h"
#include "libfit/mesh.h"
#include "libfit/progress.h"

namespace fit::detail {

/// The surface of a field as triangles of about `spacing_mm`.
Mesh contour(const SolidField& field, const Box& box, double spacing_mm, const Progress& progress = {});

}  // namespace fit::detail
