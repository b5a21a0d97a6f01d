#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace fit {

/// What stands in one hole of a text.
struct Filling {
  std::string_view hole;
  std::string value;
};

/// A text of the report by its key, {holes} filled. All words of the report come out of this one table, so that a
/// translation is another table. Throws Error::bad_params for a key that is not in it.
std::string text(std::string_view key, std::initializer_list<Filling> fillings = {});

/// A number as it is printed: no "-0", no trailing zeros.
std::string number(double value, int decimals = 1);

/// The same with all its decimals, for a column of numbers.
std::string fixed(double value, int decimals = 1);

}  // namespace fit
