#include "scanners/detail/byte_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "libfit/error.h"

namespace fit {

namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const char* reason) {
  throw Error(ErrorKind::io, fmt::format("{} could not be read: {}.", path.string(), reason));
}

}  // namespace

ByteFile::ByteFile(std::filesystem::path path) : path_(std::move(path)) {
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) fail(path_, std::strerror(errno));
  struct stat status {};
  const bool regular = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
  if (!regular) {
    ::close(descriptor_);
    fail(path_, "it is not a file");
  }
  size_ = static_cast<std::uint64_t>(status.st_size);
}

ByteFile::~ByteFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

ByteFile::ByteFile(ByteFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

void ByteFile::read(std::uint64_t offset, std::uint64_t length, std::string& bytes) const {
  if (!holds(offset, length))
    throw Error(ErrorKind::bad_input, fmt::format("{} ends too early; copy it again.", path_.string()));
  bytes.resize(length);
  for (std::uint64_t done = 0; done < length;) {
    const ssize_t got = ::pread(descriptor_, bytes.data() + done, length - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path_, std::strerror(errno));
    if (got == 0) fail(path_, "it became shorter while it was read");
    done += static_cast<std::uint64_t>(got);
  }
}

std::string ByteFile::read(std::uint64_t offset, std::uint64_t length) const {
  std::string bytes;
  read(offset, length, bytes);
  return bytes;
}

void refuse_recording(const std::filesystem::path& path, const std::string& format, const std::string& what) {
  throw Error(ErrorKind::bad_input,
              fmt::format("{} is not a whole {}: {}; record or copy it again.", path.string(), format, what));
}

}  // namespace fit
