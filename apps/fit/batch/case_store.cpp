#include "apps/fit/batch/case_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "libfit/error.h"
#include "libfit/file.h"

namespace fit::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view hidden = ".fit-batch-";
constexpr const char* outcome_file = "outcome.json";
constexpr const char* format = "fit-batch-case 1";

[[noreturn]] void fail(const fs::path& path, const std::string& why) {
  throw Error(ErrorKind::io, fmt::format("The results cannot be written to {}: {}.", path.string(), why));
}

template <class Do>
void on_disk(const fs::path& path, Do&& act) {
  try {
    act();
  } catch (const fs::filesystem_error& error) {
    fail(path, error.code().message());
  }
}

/// A new name in a folder is on the disk when the folder is.
void flush_folder(const fs::path& folder) {
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  fsync(descriptor);
  close(descriptor);
}

/// The lock of a folder that is being worked in, or -1 when another run has it. It is gone with its process, also when
/// that is on another machine that fails.
int take_lock(const fs::path& folder) {
  const int descriptor = open((folder / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  if (descriptor >= 0) close(descriptor);
  return -1;
}

void remove_abandoned(const fs::path& out) {
  std::error_code ignored;
  std::vector<fs::path> folders;
  for (const auto& entry : fs::directory_iterator(out, ignored))
    if (entry.path().filename().string().starts_with(hidden) && fs::exists(entry.path() / "lock"))
      folders.push_back(entry.path());
  for (const fs::path& folder : folders) {
    const int lock = take_lock(folder);
    if (lock < 0) continue;
    fs::remove_all(folder, ignored);
    close(lock);
  }
}

fs::path new_work_folder(const fs::path& out) {
  char host[64] = "host";
  gethostname(host, sizeof host - 1);
  std::string pattern = out / fmt::format("{}{}-{}-XXXXXX", hidden, host, getpid());
  if (!mkdtemp(pattern.data())) fail(out, std::strerror(errno));
  return pattern;
}

std::string_view name_of(CaseStatus status) {
  return status == CaseStatus::printable ? "printable" : status == CaseStatus::forbidden ? "forbidden" : "failed";
}

nlohmann::ordered_json sizes_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  auto sizes = nlohmann::ordered_json::object();
  for (const fs::path& file : files)
    if (file.filename() != "timings.json" && file.filename() != "log.txt")
      sizes[file.filename().string()] = fs::file_size(file);
  return sizes;
}

bool has_all(const fs::path& folder, const nlohmann::ordered_json& sizes) {
  std::error_code failed;
  for (const auto& [name, size] : sizes.items())
    if (fs::file_size(folder / name, failed) != size.get<std::uintmax_t>() || failed) return false;
  return true;
}

/// Another run may put the same case there between the two renames: then what it put is replaced too.
void put_in_place(const fs::path& made, const fs::path& place, const fs::path& replaced) {
  std::error_code failed;
  for (int tries = 0; tries < 10; ++tries) {
    fs::remove_all(replaced);
    if (fs::exists(place)) fs::rename(place, replaced, failed);
    fs::rename(made, place, failed);
    if (!failed) return;
    if (failed != std::errc::directory_not_empty && failed != std::errc::file_exists) break;
  }
  fail(place, failed.message());
}

}  // namespace

CaseStore::CaseStore(const fs::path& out) : out_(fs::absolute(out).lexically_normal()) {
  if (!out_.has_filename()) out_ = out_.parent_path();
  on_disk(out_, [&] {
    if (fs::exists(out_) && !fs::is_directory(out_)) fail(out_, "it is a file, not a folder");
    fs::create_directories(out_ / "cases");
  });
  remove_abandoned(out_);
  work_ = new_work_folder(out_);
  lock_ = take_lock(work_);
}

CaseStore::~CaseStore() {
  std::error_code ignored;
  fs::remove_all(work_, ignored);
  if (lock_ >= 0) close(lock_);
}

fs::path CaseStore::begin(const std::string& id) const {
  const fs::path folder = work_ / id;
  on_disk(folder, [&] { fs::remove_all(folder); });
  return folder;
}

void CaseStore::publish(const std::string& id, const CaseOutcome& outcome) {
  const fs::path made = work_ / id, place = folder_of(id), replaced = work_ / (id + ".replaced");
  on_disk(place, [&] {
    fs::create_directories(made);
    nlohmann::ordered_json json{{"format", format},
                                {"id", outcome.id},
                                {"key", outcome.key},
                                {"status", name_of(outcome.status)},
                                {"exit_code", outcome.exit_code}};
    if (!outcome.problem.empty()) json["problem"] = outcome.problem;
    if (outcome.limits) json["limits"] = {{"time_s", outcome.limits->time_s}, {"memory_mb", outcome.limits->memory_mb}};
    json["sizes"] = sizes_in(made);
    json["row"] = outcome.row;
    write_file(made / outcome_file, json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
    fs::permissions(made, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                              fs::perms::others_read | fs::perms::others_exec);
    put_in_place(made, place, replaced);
    flush_folder(place.parent_path());
    fs::remove_all(replaced);
  });
}

std::optional<CaseOutcome> CaseStore::find(const std::string& id) const {
  const fs::path folder = folder_of(id);
  std::error_code failed;
  if (!fs::exists(folder / outcome_file, failed)) return std::nullopt;
  try {
    const auto json = nlohmann::ordered_json::parse(read_file(folder / outcome_file));
    if (json.at("format") != format || !has_all(folder, json.at("sizes"))) return std::nullopt;
    CaseOutcome outcome;
    outcome.id = json.at("id").get<std::string>();
    outcome.key = json.at("key").get<std::string>();
    const auto status = json.at("status").get<std::string>();
    outcome.status = status == "printable"   ? CaseStatus::printable
                     : status == "forbidden" ? CaseStatus::forbidden
                                             : CaseStatus::failed;
    outcome.exit_code = json.at("exit_code").get<int>();
    outcome.problem = json.value("problem", "");
    if (json.contains("limits"))
      outcome.limits = {json.at("limits").at("time_s").get<double>(), json.at("limits").at("memory_mb").get<double>()};
    outcome.row = json.at("row");
    return outcome;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

void CaseStore::write(const std::string& name, const std::string& bytes) const {
  const fs::path made = work_ / name;
  write_file(made, bytes);
  on_disk(out_ / name, [&] { fs::rename(made, out_ / name); });
}

void CaseStore::replace(const std::string& name, const fs::path& made) const {
  on_disk(out_ / name, [&] {
    const fs::path replaced = work_ / (name + ".replaced");
    if (fs::exists(out_ / name)) fs::rename(out_ / name, replaced);
    fs::rename(made, out_ / name);
    fs::remove_all(replaced);
  });
}

}  // namespace fit::cli
