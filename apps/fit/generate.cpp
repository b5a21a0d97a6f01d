#include <fmt/format.h>

#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/design_flags.h"
#include "libfit/mesh_io.h"
#include "models/shapes/generate_limb.h"

namespace fit::cli {

namespace {

Outcome generate(const Arguments& arguments, Console& console) {
  GenerateParams params;
  apply_flags(arguments, params);
  const std::string output = arguments.get("output");
  const GeneratedLimb generated = generate_limb(params, console.progress().part(0, 0.95, "growing a limb"));
  const std::string name =
      fmt::format("generated {} limb, seed {}, {}", name_of(params.level), params.seed, name_of(params.side));
  write_mesh(output, generated.scan,
             {.name = name, .metadata = {{"made by", "fit " FIT_VERSION}}, .vertex_values = {}, .triangle_values = {}});

  auto landmarks = nlohmann::ordered_json::object();
  for (const auto& [landmark, place] : generated.limb.landmarks)
    landmarks[std::string(name_of(landmark))] = json_of(generated.scan_from_limb * place.point_mm);
  Outcome outcome;
  outcome.lines = {fmt::format("{}: {}, {} triangles", output, name, generated.scan.triangles.size())};
  outcome.json = {{"file", output}, {"triangles", generated.scan.triangles.size()}, {"landmarks_mm", landmarks}};
  return outcome;
}

}  // namespace

Command generate_command() {
  auto options = options_of(GenerateParams{}, "The limb");
  options.insert(options.begin(),
                 {"output", "The scan to write: .ply .stl .obj .3mf.", "FILE", "", Option::Kind::value, "o"});
  return {"generate", "Makes the scan of a residual limb of no person, to try things on.", {}, options, generate};
}

}  // namespace fit::cli
