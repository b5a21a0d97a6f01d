#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "apps/fit/batch/limited_process.h"
#include "apps/fit/batch/manifest.h"

namespace fit::cli {

/// What came of a case.
enum class CaseStatus { printable, forbidden, failed };

/// What a case's folder says of itself, in outcome.json.
struct CaseOutcome {
  std::string id;
  std::string key;  ///< see `key_of`
  CaseStatus status = CaseStatus::failed;
  int exit_code = 0;
  std::string problem;                  ///< one sentence, of a case that failed
  std::optional<ProcessLimits> limits;  ///< those that it broke
  nlohmann::ordered_json row;           ///< what stands in results.jsonl
};

/// What all cases of a run share: with other values a case is another one.
struct BatchProgram {
  std::filesystem::path path;
  std::string sha256;  ///< of the program and of the data that it comes with
  bool slice = false;
};

/// This program and its data. Throws Error::io.
BatchProgram this_program(bool slice);

/// SHA-256 over all that a case is made of: the bytes of its scan and of every file that it names, what was said, the
/// program. Where a file lies does not matter. Throws Error::io.
std::string key_of(const BatchCase& one, const BatchProgram& program);

/// A case's key; that of a row that cannot be, or whose files cannot be read, is made of what is wrong with it.
struct CaseKey {
  std::string key;
  std::string problem;
};
CaseKey case_key(const BatchCase& one, const BatchProgram& program);

/// The folder of results. A case is worked on in a hidden folder and moved to cases/ID when all of it is on the disk:
/// what stands there is whole. Any number of runs may work in one folder: none looks at what another has not finished.
class CaseStore {
 public:
  /// Makes the folders, and removes what runs left that are no more. Throws Error::io.
  explicit CaseStore(const std::filesystem::path& out);
  ~CaseStore();
  CaseStore(const CaseStore&) = delete;
  CaseStore& operator=(const CaseStore&) = delete;

  const std::filesystem::path& out() const { return out_; }
  std::filesystem::path folder_of(const std::string& id) const { return out_ / "cases" / id; }

  /// A path in the hidden folder for a case to be made in; nothing is there.
  std::filesystem::path begin(const std::string& id) const;

  /// Writes outcome.json, and moves the case to its place; one that is there is replaced. Throws Error::io.
  void publish(const std::string& id, const CaseOutcome& outcome);

  /// What stands at a case's place; none when nothing does, or not all of it.
  std::optional<CaseOutcome> find(const std::string& id) const;

  /// Puts a file into the folder of results, whole or not at all. Throws Error::io.
  void write(const std::string& name, const std::string& bytes) const;

  /// A folder of the results is replaced by one of the hidden folder. Throws Error::io.
  void replace(const std::string& name, const std::filesystem::path& made) const;

  const std::filesystem::path& work() const { return work_; }

 private:
  std::filesystem::path out_, work_;
  int lock_ = -1;
};

}  // namespace fit::cli
