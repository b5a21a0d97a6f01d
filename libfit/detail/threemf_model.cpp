#include "libfit/detail/threemf_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "libfit/detail/mesh_formats.h"
#include "libfit/detail/text_numbers.h"
#include "libfit/detail/threemf_resources.h"
#include "libfit/detail/xml_stream.h"
#include "libfit/detail/zip_package.h"

namespace fit::detail {

namespace {

constexpr std::string_view core_spaces[] = {"http://schemas.microsoft.com/3dmanufacturing/core/2015/02",
                                            "http://schemas.microsoft.com/3dmanufacturing/2013/01"};
constexpr std::string_view production_space = "http://schemas.microsoft.com/3dmanufacturing/production/2015/06";
/// Extensions that may be required and leave the triangles what they are.
constexpr std::string_view harmless_spaces[] = {
    production_space,
    material_space,
    "http://schemas.microsoft.com/3dmanufacturing/slice/2015/07",
    "http://schemas.microsoft.com/3dmanufacturing/trianglesets/2021/07",
};

enum class Place {
  document,
  model,
  metadata,
  resources,
  basematerials,
  object,
  mesh,
  vertices,
  triangles,
  components,
  build,
  leaf
};

/// Which element may stand where, and what place it opens.
struct Rule {
  Place inside;
  std::string_view name;
  Place opens;
};
constexpr Rule rules[] = {
    {Place::document, "model", Place::model},
    {Place::model, "metadata", Place::leaf},
    {Place::model, "resources", Place::resources},
    {Place::model, "build", Place::build},
    {Place::resources, "basematerials", Place::basematerials},
    {Place::resources, "object", Place::object},
    {Place::basematerials, "base", Place::leaf},
    {Place::object, "metadatagroup", Place::metadata},
    {Place::object, "mesh", Place::mesh},
    {Place::object, "components", Place::components},
    {Place::metadata, "metadata", Place::leaf},
    {Place::mesh, "vertices", Place::vertices},
    {Place::mesh, "triangles", Place::triangles},
    {Place::vertices, "vertex", Place::leaf},
    {Place::triangles, "triangle", Place::leaf},
    {Place::components, "component", Place::leaf},
    {Place::build, "item", Place::leaf},
    {Place::leaf, "metadatagroup", Place::metadata},  // of a build item
};

class ModelReader {
 public:
  ModelReader(ZipPackage& package, const std::string& part)
      : package_(package),
        resources_([this](const std::string& what) { stream_.refuse_here(what); }),
        stream_(part, {[this](const XmlName& name, const XmlAttributes& attributes) { begin(name, attributes); },
                       [this] { end(); },
                       [this](std::string_view prefix, std::string_view space) {
                         spaces_.emplace(std::string(prefix), std::string(space));
                       }}) {}

  ThreemfModel read(const std::string& part, const Progress& progress) {
    const double size = static_cast<double>(package_.promised_size(part));
    double taken = 0.0;
    package_.read(part, [&](std::string_view piece) {
      stream_.take(piece);
      taken += static_cast<double>(piece.size());
      progress(std::min(1.0, taken / std::max(size, 1.0)));
    });
    stream_.finish();
    if (!has_resources_) refuse("its part '{}' has no resources", part);
    if (!has_build_) refuse("its part '{}' has no build, which says what is printed", part);
    resources_.check_references(package_);
    return std::move(model_);
  }

 private:
  void begin(const XmlName& name, const XmlAttributes& attributes) {
    const Place place = places_.empty() ? Place::document : places_.back();
    if (std::ranges::count(core_spaces, name.space) == 0) {
      if (places_.empty()) stream_.refuse_here("is not the beginning of a 3MF model");
      resources_.take_extension(name, attributes, place == Place::resources);
      places_.push_back(Place::leaf);
      ++foreign_depth_;
      return;
    }
    if (foreign_depth_ > 0) {
      ++foreign_depth_;
      places_.push_back(Place::leaf);
      return;
    }
    const auto rule =
        std::ranges::find_if(rules, [&](const Rule& r) { return r.inside == place && r.name == name.local; });
    if (rule == std::end(rules))
      stream_.refuse_here(fmt::format("has the element '{}' where it cannot be", shown(name.local)));
    places_.push_back(rule->opens);
    take(name.local, attributes);
  }

