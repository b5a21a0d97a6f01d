#include "libfit/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "libfit/detail/file_bytes.h"
#include "libfit/error.h"

namespace fit {

namespace {

constexpr std::size_t largest_file_bytes = std::size_t{8} << 30;

std::string reason(int error) {
  switch (error) {
    case ENOENT:
      return "there is no such file or folder";
    case EACCES:
    case EPERM:
      return "permission was denied";
    case ENOSPC:
    case EDQUOT:
      return "there is no space left on the disk; free some and try again";
    case EFBIG:
      return "the file would be larger than is allowed there";
    case EROFS:
      return "the disk can only be read";
    case EISDIR:
      return "it is a folder";
    case ENOTDIR:
      return "a part of its path is not a folder";
    case ENAMETOOLONG:
      return "its name is too long";
    case EIO:
      return "the disk reported an error";
    default:
      return std::strerror(error);
  }
}

[[noreturn]] void fail(const std::filesystem::path& path, const char* could_not, const std::string& why) {
  throw Error(ErrorKind::io, fmt::format("'{}' could not be {}: {}.", path.string(), could_not, why));
}

/// An open file that is closed again however the function is left.
class OpenFile {
 public:
  OpenFile(const std::filesystem::path& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  ~OpenFile() { close(); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  explicit operator bool() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

  /// False when the system reports, only now, that something was not written.
  bool close() {
    const int closing = std::exchange(descriptor_, -1);
    return closing < 0 || ::close(closing) == 0;
  }

 private:
  int descriptor_;
};

/// Up to `size` bytes from `offset`; fewer at the end of the file, -1 on an error.
ssize_t read_at(int descriptor, char* to, std::size_t size, std::size_t offset) {
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::pread(descriptor, to + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(done);
}

/// A file under a name that nobody uses yet, removed again unless it was given its real name.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::filesystem::path& target) : target_(target) {
    static std::atomic<unsigned> counter = 0;
    const std::filesystem::path folder = target.has_parent_path() ? target.parent_path() : ".";
    do {
      path_ = folder / fmt::format(".fit-{}-{}.part", ::getpid(), counter++);
      file_ = std::make_unique<OpenFile>(path_, O_WRONLY | O_CREAT | O_EXCL);
    } while (!*file_ && errno == EEXIST);
    if (!*file_) fail(target, "written", reason(errno));
  }
  ~TemporaryFile() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_->descriptor(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(target_, "written", reason(errno));
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    if (::fsync(file_->descriptor()) != 0 || !file_->close()) fail(target_, "written", reason(errno));
  }

  void compare(std::string_view bytes) const {
    const OpenFile file(path_, O_RDONLY);
    if (!file) fail(target_, "written", reason(errno));
    // What is compared should come from the disk, not from the memory that was just written.
    ::posix_fadvise(file.descriptor(), 0, 0, POSIX_FADV_DONTNEED);
    std::string piece(std::min<std::size_t>(bytes.size() + 1, std::size_t{1} << 20), '\0');
    for (std::size_t offset = 0; offset <= bytes.size();) {
      const ssize_t got = read_at(file.descriptor(), piece.data(), piece.size(), offset);
      if (got < 0) fail(target_, "written", reason(errno));
      if (bytes.substr(offset, piece.size()) != std::string_view(piece.data(), static_cast<std::size_t>(got)))
        fail(target_, "written", "what was read back is not what was written; the disk may be damaged");
      offset += piece.size();
    }
  }

  void rename() {
    if (::rename(path_.c_str(), target_.c_str()) != 0) fail(target_, "written", reason(errno));
    const std::filesystem::path folder = path_.parent_path();
    path_.clear();
    const OpenFile opened(folder, O_RDONLY | O_DIRECTORY);
    // Some file systems cannot fsync a folder (EINVAL) and keep the order themselves.
    if (opened && ::fsync(opened.descriptor()) != 0 && errno != EINVAL) fail(target_, "written", reason(errno));
  }

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;
  std::unique_ptr<OpenFile> file_;
};

/// The file that a name stands for: a link is followed, so that it is not replaced by a file.
std::filesystem::path followed(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_symlink(path, ignored)) return path;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, ignored);
  return real.empty() ? path : real;
}

template <class Bytes>
Bytes read_whole_file(const std::filesystem::path& path) {
  // Without O_NONBLOCK a named pipe would wait for somebody to write into it.
  const OpenFile file(path, O_RDONLY | O_NONBLOCK);
  if (!file) fail(path, "read", reason(errno));
  struct stat status {};
  if (::fstat(file.descriptor(), &status) != 0) fail(path, "read", reason(errno));
  if (S_ISDIR(status.st_mode)) fail(path, "read", "it is a folder");
  if (!S_ISREG(status.st_mode)) fail(path, "read", "it is not a file");
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > largest_file_bytes) fail(path, "read", "it is larger than 8 GB");
  Bytes bytes;
  bytes.resize(size);
  const ssize_t got = read_at(file.descriptor(), bytes.data(), size, 0);
  if (got < 0) fail(path, "read", reason(errno));
  if (static_cast<std::size_t>(got) != size) fail(path, "read", "it became shorter while it was read");
  return bytes;
}

}  // namespace

std::string read_file(const std::filesystem::path& path) { return read_whole_file<std::string>(path); }

namespace detail {
LargeVector<char> read_large_file(const std::filesystem::path& path) {
  return read_whole_file<LargeVector<char>>(path);
}
}  // namespace detail

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path target = followed(path);
  struct stat status {};
  if (::stat(target.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) fail(path, "written", "it is a folder");
    if (!S_ISREG(status.st_mode)) fail(path, "written", "it is not a file");
    if (::access(target.c_str(), W_OK) != 0) fail(path, "written", reason(errno));
  }
  if (!target.has_filename()) fail(path, "written", "it is not the name of a file");
  TemporaryFile temporary(target);
  temporary.write(bytes);
  temporary.compare(bytes);
  temporary.rename();
}

namespace {

/// SHA-256 of pieces, one after the other.
class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    require(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }
  void add(std::string_view bytes) {
    require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
  }
  std::string hex() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    require(EVP_DigestFinal_ex(context_.get(), digest, &size) == 1);
    std::string text;
    for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
  }

 private:
  static void require(bool done) {
    if (!done) throw Error(ErrorKind::io, "The SHA-256 of a file could not be worked out.");
  }
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

std::string sha256_of_file(const std::filesystem::path& path) {
  const OpenFile file(path, O_RDONLY);
  if (!file) fail(path, "read", reason(errno));
  Sha256 hash;
  std::vector<char> piece(1 << 20);
  for (std::size_t offset = 0;;) {
    const ssize_t count = read_at(file.descriptor(), piece.data(), piece.size(), offset);
    if (count < 0) fail(path, "read", reason(errno));
    if (count == 0) break;
    hash.add({piece.data(), static_cast<std::size_t>(count)});
    offset += static_cast<std::size_t>(count);
  }
  return hash.hex();
}

}  // namespace fit
