#include "libfit/detail/crossing_kernel.h"

namespace fit::detail {

bool doubtful_pairs_avx2(const CrossingTree& tree, CrossingSearch& search) { return doubtful_pairs_here(tree, search); }

}  // namespace fit::detail
