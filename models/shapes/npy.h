#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace fit {

/// The numbers of a .npy file, row by row.
struct NpyArray {
  std::vector<std::size_t> shape;
  std::vector<double> values;
};

/// Reads the bytes of a .npy file (versions 1 to 3; little-endian real and whole numbers; C order; at most 3
/// dimensions). Throws Error::bad_input.
NpyArray read_npy(std::string_view bytes);

}  // namespace fit
