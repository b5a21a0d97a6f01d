#include "apps/fit/batch/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "apps/fit/batch/table_file.h"
#include "apps/fit/design_flags.h"
#include "apps/fit/number_text.h"
#include "libfit/file.h"
#include "libfit/nearest_name.h"

namespace fit::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_id = 100;

/// What stands in a cell, told by what the help writes for the value.
enum class Holds { words, number, numbers, choice, switched, file, profile, list };

Holds what_holds(const Option& option) {
  if (option.kind == Option::Kind::on || option.kind == Option::Kind::on_off) return Holds::switched;
  const std::string& value = option.value_name;
  if (value == "X,Y,Z") return Holds::numbers;
  if (value == "FILE") return Holds::file;
  if (value == "NAME") return Holds::profile;
  if (value == "LIST") return Holds::list;
  if (value == "TEXT" || value == "CODE=REASON") return Holds::words;
  return value.find('|') != std::string::npos ? Holds::choice : Holds::number;
}

const std::map<std::string, Option>& columns() {
  static const auto known = [] {
    std::map<std::string, Option> table;
    for (const Option& option : design_options()) table.emplace(option.name, option);
    return table;
  }();
  return known;
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// Why a text cannot be the name of a folder on any disk, a stick from another system too; empty when it can.
std::string flaw_of_id(const std::string& id) {
  if (id.empty()) return "is empty";
  if (id.size() > longest_id) return fmt::format("is longer than {} bytes", longest_id);
  if (std::string_view("=+-@. ").find(id.front()) != std::string_view::npos)
    return fmt::format("begins with '{}'", id.front());
  if (id.back() == '.') return "ends with a point";
  for (unsigned char c : id)
    if (c < 32 || c == 127 || std::string_view("\\/:*?\"<>|").find(static_cast<char>(c)) != std::string_view::npos)
      return "holds a sign that cannot be in the name of a folder";
  return "";
}

bool is_yes(const std::string& text) { return text == "yes" || text == "true" || text == "1" || text == "on"; }
bool is_no(const std::string& text) { return text == "no" || text == "false" || text == "0" || text == "off"; }

std::string absolute_from(const fs::path& folder, const std::string& said) {
  return fs::absolute(folder / said).lexically_normal().string();
}

std::vector<std::string> split(const std::string& text, std::string_view separators) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; (begin = text.find_first_not_of(separators, begin)) != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return parts;
}

/// "1,5 2 3" or "1.5,2,3": commas part the numbers only where nothing else does.
std::string triple_in(const std::string& name, const std::string& cell) {
  const bool other = cell.find_first_of("; ") != std::string::npos;
  const auto parts = split(cell, other ? "; " : ",");
  if (parts.size() != 3)
    throw Error(ErrorKind::bad_params,
                fmt::format("{} is '{}'; it must be three numbers with spaces between.", name, cell));
  std::string triple;
  for (const std::string& part : parts)
    triple += (triple.empty() ? "" : ",") + plain_number(name, part, DecimalMark::point);
  return triple;
}

/// A cell in the form of the command line.
std::string value_in(const Option& option, const std::string& cell, const fs::path& folder, DecimalMark mark) {
  switch (what_holds(option)) {
    case Holds::number:
      return plain_number(option.name, cell, mark);
    case Holds::numbers:
      return triple_in(option.name, cell);
    case Holds::choice:
      return lower_case(cell);
    case Holds::switched:
      if (is_yes(lower_case(with_latin_digits(cell)))) return "true";
      if (is_no(lower_case(with_latin_digits(cell)))) return "false";
      throw Error(ErrorKind::bad_params, fmt::format("{} is '{}'; write yes or no.", option.name, cell));
    case Holds::file:
      if (option.name == "tape" && cell.find(':') != std::string::npos && !fs::exists(folder / cell)) {
        std::string tape;
        for (const std::string& pair : split(with_latin_digits(cell), " ;")) {
          const auto colon = std::min(pair.find(':'), pair.size());
          tape += (tape.empty() ? "" : " ") + plain_number("tape", pair.substr(0, colon), DecimalMark::point) + ":" +
                  plain_number("tape", pair.substr(std::min(colon + 1, pair.size())), DecimalMark::point);
        }
        return tape;
      }
      return absolute_from(folder, cell);
    case Holds::profile:
      return cell.ends_with(".json") ? absolute_from(folder, cell) : cell;
    case Holds::list:
      return cell.starts_with('[') || cell.starts_with('{') ? cell : absolute_from(folder, cell);
    case Holds::words:
      break;
  }
  return cell;
}

