#include "libfit/tape_file.h"

#include <fmt/format.h>

#include <charconv>
#include <map>

#include "libfit/file.h"
#include "libfit/params_json.h"

namespace fit {

namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& what) {
  throw Error(ErrorKind::bad_input, fmt::format("{} is not a file of girths: {}.", name, what));
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\"");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\"") - first + 1);
}

std::vector<std::string_view> cells_of(std::string_view line, char separator) {
  std::vector<std::string_view> cells;
  while (true) {
    const std::size_t end = line.find(separator);
    cells.push_back(trimmed(line.substr(0, end)));
    if (end == std::string_view::npos) return cells;
    line.remove_prefix(end + 1);
  }
}

// In the C locale, whatever the machine's is.
double number_in(std::string_view cell, const std::string& name, int line) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc() || end != cell.data() + cell.size())
    refuse(name, fmt::format("line {} has '{}' where a number with a decimal point must be", line, cell.substr(0, 40)));
  return value;
}

void set_over(TapeFile& file, std::string_view word, const std::string& name, int line) {
  if (word != "skin" && word != "liner")
    refuse(name, fmt::format("line {} says over '{}', which must be skin or liner", line, word.substr(0, 40)));
  const TapeOver over = word == "skin" ? TapeOver::skin : TapeOver::liner;
  if (file.tape_over && *file.tape_over != over)
    refuse(name,
           fmt::format("line {} says over '{}' and a line before it the other; measure all over the same", line, word));
  file.tape_over = over;
}

/// Where each column stands.
struct Columns {
  char separator = ',';
  std::map<std::string, std::size_t, std::less<>> at;
};

Columns columns_of(std::string_view line, const std::string& name) {
  Columns columns;
  for (char separator : {';', '\t'})
    if (line.find(separator) != std::string_view::npos) columns.separator = separator;
  const auto cells = cells_of(line, columns.separator);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (cells[i] != "below_mpt_mm" && cells[i] != "girth_mm" && cells[i] != "over")
      refuse(name,
             fmt::format("its first line names a column '{}'; it must name below_mpt_mm and girth_mm, and perhaps over",
                         cells[i].substr(0, 40)));
    columns.at[std::string(cells[i])] = i;
  }
  if (!columns.at.contains("below_mpt_mm") || !columns.at.contains("girth_mm"))
    refuse(name, "its first line must name the columns below_mpt_mm and girth_mm");
  return columns;
}

TapeFile from_csv(std::string_view text, const std::string& name) {
  TapeFile file;
  std::optional<Columns> columns;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    if (!columns) {
      columns = columns_of(line, name);
      continue;
    }
    const auto cells = cells_of(line, columns->separator);
    if (cells.size() != columns->at.size())
      refuse(name, fmt::format("line {} has {} values for {} columns", number, cells.size(), columns->at.size()));
    TapeGirth girth{number_in(cells[columns->at["below_mpt_mm"]], name, number),
                    number_in(cells[columns->at["girth_mm"]], name, number)};
    try {
      validate(girth);
    } catch (const Error& error) {
      refuse(name, fmt::format("in line {} {}", number,
                               std::string(error.what(), std::string_view(error.what()).size() - 1)));
    }
    file.tape.push_back(girth);
    if (columns->at.contains("over")) set_over(file, cells[columns->at["over"]], name, number);
  }
  return file;
}

TapeFile from_json_text(std::string_view text, const std::string& name) {
  TapeFile file;
  try {
    const auto json = nlohmann::ordered_json::parse(text);
    for (const auto& [key, value] : json.items())
      if (key != "tape" && key != "tape_over") refuse(name, fmt::format("it has an unknown \"{}\"", key));
    TapeParams params;
    from_json(json, params);
    file.tape = params.tape;
    if (json.contains("tape_over")) file.tape_over = params.tape_over;
  } catch (const nlohmann::json::exception&) {
    refuse(name, "it is not JSON");
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::bad_input) throw;
    refuse(name, std::string(error.what(), std::string_view(error.what()).size() - 1));
  }
  return file;
}

}  // namespace

TapeFile parse_tape(std::string_view text, const std::string& name) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) refuse(name, "it is empty");
  TapeFile file = text[first] == '{' ? from_json_text(text, name) : from_csv(text, name);
  if (file.tape.empty()) refuse(name, "it has no girth");
  return file;
}

TapeFile read_tape(const std::filesystem::path& path) { return parse_tape(read_file(path), path.filename().string()); }

}  // namespace fit
