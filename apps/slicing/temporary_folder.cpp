#include "apps/slicing/temporary_folder.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "libfit/error.h"

namespace fit {

TemporaryFolder::TemporaryFolder(const std::filesystem::path& parent) {
  std::string pattern = parent / ".fit-unfinished-XXXXXX";
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
