#include "scanners/detail/frame_rows_loops.h"

namespace fit {

const FrameRows frame_rows_avx2{inverse_row, fill_row, plane_row};

}  // namespace fit
