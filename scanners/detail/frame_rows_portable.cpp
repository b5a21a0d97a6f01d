#include "scanners/detail/frame_rows_loops.h"

namespace fit {

const FrameRows frame_rows_portable{inverse_row, fill_row, plane_row};

}  // namespace fit
