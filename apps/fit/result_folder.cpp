#include "apps/fit/result_folder.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "libfit/error.h"

namespace fit::cli {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
  throw Error(ErrorKind::io, fmt::format("The results cannot be written to {}: {}.", path.string(), reason));
}

fs::path checked(const fs::path& said) {
  if (said.empty()) throw Error(ErrorKind::bad_params, "--output is empty; name a folder for the results.");
  fs::path target = fs::absolute(said).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  if (fs::exists(target) && !fs::is_directory(target)) refuse(target, "it is a file, not a folder");
  return target;
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

ResultFolder::ResultFolder(fs::path target) : target_(checked(target)), work_(nearest_existing(target_)) {}

void ResultFolder::finish(const std::set<std::string>& owned) {
  try {
    if (!fs::exists(target_)) {
      fs::create_directories(target_.parent_path());
      take_away_privacy(work_.path());
      fs::rename(work_.path(), target_);
      return;
    }
    for (const std::string& name : owned) fs::remove(target_ / name);
    std::set<fs::path> made;
    for (const auto& entry : fs::directory_iterator(work_.path())) made.insert(entry.path());
    for (const fs::path& file : made) fs::rename(file, target_ / file.filename());
  } catch (const fs::filesystem_error& error) {
    refuse(target_, error.code().message());
  }
}

}  // namespace fit::cli
