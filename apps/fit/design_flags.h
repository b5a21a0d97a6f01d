#pragma once

#include <initializer_list>

#include "apps/fit/command.h"
#include "libfit/params.h"
#include "libfit/pipeline.h"

namespace fit::cli {

/// A flag for every field of the given parts of a Design (names of its fields: "repair", "locate"), or of all of it,
/// made from the field lists: range, unit and default stand in the help.
std::vector<Option> design_options(std::initializer_list<std::string_view> parts = {});

/// A flag for every field of a params struct that stands outside a Design. Instantiated for those that commands use.
template <Params S>
std::vector<Option> options_of(const S& defaults, const std::string& group);

/// Puts all that was said about a design into it: templates, printers, materials and blocks by their names first, then
/// single values over them. What nobody chose gets the level's own template and the usual block.
/// Throws as `apply_flags` and the loaders of models/load.h.
void apply_choices(const Arguments& said, Design& design);

/// Puts what was said into a Design, or into such a struct, value by value. Throws Error::bad_params naming the flag:
/// not a number, outside its range, not a choice. Arabic and Persian digits are read as well.
template <Params S>
void apply_flags(const Arguments& said, S& params);

}  // namespace fit::cli
