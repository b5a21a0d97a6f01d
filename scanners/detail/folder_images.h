#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace fit {

/// Image files of a folder (.png .jpg .jpeg .pgm .ppm) whose names begin with `prefix`, in the order of the first
/// number in their names. `number` is that number, as it is written.
struct NumberedImage {
  std::string number;
  std::filesystem::path path;
};
std::vector<NumberedImage> numbered_images(const std::filesystem::path& folder, const std::string& prefix = "");

}  // namespace fit
