#include "apps/fit/describe.h"

#include <fmt/format.h>

#include <algorithm>

namespace fit::cli {

namespace {

const char* word_for(Severity severity) {
  switch (severity) {
    case Severity::forbid:
      return "Forbids printing";
    case Severity::warn:
      return "Warning";
    case Severity::note:
      return "Note";
  }
  return "";
}

const char* key_for(Severity severity) {
  return severity == Severity::forbid ? "forbid" : severity == Severity::warn ? "warn" : "note";
}

}  // namespace

std::vector<std::string> lines_of(const Findings& findings) {
  Findings sorted = said_once(findings);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  std::vector<std::string> lines;
  for (const Finding& finding : sorted) {
    std::string line = fmt::format("{} [{}]: {}", word_for(finding.severity), finding.code, sentence(finding));
    if (const std::string what_to_do = remedy(finding); !what_to_do.empty()) line += " " + what_to_do;
    lines.push_back(std::move(line));
  }
  return lines;
}

nlohmann::ordered_json json_of(const Eigen::Vector3d& point) { return {point.x(), point.y(), point.z()}; }

nlohmann::ordered_json json_of(const Slice& slice) {
  return {{"height_mm", slice.height_mm}, {"girth_mm", slice.girth_mm},     {"perimeter_mm", slice.perimeter_mm},
          {"area_mm2", slice.area_mm2},   {"volume_mm3", slice.volume_mm3}, {"ap_mm", slice.ap_mm},
          {"ml_mm", slice.ml_mm}};
}

nlohmann::ordered_json json_of(const Eigen::Isometry3d& pose) {
  auto rows = nlohmann::ordered_json::array();
  for (int row = 0; row < 4; ++row) {
    const Eigen::RowVector4d numbers = pose.matrix().row(row);
    rows.push_back({numbers[0], numbers[1], numbers[2], numbers[3]});
  }
  return rows;
}

nlohmann::ordered_json json_of(const Findings& findings) {
  auto list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    auto values = nlohmann::ordered_json::object();
    for (const FindingValue& value : finding.values) {
      if (value.word.empty())
        values[value.name] = value.number;
      else
        values[value.name] = value.word;
    }
    nlohmann::ordered_json json{{"code", finding.code},
                                {"severity", key_for(finding.severity)},
                                {"sentence", sentence(finding)},
                                {"remedy", remedy(finding)},
                                {"values", values}};
    if (finding.place_mm) json["place_mm"] = json_of(*finding.place_mm);
    list.push_back(std::move(json));
  }
  return list;
}

std::string size_of(const Box& box) {
  const Eigen::Vector3d size = box.size();
  return fmt::format("{:.1f} x {:.1f} x {:.1f} mm", size.x(), size.y(), size.z());
}

}  // namespace fit::cli
