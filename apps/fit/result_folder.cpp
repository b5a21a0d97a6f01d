#include "apps/fit/result_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>

#include "libfit/error.h"

namespace fit::cli {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
  throw Error(ErrorKind::io, fmt::format("The results cannot be written to {}: {}.", path.string(), reason));
}

/// The folder itself, or the nearest above it that exists: on the same disk, so that moving is renaming.
fs::path nearest_existing(fs::path path) {
  while (!fs::exists(path) && path.has_relative_path()) path = path.parent_path();
  return path;
}

void take_away_privacy(const fs::path& folder) {
  const mode_t mask = umask(0);
  umask(mask);
  chmod(folder.c_str(), 0777 & ~mask);
}

}  // namespace

ResultFolder::ResultFolder(fs::path target) : target_(fs::absolute(std::move(target)).lexically_normal()) {
  if (!target_.has_filename()) target_ = target_.parent_path();
  if (fs::exists(target_) && !fs::is_directory(target_)) refuse(target_, "it is a file, not a folder");
  std::string pattern = nearest_existing(target_) / ".fit-unfinished-XXXXXX";
  if (!mkdtemp(pattern.data())) refuse(target_, std::error_code(errno, std::generic_category()).message());
  work_ = pattern;
}

ResultFolder::~ResultFolder() {
  std::error_code ignored;
  fs::remove_all(work_, ignored);
}

void ResultFolder::finish(const std::set<std::string>& owned) {
  try {
    if (!fs::exists(target_)) {
      fs::create_directories(target_.parent_path());
      take_away_privacy(work_);
      fs::rename(work_, target_);
      return;
    }
    for (const std::string& name : owned) fs::remove(target_ / name);
    std::set<fs::path> made;
    for (const auto& entry : fs::directory_iterator(work_)) made.insert(entry.path());
    for (const fs::path& file : made) fs::rename(file, target_ / file.filename());
  } catch (const fs::filesystem_error& error) {
    refuse(target_, error.code().message());
  }
}

}  // namespace fit::cli
