#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace fit {

/// Settings of the slicer by name, each as the slicer writes it.
using SlicerSettings = std::map<std::string, std::string>;

/// A vendor's bundle of profiles: sections "printer:NAME", "print:NAME", "filament:NAME", each of which may inherit
/// others of its kind ("inherits = A; B": later ones win, its own settings win over all).
class VendorBundle {
 public:
  /// Reads the text of a bundle; lines that are neither a section nor "key = value" are passed over, as the slicer
  /// does.
  explicit VendorBundle(std::string_view text);

  bool has(const std::string& section) const { return sections_.contains(section); }

  /// A profile with all that it inherits. Throws Error::bad_input: no such section, an inherited one is missing, or the
  /// inheritance goes in a circle.
  SlicerSettings flattened(const std::string& section) const;

 private:
  SlicerSettings flattened(const std::string& section, int depth) const;

  std::map<std::string, SlicerSettings> sections_;
};

/// The settings of one print in one: printer, print and filament profiles out of the bundles (*.ini) of a folder. The
/// printer's bundle is the one that has the printer; a filament that it lacks is taken from the first bundle, in
/// alphabetical order, that has it.
/// Throws Error::io (no such folder, no bundle in it), Error::bad_params (a name that no bundle has), Error::bad_input
/// (a bundle whose profiles inherit what is not there).
SlicerSettings slicer_settings(const std::filesystem::path& bundles, const std::string& printer,
                               const std::string& print, const std::string& filament);

/// As text that `prusa-slicer --load` reads.
std::string settings_text(const SlicerSettings& settings);

}  // namespace fit
