#include "libfit/aop.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "libfit/detail/mesh_formats.h"
#include "libfit/detail/text_numbers.h"
#include "libfit/file.h"

namespace fit {

namespace {

using detail::refuse;
using detail::shown;

constexpr std::string_view kVersion = "AAOP1";
constexpr std::string_view kEndOfComments = "END COMMENTS";
constexpr double kFarthestMm = 10000.0;
constexpr double kTurnToleranceDeg = 0.5;

/// A file has one value a line; empty lines have no meaning.
class AopReader {
 public:
  explicit AopReader(std::string_view text) : text_(text) {}

  Aop read() {
    read_comments();
    if (const std::string_view kind = line("the word CYLINDRICAL"); kind != "CYLINDRICAL")
      refuse("its kind is '{}'; Fit reads CYLINDRICAL ones", shown(kind));
    read_side();
    read_landmarks();
    aop_.angles_deg = read_steps("spokes", 3);
    require_one_turn();
    aop_.heights_mm = read_steps("slices", 2);
    require_ascending();
    read_radii();
    return std::move(aop_);
  }

 private:
  std::string_view line(const char* what) {
    if (!text_.find_content()) refuse("it ends before {}; it was cut off, so export or copy it again", what);
    std::string_view rest = text_.rest_of_line();
    while (!rest.empty() && detail::is_blank(rest.back())) rest.remove_suffix(1);
    text_.next_line();
    return rest;
  }

  double number(const char* what) {
    if (!text_.find_content()) refuse("it ends before {}; it was cut off, so export or copy it again", what);
    detail::TextCursor word = text_;
    double value;
    if (!text_.number(value) || !(std::abs(value) <= kFarthestMm))
      refuse("its line {} has '{}' where {} should be", word.line_number(), shown(word.word()), what);
    return value;
  }

  double number_line(const char* what) {
    const double value = number(what);
    text_.next_line();
    return value;
  }

  /// No more than the lines that are left: a header's word alone allocates nothing.
  std::size_t count(const char* of, std::size_t least) {
    if (!text_.find_content()) refuse("it ends before its number of {}", of);
    std::int64_t value;
    if (!text_.whole(value) || value < static_cast<std::int64_t>(least))
      refuse("its line {} has '{}' where its number of {} should be", text_.line_number(), shown(text_.word()), of);
    if (static_cast<std::size_t>(value) > text_.left())
      refuse("its header promises {} {}, more than the file has lines", value, of);
    text_.next_line();
    return static_cast<std::size_t>(value);
  }

  void read_comments() {
    if (line("its version") != kVersion) refuse("it does not begin with {}", kVersion);
    for (;;) {
      const std::string_view comment = line("END COMMENTS");
      if (comment == kEndOfComments) return;
      if (comment != kVersion) aop_.comments.emplace_back(comment);
    }
  }

  void read_side() {
    const std::string_view side = line("the side");
    if (side == "LEFT")
      aop_.side = Side::left;
    else if (side == "RIGHT")
      aop_.side = Side::right;
    else if (side != "NONE")
      refuse("its side is '{}', not LEFT, RIGHT or NONE", shown(side));
  }

  void read_landmarks() {
    for (std::size_t left = count("landmarks", 0); left > 0; --left) {
      AopLandmark landmark;
      landmark.name = line("a landmark's name");
      for (std::size_t points = count("points of a landmark", 0); points > 0; --points) {
        AopLandmark::Point point;
        point.radius_mm = number_line("a landmark's radius");
        point.angle_deg = number_line("a landmark's angle");
        point.height_mm = number_line("a landmark's height");
        landmark.points.push_back(point);
      }
      aop_.landmarks.push_back(std::move(landmark));
    }
  }

  /// A number of them and a step; a step of zero is followed by each value.
  std::vector<double> read_steps(const char* of, std::size_t least) {
    const std::size_t values = count(of, least);
    const double step = number_line("a step");
    std::vector<double> result;
    for (std::size_t i = 0; i < values; ++i)
      result.push_back(step == 0.0 ? number_line("a place") : step * static_cast<double>(i));
    return result;
  }

