#pragma once

#include <string>

#include "apps/report/report.h"

/// The parts of the report, each a piece of HTML; empty when there is nothing to tell.
namespace fit::report {

/// Page one: side, verdict, biggest changes, what was not confirmed, findings, overrides, a line to sign.
std::string decision_card(const ReportInput& input);

std::string limb_pictures(const ReportInput& input);
std::string change_pictures(const ReportInput& input);
std::string socket_pictures(const ReportInput& input);
std::string wall_pictures(const ReportInput& input);
std::string sections(const ReportInput& input);

std::string measurement_table(const ReportInput& input);
std::string landmark_table(const ReportInput& input);
std::string finding_list(const ReportInput& input);
std::string parameter_table(const ReportInput& input);
std::string version_table(const ReportInput& input);

/// The style sheet.
extern const char* const style;

}  // namespace fit::report
