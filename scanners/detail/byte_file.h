#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace fit {

/// A file of any size, read piece by piece. Never allocates more than there is in the file.
class ByteFile {
 public:
  /// Throws Error::io.
  explicit ByteFile(std::filesystem::path path);
  ~ByteFile();
  ByteFile(ByteFile&& other) noexcept;
  ByteFile(const ByteFile&) = delete;
  ByteFile& operator=(const ByteFile&) = delete;
  ByteFile& operator=(ByteFile&&) = delete;

  std::uint64_t size() const { return size_; }
  const std::filesystem::path& path() const { return path_; }

  /// Whether `length` bytes from `offset` lie in the file.
  bool holds(std::uint64_t offset, std::uint64_t length) const { return offset <= size_ && length <= size_ - offset; }

  /// `bytes` becomes the `length` bytes from `offset`. Throws Error::bad_input when the file ends before, Error::io.
  void read(std::uint64_t offset, std::uint64_t length, std::string& bytes) const;
  std::string read(std::uint64_t offset, std::uint64_t length) const;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

/// "x.bag is not a whole RealSense recording: <what>." as an Error::bad_input.
[[noreturn]] void refuse_recording(const std::filesystem::path& path, const std::string& format,
                                   const std::string& what);

}  // namespace fit
