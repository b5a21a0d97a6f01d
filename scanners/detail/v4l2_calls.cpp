#include "scanners/detail/v4l2_calls.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>

namespace fit {

int V4l2Calls::open(const std::string& node) { return ::open(node.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC); }
int V4l2Calls::close(int descriptor) { return ::close(descriptor); }
int V4l2Calls::ioctl(int descriptor, unsigned long request, void* argument) {
  int result;
  do result = ::ioctl(descriptor, request, argument);
  while (result < 0 && errno == EINTR);
  return result;
}
void* V4l2Calls::map(int descriptor, std::size_t length, off_t offset) {
  return ::mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, offset);
}
void V4l2Calls::unmap(void* begin, std::size_t length) { ::munmap(begin, length); }
int V4l2Calls::wait(int descriptor, int milliseconds) {
  pollfd waiting{descriptor, POLLIN, 0};
  const int result = ::poll(&waiting, 1, milliseconds);
  if (result < 0 && errno == EINTR) return 0;
  if (result > 0 && (waiting.revents & (POLLERR | POLLHUP | POLLNVAL))) {
    errno = ENODEV;
    return -1;
  }
  return result;
}

UsbIdentity usb_identity(const std::string& node, const std::filesystem::path& sysfs) {
  const auto line_of = [](const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return line;
  };
  std::error_code none;
  const std::filesystem::path video = sysfs / "class/video4linux" / std::filesystem::path(node).filename() / "device";
  const std::filesystem::path device = std::filesystem::canonical(video, none).parent_path();  // of the interface
  UsbIdentity identity;
  if (none) return identity;
  identity.vendor = static_cast<unsigned>(std::strtoul(line_of(device / "idVendor").c_str(), nullptr, 16));
  identity.product = static_cast<unsigned>(std::strtoul(line_of(device / "idProduct").c_str(), nullptr, 16));
  identity.name = line_of(device / "product");
  identity.serial = line_of(device / "serial");
  return identity;
}

}  // namespace fit
