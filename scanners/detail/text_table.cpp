#include "scanners/detail/text_table.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "libfit/error.h"
#include "libfit/file.h"
#include "scanners/detail/byte_file.h"

namespace fit {

std::vector<std::vector<std::string>> read_table(const std::filesystem::path& path) {
  const ByteFile file(path);
  if (file.size() > 64'000'000) throw Error(ErrorKind::bad_input, fmt::format("{} is too large.", path.string()));
  const std::string text = file.read(0, file.size());
  std::vector<std::vector<std::string>> rows;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view(text).substr(at, end - at);
    at = end + 1;
    std::vector<std::string> row;
    std::string word;
    for (const char c : line.substr(0, line.find('#'))) {
      const bool gap = c == ' ' || c == '\t' || c == '\r' || c == ',';
      if (!gap) word += c;
      if (gap && !word.empty()) row.push_back(std::exchange(word, {}));
    }
    if (!word.empty()) row.push_back(word);
    if (!row.empty()) rows.push_back(std::move(row));
  }
  return rows;
}

std::optional<std::vector<double>> numbers(const std::vector<std::string>& row, std::size_t first) {
  std::vector<double> values;
  for (std::size_t i = first; i < row.size(); ++i) {
    double value = 0;
    const char* end = row[i].data() + row[i].size();
    const auto [stop, error] = std::from_chars(row[i].data(), end, value);
    if (error != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
    values.push_back(value);
  }
  return values;
}

std::optional<Eigen::Isometry3d> pose_from(const double* translation_m, const double* quaternion) {
  const Eigen::Quaterniond turn(quaternion[3], quaternion[0], quaternion[1], quaternion[2]);
  if (!(std::abs(turn.norm() - 1.0) < 0.05)) return std::nullopt;
  Eigen::Isometry3d pose = Eigen::Isometry3d::Identity();
  pose.linear() = turn.normalized().toRotationMatrix();
  pose.translation() = 1000.0 * Eigen::Vector3d(translation_m[0], translation_m[1], translation_m[2]);
  if (!pose.matrix().allFinite()) return std::nullopt;
  return pose;
}

Eigen::Isometry3d from_y_up(const Eigen::Isometry3d& world_from_camera) {
  Eigen::Isometry3d turned = world_from_camera;
  turned.linear().col(1) = -world_from_camera.linear().col(1);
  turned.linear().col(2) = -world_from_camera.linear().col(2);
  return turned;
}

std::optional<Intrinsics> read_open3d_intrinsics(const std::filesystem::path& path) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return std::nullopt;
  try {
    const auto json = nlohmann::json::parse(read_file(path));
    const auto& matrix = json.at("intrinsic_matrix");
    const Intrinsics k{json.at("width").get<int>(), json.at("height").get<int>(), matrix.at(0).get<double>(),
                       matrix.at(4).get<double>(),  matrix.at(6).get<double>(),   matrix.at(7).get<double>()};
    if (k.width > 0 && k.height > 0 && k.fx_px > 0 && k.fy_px > 0) return k;
  } catch (const nlohmann::json::exception&) {
  }
  throw Error(
      ErrorKind::bad_input,
      fmt::format("{} does not hold a camera's width, height and intrinsic_matrix; write it again.", path.string()));
}

}  // namespace fit
