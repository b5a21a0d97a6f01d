#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string_view>

#include "apps/fit/commands.h"
#include "apps/fit/not_enough_memory.h"
#include "apps/fit/parse.h"
#include "libfit/parallel.h"

namespace fit::cli {

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
  Console::catch_signals();
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

/// One sentence on standard error; with --json a program finds it on standard output as well.
int fail(int code, const std::string& sentence, bool json) {
  fmt::print(stderr, "fit: {}\n", sentence);
  if (json) {
    const nlohmann::ordered_json said{{"error", sentence}, {"exit_code", code}};
    fmt::print("{}\n", said.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  }
  return code;
}

}  // namespace
}  // namespace fit::cli

int main(int argc, char** argv) {
  using namespace fit;
  const bool json = std::find(argv, argv + argc, std::string_view("--json")) != argv + argc;
  try {
    return cli::run(argc, argv);
  } catch (const Error& error) {
    return cli::fail(error.exit_code(), error.what(), json);
  } catch (const Cancelled&) {
    return cli::fail(cli::cancelled_code, "Stopped; nothing was changed.", json);
  } catch (const std::bad_alloc&) {
    return cli::fail(5, cli::not_enough_memory, json);
  } catch (const std::exception& error) {
    return cli::fail(5,
                     fmt::format("Something unforeseen happened ({}); please report it with the command and its scan.",
                                 error.what()),
                     json);
  }
}
