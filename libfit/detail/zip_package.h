#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct zip;

namespace fit::detail {

/// A zip file in memory, read part by part. It unpacks no more than a bound set by the file's own size.
class ZipPackage {
 public:
  /// Throws (a clause) when the bytes are not a whole zip file. `bytes` must live as long.
  explicit ZipPackage(std::string_view bytes);
  ~ZipPackage();
  ZipPackage(const ZipPackage&) = delete;
  ZipPackage& operator=(const ZipPackage&) = delete;

  /// Whether there is a part of that name, with or without a leading '/'; capitals do not matter (OPC 10.1.3.1).
  bool has(std::string_view part) const { return find(part) >= 0; }

  /// What the container says that the part unpacks to; nothing is allocated on its word.
  std::size_t promised_size(std::string_view part) const;

  /// Calls `take` for one piece of the part after the other. Throws (a clause) when there is no such part, when it is
  /// damaged, encrypted, or packed more tightly than any mesh is.
  void read(std::string_view part, const std::function<void(std::string_view)>& take);

 private:
  std::ptrdiff_t find(std::string_view part) const;

  zip* zip_;
  std::size_t may_unpack_;
};

/// A zip file of deflated parts: the same bytes for the same parts, whatever the clock says.
std::string zip_of(const std::vector<std::pair<std::string, std::string_view>>& parts);

}  // namespace fit::detail
