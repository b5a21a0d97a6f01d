#include "models/shapes/anatomy.h"

namespace fit {

Anatomy transfemoral_anatomy(const GenerateParams& params) { return transtibial_anatomy(params); }

}  // namespace fit
