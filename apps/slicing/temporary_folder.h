#pragma once

#include <filesystem>

namespace fit {

/// A new folder for one's own use, readable by its owner alone; it is gone with this object, and all that is in it.
class TemporaryFolder {
 public:
  /// In `parent`, under a hidden name that begins with ".fit-unfinished-"; such folders of runs that were killed are
  /// removed there. Throws Error::io.
  explicit TemporaryFolder(const std::filesystem::path& parent = std::filesystem::temp_directory_path());
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace fit
