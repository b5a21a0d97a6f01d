#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "apps/fit/console.h"

namespace fit::cli {

/// A flag of a command. Its value is found in `Arguments` by `name`; the flag is that name with dashes: wall_mm is
/// --wall-mm.
struct Option {
  enum class Kind { value, repeated, on, on_off };
  std::string name;
  std::string help;
  std::string value_name;  ///< what stands for the value in the help: "mm", "FILE", "left|right"
  std::string group;       ///< heading in the help
  Kind kind = Kind::value;
  std::string short_flag = {};  ///< "o" for -o
};

/// A word of the command line without a flag.
struct Operand {
  std::string name;
  std::string help;
  bool repeated = false;  ///< the last operand may take several words
  bool optional = false;  ///< it may be left out
};

/// What was said on the command line, by name.
class Arguments {
 public:
  bool has(const std::string& name) const { return said_.contains(name); }
  std::optional<std::string> find(const std::string& name) const;
  /// Throws Error::bad_params when it was not said.
  std::string get(const std::string& name) const;
  std::vector<std::string> all(const std::string& name) const;
  void say(const std::string& name, std::vector<std::string> values) { said_[name] = std::move(values); }

 private:
  std::map<std::string, std::vector<std::string>> said_;
};

/// What a command ends with: lines for a person, or the same as JSON with --json.
struct Outcome {
  std::vector<std::string> lines;
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  int exit_code = 0;
};

/// The group of the options that `--help` shows; where a command has such, the others are shown by `--help all`.
inline constexpr const char* kMostUsed = "Most used";

struct Command {
  std::string name;
  std::string help;
  std::vector<Operand> operands;
  std::vector<Option> options;
  Outcome (*run)(const Arguments&, Console&);
};

/// "wall_mm" as a flag: "--wall-mm".
std::string flag_of(const std::string& name);

/// The whole table, in the order of the help.
std::vector<Command> commands();

}  // namespace fit::cli