  void end() {
    if (foreign_depth_ > 0) --foreign_depth_;
    if (places_.back() == Place::object) finish_object();
    places_.pop_back();
  }

  void take(std::string_view name, const XmlAttributes& attributes) {
    // The two that a file has many of come first.
    if (name == "vertex")
      take_vertex(attributes);
    else if (name == "triangle")
      take_triangle(attributes);
    else if (name == "model")
      take_model(attributes);
    else if (name == "metadata")
      take_metadata(attributes);
    else if (name == "resources")
      take_once(has_resources_, "resources");
    else if (name == "build")
      take_once(has_build_, "build");
    else if (name == "basematerials")
      resources_.add(whole(attributes, "id"), name);
    else if (name == "base")
      text(attributes, "name"), text(attributes, "displaycolor");
    else if (name == "object")
      begin_object(attributes);
    else if (name == "component")
      object_->components.push_back(use(attributes));
    else if (name == "item")
      model_.items.push_back(use(attributes));
    else if (name == "mesh" || name == "components")
      take_once(has_shape_, "shape of an object");
  }

  void take_once(bool& has, const char* what) {
    if (has) stream_.refuse_here(fmt::format("has a second {}", what));
    has = true;
  }

  void take_model(const XmlAttributes& attributes) {
    if (const auto unit = attributes.find("unit")) model_.unit = *unit;
    const auto required = attributes.find("requiredextensions");
    TextCursor prefixes(required.value_or(std::string_view{}));
    for (std::string_view prefix = prefixes.word(); !prefix.empty(); prefix = prefixes.word()) {
      const auto space = spaces_.find(prefix);
      if (space == spaces_.end())
        stream_.refuse_here(fmt::format("requires the unknown extension '{}'", shown(prefix)));
      if (std::ranges::count(harmless_spaces, space->second) == 0)
        stream_.refuse_here(
            fmt::format("requires the extension '{}', which Fit does not read", one_line(space->second)));
    }
  }

  void take_metadata(const XmlAttributes& attributes) {
    const std::string name(text(attributes, "name"));
    if (places_.size() == 2 && !metadata_.insert(name).second)
      stream_.refuse_here(fmt::format("has the metadata '{}' a second time", shown(name)));
  }

  void begin_object(const XmlAttributes& attributes) {
    const int id = whole(attributes, "id");
    open_object_ = id;
    resources_.add(id, "object");
    object_ = &model_.objects[id];
    has_shape_ = false;
    const std::string_view type = attributes.find("type").value_or("model");
    static constexpr std::string_view types[] = {"model", "surface", "solidsupport", "support", "other"};
    if (std::ranges::count(types, type) == 0)
      stream_.refuse_here(fmt::format("has an object of the unknown type '{}'", shown(type)));
    object_->is_printed = type == "model" || type == "surface";
    if (type == "other") others_.insert(id);
    object_has_material_ = attributes.find("pid").has_value();
    if (object_has_material_) resources_.refer_to(whole(attributes, "pid"));
    if (attributes.find("pindex") && !object_has_material_) stream_.refuse_here("has a pindex without a pid");
  }

  void finish_object() {
    open_object_ = 0;
    if (!has_shape_) stream_.refuse_here("ends an object that has no shape");
    const int count = static_cast<int>(object_->vertices.size());
    for (std::size_t i = 0; i < object_->triangles.size(); ++i)
      if (object_->triangles[i].maxCoeff() >= count)
        stream_.refuse_here(
            fmt::format("ends an object whose triangle {} names vertex {} and there are {}, counted from 0", i + 1,
                        object_->triangles[i].maxCoeff(), count));
  }

