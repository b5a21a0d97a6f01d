#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "libfit/error.h"
#include "scanners/devices.h"
#include "scanners/drivers.h"

namespace fit {

namespace {

constexpr const char* any_device = "live";

struct Driver {
  const char* name;
  const char* what;
  const char* (*missing)();
  std::vector<Device> (*devices)();
  std::unique_ptr<Camera> (*open)(const std::string& which);
};

const Driver drivers[] = {
    {"v4l2", "RealSense D4xx, SR300 and kin through the kernel: v4l2:/dev/video2", v4l2_missing, v4l2_devices,
     open_v4l2},
    {"kinect", "Kinect for Xbox 360 through libfreenect: kinect:SERIAL", kinect_missing, kinect_devices, open_kinect},
    {"openni2", "Orbbec Astra, PrimeSense, Xtion and Structure through OpenNI2: openni2:URI", openni2_missing,
     openni2_devices, open_openni2},
};

/// The driver of a device's name, and what follows the colon.
const Driver* driver_of(const std::string& name, std::string& which) {
  if (name.starts_with("/dev/video")) {
    which = name;
    return &drivers[0];
  }
  const std::size_t colon = name.find(':');
  which = colon == std::string::npos ? "" : name.substr(colon + 1);
  for (const Driver& driver : drivers)
    if (name.substr(0, colon) == driver.name) return &driver;
  return nullptr;
}

std::unique_ptr<Camera> open_the_only_one() {
  const AttachedDevices attached = attached_devices();
  if (attached.devices.empty())
    throw Error(ErrorKind::io,
                fmt::format("No depth camera is attached{}; plug one in, or name a recording.",
                            attached.troubles.empty() ? "" : fmt::format(" ({})", fmt::join(attached.troubles, " "))));
  if (attached.devices.size() > 1) {
    std::vector<std::string> names;
    for (const Device& device : attached.devices) names.push_back(device.name);
    throw Error(ErrorKind::bad_params,
                fmt::format("{} cameras are attached; name one: {}.", names.size(), fmt::join(names, ", ")));
  }
  return open_device(attached.devices.front().name);
}

}  // namespace

std::vector<DeviceDriver> device_drivers() {
  std::vector<DeviceDriver> known;
  for (const Driver& driver : drivers) known.push_back({driver.name, driver.what, driver.missing()});
  return known;
}

AttachedDevices attached_devices() {
  AttachedDevices attached;
  for (const Driver& driver : drivers) {
    if (*driver.missing()) continue;
    try {
      for (Device& device : driver.devices()) attached.devices.push_back(std::move(device));
    } catch (const Error& error) {
      attached.troubles.push_back(error.what());
    }
  }
  return attached;
}

bool is_device(const std::string& name) {
  std::string which;
  if (name.starts_with("/dev/video")) return true;
  std::error_code none;
  return !std::filesystem::exists(name, none) && (name == any_device || driver_of(name, which) != nullptr);
}

std::unique_ptr<Camera> open_device(const std::string& name) {
  if (name == any_device) return open_the_only_one();
  std::string which;
  const Driver* driver = driver_of(name, which);
  if (!driver) throw Error(ErrorKind::bad_params, fmt::format("'{}' names no depth camera that is known.", name));
  if (*driver->missing())
    throw Error(ErrorKind::bad_params, fmt::format("This build of Fit cannot use {} cameras: it was made without {}.",
                                                   name, driver->missing()));
  return driver->open(which);
}

std::unique_ptr<Camera> open_camera(const std::string& name) {
  return is_device(name) ? open_device(name) : open_recording(name);
}

}  // namespace fit
