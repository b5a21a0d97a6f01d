#include "apps/slicing/temporary_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

#include "libfit/error.h"

namespace fit {

namespace {

constexpr std::string_view prefix = ".fit-unfinished-";

/// The process that a folder's name tells, or 0.
pid_t owner_of(const std::string& name) {
  return name.starts_with(prefix) ? static_cast<pid_t>(std::strtol(name.c_str() + prefix.size(), nullptr, 10)) : 0;
}

/// What a run left that was killed, or whose power failed.
void remove_abandoned(const std::filesystem::path& parent) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(parent, ignored)) {
    const pid_t owner = owner_of(entry.path().filename().string());
    if (owner > 0 && kill(owner, 0) != 0 && errno == ESRCH) std::filesystem::remove_all(entry.path(), ignored);
  }
}

}  // namespace

TemporaryFolder::TemporaryFolder(const std::filesystem::path& parent) {
  remove_abandoned(parent);
  std::string pattern = parent / fmt::format("{}{}-XXXXXX", prefix, getpid());
  if (!mkdtemp(pattern.data()))
    throw Error(ErrorKind::io, fmt::format("No folder can be made in {}: {}.", parent.string(),
                                           std::error_code(errno, std::generic_category()).message()));
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace fit
