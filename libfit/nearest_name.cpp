#include "libfit/nearest_name.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace fit {

namespace {

std::size_t letters_changed(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last, last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    before_last = std::exchange(last, row);
  }
  return last[b.size()];
}

}  // namespace

std::string nearest_name(std::string_view said, const std::vector<std::string>& known) {
  said = said.substr(0, 100);
  std::string nearest;
  std::size_t fewest = 0;
  for (const std::string& name : known) {
    const std::size_t changed = letters_changed(said, name);
    if (3 * changed > std::max(said.size(), name.size())) continue;
    if (nearest.empty() || changed < fewest) {
      nearest = name;
      fewest = changed;
    }
  }
  return nearest;
}

std::string did_you_mean(std::string_view said, const std::vector<std::string>& known) {
  const std::string nearest = nearest_name(said, known);
  return nearest.empty() ? "." : "; did you mean '" + nearest + "'?";
}

}  // namespace fit
