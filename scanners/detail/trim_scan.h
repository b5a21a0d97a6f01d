#pragma once

#include "libfit/mesh.h"
#include "scanners/detail/subject.h"

namespace fit {

/// Takes away what is not the subject: skin of the planes that were in sight at first (table, floor, wall), and pieces
/// that hold little or nothing of what was the subject in the first view. `first` is that view, whose camera is the
/// mesh's frame. Vertices stay, unused ones too.
void keep_subject(Mesh& mesh, const ScanSubject& subject, const FrameSurface& first, double tolerance_mm);

/// Cuts a long thing that is open at an end square to its length, there where nearly all of its girth was seen: what
/// reaches further is ragged. `values`, one a vertex, are cut with it. Does nothing to what is open elsewhere alone.
void cut_open_end(Mesh& mesh, Values& values);

}  // namespace fit
