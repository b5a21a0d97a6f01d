#pragma once

#include <Eigen/Core>
#include <optional>
#include <string>
#include <vector>

namespace fit {

/// How much a finding weighs.
enum class Severity {
  note,    ///< worth knowing
  warn,    ///< look at it before the socket is used
  forbid,  ///< no print file is made
};

/// A number with its unit in its name, or a word, that a finding's sentence is made from.
struct FindingValue {
  std::string name;  ///< as it stands in braces in the sentence; ends in its unit: "thinnest_mm"
  double number = 0.0;
  std::string word;  ///< used in place of the number when not empty

  bool operator==(const FindingValue&) const = default;
};

/// A fact about a result that a person should know. Its sentence and remedy are made from the code and the values by
/// `sentence` and `remedy`, so that they can be translated.
struct Finding {
  std::string code;  ///< a key of the catalogue in finding.cpp, such as "wall_thin"
  Severity severity = Severity::note;
  std::vector<FindingValue> values;
  std::optional<Eigen::Vector3d> place_mm;  ///< in the limb frame once there is one, else in the scan's

  bool operator==(const Finding&) const = default;
};

using Findings = std::vector<Finding>;

/// What was found, in one English sentence. Throws Error::bad_params for a code that is not in the catalogue.
std::string sentence(const Finding& finding);

/// The findings without those whose sentence an earlier one says already, of another place: a list for people.
Findings said_once(const Findings& findings);

/// What to do about it, in one English sentence; may be empty for a note.
std::string remedy(const Finding& finding);

/// Whether a person may print in spite of it, giving a reason.
bool can_be_overridden(const std::string& code);

/// All codes, for tests and the manual.
std::vector<std::string> finding_codes();

}  // namespace fit
