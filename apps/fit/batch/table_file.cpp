#include "apps/fit/batch/table_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "libfit/error.h"

namespace fit::cli {

namespace {

void append_utf8(char32_t code, std::string& text) {
  const auto byte = [&](char32_t value) { text += static_cast<char>(static_cast<unsigned char>(value)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | (code >> 6)), byte(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    byte(0xE0 | (code >> 12)), byte(0x80 | ((code >> 6) & 0x3F)), byte(0x80 | (code & 0x3F));
  } else {
    byte(0xF0 | (code >> 18)), byte(0x80 | ((code >> 12) & 0x3F)), byte(0x80 | ((code >> 6) & 0x3F));
    byte(0x80 | (code & 0x3F));
  }
}

/// Spreadsheets that save "Unicode text" write UTF-16 with its mark.
std::string from_utf16(std::string_view bytes, bool big_end_first) {
  const auto unit = [&](std::size_t i) {
    const auto a = static_cast<unsigned char>(bytes[i]), b = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<char32_t>(big_end_first ? a << 8 | b : b << 8 | a);
  };
  std::string text;
  for (std::size_t i = 2; i + 1 < bytes.size(); i += 2) {
    char32_t code = unit(i);
    if (code >= 0xD800 && code < 0xDC00 && i + 3 < bytes.size()) {
      code = 0x10000 + ((code - 0xD800) << 10) + (unit(i + 2) - 0xDC00);
      i += 2;
    }
    append_utf8(code, text);
  }
  return text;
}

/// The offset of the first byte that is no UTF-8, or npos.
std::size_t not_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t more = lead < 0x80 ? 0 : lead >> 5 == 6 ? 1 : lead >> 4 == 14 ? 2 : lead >> 3 == 30 ? 3 : 9;
    if (more == 9 || i + more >= text.size()) return i;
    for (std::size_t k = 1; k <= more; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return i;
    i += more + 1;
  }
  return std::string_view::npos;
}

std::string utf8_text(std::string_view bytes, const std::string& name) {
  if (bytes.starts_with("\xFF\xFE")) return from_utf16(bytes, false);
  if (bytes.starts_with("\xFE\xFF")) return from_utf16(bytes, true);
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::size_t wrong = not_utf8(bytes);
  if (wrong != std::string_view::npos || bytes.find('\0') != std::string_view::npos)
    throw Error(ErrorKind::bad_input,
                fmt::format("{} is not a text that can be read (line {}); save the table as CSV in UTF-8.", name,
                            1 + std::count(bytes.begin(), bytes.begin() + std::min(wrong, bytes.size()), '\n')));
  return std::string(bytes);
}

std::string trimmed(std::string_view cell) {
  constexpr std::string_view spaces = " \t\u00a0";
  const auto begin = cell.find_first_not_of(spaces);
  if (begin == std::string_view::npos) return "";
  return std::string(cell.substr(begin, cell.find_last_not_of(spaces) - begin + 1));
}

/// Takes lines of cells off a text.
class Lines {
 public:
  Lines(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  /// Past lines that do not count; whether one is left.
  bool find_line() {
    while (at_ < text_.size()) {
      const std::string_view line = text_.substr(at_, std::min(text_.find_first_of("\r\n", at_), text_.size()) - at_);
      const bool says_separator = number_ == 1 && line.size() == 5 && line.starts_with("sep=");
      if (!line.starts_with('#') && !says_separator && line.find_first_not_of(" \t,;\"") != std::string_view::npos)
        return true;
      at_ += line.size();
      end_line();
    }
    return false;
  }
  int number() const { return number_; }

  std::vector<std::string> take_line(char separator) {
    std::vector<std::string> cells;
    const int begun = number_;
    for (bool more = true; more;) {
      cells.push_back(take_cell(separator, begun));
      more = at_ < text_.size() && text_[at_] == separator;
      if (more) ++at_;
    }
    end_line();
    return cells;
  }

 private:
  std::string take_cell(char separator, int begun) {
    std::size_t look = at_;
    while (look < text_.size() && text_[look] == ' ') ++look;
    std::string quoted;
    if (look < text_.size() && text_[look] == '"') {
      at_ = look + 1;
      take_quoted(begun, quoted);
    }
    const std::size_t end = std::min(text_.find_first_of(std::string{separator, '\r', '\n'}, at_), text_.size());
    const std::string_view rest = text_.substr(at_, end - at_);
    at_ = end;
    return trimmed(quoted + std::string(rest));
  }

  void take_quoted(int begun, std::string& cell) {
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"' && (at_ + 1 == text_.size() || text_[at_ + 1] != '"')) {
        ++at_;
        return;
      }
      if (text_[at_] == '"') ++at_;
      if (text_[at_] == '\n') ++number_;
      cell += text_[at_] == '\n' || text_[at_] == '\r' ? ' ' : text_[at_];
    }
    throw Error(ErrorKind::bad_input, fmt::format("{}, line {}: a quote is opened and never closed.", name_, begun));
  }

  void end_line() {
    if (at_ < text_.size() && text_[at_] == '\r')
      ++at_, at_ += at_ < text_.size() && text_[at_] == '\n';
    else if (at_ < text_.size())
      ++at_;
    ++number_;
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
  int number_ = 1;
};

}  // namespace

TableFile parse_table(std::string_view bytes, const std::string& name) {
  const std::string text = utf8_text(bytes, name);
  TableFile table;
  Lines lines(text, name);
  if (!lines.find_line()) throw Error(ErrorKind::bad_input, fmt::format("{} holds no line of column names.", name));
  for (char separator : {',', ';', '\t'}) {
    Lines trial = lines;
    std::vector<std::string> columns = trial.take_line(separator);
    if (columns.size() <= table.columns.size()) continue;
    table.columns = std::move(columns);
    table.separator = separator;
  }
  lines.take_line(table.separator);
  while (!table.columns.empty() && table.columns.back().empty()) table.columns.pop_back();
  while (lines.find_line()) {
    TableRow row;
    row.line = lines.number();
    row.cells = lines.take_line(table.separator);
    while (row.cells.size() > table.columns.size() && row.cells.back().empty()) row.cells.pop_back();
    if (row.cells.size() > table.columns.size())
      row.problem =
          fmt::format("The line has {} cells and there are {} columns; put a cell that holds a '{}' in quotes.",
                      row.cells.size(), table.columns.size(), table.separator);
    row.cells.resize(table.columns.size());
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n;\t") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"') quoted += '"';
    quoted += c == '\n' || c == '\r' ? ' ' : c;
  }
  return quoted + '"';
}

}  // namespace fit::cli
