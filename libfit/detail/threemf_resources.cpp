#include "libfit/detail/threemf_resources.h"

#include <algorithm>

#include "libfit/detail/mesh_formats.h"
#include "libfit/detail/text_numbers.h"
#include "libfit/detail/zip_package.h"

namespace fit::detail {

namespace {

struct Needed {
  std::string_view element;
  std::vector<std::string_view> attributes;
};

/// What the materials extension asks of its elements.
const std::vector<Needed>& needed_attributes() {
  static const std::vector<Needed> needed{
      {"colorgroup", {"id"}},
      {"color", {"color"}},
      {"texture2d", {"id", "path", "contenttype"}},
      {"texture2dgroup", {"id", "texid"}},
      {"tex2coord", {"u", "v"}},
      {"compositematerials", {"id", "matid", "matindices"}},
      {"composite", {"values"}},
      {"multiproperties", {"id", "pids"}},
      {"multi", {"pindices"}},
  };
  return needed;
}

}  // namespace

void ThreemfResources::add(int id, std::string_view kind) {
  if (id == 0) refuse_here_("has a resource with id 0");
  if (!kinds_.emplace(id, std::string(kind)).second) refuse_here_(fmt::format("has a second resource with id {}", id));
}

void ThreemfResources::take_extension(const XmlName& name, const XmlAttributes& attributes, bool is_resource) {
  if (name.space == material_space)
    for (const Needed& needed : needed_attributes())
      if (needed.element == name.local)
        for (std::string_view attribute : needed.attributes)
          if (attributes.find(attribute).value_or("").empty())
            refuse_here_(fmt::format("has the element '{}' without its attribute '{}'", name.local, attribute));
  if (!is_resource) return;
  const std::vector<int> ids = ids_in(attributes.find("id").value_or(""));
  if (ids.size() == 1) add(ids[0], name.local);
  if (name.space == material_space) take_material(name.local, attributes);
}

void ThreemfResources::take_material(std::string_view kind, const XmlAttributes& attributes) {
  if (kind == "texture2d") {
    const std::string_view type = *attributes.find("contenttype");
    if (type != "image/png" && type != "image/jpeg")
      refuse_here_(fmt::format("has a texture of type '{}'", shown(type)));
    paths_.insert(std::string(*attributes.find("path")));
  } else if (kind == "texture2dgroup") {
    for (int id : ids_in(*attributes.find("texid")))
      if (kind_of(id) != "texture2d") refuse_here_(fmt::format("takes resource {} for a texture", id));
  } else if (kind == "compositematerials") {
    for (int id : ids_in(*attributes.find("matid")))
      if (kind_of(id) != "basematerials") refuse_here_(fmt::format("takes resource {} for materials", id));
  } else if (kind == "multiproperties") {
    check_kinds(ids_in(*attributes.find("pids")));
  }
}

void ThreemfResources::check_kinds(const std::vector<int>& ids) {
  int materials = 0, colors = 0;
  for (int id : ids) {
    const std::string& kind = kind_of(id);
    materials += kind == "basematerials" || kind == "compositematerials";
    colors += kind == "colorgroup";
    if (kind == "multiproperties") refuse_here_("mixes properties that are mixed themselves");
  }
  if (materials > 1 || colors > 1) refuse_here_("mixes several materials or several groups of colours");
}

std::vector<int> ThreemfResources::ids_in(std::string_view list) {
  std::vector<int> ids;
  TextCursor text(list);
  std::int64_t id;
  while (text.whole(id)) {
    if (id < 0 || id > 0x7fffffff) refuse_here_("has an id that is out of range");
    ids.push_back(static_cast<int>(id));
  }
  if (!text.line_is_done()) refuse_here_(fmt::format("has '{}' where ids should be", shown(list)));
  return ids;
}

const std::string& ThreemfResources::kind_of(int id) {
  static const std::string none;
  const auto found = kinds_.find(id);
  if (found == kinds_.end()) refuse_here_(fmt::format("refers to resource {}, which is not there before it", id));
  return found == kinds_.end() ? none : found->second;
}

void ThreemfResources::check_references(const ZipPackage& package) const {
  for (int id : referred_)
    if (!kinds_.contains(id)) refuse("it refers to resource {}, which is not there", id);
  for (const std::string& path : paths_)
    if (!package.has(path)) refuse("it has no part '{}', which a texture names", one_line(path));
}

}  // namespace fit::detail
