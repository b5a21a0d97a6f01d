#include "libfit/detail/print_checks.h"

namespace fit::detail {

namespace {

// Walls of 4 mm held at low activity and broke under active users at the patellar tendon and in the popliteal area; 6
// mm were intact after a year; a 7 mm trimline cut the stress by 26 % (Prosthesis 2022, 4:589).
constexpr double kLeastWall = 4.0;
constexpr double kActiveWall = 6.0;
constexpr double kActiveRim = 7.0;

struct TestLevel {
  double most_kg;
  const char* name;
};

/// Levels of ISO 10328 by body mass; those above P5 are unverified.
constexpr TestLevel kLevels[] = {{60, "P3"}, {80, "P4"}, {100, "P5"}, {125, "P6"}, {150, "P7"}, {175, "P8"}};

Finding body_mass(const std::optional<double>& mass_kg) {
  if (!mass_kg) return {"body_mass_unknown", Severity::note, {}, std::nullopt};
  for (const TestLevel& level : kLevels) {
    if (*mass_kg > level.most_kg) continue;
    // The published walls were tested up to P5.
    const bool tested = level.most_kg <= 100.0;
    return {tested ? "body_mass_level" : "body_mass_high",
            tested ? Severity::note : Severity::warn,
            {{"body_mass_kg", *mass_kg, ""}, {"level", 0.0, level.name}},
            std::nullopt};
  }
  return {"body_mass_beyond", Severity::forbid, {{"body_mass_kg", *mass_kg, ""}}, std::nullopt};
}

}  // namespace

Findings check_strength(const SolidifyParams& asked, const Workshop& workshop, const CheckParams& params) {
  Findings findings{body_mass(params.body_mass_kg)};
  const bool active = params.activity != Activity::low;
  const double least = active ? kActiveWall : kLeastWall;
  const std::string activity(name_of(params.activity));
  if (asked.wall_mm < least)
    findings.push_back({"wall_for_activity",
                        Severity::forbid,
                        {{"wall_mm", asked.wall_mm, ""}, {"least_mm", least, ""}, {"activity", 0.0, activity}},
                        std::nullopt});
  else if (asked.wall_mm < kActiveWall)
    findings.push_back({"wall_low_activity_only", Severity::warn, {{"wall_mm", asked.wall_mm, ""}}, std::nullopt});
  if (active && asked.trimline_wall_mm < kActiveRim)
    findings.push_back({"rim_wall_thin",
                        Severity::warn,
                        {{"wall_mm", asked.trimline_wall_mm, ""}, {"least_mm", kActiveRim, ""}},
                        std::nullopt});
  if (workshop.material && asked.wall_mm < workshop.material->least_wall_mm)
    findings.push_back({"wall_below_material",
                        Severity::warn,
                        {{"wall_mm", asked.wall_mm, ""},
                         {"least_mm", workshop.material->least_wall_mm, ""},
                         {"material", 0.0, workshop.material->material_name}},
                        std::nullopt});
  return findings;
}

}  // namespace fit::detail
