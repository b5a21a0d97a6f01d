#pragma once

#include <Eigen/Geometry>
#include <string>
#include <vector>

#include "apps/fit/command.h"
#include "libfit/finding.h"
#include "libfit/measure.h"
#include "libfit/mesh.h"

/// Results in words and as JSON.
namespace fit::cli {

/// "Warning: the wall ... (what to do)", a line a finding, the gravest first.
std::vector<std::string> lines_of(const Findings& findings);

/// code, severity, sentence, remedy, values and place of each.
nlohmann::ordered_json json_of(const Findings& findings);

nlohmann::ordered_json json_of(const Eigen::Vector3d& point);
nlohmann::ordered_json json_of(const Slice& slice);
/// Four rows of four numbers.
nlohmann::ordered_json json_of(const Eigen::Isometry3d& pose);

/// "115.2 x 127.4 x 260.0 mm".
std::string size_of(const Box& box);

}  // namespace fit::cli
