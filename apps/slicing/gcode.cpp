#include "apps/slicing/gcode.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <optional>
#include <utility>

#include "libfit/error.h"

namespace fit {

namespace {

double number_at(std::string_view text) {
  double value = 0.0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The text behind "; name = " or "; name: " of a comment line.
std::optional<std::string_view> value_of(std::string_view line, std::string_view name) {
  if (!line.starts_with(name)) return std::nullopt;
  const auto begin = line.find_first_not_of(" =:", name.size());
  return begin == std::string_view::npos ? std::string_view{} : line.substr(begin);
}

/// "1d 2h 3m 4s" in seconds.
double seconds_in(std::string_view text) {
  double seconds = 0.0;
  double number = 0.0;
  for (char c : text) {
    if (c >= '0' && c <= '9')
      number = 10 * number + (c - '0');
    else if (const double unit = c == 'd' ? 86400 : c == 'h' ? 3600 : c == 'm' ? 60 : c == 's' ? 1 : 0; unit > 0)
      seconds += unit * std::exchange(number, 0.0);
  }
  return seconds;
}

void widen(Box& box, const Eigen::Vector3d& point) {
  box.lowest = box.lowest.cwiseMin(point);
  box.highest = box.highest.cwiseMax(point);
}

class Reader {
 public:
  void read_line(std::string_view line) {
    if (line.starts_with(';'))
      read_comment(line.substr(1));
    else if (line.starts_with("G1 ") || line.starts_with("G0 "))
      move(line.substr(3));
    else if (line.starts_with("G92"))
      set_position(line.substr(3));
    else if (line.starts_with("M82"))
      relative_extrusion_ = false;
    else if (line.starts_with("M83"))
      relative_extrusion_ = true;
  }

  Gcode finished() const {
    if (!ended_)
      throw Error(ErrorKind::bad_input,
                  "The G-code is cut short: the slicer's figures at its end are missing; slice again.");
    if (gcode_.layer_tops_mm.empty()) throw Error(ErrorKind::bad_input, "The G-code prints nothing of the part.");
    Gcode gcode = gcode_;
    gcode.part_volume_mm3 = part_filament_mm_ * std::numbers::pi / 4 * filament_diameter_mm_ * filament_diameter_mm_;
    return gcode;
  }

 private:
  void read_comment(std::string_view comment) {
    if (const auto top = value_of(comment, "Z:")) {
      layer_top_mm_ = number_at(*top);
      started_ = true;
    } else if (const auto type = value_of(comment, "TYPE:")) {
      of_part_ = *type != "Custom" && *type != "Skirt/Brim" && *type != "Skirt" &&
                 !type->starts_with("Support material") && *type != "Wipe tower";
      custom_ = *type == "Custom";
      of_outline_ = *type == "External perimeter";
    } else if (const auto width = value_of(comment, "WIDTH:")) {
      width_mm_ = number_at(*width);
    } else if (const auto grams = value_of(comment, " total filament used [g]")) {
      gcode_.filament_g = number_at(*grams);
    } else if (const auto time = value_of(comment, " estimated printing time (normal mode)")) {
      gcode_.print_time_s = seconds_in(*time);
      ended_ = true;
    } else if (const auto diameter = value_of(comment, " filament_diameter")) {
      filament_diameter_mm_ = number_at(*diameter);
    }
  }

  void move(std::string_view words) {
    const Eigen::Vector3d before = position_mm_;
    const double extruded_before = extruded_mm_;
    double extrusion_mm = 0.0;
    for_each_word(words, [&](char axis, double value) {
      if (axis >= 'X' && axis <= 'Z') position_mm_[axis - 'X'] = value;
      if (axis != 'E') return;
      extrusion_mm = relative_extrusion_ ? value : value - extruded_before;
      extruded_mm_ = relative_extrusion_ ? extruded_before + value : value;
    });
    const bool prints = extrusion_mm > 0 && (before - position_mm_).head<2>().squaredNorm() > 0;
    if (!prints || !started_ || custom_) return;
    for (const Eigen::Vector3d& end : {before, position_mm_}) {
      widen(gcode_.printed_mm, end);
      if (of_part_) widen(gcode_.part_mm, end);
    }
    if (!of_part_) return;
    part_filament_mm_ += extrusion_mm;
    if (gcode_.layer_tops_mm.empty() || gcode_.layer_tops_mm.back() != layer_top_mm_)
      gcode_.layer_tops_mm.push_back(layer_top_mm_);
    if (of_outline_) add_outline(before);
  }

  void add_outline(const Eigen::Vector3d& before) {
    const std::vector<double>& tops_mm = gcode_.layer_tops_mm;
    const double layer_mm = layer_top_mm_ - (tops_mm.size() > 1 ? tops_mm[tops_mm.size() - 2] : 0.0);
    gcode_.outlines.push_back({before.head<2>().cast<float>(), position_mm_.head<2>().cast<float>(),
                               static_cast<float>(layer_top_mm_ - layer_mm / 2.0), static_cast<float>(layer_mm),
                               static_cast<float>(width_mm_)});
  }

  void set_position(std::string_view words) {
    for_each_word(words, [&](char axis, double value) {
      if (axis == 'E') extruded_mm_ = value;
      if (axis >= 'X' && axis <= 'Z') position_mm_[axis - 'X'] = value;
    });
  }

  template <class Use>
  static void for_each_word(std::string_view words, Use&& use) {
    words = words.substr(0, words.find(';'));
    for (std::size_t i = 0; i < words.size();) {
      const auto end = std::min(words.find(' ', i), words.size());
      if (end > i + 1) use(words[i], number_at(words.substr(i + 1, end - i - 1)));
      i = end + 1;
    }
  }

  Gcode gcode_;
  Eigen::Vector3d position_mm_ = Eigen::Vector3d::Zero();
  double extruded_mm_ = 0.0;
  double layer_top_mm_ = 0.0;
  double width_mm_ = 0.0;
  double part_filament_mm_ = 0.0;
  double filament_diameter_mm_ = 1.75;
  bool relative_extrusion_ = false;
  bool started_ = false;
  bool custom_ = true;
  bool of_part_ = false;
  bool of_outline_ = false;
  bool ended_ = false;
};

}  // namespace

Gcode read_gcode(std::string_view text) {
  Reader reader;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    reader.read_line(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return reader.finished();
}

}  // namespace fit
