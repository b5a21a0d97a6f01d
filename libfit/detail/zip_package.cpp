#include "libfit/detail/zip_package.h"

#include <zip.h>

#include <array>
#include <memory>

#include "libfit/detail/mesh_formats.h"

namespace fit::detail {

namespace {

/// XML of meshes packs 5 to 20 times; what packs better than this is a trap.
constexpr std::size_t tightest_packing = 100;
constexpr std::size_t always_unpacked = std::size_t{1} << 20;

}  // namespace

ZipPackage::ZipPackage(std::string_view bytes)
    : zip_(nullptr), may_unpack_(always_unpacked + tightest_packing * bytes.size()) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source) zip_ = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (source && !zip_) zip_source_free(source);
  zip_error_fini(&error);
  if (!zip_) refuse("its zip container is damaged or was cut off; export or copy it again");
}

ZipPackage::~ZipPackage() { zip_discard(zip_); }

std::ptrdiff_t ZipPackage::find(std::string_view part) const {
  while (part.starts_with('/')) part.remove_prefix(1);
  return zip_name_locate(zip_, std::string(part).c_str(), ZIP_FL_NOCASE);
}

std::size_t ZipPackage::promised_size(std::string_view part) const {
  zip_stat_t status;
  zip_stat_init(&status);
  const std::ptrdiff_t index = find(part);
  if (index < 0 || zip_stat_index(zip_, static_cast<zip_uint64_t>(index), 0, &status) != 0) return 0;
  return status.valid & ZIP_STAT_SIZE ? status.size : 0;
}

void ZipPackage::read(std::string_view part, const std::function<void(std::string_view)>& take) {
  const std::ptrdiff_t index = find(part);
  if (index < 0) refuse("it has no part '{}'", one_line(std::string(part)));
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(
      zip_fopen_index(zip_, static_cast<zip_uint64_t>(index), 0), &zip_fclose);
  if (!file) refuse("its part '{}' cannot be unpacked; it is damaged or encrypted", one_line(std::string(part)));
  std::array<char, 65536> piece;
  while (true) {
    const zip_int64_t got = zip_fread(file.get(), piece.data(), piece.size());
    if (got < 0) refuse("its part '{}' is damaged; export or copy it again", one_line(std::string(part)));
    if (got == 0) return;
    const auto size = static_cast<std::size_t>(got);
    if (size > may_unpack_)
      refuse("it unpacks to more than {} times its size, as no mesh does; it may be a trap", tightest_packing);
    may_unpack_ -= size;
    take({piece.data(), size});
  }
}

std::string zip_of(const std::vector<std::pair<std::string, std::string_view>>& parts) {
  const auto fail = [] { throw Error(ErrorKind::io, "The zip container could not be made."); };
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* buffer = zip_source_buffer_create(nullptr, 0, 0, &error);
  if (!buffer) fail();
  zip_source_keep(buffer);  // it is read after the archive is closed
  const std::unique_ptr<zip_source_t, void (*)(zip_source_t*)> kept(buffer, &zip_source_free);
  zip_t* archive = zip_open_from_source(buffer, ZIP_CREATE | ZIP_TRUNCATE, &error);
  if (!archive) fail();
  for (const auto& [name, text] : parts) {
    zip_source_t* source = zip_source_buffer(archive, text.data(), text.size(), 0);
    const zip_int64_t index = source ? zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8) : -1;
    if (index < 0) {
      if (source) zip_source_free(source);
      zip_discard(archive);
      fail();
    }
    // 1 January 1980, the first day of zip: no clock in what Fit writes.
    zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0, (1 << 5) | 1, 0);
    // Level 6 takes three times as long for a sixth less.
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_DEFLATE, 1);
  }
  if (zip_close(archive) != 0) {
    zip_discard(archive);
    fail();
  }
  if (zip_source_open(buffer) != 0) fail();
  zip_source_seek(buffer, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(buffer)), '\0');
  zip_source_seek(buffer, 0, SEEK_SET);
  const zip_int64_t got = zip_source_read(buffer, bytes.data(), bytes.size());
  zip_source_close(buffer);
  if (got != static_cast<zip_int64_t>(bytes.size())) fail();
  return bytes;
}

}  // namespace fit::detail
