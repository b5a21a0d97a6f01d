#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scanners/camera.h"

/// Depth cameras that are attached to this computer. A live camera is a `Camera` whose frames come when they are taken:
/// `next` waits for the newest one, and gives false, with a finding, when the device went away after its first frame.
namespace fit {

/// A way to reach cameras that Fit knows.
struct DeviceDriver {
  std::string name;     ///< what a device's name begins with: "openni2", "kinect", "v4l2"
  std::string what;     ///< one line for a person
  std::string missing;  ///< what this build lacks to use it; empty when nothing
};

/// What this build can use.
std::vector<DeviceDriver> device_drivers();

struct Device {
  std::string name;  ///< what `open_device` takes: "kinect:A00366A08793102A"
  std::string what;  ///< which camera it is: "Intel RealSense D435"
};

struct AttachedDevices {
  std::vector<Device> devices;
  std::vector<std::string> troubles;  ///< a sentence for each driver that failed, or device that may not be opened
};

/// Asks every driver. Takes up to some seconds, as the drivers look through all of USB.
AttachedDevices attached_devices();

/// Whether this names a device and not a recording: "live" (the one that is attached), a driver, a driver with a device
/// ("openni2:URI", "kinect:SERIAL", "v4l2:/dev/video2"), or "/dev/video2".
bool is_device(const std::string& name);

/// Opens a device and waits for nothing. Throws Error::io in one sentence: none is attached, no such device, another
/// program has it, no permission; Error::bad_params: this build cannot use that driver, several are attached.
std::unique_ptr<Camera> open_device(const std::string& name);

/// A device or a recording, whichever is named. Throws as `open_device` and `open_recording`.
std::unique_ptr<Camera> open_camera(const std::string& name);

}  // namespace fit
