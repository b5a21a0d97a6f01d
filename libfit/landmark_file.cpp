#include "libfit/landmark_file.h"

#include <fmt/format.h>

#include "libfit/file.h"
#include "libfit/params_json.h"

namespace fit {

namespace {

constexpr const char* kFormat = "fit-landmarks 1";
constexpr double kFarthestMm = 10000.0;

using Json = nlohmann::ordered_json;

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw Error(ErrorKind::bad_input, fmt::format("{} is not a landmark file of Fit: {}.", name, what));
}

const Json& member(const Json& json, const char* key, const std::string& name) {
  const auto found = json.find(key);
  if (found == json.end()) refuse(name, fmt::format("it has no \"{}\"", key));
  return *found;
}

LandmarkPlace place_from(const Json& json, const std::string& path) {
  LandmarkPlace place;
  place.confirmed = true;
  if (!json.is_object() || !json.contains("point_mm"))
    throw Error(ErrorKind::bad_params, fmt::format("{} has no point_mm.", path));
  from_json(json, place, path);
  if (!(place.point_mm.cwiseAbs().maxCoeff() <= kFarthestMm))
    throw Error(ErrorKind::bad_params, fmt::format("{}.point_mm is more than 10 m off.", path));
  return place;
}

}  // namespace

LandmarkFile parse_landmarks(std::string_view text, const std::string& name) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::exception&) {
    refuse(name, "it is not JSON");
  }
  if (!json.is_object()) refuse(name, "it is not a JSON object");
  if (member(json, "format", name) != kFormat) refuse(name, fmt::format("its \"format\" is not \"{}\"", kFormat));
  const Json& frame = member(json, "frame", name);
  if (frame != "scan" && frame != "limb") refuse(name, "its \"frame\" is neither \"scan\" nor \"limb\"");
  const Json& landmarks = member(json, "landmarks", name);
  if (!landmarks.is_object()) refuse(name, "its \"landmarks\" is not an object");
  for (const auto& [key, unused] : json.items())
    if (key != "format" && key != "frame" && key != "landmarks")
      refuse(name, fmt::format("it has an unknown \"{}\"", key));

  LandmarkFile file;
  file.in_limb_frame = frame == "limb";
  try {
    for (const auto& [key, value] : landmarks.items())
      file.landmarks[value_named<Landmark>("A landmark", key)] = place_from(value, "landmarks." + key);
  } catch (const Error& error) {
    std::string what = error.what();
    if (what.ends_with('.')) what.pop_back();
    refuse(name, what);
  }
  return file;
}

std::string landmarks_text(const LandmarkFile& file) {
  Json landmarks = Json::object();
  for (const auto& [landmark, place] : file.landmarks) landmarks[std::string(name_of(landmark))] = to_json(place);
  const Json json{{"format", kFormat}, {"frame", file.in_limb_frame ? "limb" : "scan"}, {"landmarks", landmarks}};
  return json.dump(2) + "\n";
}

LandmarkFile read_landmarks(const std::filesystem::path& path) {
  return parse_landmarks(read_file(path), path.filename().string());
}

void write_landmarks(const std::filesystem::path& path, const LandmarkFile& file) {
  write_file(path, landmarks_text(file));
}

}  // namespace fit
