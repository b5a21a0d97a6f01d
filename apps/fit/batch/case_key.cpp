#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "apps/fit/batch/case_store.h"
#include "libfit/error.h"
#include "libfit/file.h"
#include "models/load.h"

namespace fit::cli {

namespace {

namespace fs = std::filesystem;

/// Names and hashes of the data that the program comes with: a template that changed makes other sockets.
std::string models_text() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(models_folder()))
    if (entry.is_regular_file() && entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::string text;
  for (const fs::path& file : files)
    text += file.lexically_relative(models_folder()).string() + " " + sha256_of_file(file) + "\n";
  return text;
}

std::string scan_hash(const fs::path& scan) {
  if (!fs::is_directory(scan)) return sha256_of_file(scan);
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(scan))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::string text;
  for (const fs::path& file : files) text += file.lexically_relative(scan).string() + " " + sha256_of_file(file) + "\n";
  return sha256(text);
}

}  // namespace

BatchProgram this_program(bool slice) {
  BatchProgram program;
  std::error_code failed;
  program.path = fs::read_symlink("/proc/self/exe", failed);
  if (failed) throw Error(ErrorKind::io, "Fit cannot find its own program file (/proc/self/exe).");
  program.sha256 = sha256(sha256_of_file(program.path) + "\n" + models_text());
  program.slice = slice;
  return program;
}

std::string key_of(const BatchCase& one, const BatchProgram& program) {
  std::string text = "fit-batch 1\nprogram " + program.sha256 + "\nslice " + (program.slice ? "yes" : "no") + "\nid " +
                     one.id + "\nscan " + one.scan.extension().string() + " " + scan_hash(one.scan) + "\n";
  const auto files = files_of(one);
  for (const auto& [name, value] : one.said) {
    const auto file = files.find(name);
    text += name + "=" + (file == files.end() ? value : "file " + sha256_of_file(file->second)) + "\n";
  }
  return sha256(text);
}

CaseKey case_key(const BatchCase& one, const BatchProgram& program) {
  std::string problem = fmt::format("{}", fmt::join(one.problems, " "));
  try {
    if (problem.empty()) return {key_of(one, program), ""};
  } catch (const Error& error) {
    problem = error.what();
  } catch (const fs::filesystem_error& error) {
    problem = fmt::format("{} cannot be read: {}.", one.scan.string(), error.code().message());
  }
  return {sha256("problem " + problem), problem};
}

}  // namespace fit::cli
