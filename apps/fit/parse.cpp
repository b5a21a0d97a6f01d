#include "apps/fit/parse.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <deque>

#include "libfit/error.h"
#include "libfit/nearest_name.h"

namespace fit::cli {

namespace {

constexpr const char* footer =
    "Exit codes: 0 done; 1 a finding forbids printing; 2 what was asked for cannot be; 3 the input is not what it "
    "should "
    "be; 4 a file could not be read or written; 5 no answer was found; 130 stopped.";

/// Where CLI11 puts what it reads for one command.
struct Slots {
  CLI::App* app = nullptr;
  std::deque<std::pair<std::string, std::vector<std::string>>> values;
  std::deque<std::pair<std::string, bool>> switches;
};

[[noreturn]] void refuse(const std::string& sentence) { throw Error(ErrorKind::bad_params, sentence); }

void add_option(const Option& option, Slots& slots) {
  std::string flag = flag_of(option.name);
  if (!option.short_flag.empty()) flag = "-" + option.short_flag + "," + flag;
  CLI::Option* added = nullptr;
  if (option.kind == Option::Kind::on || option.kind == Option::Kind::on_off) {
    if (option.kind == Option::Kind::on_off) flag += ",!--no-" + flag_of(option.name).substr(2);
    added = slots.app->add_flag(flag, slots.switches.emplace_back(option.name, false).second, option.help);
  } else {
    added = slots.app->add_option(flag, slots.values.emplace_back(option.name, std::vector<std::string>{}).second,
                                  option.help);
    added->allow_extra_args(false)->type_name(option.value_name);
    if (option.kind == Option::Kind::value) added->expected(1)->take_last();
  }
  if (!option.group.empty()) added->group(option.group);
}

/// "fit make SCAN [options]", and a line for each operand.
std::string usage_of(const Command& command) {
  std::string usage = fmt::format("{}\n\nfit {}", command.help, command.name);
  std::string lines;
  for (const Operand& operand : command.operands) {
    usage += fmt::format(" {}{}{}{}", operand.optional ? "[" : "", operand.name, operand.repeated ? "..." : "",
                         operand.optional ? "]" : "");
    lines += fmt::format("\n  {:38}{}", operand.name, operand.help);
  }
  return usage + " [options]" + lines;
}

void add_command(const Command& command, CLI::App& all, Slots& slots) {
  slots.app = all.add_subcommand(command.name, command.help);
  slots.app->allow_extras();
  slots.app->set_help_flag("-h,--help", "This text.");
  for (const Option& option : command.options) add_option(option, slots);
}

void refuse_unknown_options(const Command& command, const std::vector<std::string>& words) {
  std::vector<std::string> flags;
  for (const Option& option : command.options) flags.push_back(flag_of(option.name));
  for (const std::string& word : words)
    if (word.size() > 1 && word.starts_with("-")) {
      const std::string flag = word.substr(0, word.find('='));
      refuse(fmt::format("'fit {}' has no option {}{}", command.name, flag, did_you_mean(flag, flags)));
    }
}

/// The words without a flag, in their order. CLI11 is not asked: it would take the value of a misspelt option for one.
void take_operands(const Command& command, const std::vector<std::string>& words, Arguments& arguments) {
  refuse_unknown_options(command, words);
  const bool repeated = !command.operands.empty() && command.operands.back().repeated;
  if (words.size() > command.operands.size() && !repeated)
    refuse(fmt::format("'fit {}' does not know what to do with '{}'.", command.name, words[command.operands.size()]));
  for (std::size_t i = 0; i < command.operands.size(); ++i) {
    const Operand& operand = command.operands[i];
    if (i >= words.size() && operand.optional) break;
    if (i >= words.size()) refuse(fmt::format("'fit {}' needs {}: {}", command.name, operand.name, operand.help));
    const auto word = words.begin() + static_cast<std::ptrdiff_t>(i);
    arguments.say(operand.name, {word, operand.repeated ? words.end() : word + 1});
  }
}

Arguments collected(const Slots& slots) {
  Arguments arguments;
  for (const auto& [name, values] : slots.values)
    if (!values.empty()) arguments.say(name, values);
  for (const auto& [name, on] : slots.switches)
    if (slots.app->count(flag_of(name))) arguments.say(name, {on ? "true" : "false"});
  return arguments;
}

/// Hides the options that are rarely needed, where the command says which are needed most; gives how many.
int hide_rare_options(const Command& command, CLI::App& app) {
  const auto often = [](const Option& option) { return option.group == kMostUsed; };
  if (std::none_of(command.options.begin(), command.options.end(), often)) return 0;
  int hidden = 0;
  for (const Option& option : command.options) {
    if (often(option) || option.group.empty()) continue;
    app.get_option(flag_of(option.name))->group("");
    ++hidden;
  }
  return hidden;
}

void erase_all(std::string& text, std::string_view what) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at)) text.erase(at, what.size());
}

