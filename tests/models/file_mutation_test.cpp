// Damaged files of all kinds but meshes.

#include "tests/file_readers.h"
#include "tests/libfit/damaged_files.h"

namespace fit {
namespace {

TEST(FileMutation, EverySeedIsReadWhenItIsWhole) {
  for (const FileReader& reader : file_readers())
    for (const std::string& seed : reader.seeds) {
      EXPECT_LE(seed.size(), 20'000u) << reader.name;
      EXPECT_NO_THROW(reader.read(seed)) << reader.name;
    }
}

TEST(FileMutation, EveryReaderGivesItsValuesOrARefusal) {
  for (const FileReader& reader : file_readers()) expect_no_harm(reader.name, reader.seeds, reader.read);
}

}  // namespace
}  // namespace fit
