#include "libfit/attach.h"

#include <fmt/format.h>

#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/stage.h"
#include "libfit/file.h"
#include "libfit/params_json.h"

namespace fit::cli {

namespace {

Outcome attach_block(const Arguments& arguments, Console& console) {
  const Reached reached = run_to(Stage::attached, arguments, console);
  const Hardware& hardware = reached.outputs.attached->hardware;
  nlohmann::ordered_json json{{"format", "fit-hardware 1"}, {"limb_from_block", json_of(hardware.limb_from_block)}};
  json["parts"] = nlohmann::ordered_json::array();
  for (const BlockPart& part : hardware.parts) {
    json["parts"].push_back(to_json<BlockPiece>(part));
    json["parts"].back()["block_from_part"] = json_of(part.block_from_part);
  }
  write_file(arguments.get("output"), json.dump(2) + "\n");
  return outcome_of(reached, arguments.get("output"));
}

}  // namespace

Command attach_command() {
  return stage_command("attach", "Places the distal block below a positive.", "The block's parts and its pose as JSON.",
                       {"input", "scale", "aop_grid", "repair", "locate", "landmarks", "tape_measure", "rectify", "attach"},
                       attach_block);
}

}  // namespace fit::cli
