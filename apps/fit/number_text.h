#pragma once

#include <string>
#include <string_view>

namespace fit::cli {

/// Arabic-Indic and Persian digits and the Arabic decimal sign as their Latin twins; all else as it is.
std::string with_latin_digits(std::string_view text);

/// What the point and the comma mean in the numbers of a table.
enum class DecimalMark { point, point_or_comma };

/// A number as a spreadsheet of any locale writes it, in the form that the command line reads: digits and a point.
/// There are no grouping marks in it: with `point_or_comma` 1.234 and 1,234 can be read two ways and are refused, and
/// so is 1,234 always; 3,5 and 0,125 and 12.25 can be read one way only. Throws Error::bad_params; the sentence starts
/// with `what`.
std::string plain_number(const std::string& what, std::string_view cell, DecimalMark mark);

}  // namespace fit::cli
