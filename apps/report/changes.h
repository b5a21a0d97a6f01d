#pragma once

#include <string>
#include <vector>

#include "libfit/pipeline.h"

namespace fit {

/// The biggest changes from limb to positive, in words without bare signs, the biggest first; at most `count`.
/// Needs: `outputs.rectified` and `outputs.limb`.
std::vector<std::string> biggest_changes(const Outputs& outputs, std::size_t count);

/// How the girth of the positive differs from that of the limb over liner and socks, in percent; negative: smaller.
double girth_change_percent(const Slice& limb, const Slice& positive, double allowance_mm);

/// "near the fibular head", or the height and the side where no landmark is near. Needs: a point in the limb frame.
std::string place_in_words(const Limb& limb, const Eigen::Vector3d& point_mm);

/// "anterior", "medial" ...: the side of the limb on which a point lies.
std::string direction_in_words(const Limb& limb, const Eigen::Vector3d& point_mm);

}  // namespace fit
