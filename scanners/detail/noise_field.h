#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace fit {

/// Noise over an image: mean 0, standard deviation 1, where pixels a distance d apart agree by
/// (1 - fine_share) exp(-d^2 / (4 coarse^2)) + fine_share exp(-d^2 / (4 fine^2)). The image is closed like a torus.
class NoiseField {
 public:
  NoiseField(int width, int height, double fine_px, double coarse_px, double fine_share);
  void draw(std::mt19937_64& random, std::vector<float>& field);

 private:
  void add(std::mt19937_64& random, double length_px, double weight, std::vector<float>& field);
  int width_, height_;
  double fine_px_, coarse_px_, fine_share_;
  std::vector<float> white_, rows_;
};

/// A draw of mean 0 and standard deviation 1, the same on every machine: the sum of four uniform ones.
float bell(std::mt19937_64& random);

}  // namespace fit
