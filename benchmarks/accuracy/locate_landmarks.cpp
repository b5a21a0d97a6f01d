// locate_landmarks OUT.csv [MODEL.npz]: how far off the proposed landmarks are, a line a landmark: on 200 limbs of
// Fit's own generator, and apart from those on 200 drawn from a shape model whose bones tell the truth. The limbs lie
// anywhere, left and right in turn. The last columns say whether the side would be contradicted when it is told rightly
// and when it is told wrongly.

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <string>

#include "benchmarks/accuracy/located_limbs.h"
#include "libfit/error.h"
#include "libfit/file.h"

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) {
    std::cerr << "usage: locate_landmarks OUT.csv [MODEL.npz]\n";
    return 2;
  }
  try {
    constexpr int kLimbs = 200;
    std::vector<fit::LocatedLimb> own;
    std::vector<fit::LocatedLimb> drawn;
    for (int seed = 1; seed <= kLimbs; ++seed) own.push_back(fit::locate_generated(seed));
    std::cout << fit::summary("Fit's own limbs", own);
    if (argc == 3) {
      const fit::ShapeModel model = fit::read_shape_model(argv[2]);
      // Seeds that knee_weights.cpp and the confidences were not fitted to.
      for (int seed = 1; seed <= kLimbs; ++seed) drawn.push_back(fit::locate_drawn(model, 20000 + seed));
      std::cout << fit::summary("limbs drawn from " + model.model_name, drawn);
    }
    std::string table = fit::landmark_csv_header();
    for (const auto* limbs : {&own, &drawn})
      for (const fit::LocatedLimb& limb : *limbs) table += fit::landmark_csv_rows(limb);
    fit::write_file(argv[1], table);
  } catch (const fit::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
