#include <fmt/compile.h>

#include "libfit/detail/mesh_formats.h"
#include "libfit/detail/zip_package.h"
#include "libfit/markup.h"

namespace fit::detail {

namespace {

constexpr std::string_view content_types =
    R"(<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/></Types>
)";
constexpr std::string_view relationships =
    R"(<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="model" Target="/3D/3dmodel.model" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/></Relationships>
)";

/// The specification's own names may stand alone; any other needs a namespace (3.4.1).
bool is_known_metadata(std::string_view key) {
  for (std::string_view known : {"Title", "Designer", "Description", "Copyright", "LicenseTerms", "Rating",
                                 "CreationDate", "ModificationDate", "Application"})
    if (key == known) return true;
  return false;
}

}  // namespace

std::string threemf_of(const Mesh& mesh, const MeshExtras& extras) {
  fmt::memory_buffer text;
  text.reserve(4096 + 64 * mesh.vertices.size() + 52 * mesh.triangles.size());
  const auto to = std::back_inserter(text);
  fmt::format_to(to,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<model unit=\"millimeter\" xml:lang=\"en-US\" "
                 "xmlns=\"http://schemas.microsoft.com/3dmanufacturing/core/2015/02\" xmlns:fit=\"urn:fit\">\n");
  for (const auto& [key, value] : extras.metadata)
    fmt::format_to(to, "<metadata name=\"{}{}\">{}</metadata>\n", is_known_metadata(key) ? "" : "fit:", escaped(key),
                   escaped(value));
  fmt::format_to(to, "<resources>\n<object id=\"1\" type=\"model\"");
  if (!extras.name.empty()) fmt::format_to(to, " name=\"{}\"", escaped(extras.name));
  fmt::format_to(to, "><mesh>\n<vertices>\n");
  for (const Eigen::Vector3d& vertex : mesh.vertices) {
    const Eigen::Vector3f v = vertex.cast<float>();
    fmt::format_to(to, FMT_COMPILE("<vertex x=\"{}\" y=\"{}\" z=\"{}\"/>\n"), v.x(), v.y(), v.z());
  }
  fmt::format_to(to, "</vertices>\n<triangles>\n");
  for (const Eigen::Vector3i& t : mesh.triangles)
    fmt::format_to(to, FMT_COMPILE("<triangle v1=\"{}\" v2=\"{}\" v3=\"{}\"/>\n"), t[0], t[1], t[2]);
  fmt::format_to(to, "</triangles>\n</mesh></object>\n</resources>\n<build><item objectid=\"1\"/></build>\n</model>\n");
  return zip_of({{"[Content_Types].xml", content_types},
                 {"_rels/.rels", relationships},
                 {"3D/3dmodel.model", {text.data(), text.size()}}});
}

}  // namespace fit::detail