  void take_vertex(const XmlAttributes& attributes) {
    object_->vertices.emplace_back(number(attributes, "x"), number(attributes, "y"), number(attributes, "z"));
  }

  void take_triangle(const XmlAttributes& attributes) {
    object_->triangles.emplace_back(whole(attributes, "v1"), whole(attributes, "v2"), whole(attributes, "v3"));
    if (attributes.find("pid"))
      resources_.refer_to(whole(attributes, "pid"));
    else if (attributes.find("p1") && !object_has_material_)
      stream_.refuse_here("has a triangle with a p1 and no pid");
  }

  ThreemfUse use(const XmlAttributes& attributes) {
    ThreemfUse result;
    result.object = whole(attributes, "objectid");
    result.part = attributes.find("path", production_space).value_or(std::string_view{});
    if (result.part.empty()) {
      if (!model_.objects.contains(result.object) || result.object == open_object_)
        stream_.refuse_here(fmt::format("uses object {}, which is not there before it", result.object));
      if (others_.contains(result.object) && places_[places_.size() - 2] == Place::build)
        stream_.refuse_here(fmt::format("builds object {}, which is of type 'other'", result.object));
    }
    const auto transform = attributes.find("transform");
    if (!transform) return result;
    // Twelve numbers, row after row, of a matrix that stands to the right of a row of coordinates (3.3).
    TextCursor numbers(*transform);
    Eigen::Matrix<double, 4, 3, Eigen::RowMajor> rows;
    for (int i = 0; i < 12; ++i)
      if (!numbers.number(rows.data()[i]) || !std::isfinite(rows.data()[i]))
        stream_.refuse_here("has a transform that is not twelve numbers");
    if (!numbers.line_is_done()) stream_.refuse_here("has a transform that is not twelve numbers");
    result.placed_from_object.linear() = rows.topRows<3>().transpose();
    result.placed_from_object.translation() = rows.row(3).transpose();
    if (!(std::abs(result.placed_from_object.linear().determinant()) > 0.0))
      stream_.refuse_here("has a transform that makes a surface flat");
    return result;
  }

  std::string_view text(const XmlAttributes& attributes, std::string_view name) {
    const auto value = attributes.find(name);
    if (!value || value->empty()) stream_.refuse_here(fmt::format("lacks the attribute '{}'", name));
    return *value;
  }

  double number(const XmlAttributes& attributes, std::string_view name) {
    TextCursor cursor(text(attributes, name));
    double value;
    if (!cursor.number(value) || !cursor.line_is_done() || !std::isfinite(value))
      stream_.refuse_here(fmt::format("has '{}' for {}, which is not a number", shown(text(attributes, name)), name));
    return value;
  }

  int whole(const XmlAttributes& attributes, std::string_view name) {
    TextCursor cursor(text(attributes, name));
    std::int64_t value;
    if (!cursor.whole(value) || !cursor.line_is_done() || value < 0 || value > 0x7fffffff)
      stream_.refuse_here(
          fmt::format("has '{}' for {}, which is not a whole number", shown(text(attributes, name)), name));
    return static_cast<int>(value);
  }

  ZipPackage& package_;
  ThreemfResources resources_;
  ThreemfModel model_;
  ThreemfObject* object_ = nullptr;
  int open_object_ = 0;
  std::vector<Place> places_;
  int foreign_depth_ = 0;
  bool has_resources_ = false;
  bool has_build_ = false;
  bool has_shape_ = false;
  bool object_has_material_ = false;
  std::set<int> others_;
  std::set<std::string> metadata_;
  std::map<std::string, std::string, std::less<>> spaces_;
  XmlStream stream_;
};

}  // namespace

ThreemfModel read_threemf_model(ZipPackage& package, const std::string& part, const Progress& progress) {
  return ModelReader(package, part).read(part, progress);
}

}  // namespace fit::detail
