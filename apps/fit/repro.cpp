#include "apps/fit/repro.h"

#include <fmt/format.h>
#include <zip.h>

#include <memory>
#include <utility>
#include <vector>

#include "apps/fit/versions.h"
#include "apps/slicing/temporary_folder.h"
#include "libfit/file.h"
#include "libfit/project.h"

namespace fit::cli {

namespace {

constexpr const char* scan_name = "scan.ply";
constexpr const char* project_name = "case.fit.json";
constexpr zip_uint64_t largest_file = 4ull << 30;
// The first day that a zip archive can name.
constexpr zip_uint16_t fixed_date = (1 << 5) | 1;

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;

[[noreturn]] void fail(const char* what) {
  throw Error(ErrorKind::io, fmt::format("The archive repro.zip could not be {}.", what));
}

std::string zipped(const std::vector<std::pair<std::string, std::string>>& files) {
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  if (!target) fail("made");
  zip_source_keep(target);
  const std::unique_ptr<zip_source_t, decltype(&zip_source_free)> owner(target, zip_source_free);
  Archive archive(zip_open_from_source(target, ZIP_TRUNCATE, nullptr), zip_discard);
  if (!archive) fail("made");
  for (const auto& [name, bytes] : files) {
    zip_source_t* source = zip_source_buffer(archive.get(), bytes.data(), bytes.size(), 0);
    const zip_int64_t index = zip_file_add(archive.get(), name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) fail("made");
    zip_file_set_dostime(archive.get(), static_cast<zip_uint64_t>(index), 0, fixed_date, 0);
  }
  if (zip_close(archive.get()) != 0) fail("made");
  std::ignore = archive.release();
  std::string bytes;
  zip_stat_t size;
  if (zip_source_stat(target, &size) != 0 || zip_source_open(target) != 0) fail("made");
  bytes.resize(size.size);
  zip_source_read(target, bytes.data(), bytes.size());
  zip_source_close(target);
  return bytes;
}

std::string scan_bytes(const MeshFile& scan) {
  const TemporaryFolder work;
  write_mesh(work.path() / scan_name, scan.mesh);
  return read_file(work.path() / scan_name);
}

Design without_identities(Design design) {
  for (Override& decision : design.overrides) decision.reason = "(left out)";
  // As long as they were: the letters stand on the socket.
  Identifier& identifier = design.solidify.identifier;
  identifier.identifier_code.assign(identifier.identifier_code.size(), 'X');
  identifier.identifier_date.assign(identifier.identifier_date.size(), '0');
  return design;
}

}  // namespace

std::string repro_zip(const CaseSource& source, const std::string& problem) {
  const std::string bytes = scan_bytes(source.scan);
  Project project{"fit " FIT_VERSION, scan_name, sha256(bytes), without_identities(source.design)};
  if (!project.design.scale.units) project.design.scale.units = source.scan.declared_unit;
  return zipped({{project_name, project_text(project)},
                 {scan_name, bytes},
                 {"versions.json", versions().dump(2) + "\n"},
                 {"problem.txt", problem + "\n"}});
}

std::filesystem::path unpack_repro(const std::filesystem::path& archive_path, const std::filesystem::path& folder) {
  const Archive archive(zip_open(archive_path.c_str(), ZIP_RDONLY, nullptr), zip_discard);
  if (!archive)
    throw Error(ErrorKind::bad_input, fmt::format("{} is no zip archive that can be read.", archive_path.string()));
  for (const char* name : {project_name, scan_name}) {
    zip_stat_t stat;
    const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen(archive.get(), name, 0), zip_fclose);
    if (!file || zip_stat(archive.get(), name, 0, &stat) != 0 || stat.size > largest_file)
      throw Error(ErrorKind::bad_input,
                  fmt::format("{} holds no {}; it is not a repro.zip of Fit.", archive_path.string(), name));
    std::string bytes;
    std::vector<char> piece(1 << 20);
    for (zip_int64_t count; (count = zip_fread(file.get(), piece.data(), piece.size())) > 0;)
      bytes.append(piece.data(), static_cast<std::size_t>(count));
    if (bytes.size() != stat.size)
      throw Error(ErrorKind::bad_input, fmt::format("{} is damaged.", archive_path.string()));
    write_file(folder / name, bytes);
  }
  return folder / project_name;
}

}  // namespace fit::cli
