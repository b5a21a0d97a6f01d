#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "apps/fit/commands.h"
#include "benchmarks/accuracy/scan_accuracy.h"
#include "libfit/file.h"
#include "models/load.h"

namespace fit::cli {

namespace {

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

/// What was said, each one of `known`; all of them when nothing was.
std::vector<std::string> chosen(const Arguments& arguments, const char* name, const std::vector<std::string>& known) {
  const auto said = arguments.find(name);
  if (!said) return known;
  std::vector<std::string> parts = parts_of(*said);
  for (const std::string& part : parts)
    if (std::find(known.begin(), known.end(), part) == known.end())
      throw Error(ErrorKind::bad_params,
                  fmt::format("{} names '{}'; there are {}.", flag_of(name), part, fmt::join(known, ", ")));
  return parts;
}

double number(const Arguments& arguments, const char* name, double usual, double lowest, double highest) {
  const auto said = arguments.find(name);
  if (!said) return usual;
  double value = 0;
  const auto [end, wrong] = std::from_chars(said->data(), said->data() + said->size(), value);
  if (wrong != std::errc() || end != said->data() + said->size() || !(value >= lowest && value <= highest))
    throw Error(ErrorKind::bad_params, fmt::format("{} is '{}'; it must be a number from {:g} to {:g}.", flag_of(name),
                                                   *said, lowest, highest));
  return value;
}

std::vector<ScanCase> cases_of(const Arguments& arguments) {
  const auto& motions = scan_motion_names();
  const int limbs = static_cast<int>(number(arguments, "limbs", 1, 1, 1000));
  std::vector<ScanCase> cases;
  for (const std::string& sensor : chosen(arguments, "sensors", sensor_names()))
    for (const std::string& motion : chosen(arguments, "motions", motions))
      for (int limb = 1; limb <= limbs; ++limb) {
        ScanCase one;
        one.sensor = sensor;
        one.motion = static_cast<ScanMotion>(std::find(motions.begin(), motions.end(), motion) - motions.begin());
        one.limb_seed = one.seed = limb;
        one.focal_error_percent = (limb % 2 == 1 ? 1 : -1) * number(arguments, "focal_error_percent", 0, -10, 10);
        one.bias_mm = number(arguments, "bias_mm", 0, 0, 20);
        one.colors = !arguments.has("without_colors");
        cases.push_back(one);
      }
  return cases;
}

/// Only scans are measured so far; the word leaves room for other questions.
Outcome bench(const Arguments& arguments, Console& console) {
  if (arguments.get("WHAT") != "scan")
    throw Error(ErrorKind::bad_params, fmt::format("'{}' cannot be measured; there is: scan.", arguments.get("WHAT")));
  const std::string output = arguments.get("output");
  const std::vector<ScanCase> cases = cases_of(arguments);
  const Progress progress = console.progress().part(0, 1, "scanning limbs that are known");
  std::string table = scan_csv_header();
  Outcome outcome;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    progress(static_cast<double>(i) / static_cast<double>(cases.size()));
    const ScanError e = scan_error(cases[i]);
    table += scan_csv_row(cases[i], e);
    write_file(output, table);  // hours of work are not lost to a power cut
    outcome.lines.push_back(fmt::format(
        "{}, limb {}, {}: mean {:.3f} mm, bias {:+.3f} mm, girth {:.2f} %, volume {:+.2f} %, twist {:.2f} "
        "deg, landmarks {:.2f} mm, after the tape {:.2f} %, lost {} of {}",
        cases[i].sensor, cases[i].limb_seed, scan_motion_names()[static_cast<std::size_t>(cases[i].motion)], e.mean_mm,
        e.bias_mm, e.girth_percent, e.volume_percent, e.twist_deg, e.landmarks_mm, e.tape_percent, e.lost, e.frames));
  }
  outcome.lines.push_back(output);
  outcome.json = {{"file", output}, {"cases", cases.size()}};
  return outcome;
}

}  // namespace

Command bench_command() {
  const auto value = [](const char* name, const char* help, const char* value_name) {
    return Option{name, help, value_name, "", Option::Kind::value};
  };
  return {
      "bench",
      "Measures how exact Fit's own results are where the truth is known.",
      {{"WHAT", "scan: limbs of no person are scanned by synthetic cameras and compared with themselves."}},
      {{"output", "The table to write, a line a scan.", "FILE.csv", "", Option::Kind::value, "o"},
       value("sensors", "Names of models/sensors, with commas; all unless said.", "NAMES"),
       value("motions", fmt::format("Of {}; all unless said.", fmt::join(scan_motion_names(), ", ")).c_str(), "NAMES"),
       value("limbs", "How many limbs; 1 unless said.", "NUMBER"),
       value(
           "focal_error_percent",
           "How much longer the true focal length is than the one that is said; of every other limb, how much shorter.",
           "percent"),
       value("bias_mm", "Largest smooth error of depth over the image.", "mm"),
       {"without_colors", "Cameras without colour.", "", "", Option::Kind::on}},
      bench};
}

}  // namespace fit::cli
