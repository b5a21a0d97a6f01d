#include <fmt/format.h>

#include <map>
#include <utility>

#include "apps/report/html.h"
#include "apps/report/report_parts.h"
#include "apps/report/texts.h"
#include "libfit/params_json.h"

namespace fit::report {

namespace {

using Json = nlohmann::ordered_json;

/// Where the defaults that touch a patient come from, by the field's name.
const std::map<std::string_view, std::string_view>& sources() {
  static const std::map<std::string_view, std::string_view> table{
      {"adduction_deg", kUnverified},
      {"block_gap_mm", kUnverified},
      {"distal_wall_mm", kUnverified},
      {"flexion_deg", "contracture + 5 deg, bench alignment"},
      {"trimline_wall_mm", "Prosthesis 2022, 4:589"},
      {"sock_table", kUnverified},
      {"wall_mm", "Prosthesis 2022, 4:589"},
  };
  return table;
}

std::string plain(const Json& value);

/// "angle_deg 90, landmark fibular_head": members in their order, without name and provenance, which have places of
/// their own, and without those that say nothing.
std::string members_in_words(const Json& object) {
  std::string said;
  for (const auto& [key, value] : object.items()) {
    if (key == "name" || key == "provenance" || value == false || (key.ends_with("_fraction") && value == 0.0))
      continue;
    said += (said.empty() ? "" : ", ") + key + " " + plain(value);
  }
  return said;
}

std::string plain(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return text(value.get<bool>() ? "parameters.yes" : "parameters.no");
  if (value.is_number_float()) return number(value.get<double>(), 3);
  if (value.is_object()) return "(" + members_in_words(value) + ")";
  if (value.is_array()) {
    std::string list;
    for (const Json& item : value) list += (list.empty() ? "" : ", ") + plain(item);
    return list;
  }
  return value.dump();
}

/// Rows of the table: walks the field lists of a design beside those of an untouched one.
class Rows {
 public:
  template <Params S>
  void add(const S& params, const S& defaults, bool in_template) {
    std::apply(
        [&](const auto&... field) { (one(field, params.*(field.member), defaults.*(field.member), in_template), ...); },
        S::fields());
  }
  std::string html() const { return html_; }

 private:
  template <class S, class P>
  void one(const Part<S, P>& field, const P& value, const P& fallback, bool in_template) {
    heading(field.help);
    add(value, fallback, in_template || std::string_view(field.name) == "rectification");
  }
  template <class S, class P>
  void one(const OptionalPart<S, P>& field, const std::optional<P>& value, const std::optional<P>&, bool) {
    if (!value) return;
    heading(field.help);
    add(*value, *value, true);
  }
  template <class S, class P>
  void one(const List<S, P>& field, const std::vector<P>& items, const std::vector<P>& fallback, bool in_template) {
    for (const P& item : items) {
      const Json json = to_json(item);
      const std::string name =
          json.contains("name") ? fmt::format("{}: {}", field.name, plain(json["name"])) : field.name;
      std::string from = in_template         ? text("parameters.from_template")
                         : items == fallback ? origin(field.name)
                                             : text("parameters.decided");
      if (json.contains("provenance"))
        from = text("parameters.template_source", {{"source", plain(json["provenance"])}});
      row(name, &item == &items.front() ? field.help : "", members_in_words(json), from);
    }
  }
  // Landmarks have a table of their own.
  template <class S, class E, class P>
  void one(const Table<S, E, P>&, const std::map<E, P>&, const std::map<E, P>&, bool) {}
  template <class F, class V>
  void one(const F& field, const V& value, const V& fallback, bool in_template) {
    Json json = Json::object();
    params_detail::WriteJson{json}(field, value);
    if (json.empty()) return;
    row(field.name, field.help, plain(json.begin().value()),
        in_template         ? text("parameters.from_template")
        : value == fallback ? origin(field.name)
                            : text("parameters.decided"));
  }

  static std::string origin(std::string_view name) {
    const auto found = sources().find(name);
    if (found == sources().end()) return text("parameters.default");
    return text("parameters.source", {{"source", std::string(found->second)}});
  }
  void heading(std::string_view help) {
    heading_ = fmt::format("<tr class=\"part\"><th colspan=\"4\">{}</th></tr>", escaped(help));
  }
  void row(std::string_view name, std::string_view help, const std::string& value, const std::string& from) {
    const bool unverified = (from + value).find(kUnverified) != std::string::npos;
    html_ += std::exchange(heading_, "");
    html_ += fmt::format(
        "<tr{}><td><code>{}</code></td><td class=\"value\">{}</td><td>{}</td><td class=\"help\">{}</td></tr>",
        unverified ? " class=\"unverified\"" : "", escaped(name), escaped(value), escaped(from), escaped(help));
  }

  std::string heading_, html_;  // a heading waits for its first row
};

}  // namespace

std::string parameter_table(const ReportInput& input) {
  Rows rows;
  rows.add(input.design, Design{}, false);
  return fmt::format(
      "<h2>{}</h2><p class=\"small-print\">{}</p><table "
      "class=\"parameters\"><thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead><tbody>{}</tbody></"
      "table>",
      escaped(text("parameters.title")), escaped(text("parameters.note")), escaped(text("parameters.name")),
      escaped(text("parameters.value")), escaped(text("parameters.provenance")), escaped(text("parameters.what")),
      rows.html());
}

}  // namespace fit::report
