#include <fmt/format.h>

#include <cstdio>
#include <new>

#include "apps/fit/commands.h"
#include "apps/fit/parse.h"
#include "libfit/parallel.h"

namespace fit::cli {

std::vector<Command> commands() {
  std::vector<Command> table{make_command(),    build_command(),   verify_command(), info_command(),
                             convert_command(), measure_command(), slice_command(),  generate_command()};
  for (Command& command : table) {
    command.options.push_back(
        {"threads", "How many cores to use, 1 to 256; all unless said. The result is the same.", "NUMBER", ""});
    command.options.push_back({"json", "Writes the result as JSON, for programs.", "", "", Option::Kind::on});
    command.options.push_back({"quiet", "Shows no progress.", "", "", Option::Kind::on});
  }
  return table;
}

namespace {

constexpr int cancelled_code = 130;

void use_threads(const Arguments& arguments) {
  const auto said = arguments.find("threads");
  if (!said) return;
  char* end = nullptr;
  const long threads = std::strtol(said->c_str(), &end, 10);
  if (*end != 0 || threads < 1 || threads > 256)
    throw Error(ErrorKind::bad_params,
                fmt::format("--threads is '{}'; it must be a whole number from 1 to 256.", *said));
  set_threads(static_cast<int>(threads));
}

int run(int argc, char** argv) {
  const auto table = commands();
  const Parsed parsed = parse(table, argc, argv);
  if (!parsed.command) {
    fmt::print("{}", parsed.text);
    return 0;
  }
  use_threads(parsed.arguments);
  Console console(parsed.arguments.has("quiet"));
  const Outcome outcome = parsed.command->run(parsed.arguments, console);
  console.clear();
  if (parsed.arguments.has("json"))
    fmt::print("{}\n", outcome.json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  else
    for (const std::string& line : outcome.lines) fmt::print("{}\n", line);
  if (std::fflush(stdout) != 0) throw Error(ErrorKind::io, "The result could not be written to standard output.");
  return outcome.exit_code;
}

int fail(int code, const std::string& sentence) {
  fmt::print(stderr, "fit: {}\n", sentence);
  return code;
}

}  // namespace
}  // namespace fit::cli

int main(int argc, char** argv) {
  using namespace fit;
  try {
    return cli::run(argc, argv);
  } catch (const Error& error) {
    return cli::fail(error.exit_code(), error.what());
  } catch (const Cancelled&) {
    return cli::fail(cli::cancelled_code, "Stopped; nothing was changed.");
  } catch (const std::bad_alloc&) {
    return cli::fail(5, "There is not enough memory for this; close other programs, or use a coarser scan.");
  } catch (const std::exception& error) {
    return cli::fail(5,
                     fmt::format("Something unforeseen happened ({}); please report it with the command and its scan.",
                                 error.what()));
  }
}
