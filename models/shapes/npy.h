#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
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

/// The bytes of a .npy file (version 1) of numbers row by row. Needs: as many as the shape says.
std::string npy_of(const std::vector<std::size_t>& shape, const std::vector<double>& values);
std::string npy_of(const std::vector<std::size_t>& shape, const std::vector<std::int32_t>& values);

}  // namespace fit
