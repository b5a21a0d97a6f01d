#include "scanners/detail/folder_images.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace fit {

namespace {

bool is_image(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const std::array known{".png", ".jpg", ".jpeg", ".pgm", ".ppm"};
  return std::find(known.begin(), known.end(), ending) != known.end();
}

}  // namespace

std::vector<NumberedImage> numbered_images(const std::filesystem::path& folder, const std::string& prefix) {
  std::vector<NumberedImage> images;
  std::error_code error;
  for (auto entry = std::filesystem::directory_iterator(folder, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().stem().string();
    if (!name.starts_with(prefix) || !is_image(entry->path())) continue;
    const std::size_t first = name.find_first_of("0123456789", prefix.size());
    if (first == std::string::npos) continue;
    const std::size_t end = std::min(name.find_first_not_of("0123456789", first), name.size());
    images.push_back({name.substr(first, end - first), entry->path()});
  }
  // A longer number without its leading zeros is a larger one.
  const auto digits = [](const std::string& number) {
    const std::size_t first = number.find_first_not_of('0');
    return first == std::string::npos ? std::string() : number.substr(first);
  };
  std::sort(images.begin(), images.end(), [&](const NumberedImage& a, const NumberedImage& b) {
    const std::string x = digits(a.number);
    const std::string y = digits(b.number);
    if (x.size() != y.size()) return x.size() < y.size();
    return x != y ? x < y : a.path < b.path;
  });
  return images;
}

}  // namespace fit
