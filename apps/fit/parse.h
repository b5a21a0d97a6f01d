#pragma once

#include "apps/fit/command.h"

namespace fit::cli {

struct Parsed {
  const Command* command = nullptr;  ///< none when only a text was asked for
  Arguments arguments;
  std::string text;  ///< the help or the version
};

/// Reads a command line. Throws Error::bad_params in one sentence: an unknown command or option (proposing the
/// nearest), a value that is missing, an operand too many or too few.
Parsed parse(const std::vector<Command>& commands, int argc, const char* const* argv);

}  // namespace fit::cli
