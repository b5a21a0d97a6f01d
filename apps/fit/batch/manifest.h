#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "apps/fit/command.h"
#include "libfit/pipeline.h"

namespace fit::cli {

/// One case of a batch as a person asked for it: what `fit make` would be told.
struct BatchCase {
  std::string id;  ///< the name of its folder
  int line = 0;    ///< of the manifest; 0 when it came from a folder
  std::filesystem::path scan;
  std::map<std::string, std::string> said;  ///< options of `fit make` by name, in the form of the command line
  std::vector<std::string> problems;        ///< what is wrong with the row, a sentence each

  /// The same as arguments of `fit make`.
  Arguments arguments() const;
  /// The words that follow `fit make SCAN`, in the order of the names.
  std::vector<std::string> words() const;
};

/// Reads a manifest: a table with the columns `id` and `scan` and any option of `fit make` by its name (wall_mm, side,
/// template, printer ...). Every row takes `defaults` where its cell is empty. Paths count from the manifest's folder.
/// Numbers may stand as in any locale (number_text.h). Columns whose name begins with # are the reader's own.
/// A row that cannot be has `problems`. Throws Error::bad_input (no table, no column `scan`), Error::bad_params (a
/// column that is unknown, naming the nearest, or there twice).
std::vector<BatchCase> read_manifest(const std::filesystem::path& path, const Arguments& defaults);

/// The scans, shapes and recordings in a folder and in those below it, in alphabetical order, a case each.
/// Throws Error::bad_input when there is none.
std::vector<BatchCase> cases_in_folder(const std::filesystem::path& folder, const Arguments& defaults);

/// Adds to each case's problems what is wrong with it before any scan is read: files that are not there, values that
/// cannot be, decisions that are missing.
void check_cases(std::vector<BatchCase>& cases, bool slice);

/// The options that hold for all cases, as words of a command line that is run elsewhere.
std::vector<std::string> words_for_all(const Arguments& defaults);

/// The design that a case starts from, its scan unread. Throws as `apply_choices`.
Design design_of(const BatchCase& one);

/// The options that name files, and the files that a case names so. A value such as {"cr10"} is none.
std::map<std::string, std::filesystem::path> files_of(const BatchCase& one);

/// A manifest to start from, with comments.
std::string example_manifest();

}  // namespace fit::cli
