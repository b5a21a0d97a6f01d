#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "libfit/error.h"

namespace fit {

/// How a long function says how far it is, and learns that it should stop. It is the last argument of every such
/// function; the default is silent and never stops. Called from the calling thread only.
class Progress {
 public:
  /// Takes the fraction done (0 to 1) and the stage's name; returns false to stop the work.
  using Report = std::function<bool(double fraction, std::string_view stage)>;

  Progress() = default;
  explicit Progress(Report report) : report_(std::move(report)) {}

  /// Reports `fraction` (0 to 1) of this part. Throws Cancelled when asked to stop.
  void operator()(double fraction) const {
    if (report_ && !report_(begin_ + (end_ - begin_) * fraction, stage_)) throw Cancelled();
  }

  /// Hands on the share from `begin` to `end` of this progress; an empty `stage` keeps the name.
  Progress part(double begin, double end, std::string_view stage = {}) const {
    Progress share = *this;
    share.begin_ = begin_ + (end_ - begin_) * begin;
    share.end_ = begin_ + (end_ - begin_) * end;
    if (!stage.empty()) share.stage_ = stage;
    return share;
  }

 private:
  Report report_;
  double begin_ = 0.0;
  double end_ = 1.0;
  std::string stage_;
};

}  // namespace fit
