#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libfit/tape.h"

namespace fit {

/// Girths by hand as they stand in a small file.
struct TapeFile {
  std::vector<TapeGirth> tape;
  std::optional<TapeOver> tape_over;  ///< when the file says so

  bool operator==(const TapeFile&) const = default;
};

/// Reads CSV or JSON, told apart by content.
/// CSV: a first line that names the columns below_mpt_mm and girth_mm, and perhaps over (skin or liner, the same in
/// every line), in any order, parted by comma, semicolon or tab; numbers with a decimal point. Empty lines and lines
/// that start with # do not count. JSON: { "tape_over": "skin", "tape": [ { "below_mpt_mm": 40, "girth_mm": 310 } ] }.
/// `name` is what errors call it. Throws Error::bad_input, naming the line: no such columns, not a number, a value out
/// of range, no girth at all, two answers to what the tape lay over.
TapeFile parse_tape(std::string_view text, const std::string& name);

/// Throws Error::io besides.
TapeFile read_tape(const std::filesystem::path& path);

}  // namespace fit
