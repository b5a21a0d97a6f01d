#include "libfit/landmarks.h"

namespace fit {

Landmarks moved(const Eigen::Isometry3d& to_from, Landmarks landmarks) {
  for (auto& [name, place] : landmarks) place.point_mm = to_from * place.point_mm;
  return landmarks;
}

}  // namespace fit