/// What the options on the command line say for all cases.
std::map<std::string, std::string> said_for_all(const Arguments& defaults) {
  std::map<std::string, std::string> said;
  for (const auto& [name, option] : columns()) {
    const auto text = defaults.find(name);
    if (!text) continue;
    const Holds holds = what_holds(option);
    const bool is_path = (holds == Holds::file && text->find(':') == std::string::npos) ||
                         (holds == Holds::profile && text->ends_with(".json")) ||
                         (holds == Holds::list && !text->starts_with('[') && !text->starts_with('{'));
    said[name] = is_path ? absolute_from(fs::current_path(), *text) : *text;
  }
  return said;
}

void refuse_columns(const std::vector<std::string>& names, const std::string& file) {
  std::vector<std::string> known{"id", "scan"};
  for (const auto& [name, option] : columns()) known.push_back(name);
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (name.starts_with('#')) continue;
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw Error(ErrorKind::bad_params, fmt::format("{} has a column '{}', which is no parameter{}", file, name,
                                                     did_you_mean(lower_case(name), known)));
    if (!seen.insert(name).second)
      throw Error(ErrorKind::bad_params, fmt::format("{} has the column '{}' twice.", file, name));
  }
  if (!seen.contains("scan"))
    throw Error(ErrorKind::bad_input, fmt::format("{} has no column 'scan', which names the file of each scan; "
                                                  "`fit batch --example` writes a manifest to start from.",
                                                  file));
}

/// The name of a scan's file without its ending, with what cannot be in an id left out.
std::string id_of_scan(const fs::path& scan) {
  std::string id = scan.stem().string();
  for (char& c : id)
    if (!flaw_of_id("x" + std::string(1, c) + "x").empty()) c = '_';
  while (!id.empty() && !flaw_of_id(id).empty() && id.size() > 1 && id.back() != '.') id.erase(id.begin());
  return flaw_of_id(id).empty() ? id : "scan_" + id.substr(0, longest_id / 2);
}

void take_row(const TableRow& row, const TableFile& table, const fs::path& folder, BatchCase& one) {
  const DecimalMark mark = table.separator == ',' ? DecimalMark::point : DecimalMark::point_or_comma;
  for (std::size_t k = 0; k < table.columns.size(); ++k) {
    const std::string &name = table.columns[k], &cell = row.cells[k];
    if (cell.empty() || name.starts_with('#')) continue;
    if (name == "id") {
      one.id = cell;
    } else if (name == "scan") {
      one.scan = absolute_from(folder, cell);
    } else {
      try {
        one.said[name] = value_in(columns().at(name), cell, folder, mark);
      } catch (const Error& error) {
        one.problems.emplace_back(error.what());
      }
    }
  }
}

/// Folders of two cases must not be one, on a disk that does not tell small letters from capital ones either.
void mark_doubles(std::vector<BatchCase>& cases) {
  std::map<std::string, const BatchCase*> seen;
  for (BatchCase& one : cases) {
    const auto [earlier, is_new] = seen.emplace(lower_case(one.id), &one);
    if (is_new || one.id.empty()) continue;
    one.problems.push_back(fmt::format("The id '{}' is that of line {} already.", one.id, earlier->second->line));
    one.id = fmt::format("{} (line {})", one.id, one.line);
  }
}

}  // namespace

Arguments BatchCase::arguments() const {
  Arguments arguments;
  for (const auto& [name, value] : said) {
    const Option& option = columns().at(name);
    if (option.kind == Option::Kind::on && value == "false") continue;
    arguments.say(name, option.kind == Option::Kind::repeated ? split(value, "|") : std::vector<std::string>{value});
  }
  return arguments;
}

