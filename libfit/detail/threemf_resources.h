#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libfit/detail/xml_stream.h"

namespace fit::detail {

class ZipPackage;

inline constexpr std::string_view material_space = "http://schemas.microsoft.com/3dmanufacturing/material/2015/02";

/// The resources of a 3MF model as far as a reader of shapes must know them: each id is given once, and whatever is
/// referred to is there (3MF core specification 3.4.2; materials and properties extension 1.1). Colours are not kept.
class ThreemfResources {
 public:
  /// `refuse_here` throws, naming the line.
  explicit ThreemfResources(std::function<void(const std::string&)> refuse_here)
      : refuse_here_(std::move(refuse_here)) {}

  void add(int id, std::string_view kind);
  void refer_to(int id) { referred_.insert(id); }

  /// An element of another namespace; `is_resource` when it stands directly among the resources.
  void take_extension(const XmlName& name, const XmlAttributes& attributes, bool is_resource);

  /// Throws (a clause) for an id that is referred to and is not there.
  void check_references(const ZipPackage& package) const;

 private:
  void take_material(std::string_view kind, const XmlAttributes& attributes);
  void check_kinds(const std::vector<int>& ids);
  std::vector<int> ids_in(std::string_view list);
  const std::string& kind_of(int id);

  std::function<void(const std::string&)> refuse_here_;
  std::map<int, std::string> kinds_;
  std::set<int> referred_;
  std::set<std::string> paths_;
};

}  // namespace fit::detail
