#pragma once

#include <filesystem>
#include <set>
#include <string>

#include "apps/slicing/temporary_folder.h"

namespace fit::cli {

/// Where a command puts files that belong together. They are written to a hidden folder and moved in when all are
/// there, so that a run that fails or is stopped changes nothing.
class ResultFolder {
 public:
  /// Throws Error::io when `target` is a file, or no folder can be made there.
  explicit ResultFolder(std::filesystem::path target);

  /// Where to write the file of that name.
  std::filesystem::path file(const std::string& name) const { return work_.path() / name; }

  const std::filesystem::path& target() const { return target_; }

  /// Moves all in. A file of `owned` that an earlier run left and this one did not make is removed before: a print file
  /// must never stand beside a report that is not its own. Throws Error::io.
  void finish(const std::set<std::string>& owned);

 private:
  std::filesystem::path target_;
  TemporaryFolder work_;
};

}  // namespace fit::cli
