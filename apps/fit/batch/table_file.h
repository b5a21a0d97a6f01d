#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fit::cli {

struct TableRow {
  int line = 0;                    ///< where it begins in the file, from 1
  std::vector<std::string> cells;  ///< as many as there are columns
  std::string problem;             ///< one sentence when it has more cells than there are columns
};

/// A table as a spreadsheet saves it.
struct TableFile {
  char separator = ',';
  std::vector<std::string> columns;
  std::vector<TableRow> rows;
};

/// Reads the text of a table with a line of column names: comma, semicolon or tab between cells (told by the line of
/// names), quotes around a cell that holds one of them or a new line, a quote inside quotes doubled; line ends CR, LF
/// or both; UTF-8 or UTF-16 with or without a byte order mark. Empty lines and lines that begin with # do not count,
/// nor does a first line "sep=;". Cells lose the spaces around them. `name` is what errors call the file. Throws
/// Error::bad_input: no line of names, a quote that is not closed, text that is neither UTF-8 nor UTF-16.
TableFile parse_table(std::string_view bytes, const std::string& name);

/// A cell as it is written into a comma-separated file, in quotes where it needs them.
std::string csv_cell(std::string_view text);

}  // namespace fit::cli
