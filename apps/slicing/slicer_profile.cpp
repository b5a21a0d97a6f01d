#include "apps/slicing/slicer_profile.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "libfit/error.h"
#include "libfit/file.h"
#include "libfit/nearest_name.h"

namespace fit {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

/// Names between semicolons.
std::vector<std::string> names_in(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const auto end = std::min(list.find(';'), list.size());
    if (const auto name = trimmed(list.substr(0, end)); !name.empty()) names.emplace_back(name);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return names;
}

/// Settings that tie a profile to the slicer's own lists of profiles; they mean nothing in a flat file.
const std::set<std::string> ties{"inherits",
                                 "compatible_printers_condition",
                                 "compatible_prints_condition",
                                 "compatible_printers",
                                 "compatible_prints",
                                 "renamed_from",
                                 "renamed_From",
                                 "alias"};

struct Source {
  std::string file;
  VendorBundle bundle;
};

std::vector<Source> sources_in(const std::filesystem::path& folder) {
  std::error_code problem;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, problem))
    if (entry.path().extension() == ".ini") files.push_back(entry.path());
  if (problem || files.empty())
    throw Error(
        ErrorKind::io,
        fmt::format("The slicer's vendor profiles are not in {}; install the package prusa-slicer.", folder.string()));
  std::sort(files.begin(), files.end());
  std::vector<Source> sources;
  for (const auto& file : files) sources.push_back({file.filename().string(), VendorBundle(read_file(file))});
  return sources;
}

}  // namespace

VendorBundle::VendorBundle(std::string_view text) {
  SlicerSettings* section = nullptr;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with('[') && line.ends_with(']'))
      section = &sections_[std::string(line.substr(1, line.size() - 2))];
    else if (const auto equals = line.find('=');
             section && equals != line.npos && !line.starts_with('#') && !line.starts_with(';'))
      (*section)[std::string(trimmed(line.substr(0, equals)))] = trimmed(line.substr(equals + 1));
  }
}

SlicerSettings VendorBundle::flattened(const std::string& section) const { return flattened(section, 0); }

SlicerSettings VendorBundle::flattened(const std::string& section, int depth) const {
  constexpr int deepest = 64;
  const auto found = sections_.find(section);
  if (found == sections_.end())
    throw Error(ErrorKind::bad_input, fmt::format("The slicer's bundle has no profile '{}'.", section));
  if (depth > deepest)
    throw Error(ErrorKind::bad_input, fmt::format("The slicer's profile '{}' inherits itself.", section));
  const std::string kind = section.substr(0, section.find(':') + 1);
  SlicerSettings settings;
  if (const auto inherits = found->second.find("inherits"); inherits != found->second.end())
    for (const std::string& name : names_in(inherits->second))
      for (auto& [key, value] : flattened(kind + name, depth + 1)) settings[key] = value;
  for (const auto& [key, value] : found->second)
    if (!ties.contains(key)) settings[key] = value;
  return settings;
}

SlicerSettings slicer_settings(const std::filesystem::path& bundles, const std::string& printer,
                               const std::string& print, const std::string& filament) {
  const std::vector<Source> sources = sources_in(bundles);
  const auto having = [&](const std::string& section) {
    return std::find_if(sources.begin(), sources.end(),
                        [&](const Source& source) { return source.bundle.has(section); });
  };
  const auto home = having("printer:" + printer);
  if (home == sources.end())
    throw Error(ErrorKind::bad_params, fmt::format("The slicer knows no printer '{}'.", printer));
  if (!home->bundle.has("print:" + print))
    throw Error(ErrorKind::bad_params, fmt::format("The slicer's {} has no print settings '{}'.", home->file, print));
  auto material = home->bundle.has("filament:" + filament) ? home : having("filament:" + filament);
  if (material == sources.end())
    throw Error(ErrorKind::bad_params, fmt::format("The slicer knows no filament '{}'.", filament));
  SlicerSettings settings = home->bundle.flattened("printer:" + printer);
  settings.merge(home->bundle.flattened("print:" + print));
  settings.merge(material->bundle.flattened("filament:" + filament));
  return settings;
}

std::string settings_text(const SlicerSettings& settings) {
  std::string text;
  for (const auto& [key, value] : settings) text += key + " = " + value + "\n";
  return text;
}

}  // namespace fit
