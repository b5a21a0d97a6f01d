// export_known_limbs OUT.bin OWN [MODEL.npz DRAWN]: limbs whose landmarks are known, for train_knee.py: OWN of Fit's
// generator and DRAWN of a shape model. All are right limbs. A limb is two int32 (vertices, triangles), doubles
// (vertices x 3), int32 (triangles x 3) and doubles (11 landmarks x 3, in the order of Landmark; mm), little-endian.

#include <cstdlib>
#include <iostream>
#include <string>

#include "benchmarks/accuracy/located_limbs.h"
#include "libfit/error.h"
#include "libfit/file.h"

namespace {

void append(const fit::KnownLimb& limb, std::string& bytes) {
  const auto put = [&](const auto* values, std::size_t count) {
    bytes.append(reinterpret_cast<const char*>(values), count * sizeof *values);
  };
  const int sizes[2] = {static_cast<int>(limb.skin.vertices.size()), static_cast<int>(limb.skin.triangles.size())};
  put(sizes, 2);
  for (const Eigen::Vector3d& vertex : limb.skin.vertices) put(vertex.data(), 3);
  for (const Eigen::Vector3i& triangle : limb.skin.triangles) put(triangle.data(), 3);
  for (int i = 0; i <= static_cast<int>(fit::Landmark::distal_end); ++i)
    put(limb.truth.at(static_cast<fit::Landmark>(i)).point_mm.data(), 3);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 && argc != 5) {
    std::cerr << "usage: export_known_limbs OUT.bin OWN [MODEL.npz DRAWN]\n";
    return 2;
  }
  try {
    std::string bytes;
    // Seeds that locate_landmarks does not measure on.
    for (int i = 0; i < std::atoi(argv[2]); ++i) append(fit::known_generated(1000 + i), bytes);
    if (argc == 5) {
      const fit::ShapeModel model = fit::read_shape_model(argv[3]);
      int skipped = 0;
      for (int i = 0; i < std::atoi(argv[4]); ++i) try {
          append(fit::known_drawn(model, 40000 + i), bytes);
        } catch (const fit::Error&) {
          ++skipped;  // a shape at the edge of the model, without skin over a bone
        }
      std::cout << skipped << " draws without all landmarks were left out\n";
    }
    fit::write_file(argv[1], bytes);
  } catch (const fit::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
