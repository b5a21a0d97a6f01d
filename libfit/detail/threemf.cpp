#include <algorithm>

#include "libfit/detail/mesh_formats.h"
#include "libfit/detail/threemf_model.h"
#include "libfit/detail/xml_stream.h"
#include "libfit/detail/zip_package.h"

namespace fit::detail {

namespace {

constexpr std::string_view relationship_space = "http://schemas.openxmlformats.org/package/2006/relationships";
constexpr std::string_view model_relationship = "http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel";
constexpr std::string_view print_ticket_relationship =
    "http://schemas.microsoft.com/3dmanufacturing/2013/01/printticket";

/// The part that the package starts from (3MF core specification 2.1).
std::string start_part(ZipPackage& package) {
  constexpr const char* relationships = "_rels/.rels";
  if (!package.has(relationships)) refuse("it has no part '{}', which says where the model is", relationships);
  std::vector<std::string> models;
  int print_tickets = 0;
  std::vector<std::string> targets;
  XmlStream stream(relationships,
                   {[&](const XmlName& name, const XmlAttributes& attributes) {
                      if (name.space != relationship_space || name.local != "Relationship") return;
                      const std::string_view type = attributes.find("Type").value_or("");
                      const std::string target(attributes.find("Target").value_or(""));
                      if (attributes.find("TargetMode").value_or("Internal") == "External")
                        stream.refuse_here(fmt::format("leads out of the file, to '{}'", one_line(target)));
                      targets.push_back(target);
                      if (type == model_relationship) models.push_back(target);
                      print_tickets += type == print_ticket_relationship;
                    },
                    [] {}});
  package.read(relationships, [&](std::string_view piece) { stream.take(piece); });
  stream.finish();
  for (const std::string& target : targets)
    if (!package.has(target)) refuse("it has no part '{}', which its relationships name", one_line(target));
  if (models.size() != 1) refuse("it names {} models to start from, in place of one", models.size());
  if (print_tickets > 1) refuse("it has {} print tickets, in place of one at most", print_tickets);
  return models[0];
}

/// Puts the objects of a package where its build places them.
class Assembly {
 public:
  Assembly(ZipPackage& package, MeshFile& file, const Progress& progress)
      : package_(package), file_(file), progress_(progress) {}

  void build(const std::string& start) {
    const ThreemfModel& root = model(start);
    if (root.items.empty()) refuse("its build names no object");
    file_.objects = 0;
    std::size_t supports = 0;
    for (const ThreemfUse& item : root.items) {
      const std::string& part = item.part.empty() ? start : item.part;
      if (!object(part, item.object).is_printed) {
        ++supports;
        continue;
      }
      ++file_.objects;
      add(part, item.object, item.placed_from_object, 0);
    }
    if (supports > 0)
      file_.findings.push_back(
          {"file_supports_left_out", Severity::note, {{"supports", static_cast<double>(supports), {}}}, {}});
  }

  const std::string& unit(const std::string& start) { return model(start).unit; }

 private:
  const ThreemfModel& model(const std::string& part) {
    const auto found = models_.find(part);
    if (found != models_.end()) return found->second;
    const ThreemfModel& read = models_.emplace(part, read_threemf_model(package_, part, progress_)).first->second;
    for (const auto& [id, object] : read.objects) triangles_left_ += 16 * object.triangles.size();
    return read;
  }

  const ThreemfObject& object(const std::string& part, int id) {
    const ThreemfModel& holder = model(part);
    const auto found = holder.objects.find(id);
    if (found == holder.objects.end())
      refuse("it uses object {} of its part '{}', which is not there", id, one_line(part));
    return found->second;
  }

  void add(const std::string& part, int id, const Eigen::Affine3d& placed_from_object, int depth) {
    const ThreemfObject& source = object(part, id);
    // Objects of objects of objects can name more triangles than any memory holds.
    if (depth > 64 || uses_left_-- == 0 || source.triangles.size() > triangles_left_ ||
        source.vertices.size() > 3 * triangles_left_)
      refuse("its objects are made of each other too many times over");
    triangles_left_ -= source.triangles.size();
    Mesh& mesh = file_.mesh;
    const int first = static_cast<int>(mesh.vertices.size());
    for (const Eigen::Vector3d& vertex : source.vertices) mesh.vertices.push_back(placed_from_object * vertex);
    const bool is_mirrored = placed_from_object.linear().determinant() < 0.0;
    for (Eigen::Vector3i t : source.triangles) {
      if (is_mirrored) std::swap(t[1], t[2]);
      mesh.triangles.emplace_back(t + Eigen::Vector3i::Constant(first));
    }
    for (const ThreemfUse& component : source.components)
      add(component.part.empty() ? part : component.part, component.object,
          placed_from_object * component.placed_from_object, depth + 1);
  }

  ZipPackage& package_;
  MeshFile& file_;
  const Progress& progress_;
  std::map<std::string, ThreemfModel> models_;
  std::size_t triangles_left_ = 1'000'000;
  std::size_t uses_left_ = 100'000;
};

/// The unit of that name, and how many of it one of the file's is.
std::pair<Unit, double> unit_named(const std::string& name) {
  if (name == "millimeter") return {Unit::millimetre, 1.0};
  if (name == "centimeter") return {Unit::centimetre, 1.0};
  if (name == "meter") return {Unit::metre, 1.0};
  if (name == "inch") return {Unit::inch, 1.0};
  if (name == "foot") return {Unit::inch, 12.0};
  if (name == "micron") return {Unit::millimetre, 1e-3};
  refuse("its unit '{}' is unknown", one_line(name));
}

}  // namespace

MeshFile read_3mf(std::string_view bytes, const Progress& progress) {
  ZipPackage package(bytes);
  const std::string start = start_part(package);
  MeshFile file;
  file.format = "3MF";
  Assembly assembly(package, file, progress);
  assembly.build(start);
  const auto [unit, scale] = unit_named(assembly.unit(start));
  file.declared_unit = unit;
  if (scale != 1.0)
    for (Eigen::Vector3d& vertex : file.mesh.vertices) vertex *= scale;
  for (const Eigen::Vector3d& vertex : file.mesh.vertices)
    if (!vertex.allFinite()) refuse("its transforms carry a vertex beyond all numbers");
  return file;
}

}  // namespace fit::detail