  void require_one_turn() {
    const std::vector<double>& angles = aop_.angles_deg;
    for (std::size_t i = 1; i < angles.size(); ++i)
      if (angles[i] <= angles[i - 1]) refuse("its spokes do not go on in one direction at number {}", i + 1);
    const double widest = 360.0 - (angles.back() - angles.front());
    const double usual = (angles.back() - angles.front()) / static_cast<double>(angles.size() - 1);
    if (widest < -kTurnToleranceDeg + usual * 0.5 || widest > 2.0 * usual + kTurnToleranceDeg)
      refuse("its {} spokes cover {:.1f} degrees and not one turn", angles.size(),
             angles.back() - angles.front() + usual);
  }

  void require_ascending() {
    for (std::size_t i = 1; i < aop_.heights_mm.size(); ++i)
      if (aop_.heights_mm[i] <= aop_.heights_mm[i - 1])
        refuse("its slices do not go up from the distal end at number {}", i + 1);
  }

  void read_radii() {
    const std::size_t most = text_.left() / 2 + 1;
    if (aop_.angles_deg.size() > most / aop_.heights_mm.size())
      refuse("its header promises {} slices of {} radii and the file is too short for them; export or copy it again",
             aop_.heights_mm.size(), aop_.angles_deg.size());
    const std::size_t radii = aop_.angles_deg.size() * aop_.heights_mm.size();
    for (std::size_t i = 0; i < radii; ++i) {
      const double radius = number("a radius");
      if (radius < 0.0) refuse("its line {} has a radius below zero", text_.line_number());
      aop_.radii_mm.push_back(radius);
      if (double scalar; !text_.line_is_done() && text_.number(scalar)) aop_.scalars.push_back(scalar);
      text_.next_line();
    }
    if (aop_.scalars.size() != radii) aop_.scalars.clear();
    if (text_.find_content()) refuse("its line {} goes on after its last radius", text_.line_number());
  }

  detail::TextCursor text_;
  Aop aop_;
};

/// The step if the values are its multiples from zero on, else 0.
double step_of(const std::vector<double>& values) {
  if (values.size() < 2) return 0.0;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (values[i] != values[1] * static_cast<double>(i)) return 0.0;
  return values[1];
}

void write_steps(std::string& text, const std::vector<double>& values) {
  const double step = step_of(values);
  text += fmt::format("{}\n{}\n", values.size(), step);
  if (step == 0.0)
    for (double value : values) text += fmt::format("{}\n", value);
}

}  // namespace

Aop parse_aop(std::string_view text) { return AopReader(text).read(); }

std::string aop_text(const Aop& aop) {
  std::string text = fmt::format("{0}\n{0}\n", kVersion);
  for (const std::string& comment : aop.comments) text += detail::one_line(comment) + "\n";
  text += fmt::format("{}\nCYLINDRICAL\n{}\n", kEndOfComments,
                      !aop.side                 ? "NONE"
                      : *aop.side == Side::left ? "LEFT"
                                                : "RIGHT");
  text += fmt::format("{}\n", aop.landmarks.size());
  for (const AopLandmark& landmark : aop.landmarks) {
    text += fmt::format("{:<4}\n{}\n", detail::one_line(landmark.name), landmark.points.size());
    for (const AopLandmark::Point& point : landmark.points)
      text += fmt::format("{:.3f}\n{:.3f}\n{:.3f}\n", point.radius_mm, point.angle_deg, point.height_mm);
  }
  write_steps(text, aop.angles_deg);
  write_steps(text, aop.heights_mm);
  for (std::size_t i = 0; i < aop.radii_mm.size(); ++i) {
    text += fmt::format("{:.3f}", aop.radii_mm[i]);
    if (!aop.scalars.empty()) text += fmt::format(" {}", aop.scalars[i]);
    text += '\n';
  }
  return text;
}

void write_aop(const std::filesystem::path& path, const Aop& aop) { write_file(path, aop_text(aop)); }

}  // namespace fit
