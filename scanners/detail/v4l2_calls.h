#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>

#include "scanners/camera.h"

namespace fit {

/// The calls to the kernel that a video camera is read with: the one place where a test can stand in for a device.
/// Each is the system call of its name, -1 with errno on failure.
class V4l2Calls {
 public:
  virtual ~V4l2Calls() = default;
  virtual int open(const std::string& node);
  virtual int close(int descriptor);
  virtual int ioctl(int descriptor, unsigned long request, void* argument);
  virtual void* map(int descriptor, std::size_t length, off_t offset);
  virtual void unmap(void* begin, std::size_t length);
  /// 1 when a frame is there, 0 when none came in that time.
  virtual int wait(int descriptor, int milliseconds);
};

/// What sysfs says of the USB device behind a video node.
struct UsbIdentity {
  unsigned vendor = 0;
  unsigned product = 0;
  std::string name;
  std::string serial;
};
/// `sysfs` is /sys but in tests. Empty where it is no USB device.
UsbIdentity usb_identity(const std::string& node, const std::filesystem::path& sysfs = "/sys");

/// Opens a node. Throws as `open_device`.
std::unique_ptr<Camera> open_v4l2(const std::string& node, const UsbIdentity& identity,
                                  std::shared_ptr<V4l2Calls> calls);

/// Whether a node gives depth; throws Error::io where it may not be opened.
bool gives_depth(const std::string& node, V4l2Calls& calls, std::string& card);

}  // namespace fit
