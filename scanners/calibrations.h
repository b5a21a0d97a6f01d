#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "scanners/calibrate.h"

/// The calibrations of this computer's cameras, by device: a small JSON file.
namespace fit {

/// Where they are kept: $XDG_CONFIG_HOME/fit/cameras.json, or ~/.config/fit/cameras.json.
std::filesystem::path calibrations_path();

using Calibrations = std::map<std::string, DeviceCalibration>;

/// None where there is no such file. Throws Error::io, Error::bad_input when it is broken.
Calibrations read_calibrations(const std::filesystem::path& path);

/// Adds or replaces one. Throws Error::io; bad_params for a device without a name.
void store_calibration(const std::filesystem::path& path, const DeviceCalibration& calibration);

/// The camera with its frames corrected, when its device is among them (and the recording was not made from corrected
/// frames); the camera itself otherwise. Its findings say when a device was never calibrated, or its focal length is
/// only assumed.
std::unique_ptr<Camera> calibrated(std::unique_ptr<Camera> camera, const Calibrations& calibrations);

}  // namespace fit
