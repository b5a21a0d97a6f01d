#include "models/shapes/scan_defects.h"

namespace fit {

void scan(const GenerateParams&, GeneratedLimb& limb) { limb.scan = limb.limb.surface; }

}  // namespace fit
