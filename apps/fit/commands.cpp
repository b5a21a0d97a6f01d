#include "apps/fit/commands.h"

#include <algorithm>

namespace fit::cli {

std::vector<Command> commands() {
  std::vector<Command> table{make_command(),     build_command(),     verify_command(),   info_command(),
                             convert_command(),  measure_command(),   repair_command(),   landmarks_command(),
                             rectify_command(),  trim_command(),      attach_command(),   solidify_command(),
                             check_command(),    slice_command(),     generate_command(), scan_command(),
                             record_command(),   calibrate_command(), bench_command(),    batch_command(),
                             printers_command(), materials_command(), compare_command(),  manual_command()};
  for (Command& command : table) {
    const bool by_chance = std::any_of(command.options.begin(), command.options.end(),
                                       [](const Option& option) { return option.name == "seed"; });
    if (!by_chance)
      command.options.push_back(
          {"seed", "Changes nothing: only what `fit generate` makes depends on chance.", "NUMBER", ""});
    command.options.push_back(
        {"threads", "How many cores to use, 1 to 256; all unless said. The result is the same.", "NUMBER", ""});
    command.options.push_back({"json", "Writes the result as JSON, for programs.", "", "", Option::Kind::on});
    command.options.push_back({"quiet", "Shows no progress.", "", "", Option::Kind::on});
  }
  return table;
}

}  // namespace fit::cli
