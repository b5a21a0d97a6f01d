#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>

#include "libfit/error.h"
#include "scanners/camera.h"

/// Any bytes are a recording to its end or a refusal; nothing else may come out of opening and reading it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("fit_fuzz_" + std::to_string(::getpid()) + ".r3d");
  std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  try {
    const auto camera = fit::open_recording(path);
    fit::Frame frame;
    for (int i = 0; i < 100 && camera->next(frame); ++i) {
    }
  } catch (const fit::Error&) {
  }
  return 0;
}