std::vector<std::string> BatchCase::words() const {
  std::vector<std::string> words;
  for (const auto& [name, value] : said) {
    const Option& option = columns().at(name);
    const std::string flag = flag_of(name);
    if (what_holds(option) == Holds::switched) {
      if (value == "true") words.push_back(flag);
      if (value == "false" && option.kind == Option::Kind::on_off) words.push_back("--no-" + flag.substr(2));
    } else if (option.kind == Option::Kind::repeated) {
      for (const std::string& part : split(value, "|")) words.push_back(flag + "=" + part);
    } else {
      words.push_back(flag + "=" + value);
    }
  }
  return words;
}

std::vector<BatchCase> read_manifest(const fs::path& path, const Arguments& defaults) {
  const std::string file = path.filename().string();
  const TableFile table = parse_table(read_file(path), file);
  refuse_columns(table.columns, file);
  const auto for_all = said_for_all(defaults);
  const fs::path folder = fs::absolute(path).parent_path();
  std::vector<BatchCase> cases;
  for (const TableRow& row : table.rows) {
    BatchCase one;
    one.line = row.line;
    one.said = for_all;
    if (row.problem.empty())
      take_row(row, table, folder, one);
    else
      one.problems.push_back(row.problem);
    if (one.id.empty() && row.problem.empty() && !one.scan.empty()) one.id = id_of_scan(one.scan);
    const std::string flaw = flaw_of_id(one.id);
    if (!flaw.empty() && row.problem.empty()) one.problems.push_back(fmt::format("The id '{}' {}.", one.id, flaw));
    if (!flaw.empty()) one.id = fmt::format("line {}", row.line);
    if (one.scan.empty() && row.problem.empty()) one.problems.emplace_back("No scan is named.");
    cases.push_back(std::move(one));
  }
  if (cases.empty()) throw Error(ErrorKind::bad_input, fmt::format("{} has column names and no row.", file));
  mark_doubles(cases);
  return cases;
}

std::vector<BatchCase> cases_in_folder(const fs::path& folder, const Arguments& defaults) {
  static const std::set<std::string> endings{".stl", ".ply", ".obj", ".off", ".3mf", ".aop",
                                             ".bag", ".oni", ".mkv", ".r3d", ".bply"};
  std::vector<fs::path> scans;
  std::error_code failed;
  for (auto at = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, failed);
       at != fs::recursive_directory_iterator(); at.increment(failed)) {
    const bool hidden = at->path().filename().string().starts_with('.');
    const bool results = fs::exists(at->path() / "case.fit.json") || fs::exists(at->path() / "results.jsonl");
    if (at->is_directory(failed) && (hidden || results)) at.disable_recursion_pending();
    if (!hidden && at->is_regular_file(failed) && endings.contains(lower_case(at->path().extension().string())))
      scans.push_back(fs::absolute(at->path()).lexically_normal());
  }
  std::sort(scans.begin(), scans.end());
  std::vector<BatchCase> cases;
  std::set<std::string> taken;
  for (const fs::path& scan : scans) {
    BatchCase one{id_of_scan(scan), 0, scan, said_for_all(defaults), {}};
    const std::string stem = one.id;
    for (int n = 2; !taken.insert(lower_case(one.id)).second; ++n) one.id = fmt::format("{}_{}", stem, n);
    cases.push_back(std::move(one));
  }
  if (cases.empty())
    throw Error(ErrorKind::bad_input,
                fmt::format("{} holds no scan (STL, PLY, OBJ, OFF, 3MF, AAOP, recordings).", folder.string()));
  return cases;
}

std::vector<std::string> words_for_all(const Arguments& defaults) {
  BatchCase all;
  all.said = said_for_all(defaults);
  return all.words();
}

std::map<std::string, fs::path> files_of(const BatchCase& one) {
  std::map<std::string, fs::path> files;
  for (const auto& [name, value] : one.said) {
    const Holds holds = what_holds(columns().at(name));
    if ((holds == Holds::file || holds == Holds::profile || holds == Holds::list) && value.starts_with('/'))
      files[name] = value;
  }
  return files;
}

}  // namespace fit::cli
