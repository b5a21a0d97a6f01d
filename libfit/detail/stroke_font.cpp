#include "libfit/detail/stroke_font.h"

#include <fmt/format.h>

#include <map>

#include "libfit/error.h"

namespace fit::detail {

namespace {

/// A letter's pen strokes: points as two digits, x (0 to 4) and y (0 to 6); a space lifts the pen.
const std::map<char, std::string_view>& letters() {
  static const std::map<char, std::string_view> drawn{
      {' ', ""},
      {'-', "0343"},
      {'.', "2021"},
      {'/', "0046"},
      {'0', "103041453616050110"},
      {'1', "152620 1030"},
      {'2', "05163645440040"},
      {'3', "064624344341301001"},
      {'4', "30360242"},
      {'5', "460603334241301001"},
      {'6', "4536160501103041423303"},
      {'7', "064610"},
      {'8', "13040516364544331302011030414233"},
      {'9', "0110304145361605041343"},
      {'A', "002640 1232"},
      {'B', "00063645443303 3342413000"},
      {'C', "4536160501103041"},
      {'D', "00062644422000"},
      {'E', "46060040 0333"},
      {'F', "460600 0333"},
      {'G', "45361605011030414323"},
      {'H', "0006 4046 0343"},
      {'I', "2026 1636 1030"},
      {'J', "4641301001"},
      {'K', "0006 4602 1340"},
      {'L', "060040"},
      {'M', "0006234640"},
      {'N', "00064046"},
      {'O', "103041453616050110"},
      {'P', "00063645443303"},
      {'Q', "103041453616050110 2240"},
      {'R', "00063645443303 2340"},
      {'S', "453616050413334241301001"},
      {'T', "0646 2620"},
      {'U', "060110304146"},
      {'V', "062046"},
      {'W', "0610233046"},
      {'X', "0046 0640"},
      {'Y', "062346 2320"},
      {'Z', "06460040"},
  };
  return drawn;
}

}  // namespace

std::vector<Stroke> strokes(std::string_view text) {
  std::vector<Stroke> result;
  double left = 0.0;
  for (const char given : text) {
    const char letter = given >= 'a' && given <= 'z' ? static_cast<char>(given - 'a' + 'A') : given;
    const auto drawn = letters().find(letter);
    if (drawn == letters().end())
      throw Error(
          ErrorKind::bad_params,
          fmt::format("The identifier '{}' holds a character that cannot be raised on a socket; use letters A to Z, "
                      "digits, space and - . /",
                      text));
    std::string_view way = drawn->second;
    bool down = false;
    Eigen::Vector2d pen(0.0, 0.0);
    while (!way.empty()) {
      if (way[0] == ' ') {
        down = false;
        way.remove_prefix(1);
        continue;
      }
      const Eigen::Vector2d point(left + way[0] - '0', way[1] - '0');
      if (down) result.push_back({pen, point});
      pen = point;
      down = true;
      way.remove_prefix(2);
    }
    left += kLetterAdvance;
  }
  return result;
}

}  // namespace fit::detail
