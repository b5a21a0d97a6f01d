#include "apps/fit/number_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "libfit/error.h"

namespace fit::cli {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

/// Without spaces around it and the marks that only say which way text runs; with a plain minus.
std::string bare(std::string_view cell) {
  std::string text = with_latin_digits(cell);
  for (const char* mark : {"\u200e", "\u200f", "\u061c", "\u202a", "\u202b", "\u202c", "\u2066", "\u2067", "\u2069"})
    replace_all(text, mark, "");
  replace_all(text, "\u2212", "-");
  replace_all(text, "\u00a0", " ");
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Whether the mark at `at` could part groups of three: one to three digits before it, not a lone zero, and three
/// behind.
bool could_group(std::string_view number, std::size_t at) {
  const std::string_view before = number.substr(number.starts_with('-') || number.starts_with('+') ? 1 : 0);
  const std::size_t digits_before = at - (number.size() - before.size());
  return digits_before >= 1 && digits_before <= 3 && before[0] != '0' && number.size() - at - 1 == 3;
}

}  // namespace

std::string with_latin_digits(std::string_view text) {
  std::string latin;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto first = static_cast<unsigned char>(text[i]);
    const auto second = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    const bool arabic = first == 0xD9 && second >= 0xA0 && second <= 0xA9;
    const bool persian = first == 0xDB && second >= 0xB0 && second <= 0xB9;
    if (arabic || persian) {
      latin += static_cast<char>('0' + (second & 0x0F));
    } else if (first == 0xD9 && second == 0xAB) {
      latin += '.';
    } else {
      latin += text[i];
      continue;
    }
    ++i;
  }
  return latin;
}

std::string plain_number(const std::string& what, std::string_view cell, DecimalMark mark) {
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorKind::bad_params, fmt::format("{} is '{}', {}.", what, cell, why));
  };
  // The Arabic decimal sign has one meaning only.
  const bool decimal_sign = cell.find("\u066b") != std::string_view::npos;
  std::string number = bare(cell);
  const auto marks = std::count_if(number.begin(), number.end(), [](char c) { return c == '.' || c == ','; });
  const bool only_number = !number.empty() && number.find_first_not_of("0123456789.,+-eE") == std::string::npos &&
                           std::any_of(number.begin(), number.end(), is_digit);
  if (!only_number) refuse("which is not a number");
  if (marks > 1) refuse("which has more than one mark in it; write it without grouping marks");
  const auto at = number.find_first_of(".,");
  if (at == std::string::npos) return number;
  const bool settled = decimal_sign || (number[at] == '.' && mark == DecimalMark::point);
  if (!settled && could_group(number, at)) {
    std::string whole = number, decimal = number + "0";
    whole.erase(at, 1);
    refuse(fmt::format("which can be read two ways; write {} or {}", whole, decimal));
  }
  number[at] = '.';
  return number;
}

}  // namespace fit::cli