std::string help_of(const Command& command, CLI::App& app, bool all) {
  app.description(usage_of(command));
  const int hidden = all ? 0 : hide_rare_options(command, app);
  std::string text = app.help();
  const auto own_usage = text.find("\nUsage: ");
  if (own_usage != std::string::npos) text.erase(own_usage, text.find('\n', own_usage + 1) - own_usage);
  erase_all(text, "{false}");
  if (hidden > 0)
    text += fmt::format("\n`fit {} --help all` lists {} more options, by the step that they belong to.\n", command.name,
                        hidden);
  return text;
}

/// Whether --help is followed by "all".
bool asks_for_all(int argc, const char* const* argv) {
  for (int i = 1; i + 1 < argc; ++i) {
    const std::string_view word = argv[i];
    if ((word == "--help" || word == "-h") && argv[i + 1] == std::string_view("all")) return true;
  }
  return false;
}

}  // namespace

Parsed parse(const std::vector<Command>& commands, int argc, const char* const* argv) {
  CLI::App all("Fit turns a 3D scan of a residual limb into a prosthetic socket that a workshop can print.", "fit");
  all.set_version_flag("--version", "fit " FIT_VERSION);
  all.set_help_flag("-h,--help", "This text.");
  all.footer(footer);
  all.allow_extras();
  all.require_subcommand(0, 1);  // `fit bench scan`: after the first, a command's name is a word like others
  all.get_formatter()->column_width(40);
  std::deque<Slots> slots;
  for (const Command& command : commands) add_command(command, all, slots.emplace_back());
  try {
    all.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto chosen = all.get_subcommands();
    for (const Command& command : commands)
      if (!chosen.empty() && command.name == chosen.front()->get_name())
        return {nullptr, {}, help_of(command, *chosen.front(), asks_for_all(argc, argv))};
    return {nullptr, {}, all.help()};
  } catch (const CLI::CallForVersion&) {
    return {nullptr, {}, "fit " FIT_VERSION "\n"};
  } catch (const CLI::ParseError& error) {
    refuse(std::string(error.what()) + ".");
  }
  for (std::size_t i = 0; i < commands.size(); ++i) {
    if (!slots[i].app->parsed()) continue;
    Arguments arguments = collected(slots[i]);
    take_operands(commands[i], slots[i].app->remaining(), arguments);
    return {&commands[i], std::move(arguments), ""};
  }
  std::vector<std::string> names;
  for (const Command& command : commands) names.push_back(command.name);
  if (all.remaining().empty()) refuse("Say what to do: fit COMMAND ...; `fit --help` lists the commands.");
  refuse(fmt::format("'{}' is not a command of fit{}", all.remaining().front(),
                     did_you_mean(all.remaining().front(), names)));
}

std::string flag_of(const std::string& name) {
  std::string flag = "--" + name;
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::optional<std::string> Arguments::find(const std::string& name) const {
  const auto found = said_.find(name);
  return found == said_.end() ? std::nullopt : std::optional(found->second.front());
}

std::string Arguments::get(const std::string& name) const {
  if (const auto found = find(name)) return *found;
  refuse(fmt::format("{} is missing.", flag_of(name)));
}

std::vector<std::string> Arguments::all(const std::string& name) const {
  const auto found = said_.find(name);
  return found == said_.end() ? std::vector<std::string>{} : found->second;
}

}  // namespace fit::cli
