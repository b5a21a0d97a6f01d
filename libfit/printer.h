#pragma once

#include <string>

#include "libfit/params.h"

namespace fit {

/// A printer's profile, as in models/printers/; kept in the Design as a value.
struct Printer {
  std::string printer_name;
  double bed_x_mm = 220.0;
  double bed_y_mm = 220.0;
  double height_mm = 250.0;
  double nozzle_mm = 0.6;
  double layer_mm = 0.3;
  std::string slicer_bundle;   ///< the slicer's vendor bundle, such as "Creality"
  std::string slicer_printer;  ///< names of the profiles in it
  std::string slicer_print;

  bool operator==(const Printer&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Text{"printer_name", &Printer::printer_name, "Name of the printer."},
        Number{"bed_x_mm", &Printer::bed_x_mm, 50.0, 2000.0, "Width that it can print."},
        Number{"bed_y_mm", &Printer::bed_y_mm, 50.0, 2000.0, "Depth that it can print."},
        Number{"height_mm", &Printer::height_mm, 50.0, 2000.0, "Height that it can print."},
        Number{"nozzle_mm", &Printer::nozzle_mm, 0.1, 3.0, "Diameter of the nozzle."},
        Number{"layer_mm", &Printer::layer_mm, 0.05, 2.0, "Height of a layer."},
        Text{"slicer_bundle", &Printer::slicer_bundle, "The slicer's vendor bundle that its profiles are in."},
        Text{"slicer_printer", &Printer::slicer_printer, "Its profile's name in the slicer's vendor bundle."},
        Text{"slicer_print", &Printer::slicer_print, "The print settings' name in the slicer's vendor bundle."},
    };
  }
};

/// A material's profile, as in models/materials/.
struct Material {
  std::string material_name;
  double density_g_cm3 = 1.24;
  double least_wall_mm = 6.0;
  double softens_c = 0.0;  ///< 0: not known
  double shrinkage_xy_percent = 0.0;
  double shrinkage_z_percent = 0.0;
  std::string filament_bundle;  ///< the slicer's vendor bundle that has its profile; any printer may take it
  std::string slicer_filament;
  std::string caution;  ///< what to mind when a socket is made of it
  std::string material_provenance;

  bool operator==(const Material&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Text{"material_name", &Material::material_name, "Name of the material."},
        Number{"density_g_cm3", &Material::density_g_cm3, 0.5, 3.0, "Density."},
        Number{"least_wall_mm", &Material::least_wall_mm, 1.0, 15.0,
               "Walls of a socket thinner than this are warned of."},
        Number{"softens_c", &Material::softens_c, 0.0, 400.0,
               "Temperature at which it softens, in degrees Celsius; 0 when it is not known."},
        Number{"shrinkage_xy_percent", &Material::shrinkage_xy_percent, -10.0, 10.0,
               "How much smaller a cold print is in the plane of the bed; prints are drawn that much larger."},
        Number{"shrinkage_z_percent", &Material::shrinkage_z_percent, -10.0, 10.0,
               "How much lower a cold print is; prints are drawn that much higher."},
        Text{"filament_bundle", &Material::filament_bundle, "The slicer's vendor bundle that has its profile."},
        Text{"slicer_filament", &Material::slicer_filament, "Its profile's name in that bundle."},
        Text{"caution", &Material::caution, "What to mind when a socket is made of it."},
        Text{"material_provenance", &Material::material_provenance, "Where its values come from."},
    };
  }
};

}  // namespace fit
