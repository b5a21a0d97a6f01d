#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libfit/attach.h"
#include "libfit/printer.h"
#include "libfit/template.h"

/// The data that Fit comes with: JSON files made of the same field lists as a project file, one a template, printer,
/// material, block and depth sensor. A `name` is that of a file without its ending, as the lists below give; one that
/// ends in .json is a file of the user's own. The loaders throw Error::bad_params (an unknown name: the sentence lists
/// the known ones; an unknown key or a value out of range, with the file's name), Error::bad_input (not JSON),
/// Error::io.
namespace fit {

struct SensorModel;  // scanners/synthetic.h

/// Where the data are: the environment variable FIT_MODELS_DIR; else ../share/fit/models beside the program; else the
/// source tree that it was built from. Throws Error::io when there are none.
std::filesystem::path models_folder();

std::vector<std::string> template_names();
std::vector<std::string> printer_names();
std::vector<std::string> material_names();
std::vector<std::string> block_names();
std::vector<std::string> sensor_names();

Template load_template(const std::string& name);
Printer load_printer(const std::string& name);
Material load_material(const std::string& name);
Block load_block(const std::string& name);
SensorModel load_sensor(const std::string& name);

/// The template that a limb of this level starts from.
std::string default_template(Level level);

/// The block that a socket gets when nobody chose another.
inline constexpr const char* kDefaultBlock = "four_hole_plate";

}  // namespace fit
