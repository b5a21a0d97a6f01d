#pragma once

#include <optional>

#include "libfit/detail/raised_text.h"
#include "libfit/detail/solid_field.h"
#include "libfit/solidify.h"

namespace fit::detail {

/// The identifier as raised text on the outer surface: 20 mm below the trimline where there is room, in letters as
/// large as were asked or as fit. Nothing when there is nothing to write, or no room for letters of 4 mm. Throws
/// Error::bad_params for what cannot be written.
std::optional<RaisedText> place_identifier(const Identifier& identifier, const SolidField::Shape& shape);

/// Whether there is anything to write.
bool has_text(const Identifier& identifier);

}  // namespace fit::detail
