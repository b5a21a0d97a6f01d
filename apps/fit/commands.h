#pragma once

#include "apps/fit/command.h"

/// The commands, one a file.
namespace fit::cli {

Command convert_command();
Command info_command();
Command measure_command();

}  // namespace fit::cli
