#include <algorithm>
#include <cstdint>

#include "tests/file_readers.h"

namespace {

const fit::FileReader& reader() {
  static const fit::FileReader found = [] {
    for (fit::FileReader& one : fit::file_readers())
      if (one.name == FIT_FUZZ_READER) return one;
    std::abort();
  }();
  return found;
}

}  // namespace

/// `-seeds FOLDER` in place of libFuzzer's own arguments writes the seeds.
extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  if (*count < 3 || std::string((*arguments)[1]) != "-seeds") return 0;
  for (std::size_t i = 0; i < reader().seeds.size(); ++i)
    std::ofstream(std::filesystem::path((*arguments)[2]) / ("seed" + std::to_string(i)), std::ios::binary)
        << reader().seeds[i];
  std::exit(0);
}

/// Any bytes are values or a refusal; nothing else may come out of a reader.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    reader().read({reinterpret_cast<const char*>(data), size});
  } catch (const fit::Error&) {
  }
  return 0;
}
