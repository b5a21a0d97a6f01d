#include "apps/fit/stage.h"

#include "apps/fit/describe.h"
#include "apps/fit/design_flags.h"

namespace fit::cli {

Reached run_to(Stage stage, const Arguments& arguments, Console& console) {
  arguments.get("output");
  const Progress progress = console.progress();
  Reached reached;
  reached.source = open_source(arguments.get("SCAN"), arguments, stage, progress.part(0.0, 0.1, "reading the scan"));
  Pipeline pipeline = pipeline_of(reached.source);
  if (stage >= Stage::located) place_landmarks(arguments, pipeline, reached.source, progress.part(0.1, 0.4));
  pipeline.update(reached.source.design, progress.part(0.1, 1.0), stage);
  reached.outputs = pipeline.outputs();
  reached.findings = all_findings(reached.source, reached.outputs);
  return reached;
}

Command stage_command(const std::string& name, const std::string& help, const std::string& output_help,
                      std::initializer_list<std::string_view> parts, Outcome (*run)(const Arguments&, Console&)) {
  Command command{
      name, help, {{"SCAN", "A scan (STL, PLY, OBJ, OFF, 3MF or AAOP), or a project file: case.fit.json."}}, {}, run};
  command.options.push_back({"output", output_help, "FILE", "", Option::Kind::value, "o"});
  for (Option& option : design_options(parts)) command.options.push_back(std::move(option));
  return command;
}

Outcome outcome_of(const Reached& reached, const std::string& file) {
  Outcome outcome;
  outcome.lines = lines_of(reached.findings);
  outcome.lines.push_back(file);
  outcome.json = {{"file", file}, {"findings", json_of(reached.findings)}};
  return outcome;
}

}  // namespace fit::cli
