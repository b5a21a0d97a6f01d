#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scanners/devices.h"

/// The drivers, a file each: `x_missing` says what this build lacks, `x_devices` lists what is attached, `open_x` opens
/// one by the part of its name after the colon, the first where that is empty. They throw Error as `open_device` does.
namespace fit {

/// OpenNI2: Orbbec Astra, PrimeSense, Asus Xtion, Structure; also .oni files, by OpenNI2's own player.
const char* openni2_missing();
std::vector<Device> openni2_devices();
std::unique_ptr<Camera> open_openni2(const std::string& uri);

/// libfreenect: Kinect for Xbox 360 and its kin.
const char* kinect_missing();
std::vector<Device> kinect_devices();
std::unique_ptr<Camera> open_kinect(const std::string& serial);

/// Video4Linux: RealSense cameras without an SDK, by the kernel's own driver.
const char* v4l2_missing();
std::vector<Device> v4l2_devices();
std::unique_ptr<Camera> open_v4l2(const std::string& node);

}  // namespace fit
