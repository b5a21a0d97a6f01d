#include "libfit/detail/closest_point_kernel.h"

namespace fit::detail {

bool search_portable(const SearchTree& tree, Search& search) { return search_here(tree, search); }

}  // namespace fit::detail
