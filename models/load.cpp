#include "models/load.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "libfit/file.h"
#include "libfit/nearest_name.h"
#include "libfit/params_json.h"
#include "scanners/synthetic.h"

namespace fit {

namespace {

std::vector<std::string> names_in(const char* folder) {
  std::vector<std::string> names;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(models_folder() / folder, failed))
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::filesystem::path file_of(const char* folder, const char* kind, const std::string& name) {
  if (name.ends_with(".json")) return name;
  const std::vector<std::string> known = names_in(folder);
  if (std::find(known.begin(), known.end(), name) == known.end())
    throw Error(ErrorKind::bad_params, fmt::format("'{}' is not a {} that Fit knows{} Known are: {}.", name, kind,
                                                   did_you_mean(name, known), fmt::join(known, ", ")));
  return models_folder() / folder / (name + ".json");
}

template <class P>
P load(const char* folder, const char* kind, const std::string& name) {
  const std::filesystem::path path = file_of(folder, kind, name);
  const nlohmann::ordered_json json = nlohmann::ordered_json::parse(read_file(path), nullptr, false);
  if (json.is_discarded()) throw Error(ErrorKind::bad_input, fmt::format("{} is not JSON.", path.string()));
  P loaded;
  try {
    from_json(json, loaded);
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: {}", path.string(), error.what()));
  }
  return loaded;
}

}  // namespace

std::filesystem::path models_folder() {
  std::vector<std::filesystem::path> places;
  if (const char* told = std::getenv("FIT_MODELS_DIR")) {
    places.emplace_back(told);
  } else {
    std::error_code failed;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failed);
    if (!failed) places.push_back(program.parent_path().parent_path() / "share" / "fit" / "models");
    places.emplace_back(FIT_MODELS_DIR);
  }
  for (const std::filesystem::path& place : places) {
    std::error_code failed;
    if (std::filesystem::is_directory(place / "templates", failed)) return place;
  }
  throw Error(ErrorKind::io,
              fmt::format("Fit's templates and profiles are not in {}; install them there, or say where they are "
                          "with the environment variable FIT_MODELS_DIR.",
                          places.back().string()));
}

std::vector<std::string> template_names() { return names_in("templates"); }
std::vector<std::string> printer_names() { return names_in("printers"); }
std::vector<std::string> material_names() { return names_in("materials"); }
std::vector<std::string> block_names() { return names_in("hardware"); }
std::vector<std::string> sensor_names() { return names_in("sensors"); }

Template load_template(const std::string& name) { return load<Template>("templates", "template", name); }
Printer load_printer(const std::string& name) { return load<Printer>("printers", "printer", name); }
Material load_material(const std::string& name) { return load<Material>("materials", "material", name); }
Block load_block(const std::string& name) { return load<Block>("hardware", "block", name); }
SensorModel load_sensor(const std::string& name) { return load<SensorModel>("sensors", "depth sensor", name); }

std::string default_template(Level level) {
  if (level == Level::transtibial) return "transtibial";
  return level == Level::transfemoral ? "transfemoral" : "generic";
}

}  // namespace fit
