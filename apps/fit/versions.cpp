#include "apps/fit/versions.h"

#include <fmt/format.h>
#include <gnu/libc-version.h>

#include <Eigen/Core>

namespace fit::cli {

nlohmann::ordered_json versions() {
  return {{"fit", FIT_VERSION},
          {"compiler", __VERSION__},
          {"c_library", fmt::format("glibc {}", gnu_get_libc_version())},
          {"eigen", fmt::format("{}.{}.{}", EIGEN_WORLD_VERSION, EIGEN_MAJOR_VERSION, EIGEN_MINOR_VERSION)},
          {"fmt", FMT_VERSION}};
}

}  // namespace fit::cli
