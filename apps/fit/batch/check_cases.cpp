#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "apps/fit/batch/manifest.h"
#include "apps/fit/design_flags.h"
#include "libfit/landmark_file.h"
#include "libfit/tape_file.h"

namespace fit::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t largest_scan = std::uintmax_t{8} << 30;

using Sentences = std::vector<std::string>;

void check_scan(const fs::path& scan, Sentences& problems) {
  std::error_code failed;
  const fs::file_status status = fs::status(scan, failed);
  if (!fs::exists(status)) {
    problems.push_back(fmt::format("There is no file {}.", scan.string()));
  } else if (fs::is_regular_file(status)) {
    const std::uintmax_t size = fs::file_size(scan, failed);
    if (failed || size == 0) problems.push_back(fmt::format("{} is empty.", scan.string()));
    if (!failed && size > largest_scan) problems.push_back(fmt::format("{} is larger than 8 GB.", scan.string()));
  } else if (!fs::is_directory(status)) {
    problems.push_back(fmt::format("{} is neither a file nor a folder.", scan.string()));
  }
}

template <class Try>
void note_error(Sentences& problems, Try&& attempt) {
  try {
    attempt();
  } catch (const Error& error) {
    problems.emplace_back(error.what());
  }
}

/// All that is wrong with the values, not only the first: each by itself when they cannot be taken together.
Sentences problems_of_values(const BatchCase& one, bool slice) {
  Sentences problems;
  Design design;
  note_error(problems, [&] { design = design_of(one); });
  if (!problems.empty()) {
    problems.clear();
    for (const auto& [name, value] : one.said) {
      BatchCase alone;
      alone.said[name] = value;
      note_error(problems, [&] { design_of(alone); });
    }
    if (problems.empty()) note_error(problems, [&] { design_of(one); });
    return problems;
  }
  if (const auto landmarks = one.said.find("landmarks"); landmarks != one.said.end())
    note_error(problems, [&] { read_landmarks(landmarks->second); });
  auto missing = missing_decisions(design);
  // An .aop file says its side itself and is a positive: neither is missing before it is read.
  if (one.scan.extension() == ".aop") missing.clear();
  if (!missing.empty()) problems.push_back(fmt::format("No socket is made without {}.", fmt::join(missing, ", ")));
  if (slice && (!design.printer || !design.material)) problems.emplace_back("Slicing needs printer and material.");
  return problems;
}

}  // namespace

Design design_of(const BatchCase& one) {
  Design design;
  apply_choices(one.arguments(), design);
  return design;
}

void check_cases(std::vector<BatchCase>& cases, bool slice) {
  // Rows of one batch mostly say the same.
  std::map<std::pair<bool, std::map<std::string, std::string>>, Sentences> known;
  for (BatchCase& one : cases) {
    if (!one.scan.empty()) check_scan(one.scan, one.problems);
    const auto [found, is_new] = known.try_emplace({one.scan.extension() == ".aop", one.said});
    if (is_new) found->second = problems_of_values(one, slice);
    one.problems.insert(one.problems.end(), found->second.begin(), found->second.end());
  }
}

}  // namespace fit::cli
