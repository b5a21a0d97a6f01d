#pragma once

#include "libfit/landmarks.h"
#include "models/shapes/shape_model.h"

namespace fit {

/// Where a drawn transtibial limb's landmarks are: the skin over the places of its bones that a prosthetist feels for,
/// and the most distal skin along the limb's own axis (see libfit/limb.h). In the frame of the drawn shape.
/// Needs: a right limb whose bones are fibula, tibia, femur and patella, in that order. Throws Error::bad_input (fewer
/// bones; a place with no skin over it).
Landmarks landmarks_from_bones(const DrawnShape& drawn);

}  // namespace fit
