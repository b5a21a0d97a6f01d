#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

/// Numbers out of text in memory: exact as std::from_chars, and faster on the short decimals that mesh files hold.
namespace fit::detail {

inline bool is_blank(char c) { return c == ' ' || c == '\t'; }
inline bool is_line_end(char c) { return c == '\n' || c == '\r'; }
inline bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

/// Reads a decimal number at `at` and moves behind it. Takes what from_chars takes, and a leading '+'.
/// False when there is none, or when it is beyond the range of a double.
inline bool read_number(const char*& at, const char* end, double& value) {
  static constexpr double powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                             1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const char* start = at;
  const char* p = at;
  if (p != end && *p == '+') start = ++p;
  const bool negative = p != end && *p == '-';
  if (negative) ++p;
  std::uint64_t digits = 0;
  const char* const first = p;
  for (; p != end && is_digit(*p); ++p) digits = 10 * digits + static_cast<std::uint64_t>(*p - '0');
  std::ptrdiff_t count = p - first;
  std::ptrdiff_t power = 0;
  if (p != end && *p == '.') {
    const char* const point = ++p;
    for (; p != end && is_digit(*p); ++p) digits = 10 * digits + static_cast<std::uint64_t>(*p - '0');
    power = point - p;
    count -= power;
  }
  if (count > 0 && p != end && (*p == 'e' || *p == 'E')) {
    const char* q = p + 1;
    const bool smaller = q != end && *q == '-';
    if (q != end && (*q == '-' || *q == '+')) ++q;
    const char* const exponent_start = q;
    int exponent = 0;
    for (; q != end && is_digit(*q) && q - exponent_start < 6; ++q) exponent = 10 * exponent + (*q - '0');
    if (q == exponent_start || (q != end && is_digit(*q))) count = 0;  // from_chars decides
    power += smaller ? -exponent : exponent;
    p = q;
  }
  // Up to 2^53 and 10^22 both are doubles without error, so that one operation rounds rightly (Clinger 1990).
  if (count > 0 && count <= 19 && digits <= (std::uint64_t{1} << 53) && power >= -22 && power <= 22) {
    const double whole = static_cast<double>(digits);
    const double size = power < 0 ? whole / powers_of_ten[-power] : whole * powers_of_ten[power];
    value = negative ? -size : size;
    at = p;
    return true;
  }
  const auto [stop, error] = std::from_chars(start, end, value);
  if (error == std::errc::result_out_of_range) {
    // Too small is zero; too large is no number.
    std::string_view text(start, static_cast<std::size_t>(stop - start));
    const std::size_t exponent = text.find_first_of("eE");
    const bool tiny = exponent != std::string_view::npos ? text.substr(exponent).find('-') != std::string_view::npos
                                                         : text.find('.') < 20;
    if (!tiny) return false;
    value = 0.0;
  } else if (error != std::errc()) {
    return false;
  }
  at = stop;
  return true;
}

/// Reads a whole number at `at` and moves behind it; false when there is none or it does not fit.
inline bool read_whole(const char*& at, const char* end, std::int64_t& value) {
  const char* start = at != end && *at == '+' ? at + 1 : at;
  const auto [stop, error] = std::from_chars(start, end, value);
  if (error != std::errc()) return false;
  at = stop;
  return true;
}

/// A place in text whose lines end in LF, CR LF or CR. Words do not go beyond their line.
class TextCursor {
 public:
  explicit TextCursor(std::string_view text) : TextCursor(text, 0, text.size()) {}
  /// Of the piece of `text` from `begin` to `end`; lines are counted from the start of the text.
  TextCursor(std::string_view text, std::size_t begin, std::size_t end)
      : begin_(text.data()), at_(begin_ + begin), end_(begin_ + end) {}

  const char* position() const { return at_; }
  const char* end() const { return end_; }
  void move_to(const char* position) { at_ = position; }
  bool at_end() const { return at_ == end_; }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  void skip_blanks() {
    while (at_ != end_ && is_blank(*at_)) ++at_;
  }
  /// Whether nothing but blanks is left of the line; moves to its end if so.
  bool line_is_done() {
    skip_blanks();
    return at_ == end_ || is_line_end(*at_);
  }
  void next_line() {
    while (at_ != end_ && !is_line_end(*at_)) ++at_;
    if (at_ == end_) return;
    if (*at_++ == '\r' && at_ != end_ && *at_ == '\n') ++at_;
  }
  /// Moves to the first character of the next line that holds more than blanks and a comment; false at the end.
  bool find_content(char comment = '\0') {
    while (at_ != end_) {
      if (!line_is_done() && *at_ != comment) return true;
      next_line();
    }
    return false;
  }
  std::string_view word() {
    skip_blanks();
    const char* const start = at_;
    while (at_ != end_ && !is_blank(*at_) && !is_line_end(*at_)) ++at_;
    return {start, static_cast<std::size_t>(at_ - start)};
  }
  std::string_view rest_of_line() {
    skip_blanks();
    const char* const start = at_;
    while (at_ != end_ && !is_line_end(*at_)) ++at_;
    return {start, static_cast<std::size_t>(at_ - start)};
  }
  /// A number that is a word of its own; moves only when there is one.
  bool number(double& value) {
    skip_blanks();
    const char* after = at_;
    if (!read_number(after, end_, value) || !is_word_end(after)) return false;
    at_ = after;
    return true;
  }
  bool whole(std::int64_t& value) {
    skip_blanks();
    const char* after = at_;
    if (!read_whole(after, end_, value) || !is_word_end(after)) return false;
    at_ = after;
    return true;
  }
  /// Counted from 1, at the present place.
  std::size_t line_number() const {
    std::size_t lines = 1;
    for (const char* p = begin_; p != at_; ++p)
      if (*p == '\n' || (*p == '\r' && p + 1 != end_ && p[1] != '\n')) ++lines;
    return lines;
  }

 private:
  bool is_word_end(const char* p) const { return p == end_ || is_blank(*p) || is_line_end(*p); }

  const char* begin_;
  const char* at_;
  const char* end_;
};

/// The text of a file's word as it can be shown in a sentence: short, and printable ASCII.
inline std::string shown(std::string_view word) {
  std::string result;
  for (char c : word.substr(0, 20)) result += c >= 32 && c < 127 ? c : '?';
  return word.size() > 20 ? result + "..." : result;
}

}  // namespace fit::detail
