#pragma once

#include <stdexcept>
#include <string>

namespace fit {

/// What kind of thing went wrong; the number is the exit code of the command line.
enum class ErrorKind {
  bad_params = 2,   ///< what the user asked for cannot be
  bad_input = 3,    ///< the data given is not what it should be
  io = 4,           ///< a file could not be read or written
  no_solution = 5,  ///< the input is sound, and no answer was found
};

/// The one way a function of Fit fails: one sentence that a clinician can read, saying what was found, where, and
/// what to do.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& sentence) : std::runtime_error(sentence), kind_(kind) {}
  ErrorKind kind() const { return kind_; }
  int exit_code() const { return static_cast<int>(kind_); }

 private:
  ErrorKind kind_;
};

/// Thrown out of a function whose `Progress` was asked to stop. Nothing was changed.
class Cancelled : public std::runtime_error {
 public:
  Cancelled() : std::runtime_error("Cancelled.") {}
};

}  // namespace fit
