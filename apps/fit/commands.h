#pragma once

#include "apps/fit/command.h"

/// The commands, one a file.
namespace fit::cli {

Command build_command();
Command convert_command();
Command generate_command();
Command info_command();
Command make_command();
Command measure_command();
Command slice_command();
Command verify_command();

}  // namespace fit::cli
