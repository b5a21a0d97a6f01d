#include "scanners/detail/noise_field.h"

#include <cmath>

namespace fit {

float bell(std::mt19937_64& random) {
  const std::uint64_t bits = random();
  const std::uint64_t sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
  return (static_cast<float>(sum) / 65536.0f - 2.0f) * 1.7320508f;
}

NoiseField::NoiseField(int width, int height, double fine_px, double coarse_px, double fine_share)
    : width_(width), height_(height), fine_px_(fine_px), coarse_px_(coarse_px), fine_share_(fine_share) {}

void NoiseField::add(std::mt19937_64& random, double length_px, double weight, std::vector<float>& field) {
  const auto pixels = static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_);
  white_.resize(pixels);
  for (float& value : white_) value = bell(random);
  const int reach = static_cast<int>(std::ceil(3.5 * length_px));
  std::vector<float> kernel;
  double squares = 0;
  for (int i = -reach; i <= reach; ++i) {
    kernel.push_back(length_px > 0 ? static_cast<float>(std::exp(-i * i / (2 * length_px * length_px))) : 1.0f);
    squares += static_cast<double>(kernel.back()) * kernel.back();
  }
  rows_.assign(pixels, 0.0f);
  const auto scale = static_cast<float>(std::sqrt(weight) / squares);
  for (int y = 0; y < height_; ++y)
    for (int k = -reach; k <= reach; ++k) {
      const float w = kernel[static_cast<std::size_t>(k + reach)];
      const float* from = white_.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width_);
      float* to = rows_.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width_);
      for (int x = 0; x < width_; ++x) to[x] += w * from[(x + k + width_) % width_];
    }
  for (int y = 0; y < height_; ++y)
    for (int k = -reach; k <= reach; ++k) {
      const float w = scale * kernel[static_cast<std::size_t>(k + reach)];
      const int row = (y + k + height_) % height_;
      const float* from = rows_.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(width_);
      float* to = field.data() + static_cast<std::size_t>(y) * static_cast<std::size_t>(width_);
      for (int x = 0; x < width_; ++x) to[x] += w * from[x];
    }
}

void NoiseField::draw(std::mt19937_64& random, std::vector<float>& field) {
  field.assign(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_), 0.0f);
  if (fine_share_ > 0) add(random, fine_px_, fine_share_, field);
  if (fine_share_ < 1) add(random, coarse_px_, 1.0 - fine_share_, field);
}

}  // namespace fit
