#pragma once

#include "apps/fit/command.h"

/// The commands, one a file.
namespace fit::cli {

Command attach_command();
Command batch_command();
Command bench_command();
Command build_command();
Command calibrate_command();
Command check_command();
Command compare_command();
Command convert_command();
Command generate_command();
Command info_command();
Command landmarks_command();
Command make_command();
Command manual_command();
Command materials_command();
Command measure_command();
Command printers_command();
Command record_command();
Command rectify_command();
Command repair_command();
Command scan_command();
Command slice_command();
Command solidify_command();
Command trim_command();
Command verify_command();

}  // namespace fit::cli
