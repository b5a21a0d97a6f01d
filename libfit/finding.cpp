#include "libfit/finding.h"

#include <fmt/format.h>

#include <map>

#include "libfit/error.h"

namespace fit {

namespace {

struct Entry {
  const char* sentence;
  const char* remedy;
  bool can_be_overridden = true;
};

/// Alphabetical. {name} is replaced by the value of that name: a number with at most one decimal, or a word.
const std::map<std::string, Entry, std::less<>>& catalogue() {
  static const std::map<std::string, Entry, std::less<>> entries{
      {"units_converted",
       {"The file's numbers were read as {unit}: the limb is {length_mm} mm long.",
        "If that is wrong, say the unit with --units."}},
      {"units_unknown",
       {"The size of the scan fits no unit of a limb's length: it measures {size} in the file's own numbers.",
        "Say the unit with --units, or check that the file holds a limb.", false}},
  };
  return entries;
}

const Entry& entry(const std::string& code) {
  const auto found = catalogue().find(code);
  if (found == catalogue().end()) throw Error(ErrorKind::bad_params, fmt::format("'{}' is not the code of a finding.", code));
  return found->second;
}

std::string filled(const char* text, const Finding& finding) {
  std::string result = text;
  for (const FindingValue& value : finding.values) {
    const std::string hole = "{" + value.name + "}";
    std::string said = value.word;
    if (said.empty()) {
      said = fmt::format("{:.1f}", value.number);
      if (said.ends_with(".0")) said.resize(said.size() - 2);
      if (said == "-0") said = "0";
    }
    for (std::size_t at = result.find(hole); at != std::string::npos; at = result.find(hole, at + said.size()))
      result.replace(at, hole.size(), said);
  }
  return result;
}

}  // namespace

std::string sentence(const Finding& finding) { return filled(entry(finding.code).sentence, finding); }
std::string remedy(const Finding& finding) { return filled(entry(finding.code).remedy, finding); }
bool can_be_overridden(const std::string& code) { return entry(code).can_be_overridden; }

std::vector<std::string> finding_codes() {
  std::vector<std::string> codes;
  for (const auto& [code, unused] : catalogue()) codes.push_back(code);
  return codes;
}

}  // namespace fit
