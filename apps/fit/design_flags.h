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

/// Puts what was said into a Design, or into such a struct. Throws Error::bad_params naming the flag: not a number,
/// outside its range, not a choice. Arabic and Persian digits are read as well.
template <Params S>
void apply_flags(const Arguments& said, S& params);

}  // namespace fit::cli
