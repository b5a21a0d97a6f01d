#pragma once

namespace fit::cli {

/// What the program says, with exit code 5, when it may not have as much memory as it needs.
inline constexpr const char* not_enough_memory =
    "There is not enough memory for this; close other programs, or use a coarser scan.";

}  // namespace fit::cli
