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
constexpr std::uintmax_t largest_raw_scan = std::uintmax_t{256} << 20;
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

std::string unpacked(zip_t* archive, const std::filesystem::path& path, const std::string& name) {
  zip_stat_t stat;
  const std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file(zip_fopen(archive, name.c_str(), 0), zip_fclose);
  if (!file || zip_stat(archive, name.c_str(), 0, &stat) != 0 || stat.size > largest_file)
    throw Error(ErrorKind::bad_input,
                fmt::format("{} holds no {}; it is not a repro.zip of Fit.", path.string(), name));
  std::string bytes;
  std::vector<char> piece(1 << 20);
  for (zip_int64_t count; (count = zip_fread(file.get(), piece.data(), piece.size())) > 0;)
    bytes.append(piece.data(), static_cast<std::size_t>(count));
  if (bytes.size() != stat.size) throw Error(ErrorKind::bad_input, fmt::format("{} is damaged.", path.string()));
  return bytes;
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

std::string repro_zip_of_file(const std::filesystem::path& scan, const Design& design, const std::string& problem) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(scan, failed) || std::filesystem::file_size(scan, failed) > largest_raw_scan)
    return "";
  const std::string bytes = read_file(scan);
  const Project project{"fit " FIT_VERSION, scan_copy_name(scan), sha256(bytes), without_identities(design)};
  return zipped(
      {{project_name, project_text(project)},
       {project.scan_file, bytes},
       {"versions.json", versions().dump(2) + "\n"},
       {"problem.txt", problem + "\nThe scan could not be read, so it is in here as it came: look whether a name "
                                 "stands in it before you send it.\n"}});
}

std::filesystem::path unpack_repro(const std::filesystem::path& archive_path, const std::filesystem::path& folder) {
  const Archive archive(zip_open(archive_path.c_str(), ZIP_RDONLY, nullptr), zip_discard);
  if (!archive)
    throw Error(ErrorKind::bad_input, fmt::format("{} is no zip archive that can be read.", archive_path.string()));
  const std::string project = unpacked(archive.get(), archive_path, project_name);
  const std::string scan_file = project_from_text(project).scan_file;
  write_file(folder / scan_file, unpacked(archive.get(), archive_path, scan_file));
  write_file(folder / project_name, project);
  return folder / project_name;
}

}  // namespace fit::cli
