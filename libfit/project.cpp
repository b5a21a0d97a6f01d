#include "libfit/project.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "libfit/file.h"
#include "libfit/nearest_name.h"
#include "libfit/params_json.h"

namespace fit {

namespace {

using Json = nlohmann::ordered_json;

/// Brings a project one format further: the first takes format 1 to format 2.
using Upgrade = void (*)(Json&);
const std::vector<Upgrade> upgrades{};

[[noreturn]] void refuse(const std::string& sentence) { throw Error(ErrorKind::bad_input, sentence); }

Json parsed(std::string_view text) {
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::exception&) {
    refuse("The project file is not JSON, or it is cut short; take an earlier copy of it.");
  }
}

void refuse_unknown_keys(const Json& json, const std::string& path, const std::vector<std::string>& known) {
  for (const auto& [key, value] : json.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw Error(ErrorKind::bad_params,
                  fmt::format("The project file has an unknown key '{}{}'{}", path, key, did_you_mean(key, known)));
}

std::string text_at(const Json& json, const char* key, const char* path) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_string()) refuse(fmt::format("The project file has no text at '{}'.", path));
  return found->get<std::string>();
}

/// A project of a stranger must not read any file but its own scan.
void refuse_outside_folder(const std::string& scan_file) {
  const std::filesystem::path path(scan_file);
  bool outside = scan_file.empty() || path.is_absolute();
  for (const auto& step : path) outside = outside || step == "..";
  if (outside)
    refuse(fmt::format("The project's scan is '{}'; it must lie in the folder of the project file.", scan_file));
}

void upgrade(Json& json) {
  const auto format = json.find("format");
  if (format == json.end() || !format->is_number_integer())
    refuse("The file is not a project of Fit: it names no format.");
  const auto number = format->get<std::int64_t>();
  if (number < 1) refuse(fmt::format("The project file's format is {}, which no version of Fit has written.", number));
  if (number > project_format)
    refuse(fmt::format("The project file has format {} and this program reads up to {}; use a newer Fit.", number,
                       project_format));
  for (auto step = static_cast<std::size_t>(number) - 1; step < upgrades.size(); ++step) upgrades[step](json);
}

}  // namespace

std::string project_text(const Project& project) {
  Json json;
  json["format"] = project_format;
  json["made_by"] = project.made_by;
  json["scan"] = {{"file", project.scan_file}, {"sha256", project.scan_sha256}};
  json["design"] = to_json(project.design);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Project project_from_text(std::string_view text) {
  Json json = parsed(text);
  if (!json.is_object()) refuse("The file is not a project of Fit: it is no JSON object.");
  upgrade(json);
  refuse_unknown_keys(json, "", {"format", "made_by", "scan", "design"});
  Project project;
  if (json.contains("made_by")) project.made_by = text_at(json, "made_by", "made_by");
  const auto scan = json.find("scan");
  if (scan == json.end() || !scan->is_object()) refuse("The project file names no scan.");
  refuse_unknown_keys(*scan, "scan.", {"file", "sha256"});
  project.scan_file = text_at(*scan, "file", "scan.file");
  project.scan_sha256 = text_at(*scan, "sha256", "scan.sha256");
  refuse_outside_folder(project.scan_file);
  if (const auto design = json.find("design"); design != json.end()) from_json(*design, project.design, "design");
  return project;
}

Opened open_project(const std::filesystem::path& path) {
  Opened opened;
  opened.project = project_from_text(read_file(path));
  const auto scan = path.parent_path() / opened.project.scan_file;
  opened.scan_bytes = read_file(scan);
  const std::string hash = sha256(opened.scan_bytes);
  if (hash != opened.project.scan_sha256)
    refuse(fmt::format(
        "The scan {} is not the one this project was made of: its SHA-256 is {}..., the project says {}...; "
        "put the right file back, or start anew with `fit make`.",
        scan.string(), hash.substr(0, 12), opened.project.scan_sha256.substr(0, 12)));
  return opened;
}

}  // namespace fit
